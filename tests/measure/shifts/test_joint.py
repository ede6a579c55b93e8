from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from tests.measure.small import mixed

from dataaudit.measure.shifts import joint
from dataaudit.measure.shifts.told_apart import SPREAD, Z_INTERVAL, TwoSamples, area_between


def samples_of(n, m, weights=None, clusters=None):
    is_other = np.repeat([False, True], [n, m])
    even = np.where(is_other, 1 / m, 1 / n)
    return TwoSamples(
        np.zeros((n + m, 1)),
        is_other,
        even if weights is None else weights,
        np.arange(n + m) if clusters is None else clusters,
    )


def test_the_area_is_the_weighted_one_of_scikit_learn():
    random = np.random.default_rng(0)
    samples = samples_of(60, 40)
    scores = random.normal(samples.is_other * 0.7, 1).round(1)
    assert area_between(scores, samples).auc == pytest.approx(roc_auc_score(samples.is_other, scores))
    drawn = random.random(100)
    weights = drawn / np.where(samples.is_other, drawn[60:].sum(), drawn[:60].sum())
    assert area_between(scores, samples_of(60, 40, weights)).auc == pytest.approx(
        roc_auc_score(samples.is_other, scores, sample_weight=drawn)
    )


def test_the_interval_is_delongs_and_counts_copies_once():
    random = np.random.default_rng(1)
    samples = samples_of(200, 100)
    scores = random.normal(samples.is_other * 0.7, 1)
    area = area_between(scores, samples)
    base, other = scores[:200], scores[200:]
    placed = (base[:, None] < other).mean(axis=0), (base[:, None] < other).mean(axis=1)
    delong = np.sqrt(placed[0].var(ddof=1) / 100 + placed[1].var(ddof=1) / 200)
    assert area.upper - area.auc == pytest.approx(SPREAD * Z_INTERVAL * delong, rel=0.02)
    twice = np.repeat(np.arange(300), 2)
    copied = area_between(
        scores[twice], TwoSamples(np.zeros((600, 1)), samples.is_other[twice], samples.weights[twice] / 2, twice)
    )
    assert (copied.auc, copied.lower) == pytest.approx((area.auc, area.lower))


def test_a_perfect_area_of_few_rows_is_not_certain():
    area = area_between(np.arange(60.0), samples_of(30, 30))
    assert area.auc == pytest.approx(1)
    assert 0.8 < area.lower < 0.9


def test_clusters_stay_in_one_fold():
    clusters = np.random.default_rng(0).integers(0, 40, 300)
    folds = samples_of(200, 100, clusters=clusters).folds
    assert all(len(set(folds[clusters == one])) == 1 for one in range(40))
    assert set(folds) == {0, 1, 2}


def test_classes_are_made_equally_common():
    classes, is_other = np.array([2, 2, 2, 3, 2, 3, 3, 3]), np.repeat([False, True], 4)
    weights = joint._weights(classes, is_other)
    assert weights[~is_other].sum() == pytest.approx(1)
    assert weights[:4].tolist() == pytest.approx([1 / 12, 1 / 12, 1 / 12, 3 / 4])


def test_rows_equal_by_chance_are_draws_of_their_own_and_copies_are_not():
    random = np.random.default_rng(0)
    is_other = np.repeat([False, True], [300, 200])
    coarse = random.integers(0, 2, (500, 3)).astype(float)
    assert len(np.unique(joint._copies(coarse, is_other))) == 500
    fine = random.normal(size=(500, 3))
    fine[200:250] = fine[:50]
    assert len(np.unique(joint._copies(fine, is_other))) == 450
    fine[300:350] = fine[100:150]
    assert len(np.unique(joint._copies(fine, is_other))) == 400


def test_ranks_of_ties_and_gaps():
    assert joint._ranks(np.array([5.0, np.nan, 1.0, 5.0, 1e300])).tolist() == [0.5, -1, 0.125, 0.5, 0.875]


def test_a_random_split_is_not_told_apart_and_a_moved_one_is(measure):
    facts = measure(mixed(400), test=mixed(200, seed=1), validation=mixed(200, seed=2, shift=2.0))
    found = facts.shifts.joint_drifts
    assert found["test"].lower < 0.5 < found["test"].upper
    assert found["test"].carriers == ()
    assert found["validation"].lower > 0.6
    assert {one.column for one in found["validation"].carriers} & {"measure", "tenth", "count"}
    assert found["test"].classes_matched
    assert found["test"].n_columns == 9


def test_neither_the_order_of_rows_nor_names_show(measure):
    train, test = mixed(300), mixed(200, seed=1, shift=1.0)
    once = measure(train, test=test).shifts.joint_drifts["test"]
    names = {name: f"z{99 - i}" for i, name in enumerate(train.columns) if name != "y"}
    turned = measure(train[::-1].rename(columns=names), test=test[::-1].rename(columns=names)).shifts.joint_drifts[
        "test"
    ]
    assert (turned.auc, turned.lower) == pytest.approx((once.auc, once.lower))
    assert [one.column for one in turned.carriers] == [names[one.column] for one in once.carriers]


def test_large_splits_are_drawn(measure, monkeypatch):
    monkeypatch.setattr(joint, "MAX_ROWS", 120)
    monkeypatch.setattr(joint, "FEWEST_OF_MANY", 100)
    found = measure(mixed(500), test=mixed(300, seed=1)).shifts.joint_drifts["test"]
    assert found.sampled
    assert found.n_base <= 120
    assert found.n_other <= 120


def test_many_columns_are_left_out(measure, monkeypatch):
    monkeypatch.setattr(joint, "MAX_COLUMNS", 4)
    found = measure(mixed(100), test=mixed(80, seed=1)).shifts.joint_drifts["test"]
    assert (found.n_columns, found.n_columns_left_out) == (3, 6)


def test_too_few_rows_or_groups_cannot_be_told_apart(measure):
    assert measure(mixed(100), test=mixed(49, seed=1)).shifts.joint_drifts == {}
    one_day = {"train": mixed(100).assign(day="Mon"), "test": mixed(80, seed=1).assign(day="Tue")}
    assert measure(one_day["train"], test=one_day["test"], group=("day",)).shifts.joint_drifts == {}


def test_regression_and_no_label(measure):
    frames = mixed(200, task="regression"), mixed(100, seed=1, task="regression")
    assert not measure(frames[0], test=frames[1]).shifts.joint_drifts["test"].classes_matched
    texts = pd.DataFrame({"x": ["a long text of words " * 5 + str(i) for i in range(200)], "y": ["a", "b"] * 100})
    assert measure(texts, test=texts.iloc[:100]).shifts.joint_drifts == {}


def test_a_column_in_another_unit_is_no_drift_of_the_others(measure):
    train, test = (
        pd.DataFrame(np.random.default_rng(seed).normal(50, 5, (200, 2)), columns=["a", "b"]).assign(
            y=np.resize(["p", "q"], 200)
        )
        for seed in (0, 1)
    )
    found = measure(train, test=test.assign(a=test["a"] * 1000)).shifts.joint_drifts["test"]
    assert (found.n_columns, found.n_columns_left_out) == (1, 0)
    assert found.lower < 0.5 < found.upper
    assert measure(train, test=test.assign(a=test["a"] * 1000, b=-test["b"])).shifts.joint_drifts == {}
