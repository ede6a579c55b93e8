"""Formulas of precision and power against simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import bdtr

from dataaudit.measure.shifts import detectable


def share_significant(difference: float, n_rows: int, n_times: int = 4000) -> float:
    """Return how often McNemar's exact test finds a difference of two models that disagree on a tenth of the rows."""
    random = np.random.default_rng(0)
    discordant = max(detectable.ASSUMED_DISCORDANT, difference)
    better, worse = (discordant + difference) / 2, (discordant - difference) / 2
    counts = random.multinomial(n_rows, [better, worse, 1 - discordant], n_times)[:, :2]
    return float((2 * bdtr(counts.min(axis=1), counts.sum(axis=1), 0.5) < 0.05).mean())


@pytest.mark.parametrize("n_rows", [20, 60, 200, 1000, 20_000])
def test_the_smallest_difference_is_found_four_times_of_five(n_rows):
    difference = detectable.smallest_difference(n_rows)
    assert share_significant(difference, n_rows) == pytest.approx(0.8, abs=0.06)
    assert share_significant(0.0, n_rows) <= 0.05


@pytest.mark.parametrize("difference", [0.01, 0.02, 0.05, 0.1, 0.3])
def test_the_rows_for_a_difference_are_the_least_that_show_it(difference):
    needed = detectable.rows_for_difference(difference)
    assert detectable.smallest_difference(needed) <= difference + 1e-6
    assert detectable.smallest_difference(needed - 1) > difference - 1e-6


def test_more_rows_never_show_less():
    sizes = [0, 1, 5, 6, 7, 20, 100, 1000, 10**6, 10**9]
    for formula in (
        detectable.half_width,
        detectable.smallest_difference,
        detectable.r2_half_width,
        detectable.mean_error_half_width,
        detectable.smallest_difference_of_errors,
    ):
        widths = [formula(n) for n in sizes]
        assert all(later <= earlier for earlier, later in itertools.pairwise(widths))
        assert 0 < widths[-1] < 1e-3


def test_too_few_rows_show_nothing():
    assert detectable.smallest_difference(5) == 1.0
    assert detectable.rows_for_difference(1.0) == 6
    assert detectable.rows_for_difference(0.0) == detectable.rows_for_difference_of_errors(2.0) == 0


@pytest.mark.parametrize(("n_positive", "n_negative"), [(30, 300), (100, 100), (400, 40)])
def test_the_width_of_the_auc_is_that_of_simulated_scores(n_positive, n_negative):
    """Two exponential scores, which Hanley and McNeil's formula is for, with an area of .9."""
    random = np.random.default_rng(0)
    areas = []
    for _ in range(1500):
        positive, negative = 9 * random.exponential(size=n_positive), np.sort(random.exponential(size=n_negative))
        areas.append(np.searchsorted(negative, positive).mean() / n_negative)
    assert np.mean(areas) == pytest.approx(0.9, abs=0.01)
    assert detectable.auc_half_width(n_positive, n_negative) == pytest.approx(1.96 * np.std(areas), rel=0.08)


@pytest.mark.parametrize(("n_positive", "n_negative"), [(40, 200), (200, 40), (1, 1), (1, 10**6)])
def test_the_rare_class_is_the_positive_one(n_positive, n_negative):
    rare, common = sorted((n_positive, n_negative))
    assert detectable.macro_auc_half_width([n_positive, n_negative]) == detectable.auc_half_width(rare, common)
    assert detectable.auc_half_width(rare, common) >= detectable.auc_half_width(common, rare)


def areas_of_two_models(n_positive, n_negative, n_times=800):
    """Return the areas of two models whose normal scores correlate by .8, times over."""
    random = np.random.default_rng(0)
    shared = [[1, detectable.ASSUMED_CORRELATION_OF_SCORES], [detectable.ASSUMED_CORRELATION_OF_SCORES, 1]]
    areas = []
    for _ in range(n_times):
        above = random.multivariate_normal([1.8124, 1.8124], shared, n_positive)
        below = np.sort(random.multivariate_normal([0, 0], shared, n_negative), axis=0)
        areas.append([np.searchsorted(below[:, k], above[:, k]).mean() / n_negative for k in (0, 1)])
    return np.array(areas)


@pytest.mark.parametrize(("n_positive", "n_negative"), [(40, 200), (100, 100)])
def test_the_areas_of_models_that_score_alike_correlate_as_assumed(n_positive, n_negative):
    areas = areas_of_two_models(n_positive, n_negative)
    assert areas.mean() == pytest.approx(0.9, abs=0.005)
    assert np.corrcoef(areas.T)[0, 1] == pytest.approx(detectable.CORRELATION_OF_AREAS, abs=0.05)
    # The formula for exponential scores is wider than normal ones are, never narrower.
    needed = 2.8 * (areas[:, 0] - areas[:, 1]).std()
    assert needed <= detectable.smallest_difference_of_aucs([n_positive, n_negative]) <= 1.6 * needed


def test_two_areas_of_few_rows_cannot_be_told_apart():
    assert detectable.smallest_difference_of_aucs([1, 1]) == 1.0
    assert detectable.smallest_difference_of_aucs([0, 9]) is None
    assert detectable.smallest_difference_of_aucs([10**6, 10**6]) < 0.002


def test_the_mean_area_of_classes_without_rows_is_that_of_the_others():
    assert detectable.macro_auc_half_width([40, 60, 0]) == detectable.macro_auc_half_width([40, 60])
    assert detectable.macro_auc_half_width([0, 9]) is None
    assert detectable.macro_auc_half_width([]) is None


@pytest.mark.parametrize("n_rows", [80, 500])
def test_the_width_of_r2_is_that_of_normal_targets(n_rows):
    random = np.random.default_rng(0)
    model, error = random.normal(size=(2, 4000, n_rows))
    target = model + error
    r2 = 1 - (error**2).sum(axis=1) / ((target - target.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    assert detectable.r2_half_width(n_rows) == pytest.approx(1.96 * r2.std(), rel=0.15)
    assert detectable.rows_needed_r2(detectable.r2_half_width(n_rows)) in (n_rows, n_rows + 1)


@pytest.mark.parametrize("n_rows", [80, 500])
def test_the_width_of_a_mean_error_and_of_a_difference_is_that_of_normal_errors(n_rows):
    random = np.random.default_rng(0)
    # Absolute normal errors correlate by .8 where the errors themselves do by about .91.
    shared, own, other = random.normal(size=(3, 4000, n_rows))
    first, second = (np.abs(np.sqrt(0.91) * shared + np.sqrt(0.09) * one) for one in (own, other))
    correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
    assert correlation == pytest.approx(detectable.ASSUMED_CORRELATION, abs=0.03)
    mean = first.mean()
    assert detectable.mean_error_half_width(n_rows) == pytest.approx(1.96 * first.mean(axis=1).std() / mean, rel=0.06)
    spread = (first - second).mean(axis=1).std() / mean
    assert detectable.smallest_difference_of_errors(n_rows) == pytest.approx(2.8 * spread, rel=0.1)
    assert detectable.rows_for_difference_of_errors(detectable.smallest_difference_of_errors(n_rows)) in (
        n_rows,
        n_rows + 1,
    )
