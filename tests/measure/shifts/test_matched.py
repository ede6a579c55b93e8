from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.measure.shifts.matched import matched_counts


def weighted_shares(train, test, column):
    """Return the shares of a column's values in train, every class made as common as in test, where both have it."""
    known = [frame.dropna(subset=[column, "y"]) for frame in (train, test)]
    both = set(known[0]["y"]) & set(known[1]["y"])
    ours, other = (frame[frame["y"].isin(both)] for frame in known)
    weight = (other["y"].value_counts(normalize=True) / ours["y"].value_counts()).loc[ours["y"]].to_numpy()
    return pd.Series(weight, ours.index).groupby(ours[column].astype(str)).sum(), weight


def test_rows_are_weighted_to_the_classes_of_the_split(measure):
    train, test = mixed(500), mixed(300, seed=1, shift=1.0)
    table = measure(train, test=test).tables["level"]
    ours, other = matched_counts(table, "test", "train")
    shares, weight = weighted_shares(train, test, "level")
    keys = list(table.keys[:-1])
    assert dict(zip(keys, ours / ours.sum(), strict=True)) == pytest.approx({key: shares.get(key, 0.0) for key in keys})
    assert ours.sum() == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    assert other.sum() == test.dropna(subset=["level", "y"]).shape[0]


def test_where_classes_are_as_common_nothing_changes(measure):
    train = mixed(300).dropna(subset=["y"])
    facts = measure(train, test=train)
    for name, drift in facts.shifts.matched_drifts["test"].items():
        assert drift.effect == pytest.approx(facts.drifts["test"][name].effect, abs=1e-12)
        assert drift.n_train == pytest.approx(facts.drifts["test"][name].n_train, abs=1)


def test_a_feature_that_follows_the_class_is_no_further_apart_than_chance(measure):
    random = np.random.default_rng(0)
    frames = []
    for share in (0.5, 0.05):
        y = random.random(2000) < share
        frames.append(pd.DataFrame({"x": random.normal(3 * y, 1), "y": np.where(y, "yes", "no")}))
    facts = measure(frames[0], test=frames[1])
    assert facts.drifts["test"]["x"].effect > 0.3
    assert facts.shifts.matched_drifts["test"]["x"].effect < 0.06


def test_splits_without_a_class_in_common_or_a_label(measure):
    train, test = mixed(100).assign(y="ant"), mixed(80, seed=1).assign(y="bee")
    train.loc[0, "y"] = "cat"
    found = measure(train, test=test).shifts.matched_drifts["test"]
    assert {(drift.effect, drift.p_value) for drift in found.values()} == {(0.0, 1.0)}
    assert measure(mixed(100), test=mixed(80).drop(columns="y")).shifts.matched_drifts == {}
    assert measure(mixed(100, task="regression"), test=mixed(80, task="regression")).shifts.matched_drifts == {}
