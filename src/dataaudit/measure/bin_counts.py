"""Rows per bin and class of ordered columns: by the engine, or in memory where a table is small.

The two give the same counts. The engine's way reads nothing into memory but
costs a statement of nested comparisons per column, which on a few thousand
rows takes longer than the counting; and a table of 10,000 columns would have
every one of these statements look through all their names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.measure.bins import bin_expression
from dataaudit.measure.labels import label_select, label_text
from dataaudit.measure.slices import slice_of
from dataaudit.model import ColumnInfo, Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
COLUMNS_PER_STATEMENT = 64
COLUMNS_PER_FETCH = 500
MAX_ROWS_IN_MEMORY = 10_000


@dataclass(frozen=True)
class Cells:
    """Aggregated rows of one column and split: key, class, count and target sums, as arrays."""

    key: NDArray[Any]
    target_class: IntArray
    n: IntArray
    total: FloatArray
    total_squares: FloatArray


def rows_by_class(cells: Cells, n_keys: int, n_classes: int) -> IntArray:
    """Return the labelled rows per key and class, shape (n_keys, n_classes)."""
    labelled = cells.target_class >= 0
    flat = cells.key[labelled] * n_classes + cells.target_class[labelled]
    return np.bincount(flat, cells.n[labelled], n_keys * n_classes).astype(np.int64).reshape(n_keys, n_classes)


def count_bins(
    facts: Facts, split: str, columns: Sequence[ColumnInfo], edges: Mapping[str, FloatArray]
) -> dict[str, Cells]:
    """Count the rows of one split per bin and class, for every column."""
    small = facts.dataset.relations[split].n_rows <= MAX_ROWS_IN_MEMORY
    count, size = (_count_in_memory, COLUMNS_PER_FETCH) if small else (_count_in_engine, COLUMNS_PER_STATEMENT)
    found: dict[str, Cells] = {}
    for run in chunks(columns, size):
        found |= count(facts, split, run, edges)
    return found


def class_numbers(facts: Facts, values: NDArray[Any]) -> IntArray:
    """Return the class number of each label value, -1 where there is no label."""
    if facts.info.task is Task.REGRESSION:
        return np.nan_to_num(as_float(values), nan=-1).astype(np.int64)
    place = {name: i for i, name in enumerate(facts.dataset.classes)}
    numbers = np.full(len(values), -1, dtype=np.int64)
    known = ~np.ma.getmaskarray(values)
    different, inverse = np.unique(np.asarray(values)[known], return_inverse=True)
    numbers[known] = np.array([place[label_text(value)] for value in different.tolist()], dtype=np.int64)[inverse]
    return numbers


def cells_of_columns(
    facts: Facts, arrays: Mapping[str, NDArray[Any]], key: NDArray[Any], n_columns: int
) -> list[Cells]:
    """Return the groups of every column from the result of one statement, whose `col` says which are whose."""
    order = np.argsort(arrays["col"], kind="stable")
    ends = np.searchsorted(arrays["col"][order], np.arange(n_columns + 1))
    classes = class_numbers(facts, arrays["y"])[order]
    n = np.asarray(arrays["n"], dtype=np.int64)[order]
    total, total_squares = (np.nan_to_num(as_float(arrays[name]))[order] for name in ("s", "q"))
    key = key[order]
    return [
        Cells(key[own], classes[own], n[own], total[own], total_squares[own])
        for own in (slice(ends[i], ends[i + 1]) for i in range(n_columns))
    ]


def _count_in_engine(
    facts: Facts, split: str, columns: Sequence[ColumnInfo], edges: Mapping[str, FloatArray]
) -> dict[str, Cells]:
    keys = [bin_expression(_number(facts, column), edges[column.name]) for column in columns]
    engine, n_rows = facts.dataset.engine, facts.dataset.relations[split].n_rows
    with slice_of(facts, split, [column.name for column in columns]) as relation:
        arrays = engine.arrays(engine.count_each(relation, n_rows, keys, label_select(facts, split)))
    found = cells_of_columns(facts, arrays, arrays["key"].astype(np.int64), len(columns))
    return {column.name: cells for column, cells in zip(columns, found, strict=True)}


def _count_in_memory(
    facts: Facts, split: str, columns: Sequence[ColumnInfo], edges: Mapping[str, FloatArray]
) -> dict[str, Cells]:
    listed = ", ".join(f"CAST({_number(facts, column)} AS DOUBLE) AS x{i}" for i, column in enumerate(columns))
    arrays = facts.dataset.engine.arrays(f"SELECT {listed}, {label_select(facts, split)} FROM {split}")
    classes = class_numbers(facts, arrays["y"])
    target = np.nan_to_num(as_float(arrays["t"]))
    with np.errstate(over="ignore"):  # squares may be infinite, as they are in the engine
        squares = target * target
    one = np.ones(len(classes), dtype=np.int64)
    found = {}
    for i, column in enumerate(columns):
        values = as_float(arrays[f"x{i}"])
        cuts = edges[column.name]
        # Bin i holds (cuts[i - 1], cuts[i]]; a missing cell has the bin after the last.
        key = np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values, side="left"))
        found[column.name] = Cells(key, classes, one, target, squares)
    return found


def _number(facts: Facts, column: ColumnInfo) -> str:
    cell = facts.dataset.sql_name(column.name)
    return f"epoch({cell})" if column.kind is Kind.DATETIME else cell
