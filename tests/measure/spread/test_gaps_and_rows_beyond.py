"""facts.spread.target_gaps and facts.spread.rows_beyond against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from tests.measure.small import floats, mixed


def test_gaps_are_those_of_sorted_values(measure):
    train, test = mixed(120, 0, task="regression"), mixed(200, 1, task="regression")
    facts = measure(train, test=test, task="regression")
    found = facts.spread.target_gaps["test"]
    values, others = np.unique(train["y"].dropna()), test["y"].to_numpy(dtype=float)
    counts = {}
    for low, high in itertools.pairwise(values):
        rows = np.flatnonzero((others > low) & (others < high))
        if len(rows):
            counts[low, high] = rows
    assert [gap.n_rows_between for gap in found] == sorted((len(rows) for rows in counts.values()), reverse=True)[:10]
    for gap in found:
        assert gap.n_rows_between == len(counts[gap.low, gap.high])
        assert (gap.n_rows, gap.n_train) == (test["y"].notna().sum(), train["y"].notna().sum())
    assert found[0].first_rows == tuple(counts[found[0].low, found[0].high][:20])


def test_a_split_without_a_target_has_no_gap(measure):
    train, test = mixed(100, 0, task="regression"), mixed(50, 1, task="regression")
    assert measure(train, test=test.drop(columns="y"), task="regression").spread.target_gaps == {}


def test_rows_beyond_are_those_of_sorted_numbers(measure):
    train, test = mixed(100, 0), mixed(300, 1, shift=1.0)
    test["when"] += pd.Timedelta(days=300)
    facts = measure(train, test=test)
    for name in ("measure", "tenth", "count", "huge", "when"):
        low, high = np.nanmin(floats(train[name])), np.nanmax(floats(train[name]))
        rows = np.flatnonzero((floats(test[name]) < low) | (floats(test[name]) > high))
        beyond = facts.spread.rows_beyond("test", name)
        assert beyond.first == tuple(rows[:20])
        assert (beyond.drawn.tolist(), beyond.n_drawn_within) == (rows.tolist(), 300 - len(rows))


def test_a_column_without_a_number_in_train_has_no_rows_beyond(measure):
    train, test = mixed(100, 0), mixed(50, 1)
    train["count"] = pd.array([None] * 100, dtype="Int64")
    assert measure(train, test=test).spread.rows_beyond("test", "count").first == ()
