from __future__ import annotations

import numpy as np
import pytest
from tests.measure.brute import components, gains
from tests.measure.small import SEEDS, floats, mixed, texts

from dataaudit.measure.association import grouped, mid_ranks
from dataaudit.measure.bins import coarser
from dataaudit.measure.gains import FEWEST_OF_KIND, LEAST_GAIN_TO_BREAK


def frames(seed, task):
    """Return train and test where `cue` tells the label in train and nothing in test."""
    train, test = mixed(200, seed, task=task), mixed(80, seed + 9, task=task)
    rng = np.random.default_rng(seed)
    for frame, share_noise in ((train, 0.3), (test, 1.0)):
        high = (floats(frame["y"]) > 0) if task == "regression" else (frame["y"] == "bee").to_numpy()
        noise = rng.random(len(frame)) < share_noise
        frame["cue"] = np.where(noise, rng.choice(["p", "q", "r"], len(frame)), np.where(high, "p", "q"))
    return {"train": train, "test": test}


def keys_of(facts, frame, name):
    table = facts.tables[name]
    if table.edges is None:
        place = {key: i for i, key in enumerate(table.keys[:-1])} | {None: table.missing_key}
        return np.array([place[text] for text in texts(frame[name])])
    values = floats(frame[name])
    fine = np.where(np.isnan(values), table.missing_key, np.searchsorted(table.edges, values))
    return grouped(table, facts.associations[name].n_bins)[fine]


def label_of(facts, frame):
    if facts.info.task != "regression":
        return np.array([[float(name == known) for known in facts.dataset.classes] for name in frame["y"]])
    ranks = mid_ranks(facts.target.counts["train"].astype(float))
    return ranks[np.searchsorted(facts.target.edges, frame["y"])][:, None]


def kinds_of(facts, frame):
    """Return per row its class, or the quarter of the training rows' target in which its own lies."""
    if facts.info.task != "regression":
        return np.array([facts.dataset.classes.index(name) for name in frame["y"]])
    quarters = coarser(facts.target.counts["train"], 4)
    return quarters[np.searchsorted(facts.target.edges, frame["y"])]


def weighted(values, kinds, shares):
    """Return mean and squared standard error with the kinds in these shares."""
    means = {k: values[kinds == k].mean() for k in shares}
    errors = {k: values[kinds == k].var() / (kinds == k).sum() for k in shares}
    return sum(shares[k] * means[k] for k in shares), sum(shares[k] ** 2 * errors[k] for k in shares)


def smaller_loss(inside, inside_kinds, outside, outside_kinds):
    """Return both gains and the standard error of rows as they are, or with kinds as in train, which loses less."""
    judged = [
        k for k in set(inside_kinds) if min((inside_kinds == k).sum(), (outside_kinds == k).sum()) >= FEWEST_OF_KIND
    ]
    n_judged = sum((inside_kinds == k).sum() for k in judged)
    shares = {k: (inside_kinds == k).sum() / n_judged for k in judged}
    alike = [weighted(inside, inside_kinds, shares), weighted(outside, outside_kinds, shares)]
    plain = [(part.mean(), part.var() / len(part)) for part in (inside, outside)]
    return min(((a[0], b[0], np.sqrt(a[1] + b[1])) for a, b in (plain, alike)), key=lambda one: one[0] - one[1])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_gains_against_a_loop_over_rows(measure, seed, task):
    splits = frames(seed, task)
    facts = measure(**splits)
    train, test = (frame[frame["y"].notna()] for frame in splits.values())
    assert {"cue", "measure"} <= set(facts.gain_breaks["test"])
    for name, found in facts.gain_breaks["test"].items():
        smoothing = facts.associations[name].smoothing
        known = (keys_of(facts, train, name), label_of(facts, train))
        inside = gains(known, None, smoothing)
        shown = np.bincount(known[0], minlength=500)[keys_of(facts, test, name)] >= FEWEST_OF_KIND
        there = test[shown]
        outside = gains(known, (keys_of(facts, there, name), label_of(facts, there)), smoothing)
        assert (found.column, found.split, found.n_train, found.n_other) == (name, "test", len(train), len(test))
        train_gain, other_gain, error = smaller_loss(inside, kinds_of(facts, train), outside, kinds_of(facts, there))
        assert found.train_gain == pytest.approx(train_gain, rel=0, abs=1e-11)
        assert found.other_gain == pytest.approx(other_gain, rel=0, abs=1e-11)
        assert found.standard_error == pytest.approx(error, abs=1e-11)
        assert found.drop == found.train_gain - found.other_gain
        assert found.z == pytest.approx(found.drop / error)


def test_the_gain_in_train_is_nearly_the_explained_variance(measure):
    facts = measure(**frames(0, "multiclass"))
    for name, found in facts.gain_breaks["test"].items():
        assert found.train_gain == pytest.approx(facts.associations[name].explained, abs=0.02)


def test_a_cue_that_says_nothing_elsewhere_breaks_and_an_honest_one_does_not(measure):
    found = measure(**frames(0, "multiclass")).gain_breaks["test"]
    assert found["cue"].z > 5
    assert abs(found["measure"].z) < 3


def test_only_telling_features_and_labelled_splits_are_compared(measure):
    splits = frames(0, "multiclass")
    facts = measure(**splits, validation=splits["test"].drop(columns="y"))
    assert set(facts.gain_breaks) == {"test"}
    telling = {name for name, found in facts.associations.items() if found.explained >= LEAST_GAIN_TO_BREAK}
    assert set(facts.gain_breaks["test"]) == telling
    assert "constant" not in telling


def test_components_of_a_label():
    assert components(["b", "a"]).tolist() == [[0, 1], [1, 0]]
    assert components([2.5, 1.0]).tolist() == [[2.5], [1.0]]
