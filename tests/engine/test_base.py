"""Small helpers of every engine."""

from __future__ import annotations

import numpy as np

from dataaudit.engine.base import EngineError, as_float, chunks


def test_chunks_keep_order_and_all_items():
    assert chunks(range(5), 2) == [range(2), range(2, 4), range(4, 5)]
    assert chunks([], 3) == []


def test_masked_numbers_become_nan():
    found = as_float(np.ma.masked_array([1, 2, 3], mask=[False, True, False]))
    assert found.dtype == np.float64
    assert np.array_equal(found, [1.0, np.nan, 3.0], equal_nan=True)
    assert as_float(np.array([1, 2])).tolist() == [1.0, 2.0]


def test_the_message_of_an_engine_error_is_one_line():
    error = EngineError("\n  first: line\nsecond line\n")
    assert error.message == "the data cannot be read: first: line"
    assert "second line" in error.details
