import duckdb
import numpy as np
import pytest
from scipy import stats

from dataaudit.engine.draw import MASK, draw_expression, draw_limit

LEAST_P = 1e-4
PERIODS = (2, 3, 7, 24, 60, 365, 1_000)


def draws(seed: int, n_rows: int, first_row: int = 0):
    query = (
        f"SELECT {draw_expression(seed)} AS draw FROM range({first_row}, {first_row + n_rows}) AS t(row) ORDER BY row"
    )
    return duckdb.sql(query).fetchnumpy()["draw"]


@pytest.mark.parametrize("seed", [0, 1, 12_345, -7])
@pytest.mark.parametrize("first_row", [0, 123_456_789_012])
def test_draws_are_spread_evenly(seed, first_row):
    found = draws(seed, 200_000, first_row)
    assert found.min() >= 0
    assert found.max() <= MASK
    counts = np.histogram(found, bins=100, range=(0, MASK))[0]
    assert stats.chisquare(counts).pvalue > LEAST_P


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("share", [0.1, 0.02])
def test_drawn_rows_lie_as_independent_ones(seed, share):
    n_rows = 400_000
    drawn = np.flatnonzero(draws(seed, n_rows) < draw_limit(n_rows, round(share * n_rows)))
    gaps = np.minimum(np.diff(drawn), round(4 / share))
    expected = share * (1 - share) ** np.arange(gaps.max())
    expected[-1] = 1 - expected[:-1].sum()
    assert stats.chisquare(np.bincount(gaps)[1:], expected * len(gaps)).pvalue > LEAST_P
    for period in PERIODS:
        assert stats.chisquare(np.bincount(drawn % period, minlength=period)).pvalue > LEAST_P


def test_seeds_draw_unlike_rows():
    n_rows, share = 200_000, 0.1
    first, second = (draws(seed, n_rows) < share * MASK for seed in (0, 1))
    assert abs((first & second).mean() - share**2) < 5 * share / np.sqrt(n_rows)


def test_a_smaller_sample_is_part_of_a_larger_one():
    assert draw_limit(1_000, 10) < draw_limit(1_000, 11) < draw_limit(1_000, 1_000) == MASK + 1
