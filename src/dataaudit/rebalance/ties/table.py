"""All columns of the training rows as numbers, to look for what goes together in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.engine.base import as_float, chunks
from dataaudit.measure.sample import as_number
from dataaudit.model import ColumnInfo, Kind, Role
from dataaudit.rebalance.cells import as_written
from dataaudit.rebalance.matrix import FloatArray, IntArray

if TYPE_CHECKING:
    from dataaudit.engine.dataset import Dataset
    from dataaudit.rebalance.sentinels import Sentinels

COLUMNS_PER_STATEMENT = 500
MOST_COLUMNS = 1_000
ROWS_TO_LOOK_AT = 5_000
MISSING = -1


@dataclass(frozen=True)
class TiedColumn:
    """A column of the training rows.

    Attributes
    ----------
    values : float array of shape (n_rows,)
        Numbers, seconds of dates, 0 and 1 of booleans; of anything else 52 bits of a hash. NaN where missing.
    is_voted : bool
        A made-up row may have it from another row than its nearer parent.
    is_between : bool
        A made-up row may have what no row has.
    is_number : bool
        `values` are numbers to be added up.
    is_date : bool
    tells_entities : bool
        Declared to name groups of rows: rows that agree in all else are no copies of one another.
    """

    name: str
    values: FloatArray
    is_voted: bool
    is_between: bool
    is_number: bool
    is_date: bool
    tells_entities: bool = False

    @cached_property
    def codes(self) -> IntArray:
        """The values by number, from 0; -1 where missing."""
        return coded(self.values)


def coded(values: FloatArray) -> IntArray:
    """Return values by number, ascending, from 0; -1 where missing."""
    codes = np.full(len(values), MISSING, dtype=np.int64)
    present = ~np.isnan(values)
    codes[present] = np.unique(values[present], return_inverse=True)[1]
    return codes


@dataclass(frozen=True)
class TiedTable:
    """All columns but the label, and rows to look at first."""

    columns: tuple[TiedColumn, ...]
    rows: IntArray
    n_left_out: int = 0

    @property
    def n_rows(self) -> int:
        """Rows in all."""
        return len(self.columns[0].values) if self.columns else 0


def tied_table(columns: Collection[TiedColumn], seed: int, n_left_out: int = 0) -> TiedTable:
    """Return columns with the rows to look at first, drawn at random."""
    n_rows = len(next(iter(columns)).values) if columns else 0
    rows = np.arange(n_rows)
    if n_rows > ROWS_TO_LOOK_AT:
        rows = np.sort(np.random.default_rng(seed).choice(n_rows, ROWS_TO_LOOK_AT, replace=False))
    return TiedTable(tuple(columns), rows, n_left_out)


def read_table(
    dataset: Dataset, voted: Collection[str], between: Collection[str], seed: int, sentinels: Sentinels
) -> TiedTable:
    """Fetch all columns of the training rows but the label, in the order of rows; of the first thousand columns.

    What stands for a missing cell is one: what holds in all rows holds in those that were measured.
    """
    listed = [column for column in dataset.info.columns if column.role is not Role.LABEL]
    absent = dataset.relations["train"].absent
    listed = [column for column in listed if column.name not in absent]
    # Of too many, what a sampler makes itself comes first.
    first = sorted(listed, key=lambda column: column.name not in voted and column.name not in between)
    looked_at = {column.name for column in first[:MOST_COLUMNS]}
    source = dataset.sources["train"]
    short = {name for name, kind in zip(source.names, source.types, strict=True) if kind == "FLOAT"}
    columns = []
    for run in chunks([column for column in listed if column.name in looked_at], COLUMNS_PER_STATEMENT):
        expressions = ", ".join(f"{_number(dataset, column)} AS t{i}" for i, column in enumerate(run))
        arrays = dataset.engine.arrays(f"SELECT {expressions} FROM train ORDER BY row")
        columns += [
            TiedColumn(
                name=column.name,
                values=_exact(sentinels.without(column.name, as_float(arrays[f"t{i}"])), column.name in short),
                is_voted=column.name in voted,
                is_between=column.name in between,
                is_number=column.kind in (Kind.NUMERIC, Kind.BOOLEAN, Kind.DATETIME),
                is_date=column.kind is Kind.DATETIME,
                tells_entities=column.role is Role.GROUP,
            )
            for i, column in enumerate(run)
        ]
    return tied_table(columns, seed, max(0, len(listed) - MOST_COLUMNS))


def _exact(values: FloatArray, is_short: bool) -> FloatArray:
    """Return numbers as they are written: widened, 18.09 is 18.0900001525, and adds up to nothing."""
    return as_written(values) if is_short else values


def _number(dataset: Dataset, column: ColumnInfo) -> str:
    cell = dataset.sql_name(column.name)
    if column.kind in (Kind.NUMERIC, Kind.DATETIME):
        return as_number(cell, column.kind)
    if column.kind is Kind.BOOLEAN:
        return f"CAST(CAST({cell} AS INTEGER) AS DOUBLE)"
    # 52 bits of a hash survive as a double.
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CAST(hash({cell}) >> 12 AS DOUBLE) END"
