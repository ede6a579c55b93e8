"""The features of a split as a sampler sees them: what is a number, what is a category, and what is neither."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dataaudit.engine.base import chunks
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.measure.sample import as_number
from dataaudit.model import ColumnInfo, Kind, Role
from dataaudit.rebalance.agreeing import SamplerTies, at_places
from dataaudit.rebalance.matrix import FloatArray, IntArray, Matrix, Scale, scale_of
from dataaudit.rebalance.sentinels import Sentinels

if TYPE_CHECKING:
    from dataaudit.engine.dataset import Dataset
    from dataaudit.rebalance.ties.ties import Ties

COLUMNS_PER_STATEMENT = 500
# A category takes a column of its own in every distance; with more of them a column says little of who is near whom.
MAX_CATEGORIES = 100
ORDERED = (Kind.NUMERIC, Kind.DATETIME)
NAMED = (Kind.BOOLEAN, Kind.CATEGORICAL)
# A number with two values is a flag.
VALUES_OF_FLAG = 2


@dataclass(frozen=True)
class Features:
    """The training rows.

    Attributes
    ----------
    rows : int array of shape (n_rows,)
        Row numbers, ascending.
    numbers, categories : tuple of str
        The columns of the matrix, by the role they play in it.
    left_out : tuple of str
        Features that no distance can be told by.
    sentinels : Sentinels
        Numbers that stand for missing: in the matrix these cells are missing.
    ties : Ties or None
        What a made-up row is to take together, once it was looked for.
    """

    rows: IntArray
    matrix: Matrix
    scale: Scale
    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    levels: tuple[Any, ...]
    left_out: tuple[str, ...]
    sentinels: Sentinels = field(default_factory=Sentinels)
    ties: Ties | None = None

    def sampler_ties(self) -> SamplerTies | None:
        """Return what goes together by the places of the matrix."""
        if self.ties is None:
            return None
        return at_places(self.ties, self.numbers, self.categories)


def is_between(features: Features, column: ColumnInfo) -> bool:
    """Return whether a made-up row has a cell between its parents' in a column."""
    return column.name in features.numbers or (column.role is Role.TIME and column.kind in ORDERED)


def with_ties(dataset: Dataset, features: Features, seed: int) -> Features:
    """Look for what goes together in the training rows."""
    from dataaudit.rebalance.ties.finding import find_ties
    from dataaudit.rebalance.ties.table import read_table

    between = [column.name for column in dataset.info.columns if is_between(features, column)]
    table = read_table(dataset, features.categories, between, seed, features.sentinels)
    return replace(features, ties=find_ties(table))


def candidates(dataset: Dataset) -> list[ColumnInfo]:
    """Return the features of which distances may be told."""
    return [column for column in dataset.info.with_role(Role.FEATURE) if column.kind in (*ORDERED, *NAMED)]


def read_features(dataset: Dataset, sentinels: Sentinels) -> Features:
    """Fetch the training rows, their numbers missing where one stands for that.

    Raises
    ------
    InputError
        If no feature can be measured by.
    """
    rows, cells = _fetch(dataset, "train", candidates(dataset))
    numbers, categories, levels, codes, values = [], [], [], [], []
    for column in candidates(dataset):
        found = _levels(cells[column.name], column)
        if found is None:
            numbers.append(column.name)
            values.append(sentinels.without(column.name, _as_floats(cells[column.name])))
        elif len(found) <= MAX_CATEGORIES:
            categories.append(column.name)
            levels.append(found)
            codes.append(_as_codes(cells[column.name], found))
    known = {*numbers, *categories}
    if not known:
        raise InputError(
            "no feature tells how near rows are to one another", "use random-over, random-under or weights"
        )
    table, places = _side_by_side(values, codes, len(rows))
    scale = scale_of(table, places)
    left_out = tuple(column.name for column in dataset.info.with_role(Role.FEATURE) if column.name not in known)
    return Features(
        rows, scale.matrix(table, places), scale, tuple(numbers), tuple(categories), tuple(levels), left_out, sentinels
    )


def read_others(dataset: Dataset, split: str, features: Features) -> Matrix:
    """Fetch the rows of another split on the scale of train's."""
    columns = [dataset.info.column(name) for name in (*features.numbers, *features.categories)]
    rows, cells = _fetch(dataset, split, columns)
    values = [features.sentinels.without(name, _as_floats(cells[name])) for name in features.numbers]
    codes = [_as_codes(cells[name], levels) for name, levels in zip(features.categories, features.levels, strict=True)]
    return features.scale.matrix(*_side_by_side(values, codes, len(rows)))


def read_labels(dataset: Dataset, code: str) -> IntArray:
    """Fetch the classes of the training rows by number, in the order of rows, -1 where there is none."""
    arrays = dataset.engine.arrays(f"SELECT coalesce({code}, -1) AS k FROM train ORDER BY row")
    return np.asarray(arrays["k"], dtype=np.int64)


def _fetch(dataset: Dataset, split: str, columns: list[ColumnInfo]) -> tuple[IntArray, dict[str, Any]]:
    engine = dataset.engine
    if not isinstance(engine, DuckDBEngine):
        raise InputError("this strategy works in memory, not on Spark", "use random-over, random-under or weights")
    rows = np.asarray(engine.arrays(f"SELECT row FROM {split} ORDER BY row")["row"], dtype=np.int64)
    cells: dict[str, Any] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = [
            f"{as_number(dataset.sql_name(c.name), c.kind) if c.kind in ORDERED else dataset.sql_name(c.name)} AS f{i}"
            for i, c in enumerate(run)
        ]
        table = engine.table(f"SELECT {', '.join(listed)} FROM {split} ORDER BY row")
        cells |= {column.name: table.column(i) for i, column in enumerate(run)}
    return rows, cells


def _levels(cells: Any, column: ColumnInfo) -> Any | None:
    """Return the different values of a column of categories, sorted; None for numbers."""
    import pyarrow.compute as pc

    if column.kind is Kind.DATETIME:
        return None
    if column.kind is Kind.NUMERIC:
        values = _as_floats(cells)
        if len(np.unique(values[~np.isnan(values)])) > VALUES_OF_FLAG:
            return None
    found = pc.unique(cells).drop_null()
    return found.take(pc.sort_indices(found))


def _as_floats(cells: Any) -> FloatArray:
    return np.asarray(cells.to_numpy(), dtype=np.float64)


def _as_codes(cells: Any, levels: Any) -> IntArray:
    import pyarrow.compute as pc

    if not len(levels):
        return np.full(len(cells), -1, dtype=np.int64)
    found = pc.fill_null(pc.index_in(cells, value_set=levels, skip_nulls=True), -1)
    return np.asarray(found.to_numpy(), dtype=np.int64)


def _side_by_side(values: list[FloatArray], codes: list[IntArray], n_rows: int) -> tuple[FloatArray, IntArray]:
    table = np.column_stack(values) if values else np.zeros((n_rows, 0))
    places = np.column_stack(codes) if codes else np.zeros((n_rows, 0), dtype=np.int64)
    return table, places
