from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.measure.spread import neighbourhoods


def two_classes(n_rows: int, n_rare: int, shift: float, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 3))).add_prefix("x")
    frame["y"] = np.where(np.arange(n_rows) < n_rare, "rare", "common")
    frame.loc[: n_rare - 1, "x0"] += shift
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def brute(frame: pd.DataFrame) -> list[int]:
    values = frame[["x0", "x1", "x2"]].to_numpy()
    quarter, median, three_quarters = np.quantile(values, [0.25, 0.5, 0.75], axis=0)
    places = ((values - median) / (three_quarters - quarter)).clip(-5, 5)
    is_own = (frame["y"] == "rare").to_numpy()
    counts = [0] * 6
    for i in np.flatnonzero(is_own):
        distances = ((places - places[i]) ** 2).sum(axis=1)
        distances[i] = np.inf
        counts[int(is_own[np.argsort(distances)[:5]].sum())] += 1
    return counts


@pytest.mark.parametrize("shift", [0.0, 2.0, 6.0])
def test_against_brute_force(measure, shift):
    frame = two_classes(600, 60, shift)
    found = measure(frame).spread.neighbourhoods
    assert set(found.by_class) == {"rare"}
    assert list(found.by_class["rare"].counts) == brute(frame)
    assert found.by_class["rare"].n_rows == 60
    assert not found.sampled


def test_labels_dealt_at_random_are_alone_as_often_as_by_chance(measure):
    shares = [measure(two_classes(500, 50, 0.0, seed)).spread.neighbourhoods.by_class["rare"] for seed in range(10)]
    assert np.mean([one.share_alone for one in shares]) == pytest.approx(shares[0].share_alone_by_chance, abs=0.05)


def test_a_class_that_stands_together_is_not_alone(measure):
    assert measure(two_classes(500, 50, 9.0)).spread.neighbourhoods.by_class["rare"].share_alone == 0.0


def test_columns_of_every_kind_and_gaps(measure):
    frame = mixed(400)
    frame.loc[:30, "y"] = "dodo"
    found = measure(frame).spread.neighbourhoods.by_class
    assert found["dodo"].n_rows == 31
    assert sum(found["dodo"].counts) == 31


def test_no_column_to_be_near_in(measure):
    frame = pd.DataFrame({"x": np.full(60, 3.0), "y": np.where(np.arange(60) < 8, "rare", "common")})
    assert measure(frame).spread.neighbourhoods.by_class == {}


def test_of_very_many_columns_nothing_is_said(measure, monkeypatch):
    monkeypatch.setattr(neighbourhoods, "MAX_COLUMNS", 2)
    assert measure(two_classes(300, 30, 9.0)).spread.neighbourhoods.by_class == {}


def test_huge_infinite_and_nearly_constant_columns(measure):
    frame = two_classes(300, 30, 9.0)
    frame["huge"] = frame["x1"] * 1e300
    frame["odd"] = np.where(np.arange(300) == 7, np.inf, 1.0)
    frame["rarely"] = (np.arange(300) == 9).astype(float)
    assert measure(frame).spread.neighbourhoods.by_class["rare"].share_alone == 0.0
