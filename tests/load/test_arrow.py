"""Columns of frames become Arrow arrays of types that DuckDB knows."""

from __future__ import annotations

import decimal

import pandas as pd
import pyarrow as pa
import pytest

from dataaudit.load.arrow import from_pandas, plain_column


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a", None, "a"]).dictionary_encode(), pa.array(["a", None, "a"])),
        (pa.chunked_array([pa.array(["a"]).dictionary_encode()] * 2), pa.chunked_array([["a"], ["a"]])),
        (pa.nulls(2), pa.array([None, None], pa.string())),
        (pa.array([1.5, None], pa.float16()), pa.array([1.5, None], pa.float32())),
        (pa.array([decimal.Decimal("1.5")], pa.decimal256(50, 1)), pa.array([1.5])),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]), pa.array(["a", "a", "b"])),
        (pa.array([1, 2]), pa.array([1, 2])),
    ],
)
def test_encodings_and_odd_types(column, expected):
    assert plain_column(column).equals(expected)


def test_an_extension_type_is_its_storage():
    column = from_pandas(pd.Series(pd.period_range("2024-01", periods=2, freq="M")))
    assert plain_column(column).type == pa.int64()


def test_half_of_a_surrogate_pair_is_spelt_out():
    column = from_pandas(pd.Series(["\ud800", "é", None], dtype=object))
    assert column.to_pylist() == ["\\ud800", "é", None]


def test_cells_of_several_kinds_become_text():
    column = from_pandas(pd.Series([1, "a", None, float("nan"), b"b"], dtype=object))
    assert column.to_pylist() == ["1", "a", None, None, "b'b'"]
