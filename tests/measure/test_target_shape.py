from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, mixed, present
from tests.rules.label.targets import shape_of

from dataaudit.errors import InputError
from dataaudit.measure import sample, target_shape
from dataaudit.measure.target_shape import weighted_quantile


def frame_of(target):
    """Return a table of two features and this target."""
    random = np.random.default_rng(5)
    n_rows = len(target)
    return pd.DataFrame({"a": random.normal(size=n_rows), "b": random.normal(size=n_rows), "y": target})


def same(found, wanted):
    for field in dataclasses.fields(wanted):
        here, there = getattr(found, field.name), getattr(wanted, field.name)
        if isinstance(there, np.ndarray):
            assert here.tolist() == there.tolist(), field.name
        elif isinstance(there, float):
            assert here == pytest.approx(there, rel=1e-12), field.name
        else:
            assert here == there, field.name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shape_against_numpy(measure, seed):
    frame = mixed(400, seed, task="regression")
    same(measure(frame).target_shape, shape_of(frame["y"].astype("float64").to_numpy()))


@pytest.mark.parametrize(
    "target",
    [
        np.array([3.0, -1.5, np.nan, 3.0, 0.0, 8.0]),
        np.resize([-999.0, 2.5, 7.25, 0.5, np.inf, 4.0, -np.inf], 90),
        np.resize(np.arange(7), 200),
        -np.resize([1.5, 2.5], 60),
        np.random.default_rng(0).lognormal(2, 1, 500).round(1),
    ],
    ids=["six rows", "codes and infinite", "whole", "all negative", "prices"],
)
def test_odd_targets_against_numpy(measure, target):
    shape = measure(frame_of(target), task="regression").target_shape
    same(shape, shape_of(np.asarray(target, dtype=float)))
    assert not shape.sampled


def test_ends_are_exact_where_the_sample_missed_them(measure, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 1500)
    monkeypatch.setattr(target_shape, "MOST_VALUES", 100)
    target = np.random.default_rng(1).normal(size=4000)
    target[[17, 2900]] = -999.0
    target[3500] = 50.0
    facts = measure(frame_of(target), task="regression")
    shape, whole = facts.target_shape, shape_of(target)
    assert facts.sample.n_rows < 1000
    assert shape.sampled
    assert (shape.low, shape.high) == (whole.low, whole.high)
    assert shape.low[0].numbers == (17, 2900)
    assert (shape.n_rows, shape.mean, shape.sd) == pytest.approx((whole.n_rows, whole.mean, whole.sd))
    assert (shape.negatives.n_rows, shape.negatives.highest) == ((target < 0).sum(), target[target < 0].max())
    assert len(shape.values) < 1000


def test_few_values_are_counted_over_all_rows(measure, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 1500)
    target = np.random.default_rng(1).poisson(8, 4000).astype(float)
    facts = measure(frame_of(target), task="regression")
    assert facts.sample.sampled
    same(facts.target_shape, shape_of(target))


def test_more_values_than_are_grouped_are_those_of_the_sample(measure, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 1500)
    target = np.random.default_rng(1).poisson(8, 4000).astype(float)
    n_values = len(np.unique(target))
    for most, sampled in ((n_values, False), (n_values - 1, True)):
        monkeypatch.setattr(target_shape, "MOST_VALUES", most)
        shape = measure(frame_of(target), task="regression").target_shape
        assert shape.sampled is sampled
        assert (shape.counts.sum() == 4000) is not sampled


def test_rows_are_named_of_the_three_outermost_values_that_have_few(measure):
    target = np.concatenate([np.full(1001, 1.0), np.full(1000, 2.0), [3.0] * 25, np.arange(4.0, 60.0)])
    low = measure(frame_of(target), task="regression").target_shape.low
    assert [len(end.numbers) for end in low[:4]] == [0, 20, 20, 0]
    assert low[2].numbers == tuple(range(2001, 2021))


def test_negative_rows_are_named_where_they_are_few(measure):
    for n_negative, n_named in ((30, 20), (1001, 0)):
        target = np.where(np.arange(3000) < n_negative, -5.0, 9.5) + np.arange(3000) / 1e4
        negatives = measure(frame_of(target), task="regression").target_shape.negatives
        assert (negatives.n_rows, len(negatives.numbers)) == (n_negative, n_named)


def test_rows_without_a_target_are_left_out(measure):
    frame = mixed(300, task="regression")
    shape = measure(frame).target_shape
    assert shape.n_rows == shape.counts.sum() == frame["y"].notna().sum()
    assert shape.values.tolist() == np.unique(present(frame["y"])).tolist()


def test_a_target_that_is_never_finite_is_refused_before(measure):
    with pytest.raises(InputError):
        _ = measure(frame_of(np.resize([np.inf, np.nan], 50)), task="regression").target_shape


@pytest.mark.parametrize("level", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_weighted_quantiles_are_those_of_the_rows(level):
    random = np.random.default_rng(0)
    values, counts = np.sort(random.normal(size=50)), random.integers(1, 9, 50)
    wanted = np.quantile(np.repeat(values, counts), level, method="inverted_cdf")
    assert weighted_quantile(values, counts, level) == wanted
