from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def one_column(values) -> pd.DataFrame:
    return pd.DataFrame({"x": values, "y": np.resize(["p", "q"], len(values))})


@pytest.mark.parametrize("n_rows", [100, 1000, 4000])
def test_against_sorted_cells(measure, n_rows):
    values = np.random.default_rng(n_rows).normal(10, 3, n_rows)
    values[17], values[40] = 1e4, -900.0
    found = measure(one_column(values)).spread.squeeze("x")
    ordered = np.sort(values)
    n_out = max(1, n_rows // 200)
    low, high = ordered[n_out], ordered[-n_out - 1]
    assert found.middle == pytest.approx((low, high))
    assert found.share_of_range == pytest.approx((high - low) / (ordered[-1] - ordered[0]))
    assert (found.n_rows_far, found.rows_far) == (2, (17, 40))
    rest = np.delete(values, [17, 40])
    assert found.share_of_range_without == pytest.approx((high - low) / np.ptp(rest))


def test_no_more_than_twenty_rows_are_named(measure):
    values = np.linspace(0, 1, 10_000)
    values[50:90] = 1e6
    found = measure(one_column(values)).spread.squeeze("x")
    assert (found.n_rows_far, found.rows_far) == (40, tuple(range(50, 70)))


def test_missing_huge_and_constant_cells(measure):
    values = np.random.default_rng(0).normal(size=500)
    values[:100], values[200] = np.nan, 1e300
    found = measure(one_column(values)).spread.squeeze("x")
    assert found.rows_far == (200,)
    assert found.share_of_range < 1e-290
    assert measure(one_column(np.full(200, 3.0))).spread.squeeze("x").share_of_range == 1.0
