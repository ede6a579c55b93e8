from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import NotMeasurable


def regions(measure, target: np.ndarray):
    frame = pd.DataFrame({"x": np.arange(len(target)) * 0.5, "y": target})
    return measure(frame, task="regression").target_regions


def test_counts_and_shares_are_those_of_numpy(measure):
    target = np.random.default_rng(0).lognormal(0, 1, 3000).round(2)
    found = regions(measure, target)
    assert list(found.counts) == np.histogram(target, 10)[0].tolist()
    np.testing.assert_allclose(found.edges, np.histogram(target, 10)[1])
    squares = np.sort((target - target.mean()) ** 2)[::-1]
    assert found.n_outermost == 30
    assert found.share_outermost == pytest.approx(squares[:30].sum() / squares.sum())


def test_the_standard_error_is_near_that_of_drawing_rows_anew(measure):
    random = np.random.default_rng(0)
    found = regions(measure, random.lognormal(0, 0.7, 4000))
    drawn = []
    for _ in range(200):
        squares = random.lognormal(0, 0.7, 4000)
        squares = np.sort((squares - squares.mean()) ** 2)[::-1]
        drawn.append(squares[:40].sum() / squares.sum())
    # The cut between the outermost rows and the others moves with the rows, which only narrows it.
    assert np.std(drawn) * 0.8 < found.standard_error < np.std(drawn) * 2.5


def test_equal_values_share_the_hundredth(measure):
    found = regions(measure, np.array([0.0] * 500 + [1.0] * 500))
    assert (found.n_outermost, found.share_outermost) == (10, pytest.approx(0.01))


def test_a_target_as_wide_as_a_double_cannot_be_cut(measure):
    target = np.linspace(-0.9, 0.9, 50) * 1.5e308
    shape = measure(pd.DataFrame({"x": np.arange(50.0), "y": target}), task="regression")
    with pytest.raises(NotMeasurable, match="no range"):
        _ = shape.target_regions


def test_errors_of_no_skill_are_those_of_mean_and_median(measure):
    target = np.random.default_rng(3).lognormal(3, 1, 501).round(3)
    found = regions(measure, target)
    assert found.sd == pytest.approx(target.std())
    assert found.mean_absolute_deviation == pytest.approx(np.abs(target - np.median(target)).mean())
