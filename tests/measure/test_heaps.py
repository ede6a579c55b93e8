from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from dataaudit.measure.heaps import is_multiple, measure_heaps, round_steps


def counted(target):
    values, counts = np.unique(np.asarray(target, dtype=float), return_counts=True)
    return values, counts


def heap_of(target, step):
    [heap] = [heap for heap in measure_heaps(*counted(target)) if heap.step == step]
    return heap


def excess(heap, n_rows):
    even = 1 / (1 + heap.n_places)
    return (heap.n_rows_round - even * heap.n_rows) / (1 - even) / n_rows


def whole(n_rows, seed=0, sd=30):
    return np.random.default_rng(seed).normal(200, sd, n_rows).round()


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        (np.arange(101), [5, 10]),
        (np.arange(101) / 10, [0.5, 1]),
        (np.arange(0, 101) * 5, [5, 10, 50, 100]),
        (np.arange(1001) * 1000, [5000, 10_000, 50_000, 100_000]),
        (np.arange(15), []),
        (np.full(40, 3.0), []),
        (np.array([-1.7e308, 1.7e308]), []),
    ],
)
def test_steps_lie_between_the_grid_and_the_spread(target, steps):
    assert round_steps(*counted(target)) == pytest.approx(steps)


def test_a_grid_of_fives_has_no_heaps_of_fives_or_tens():
    assert [heap.step for heap in measure_heaps(*counted(np.arange(101) * 5))] == [50, 100]


def test_steps_of_numbers_without_a_grid_are_no_finer_than_a_model_could_tell():
    steps = round_steps(*counted(np.random.default_rng(0).uniform(0, 100, 5000)))
    assert steps == [0.5, 1, 5, 10]


@pytest.mark.parametrize("step", [5.0, 10.0])
def test_rows_near_multiples_against_a_loop(step):
    """Of whole windows, the half step left out."""
    target = whole(800)
    low, high, half = target.min(), target.max(), step / 2
    centres = [c for c in np.arange(0, 500, step) if c - half >= low and c + half <= high]
    near = [value for value in target if any(abs(value - c) < half for c in centres)]
    heap = heap_of(target, step)
    assert heap.n_rows == len(near)
    assert heap.n_rows_round == sum(value % step == 0 for value in near)
    assert heap.n_multiples == len({value for value in near if value % step == 0})
    assert sum(heap.by_distance) == len(near)
    assert heap.by_distance[len(heap.by_distance) // 2] == heap.n_rows_round


def test_places_are_the_inverse_chance_that_two_rows_share_one():
    target = whole(800)
    target = target[(target > 105) & (target < 295)]
    heap = heap_of(target, 10.0)
    low, high = target.min(), target.max()
    places = Counter(
        value % 10
        for value in target
        if value % 10 not in (0, 5) and np.rint(value / 10) * 10 - 5 >= low and np.rint(value / 10) * 10 + 5 <= high
    )
    n_other = sum(places.values())
    alike = sum(n * (n - 1) for n in places.values()) / (n_other * (n_other - 1))
    assert heap.n_places == pytest.approx(1 / alike)
    assert heap.n_places == pytest.approx(8, rel=0.1)


def test_few_rows_with_odd_decimals_make_no_places():
    target = np.concatenate([whole(5000), whole(40) + np.random.default_rng(1).random(40)])
    assert heap_of(target, 10.0).n_places == pytest.approx(8, rel=0.05)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4, 0.8])
@pytest.mark.parametrize("step", [5.0, 10.0])
def test_the_excess_is_the_share_that_was_rounded(share, step):
    target = whole(40_000)
    rounded = np.random.default_rng(2).random(len(target)) < share
    target[rounded] = step * np.round(target[rounded] / step)
    assert excess(heap_of(target, step), len(target)) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("scale", [1e-3, 0.1, 1e6])
def test_the_excess_does_not_change_with_the_scale(scale):
    target = whole(3000)
    target[:900] = 10 * np.round(target[:900] / 10)
    here, there = heap_of(target, 10.0), heap_of(np.round(target * scale, 6), 10.0 * scale)
    assert (here.n_rows, here.n_rows_round, here.n_multiples) == (there.n_rows, there.n_rows_round, there.n_multiples)


def test_singly_precise_decimals_are_those_they_stand_for():
    target = np.random.default_rng(0).normal(20, 4, 3000).round(1)
    target[:1000] = target[:1000].round()
    here, there = heap_of(target, 1.0), heap_of(target.astype(np.float32), 1.0)
    assert (here.n_rows, here.n_rows_round, here.n_places) == (there.n_rows, there.n_rows_round, there.n_places)


@pytest.mark.parametrize(
    "density", [stats.norm(200, 30), stats.expon(0, 60), stats.gamma(2, 0, 40), stats.uniform(3, 400)]
)
def test_smooth_curves_have_no_excess_whatever_their_slope(density):
    """The counts of a hundred million rows, without chance."""
    values = np.arange(0.0, 1000.0)
    counts = np.rint(1e8 * (density.cdf(values + 0.5) - density.cdf(values - 0.5))).astype(np.int64)
    values, counts = values[counts > 0], counts[counts > 0]
    for heap in measure_heaps(values, counts):
        assert excess(heap, counts.sum()) < 0.003


def test_a_stretch_on_the_multiples_altogether_is_left_out():
    low, high = whole(2000) - 100, 10 * np.round(whole(2000, 1) / 10) + 200
    heap = heap_of(np.concatenate([low, high]), 10.0)
    assert heap.n_rows < 2000
    assert excess(heap, 4000) < 0.03


def test_the_stretch_with_most_in_excess_is_set_apart():
    target = np.concatenate([whole(4000), np.full(900, 200.0)])
    heap = heap_of(target, 10.0)
    even = 1 / (1 + heap.n_places)
    assert heap.n_rows_round / heap.n_rows > 2 * even
    assert heap.n_rows_round_apart / heap.n_rows_apart == pytest.approx(even, rel=0.15)


def test_multiples_are_told_as_decimals_are():
    assert is_multiple(np.array([0.1, 0.3, 0.7, 1.1, 2.35, 1e15 + 0.5]), 0.1).tolist() == [True] * 4 + [False, False]
    assert is_multiple(np.array([1e12, 1e12 + 1, -30.0, 1e300]), 10.0).tolist() == [True, False, True, False]
