from __future__ import annotations

import numpy as np
import pandas as pd


def frame() -> pd.DataFrame:
    a = np.array([0.0, 0, 0, 4, 5, 7, 9, 20, 30, 40, 50, np.nan] * 10)
    b = np.array([0.0, 0, 1, 4, 0, 7, 9, 20, 30, 40, 50, 0.0] * 10)
    return pd.DataFrame({"a": a, "b": b, "y": np.resize(["p", "q"], 120)})


def test_the_lowest_tenth_of_the_positives(measure):
    values = np.concatenate([np.zeros(50), np.arange(14, 114)])
    found = measure(pd.DataFrame({"x": values, "y": np.resize(["p", "q"], 150)})).spread.low_positives("x")
    assert (found.minimum, found.spacing, found.n_values) == (14.0, 1.0, 100)


def test_a_commonest_lowest_value_has_no_spacing(measure):
    values = np.concatenate([np.zeros(50), np.full(50, 2.0), np.arange(3, 53)])
    facts = measure(pd.DataFrame({"x": values, "z": -values, "y": np.resize(["p", "q"], 150)}))
    assert facts.spread.low_positives("x").spacing is None
    assert facts.spread.low_positives("z") is None


def test_zeros_in_the_same_rows(measure):
    found = measure(frame()).spread.zeros_together("a", "b")
    assert (found.n_rows, found.n_zero, found.n_both, found.n_zero_other) == (110, 30, 20, 30)
