"""How far rows of a split lie from the rows of train, beside how far other rows of train do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.spread.coordinates import Coordinates, fit_coordinates
from dataaudit.model import ColumnInfo, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.split_rows import SplitRows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

N_NEIGHBOURS = 5
MOST_COLUMNS = 50
MOST_EXPLAINED = 200
LEAST_ROWS = 25
# Distances that differ by rounding alone are equal.
DIGITS = 9
KINDS = (Kind.NUMERIC, Kind.BOOLEAN, Kind.CATEGORICAL)


@dataclass(frozen=True)
class JointDistances:
    """Distances of a split's rows from half of the training rows, beside those of the other half.

    Attributes
    ----------
    columns : tuple of str
        The columns that distances are taken in; at most 50, those that tell
        most of the label where there are more.
    n_columns_left_out : int
        Numbers and categories that are not among them.
    n_reference : int
        Training rows that distances are taken from.
    distances_train : float array, ascending
        Mean distance of each of the other training rows to its five nearest.
    rows, distances : arrays of shape (n_rows,)
        Row numbers, and distances taken alike, of the split's rows within
        every training range; furthest first.
    n_rows_beyond_range : int
        Rows looked at that lie beyond the training range of one of the
        columns, and so have no distance.
    share_of_excess : float array of shape (up to 200, n_columns)
        Of the furthest rows, what each column adds to the squared distance
        beyond what it adds in train; columns that add none have 0.
    """

    split: str
    columns: tuple[str, ...]
    n_columns_left_out: int
    n_reference: int
    distances_train: FloatArray
    rows: IntArray
    distances: FloatArray
    n_rows_beyond_range: int
    n_rows_split: int
    share_of_excess: FloatArray = field(repr=False)
    sampled: bool = False

    @property
    def p_values(self) -> FloatArray:
        """Conformal: (1 + training rows at least as far) / (training rows + 1), of every row of the split."""
        n_train = len(self.distances_train)
        n_nearer = np.searchsorted(self.distances_train, self.distances, side="left")
        p_values: FloatArray = (1 + n_train - n_nearer) / (n_train + 1)
        return p_values


def measure_joint_extrapolation(facts: Facts) -> dict[str, JointDistances]:
    """Measure every other split against one half of train, with the other half as what is usual.

    Half of the training rows are the reference: they alone fit the
    coordinates, and every distance is taken to them. To them the other half
    and the rows of a random split are the same, so that their distances are
    exchangeable (split conformal prediction; Bates, Candès, Lei, Romano and
    Sesia, Annals of Statistics 51:149, 2023). Which half a row falls in, its
    cells tell, so that the order of rows does not matter; its group, where one
    is declared, so that a new group is what is usual. Columns that a split has
    in another unit are left out for that split: another unit is no distance.

    Raises
    ------
    NotMeasurable
        If train has too few rows, or no number or category that varies.
    """
    drawn = facts.shifts.split_rows
    train = drawn["train"]
    listed = columns_to_compare(facts)
    is_reference = _halves(facts, train, listed)
    if min(is_reference.sum(), (~is_reference).sum()) < LEAST_ROWS:
        raise NotMeasurable(f"a half of train has fewer than {LEAST_ROWS} rows")
    changed = facts.shifts.changed_units
    by_left_out: dict[frozenset[str], _Usual | None] = {}
    found = {}
    for split in facts.other_splits:
        left_out = changed.get(split, frozenset())
        if left_out not in by_left_out:
            kept = [column for column in listed if column.name not in left_out]
            by_left_out[left_out] = _usual(kept, train, is_reference)
        usual = by_left_out[left_out]
        if usual is None and not left_out:
            raise NotMeasurable("no number and no category varies in train")
        if usual is not None and split in drawn:
            found[split] = _measure_split(facts, split, drawn[split], usual, sampled=train.sampled)
    return found


def _usual(columns: Sequence[ColumnInfo], train: SplitRows, is_reference: BoolArray) -> _Usual | None:
    """Return how far rows of train lie from others in these columns; None if none of them varies."""
    reference = {column.name: train.cells[column.name][is_reference] for column in columns}
    coordinates = fit_coordinates(columns, reference)
    if coordinates is None:
        return None
    return _Usual.of(coordinates, reference, {name: cells[~is_reference] for name, cells in train.cells.items()})


@dataclass(frozen=True)
class _Usual:
    """The reference rows, and how far other rows of train lie from them."""

    coordinates: Coordinates
    reference: FloatArray
    plain_reference: FloatArray
    distances: FloatArray
    by_column: FloatArray

    @classmethod
    def of(
        cls, coordinates: Coordinates, reference: Mapping[str, FloatArray], others: Mapping[str, FloatArray]
    ) -> _Usual:
        plain, plain_others = coordinates.plain(reference), coordinates.plain(others)
        points = plain @ coordinates.whitening
        distances, nearest = _nearest(points, plain_others @ coordinates.whitening)
        steps = plain_others - plain[nearest].mean(axis=1)
        return cls(coordinates, points, plain, np.sort(distances), coordinates.by_column(steps).mean(axis=0))


def _measure_split(facts: Facts, split: str, drawn: SplitRows, usual: _Usual, *, sampled: bool) -> JointDistances:
    coordinates = usual.coordinates
    beyond = _beyond_range(facts, drawn, coordinates.columns)
    cells = {name: drawn.cells[name][~beyond] for name in coordinates.columns}
    plain = coordinates.plain(cells)
    distances, nearest = _nearest(usual.reference, plain @ coordinates.whitening)
    rows = drawn.rows[~beyond]
    order = np.lexsort((rows, -distances))
    furthest = order[:MOST_EXPLAINED]
    steps = plain[furthest] - usual.plain_reference[nearest[furthest]].mean(axis=1)
    excess = np.maximum(0.0, coordinates.by_column(steps) - usual.by_column)
    return JointDistances(
        split=split,
        columns=coordinates.columns,
        n_columns_left_out=sum(column.kind in KINDS for column in facts.features) - len(coordinates.columns),
        n_reference=len(usual.reference),
        distances_train=usual.distances,
        rows=rows[order],
        distances=distances[order],
        n_rows_beyond_range=int(beyond.sum()),
        n_rows_split=drawn.n_rows_split,
        share_of_excess=excess / np.maximum(1e-300, excess.sum(axis=1, keepdims=True)),
        sampled=sampled or drawn.sampled,
    )


def _nearest(reference: FloatArray, points: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the mean distance of each point to its five nearest, and their places."""
    from sklearn.neighbors import NearestNeighbors

    if len(points) == 0:
        return np.zeros(0), np.zeros((0, N_NEIGHBOURS), dtype=np.int64)
    searched = NearestNeighbors(n_neighbors=N_NEIGHBOURS, algorithm="brute", n_jobs=1).fit(reference)
    distances, places = searched.kneighbors(points)
    return np.round(distances.mean(axis=1), DIGITS), places.astype(np.int64)


def columns_to_compare(facts: Facts) -> list[ColumnInfo]:
    """Return up to 50 numbers and categories by name: of more, those that tell most of the label."""
    columns = sorted((column for column in facts.features if column.kind in KINDS), key=lambda column: column.name)
    if len(columns) > MOST_COLUMNS:
        told = {name: found.explained for name, found in facts.associations.items()}
        columns.sort(key=lambda column: -told.get(column.name, 0.0))
    return sorted(columns[:MOST_COLUMNS], key=lambda column: column.name)


def _beyond_range(facts: Facts, drawn: SplitRows, columns: Sequence[str]) -> BoolArray:
    """Return which rows lie beyond the range that a number has over all rows of train."""
    beyond = np.zeros(drawn.n_rows, dtype=np.bool_)
    profiles = facts.profiles["train"]
    for name in columns:
        lowest, highest = profiles[name].minimum, profiles[name].maximum
        if facts.info.column(name).kind is Kind.NUMERIC and lowest is not None and highest is not None:
            beyond |= (drawn.cells[name] < lowest) | (drawn.cells[name] > highest)
    return beyond


def _halves(facts: Facts, train: SplitRows, columns: Sequence[ColumnInfo]) -> BoolArray:
    """Return which rows are of the reference: half of them, whatever their order."""
    groups = facts.info.with_role(Role.GROUP)
    if groups:
        mixed = _mixed_groups(facts, train, groups)
    else:
        mixed = _mixed_cells([train.cells[column.name] for column in columns], train.n_rows)
        mixed += _mix(_places_among_equals(mixed))
    return (_mix(mixed + np.uint64(facts.seed)) & np.uint64(1)).astype(np.bool_)


def _mixed_cells(cells: Sequence[FloatArray], n_rows: int) -> NDArray[np.uint64]:
    """Return a number per row that the order and the names of columns do not change."""
    summed = np.zeros(n_rows, dtype=np.uint64)
    for values in cells:
        # One zero and one missing value each.
        summed += _mix(np.where(np.isnan(values), np.nan, values + 0.0).view(np.uint64))
    return summed


def _places_among_equals(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return how many equal numbers stand before each.

    >>> _places_among_equals(np.array([7, 3, 7, 7], dtype=np.uint64)).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    places = np.empty(len(numbers), dtype=np.uint64)
    places[order] = np.arange(len(numbers)) - np.searchsorted(ordered, ordered)
    return places


def _mixed_groups(facts: Facts, train: SplitRows, groups: Sequence[ColumnInfo]) -> NDArray[np.uint64]:
    """Return a number per row that rows of one group share; of several group columns, the one with the fewest."""
    listed = ", ".join(
        f"CAST({facts.dataset.sql_name(group.name)} AS VARCHAR) AS g{i}" for i, group in enumerate(groups)
    )
    arrays = facts.dataset.engine.arrays(f"SELECT {listed} FROM {train.relation} ORDER BY row")
    names = [[str(name) for name in arrays[f"g{i}"].tolist()] for i in range(len(groups))]
    fewest = min(names, key=lambda column: len(set(column)))
    mixed = {
        name: int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") for name in set(fewest)
    }
    return np.array([mixed[name] for name in fewest], dtype=np.uint64)


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers whose every bit hangs on every bit given (splitmix64; Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
