"""Label x value tables: for every coded column, rows per value (or bin), class and split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.bin_counts import Cells, cells_of_columns, count_bins, rows_by_class
from dataaudit.measure.bins import bin_edges, bin_names
from dataaudit.measure.keys import MISSING_PLACE, OTHER_PLACE
from dataaudit.measure.labels import n_label_classes
from dataaudit.measure.sample import CODED_ROLES
from dataaudit.model import ColumnInfo, Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

OTHER = "(other values)"
MISSING = "(missing)"

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ValueTable:
    """Rows per key of one column, by split and class, counted over all rows.

    A key is a category, a boolean, or a bin of a number or datetime. Missing
    cells have a key of their own, always the last one.

    Attributes
    ----------
    keys : sequence of str
        For categories their texts; for bins a readable interval ("3 to 7",
        "5", "over 9"). The last key is the missing cell.
    edges : array of shape (n_keys - 2,) or None
        For numbers and datetimes (seconds since 1970) the cuts between the
        bins: bin i holds values in (edges[i - 1], edges[i]].
    n_by_class : mapping of split to array of shape (n_keys, n_classes)
        Labelled rows. In regression the classes are the bins of the target.
        Without a label there is one class, which holds every row.
    n : mapping of split to array of shape (n_keys,)
        All rows, labelled or not.
    target_sum, target_sum_squares : mapping of split to array of shape (n_keys,)
        Regression: sums of the target (centred on its training mean) and of
        its square per key; empty otherwise.
    other_key : int or None
        Columns of many values list only the commonest; the rest share this key.
    is_bin : bool
        Whether keys are intervals of an ordered column.
    """

    column: str
    kind: Kind
    keys: Sequence[str]
    edges: FloatArray | None
    n: Mapping[str, IntArray]
    n_by_class: Mapping[str, IntArray]
    target_sum: Mapping[str, FloatArray]
    target_sum_squares: Mapping[str, FloatArray]
    other_key: int | None = None
    sampled: bool = False

    @property
    def is_bin(self) -> bool:
        """Whether the keys are intervals of an ordered column."""
        return self.edges is not None

    @property
    def missing_key(self) -> int:
        """Index of the key that stands for a missing cell."""
        return len(self.keys) - 1

    @property
    def n_rows(self) -> int:
        """Rows counted, over all splits."""
        return int(sum(counts.sum() for counts in self.n.values()))


class BinKeys(Sequence[str]):
    """The names of a table's bins and of the missing cell, written when first read: most are never shown."""

    def __init__(self, write: Callable[[], tuple[str, ...]], n_keys: int) -> None:
        self._write = write
        self._n_keys = n_keys

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names, the missing cell's last."""
        return (*self._write(), MISSING)

    def __len__(self) -> int:
        return self._n_keys

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        """Return one name or several."""
        return self.names[index]


def measure_tables(facts: Facts) -> dict[str, ValueTable]:
    """Count label x value for every coded column, all splits, in few statements."""
    columns = [column for column in facts.info.with_role(*CODED_ROLES) if column.kind in (Kind.NUMERIC, Kind.DATETIME)]
    return _ordered_tables(facts, columns) | _named_tables(facts)


def _ordered_tables(facts: Facts, columns: list[ColumnInfo]) -> dict[str, ValueTable]:
    edges = {column.name: _edges(facts, column) for column in columns}
    cells: dict[str, dict[str, Cells]] = {column.name: {} for column in columns}
    for split in facts.dataset.relations:
        for name, found in count_bins(facts, split, columns, edges).items():
            cells[name][split] = found
    profiles = facts.profiles["train"]
    return {
        column.name: _table(
            facts,
            column,
            BinKeys(
                partial(_names, column, edges[column.name], profiles[column.name].is_integer),
                len(edges[column.name]) + 2,
            ),
            edges[column.name],
            cells[column.name],
        )
        for column in columns
    }


def _edges(facts: Facts, column: ColumnInfo) -> FloatArray:
    profile = facts.profiles["train"][column.name]
    values = facts.sample.numeric[column.name]
    values = values[~np.isnan(values)]
    if profile.minimum is None or profile.maximum is None or not len(values):
        return np.zeros(0)
    return bin_edges(values, profile.minimum, profile.maximum, is_integer=profile.is_integer)


def _names(column: ColumnInfo, edges: FloatArray, is_integer: bool) -> tuple[str, ...]:
    if not len(edges):
        return ("any",)
    if column.kind is not Kind.DATETIME:
        return bin_names(edges, is_integer)
    days = np.array(edges, dtype="datetime64[s]").astype(str)
    return (f"before {days[0]}", *(f"until {day}" for day in days[1:]), f"after {days[-1]}")


def _named_tables(facts: Facts) -> dict[str, ValueTable]:
    counted = facts.key_counts
    n_columns = len(counted.columns)
    has_other = np.zeros(n_columns, dtype=np.bool_)
    cells = {}
    for split, arrays in counted.arrays.items():
        place = np.asarray(arrays["place"], dtype=np.int64)
        has_other[np.unique(arrays["col"][place == OTHER_PLACE])] = True
        cells[split] = cells_of_columns(facts, arrays, place, n_columns)
    tables = {}
    for i, name in enumerate(counted.columns):
        kept = counted.kept[i]
        keys = (*kept, OTHER, MISSING) if has_other[i] else (*kept, MISSING)
        of_column = {split: _keyed(found[i], len(keys)) for split, found in cells.items()}
        other = len(kept) if has_other[i] else None
        tables[name] = _table(facts, facts.info.column(name), keys, None, of_column, other)
    return tables


def _keyed(cells: Cells, n_keys: int) -> Cells:
    """Turn places among the kept keys into keys: other values and the missing cell come last."""
    place = cells.key
    key = np.where(place == MISSING_PLACE, n_keys - 1, np.where(place == OTHER_PLACE, n_keys - 2, place - 1))
    return replace(cells, key=key)


def _table(
    facts: Facts,
    column: ColumnInfo,
    keys: Sequence[str],
    edges: FloatArray | None,
    cells: Mapping[str, Cells],
    other_key: int | None = None,
) -> ValueTable:
    n_keys, n_classes = len(keys), n_label_classes(facts)
    is_regression = facts.info.task is Task.REGRESSION
    n, by_class, sums, squares = {}, {}, {}, {}
    for split, found in cells.items():
        n[split] = np.bincount(found.key, found.n, n_keys).astype(np.int64)
        by_class[split] = rows_by_class(found, n_keys, n_classes)
        if is_regression:
            sums[split] = np.bincount(found.key, found.total, n_keys).astype(np.float64)
            squares[split] = np.bincount(found.key, found.total_squares, n_keys).astype(np.float64)
    return ValueTable(column.name, column.kind, keys, edges, n, by_class, sums, squares, other_key)
