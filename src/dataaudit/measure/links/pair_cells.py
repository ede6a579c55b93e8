"""The cells that pairs of columns are looked for in: some rows, some columns, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, evenly
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.labels import label_select, n_label_classes
from dataaudit.measure.sample import as_number
from dataaudit.model import ColumnInfo, Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_ROWS = 5_000
MAX_COLUMNS = 50
# So many of them are those that tell most by themselves, the others are drawn evenly from the rest by name.
MAX_TELLING = 25
MEAN_LENGTH_OF_PROSE = 50
# So many of the commonest categories have a code of their own for every bin that a number has.
CATEGORIES_PER_BIN = 2


@dataclass(frozen=True)
class Cells:
    """Labelled rows of train.

    Attributes
    ----------
    names : tuple of str
    values : float array of shape (n_columns, n_rows)
        Numbers, dates in seconds, yes or no as 1 or 0; of categories a number that is the same in all columns for
        the same text. NaN where missing.
    is_ordered : bool array of shape (n_columns,)
        Whether more and less mean something.
    label : int array of shape (n_rows,)
        Number of the class, or of the target's bin.
    n_classes : int
    n_features : int
        Features there are to choose from.
    """

    names: tuple[str, ...]
    values: FloatArray
    is_ordered: NDArray[np.bool_]
    label: IntArray
    n_classes: int
    n_features: int

    @property
    def n_rows(self) -> int:
        """Labelled rows."""
        return len(self.label)


def fetch_cells(facts: Facts) -> Cells:
    """Return at most 5,000 rows and 50 features, without embeddings and prose."""
    dataset = facts.dataset
    features = [column for column in facts.features if _can_be_paired(facts, column)]
    columns = _chosen(facts, features)
    listed = ", ".join(_cell(dataset.sql_name(column.name), column.kind, i) for i, column in enumerate(columns))
    rows = facts.sample.some_rows(MAX_ROWS)
    arrays = dataset.engine.arrays(
        f"SELECT {', '.join([*([listed] if listed else []), label_select(facts, 'train')])} FROM {rows} ORDER BY row"
    )
    label = class_numbers(facts, arrays["y"])
    labelled = label >= 0
    n_classes = n_label_classes(facts)
    return Cells(
        names=tuple(column.name for column in columns),
        values=_values(columns, arrays, len(label))[:, labelled],
        is_ordered=np.array([_is_ordered(column) for column in columns], dtype=np.bool_),
        label=label[labelled],
        n_classes=n_classes,
        n_features=len(features),
    )


def _can_be_paired(facts: Facts, column: ColumnInfo) -> bool:
    is_prose = (facts.dataset.surveys["train"][column.name].mean_length or 0.0) > MEAN_LENGTH_OF_PROSE
    return column.kind is not Kind.EMBEDDING and not (is_prose and not _is_ordered(column))


def _is_ordered(column: ColumnInfo) -> bool:
    return column.kind in (Kind.NUMERIC, Kind.DATETIME, Kind.BOOLEAN)


def _chosen(facts: Facts, features: Sequence[ColumnInfo]) -> list[ColumnInfo]:
    by_name = sorted(features, key=lambda column: column.name)
    if len(by_name) <= MAX_COLUMNS:
        return by_name
    found = facts.associations
    # Engines add up in another order, which must not decide between equals.
    told = {column.name: round(found[column.name].explained, 9) for column in by_name if column.name in found}
    telling = sorted(by_name, key=lambda column: -told.get(column.name, 0.0))[:MAX_TELLING]
    rest = [column for column in by_name if column not in telling]
    return sorted([*telling, *evenly(rest, MAX_COLUMNS - MAX_TELLING)], key=lambda column: column.name)


def _cell(cell: str, kind: Kind, i: int) -> str:
    if kind in (Kind.NUMERIC, Kind.DATETIME):
        return f"{as_number(cell, kind)} AS v{i}"
    if kind is Kind.BOOLEAN:
        return f"CASE WHEN {cell} THEN 1e0 WHEN NOT {cell} THEN 0e0 END AS v{i}"
    # Only which cells are alike matters: hashes are smaller than texts.
    return f"CASE WHEN {cell} IS NOT NULL THEN hash(CAST({cell} AS VARCHAR)) END AS v{i}"


def _values(columns: Sequence[ColumnInfo], arrays: Mapping[str, NDArray[Any]], n_rows: int) -> FloatArray:
    values = np.full((len(columns), n_rows), np.nan)
    texts = []
    for i, column in enumerate(columns):
        if _is_ordered(column):
            values[i] = as_float(arrays[f"v{i}"])
        else:
            texts.append(i)
    if texts:
        present = np.array([~np.ma.getmaskarray(arrays[f"v{i}"]) for i in texts])
        hashes = np.array([np.asarray(arrays[f"v{i}"]) for i in texts])
        numbers = np.full(present.shape, np.nan)
        numbers[present] = np.unique(hashes[present], return_inverse=True)[1]
        values[texts] = numbers
    return values


@dataclass(frozen=True)
class Coding:
    """Each column's cells as whole numbers from 0, shape (n_columns, n_rows), and how many numbers it has."""

    n_bins: int
    codes: IntArray
    sizes: IntArray


def coded(cells: Cells, n_bins: int) -> Coding:
    """Return numbers in bins of about equal counts, categories as the commonest, two per bin, and the rest.

    Neither asks the label, so rows that are to be judged may take part. A
    number of few values has one bin for each. The last code is the missing cell.
    """
    codes = np.empty(cells.values.shape, dtype=np.int64)
    sizes = np.empty(len(cells.names), dtype=np.int64)
    for i, values in enumerate(cells.values):
        known = ~np.isnan(values)
        if cells.is_ordered[i]:
            code = np.searchsorted(cuts(values[known], n_bins), values, side="left").astype(np.int64)
        else:
            code = _places(values, _commonest(values[known], CATEGORIES_PER_BIN * n_bins))
        sizes[i] = int(code[known].max(initial=0)) + 2
        codes[i] = np.where(known, code, sizes[i] - 1)
    return Coding(n_bins, codes, sizes)


def cuts(values: FloatArray, n_bins: int) -> FloatArray:
    """Return where bins end: half way between two values, at about equal counts, or between all of few values.

    >>> cuts(np.array([1.0, 1.0, 2.0, 4.0]), 4).tolist()
    [1.5, 3.0]
    """
    ordered = np.sort(values)
    is_step = np.flatnonzero(np.diff(ordered) > 0)
    if len(is_step) >= n_bins:
        wanted = np.arange(1, n_bins) * len(ordered) / n_bins - 1
        nearest = np.abs(is_step[:, None] - wanted).argmin(axis=0)
        is_step = is_step[np.unique(nearest)]
    # Halved one by one: their sum may be more than a double holds.
    return np.asarray(ordered[is_step] / 2 + ordered[is_step + 1] / 2, dtype=np.float64)


def _commonest(values: FloatArray, n_kept: int) -> FloatArray:
    """Return the commonest values; of those as common, the first in the file: their numbers are the engine's."""
    different, first, counts = np.unique(values, return_index=True, return_counts=True)
    kept: FloatArray = different[np.lexsort((first, -counts))][:n_kept]
    return kept


def _places(values: FloatArray, kept: FloatArray) -> IntArray:
    """Return the place of each value among those that are kept, the number of them for any other."""
    order = np.argsort(kept)
    at = np.minimum(np.searchsorted(kept[order], values), max(0, len(kept) - 1))
    if not len(kept):
        return np.zeros(len(values), dtype=np.int64)
    return np.where(kept[order][at] == values, order[at], len(kept))
