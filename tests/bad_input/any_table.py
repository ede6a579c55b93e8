"""Hypothesis makes small tables of every kind of column, with every kind of trouble in them."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet as pq

ODD_WORDS = [
    *("", " ", "NA", "null", "a,b", 'say "so"', "two\nlines", "a\r\nb", "a|b", "<b>&amp;", "é", "日本", "😀", "\x07"),
    *("0x1F", "1_000", "007", "inf", "-1e999", "$1,000", "50%", "2024-01-05", "2024-01-05T10:00+02:00", "05/01/2024"),
]
# Half of a surrogate pair is no character, and control characters make a file binary.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])
WORDS = st.one_of(st.sampled_from(ODD_WORDS), st.text(CHARACTERS, max_size=12))
# The square of a larger number is no floating-point number any more.
NUMBERS = st.floats(-1e100, 1e100)
DATES = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
COLUMNS: dict[pa.DataType, st.SearchStrategy[Any]] = {
    pa.string(): WORDS,
    pa.int64(): st.one_of(st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1)),
    pa.float64(): st.one_of(st.sampled_from([0.0, 1.0, -0.5, math.inf, -math.inf, math.nan]), NUMBERS),
    pa.bool_(): st.booleans(),
    pa.date32(): DATES,
    pa.timestamp("us"): st.datetimes(),
    pa.list_(pa.float64()): st.lists(NUMBERS, max_size=3),
    pa.null(): st.none(),
}


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Draw a table: a few different rows, each repeated, so that there is something to count."""
    n_rows = draw(st.integers(1, 12))
    n_times = draw(st.sampled_from([1, 2, 9]))
    names = draw(st.lists(st.text(CHARACTERS, max_size=8).filter(str.strip), max_size=5, unique=True))
    columns = {name: draw(_columns(n_rows)) for name in ["y", *names]}
    if draw(st.booleans()):
        columns["y"] = pa.array(draw(st.permutations(["cat", "dog"] * n_rows))[:n_rows])
    return pa.table({name: pa.concat_arrays([column] * n_times) for name, column in columns.items()})


@st.composite
def _columns(draw: st.DrawFn, n_rows: int) -> pa.Array:
    kind = draw(st.sampled_from(list(COLUMNS)))
    return pa.array(draw(st.lists(st.none() | COLUMNS[kind], min_size=n_rows, max_size=n_rows)), kind)


def write_csv(table: pa.Table, path: Path) -> Path:
    """Write a table as a careless program would: with str() of every cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            writer.writerow(["" if cell is None else cell for cell in row])
    return path


def write_parquet(table: pa.Table, path: Path) -> Path:
    """Write a table with its types."""
    pq.write_table(table, path)
    return path
