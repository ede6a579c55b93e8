"""Columns whose value another column's value tells in every row, beyond chance.

Asked of some rows first: rows with the same value in one column are compared with the first and the last of them in all
others. What holds there is counted over all rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.rebalance.matrix import FloatArray, IntArray
from dataaudit.rebalance.ties.table import MISSING, TiedColumn, TiedTable, coded
from dataaudit.rebalance.ties.ties import Within

ROWS_OF_FIRST_LOOK = 500
MOST_BROKEN_AT_FIRST = 0.05
MOST_BROKEN_IN_SAMPLE = 0.02
# Cells that were typed wrong do not untie two columns.
MOST_BROKEN = 0.002
LEAST_BITS = 20.0
LEAST_TELLING = 10
# Rows alike in so much of what tells rows apart are copies of one another: all their columns agree.
SHARE_OF_COPY = 0.9
COLUMNS_TO_TELL_COPIES = 200


@dataclass(frozen=True)
class Determined:
    """A column and another that it determines.

    Attributes
    ----------
    of_missing : bool
        It only tells where the other is missing.
    within : Within or None
        Where the first is a number and the other its class: the range of each class.
    """

    column: TiedColumn
    other: TiedColumn
    of_missing: bool
    within: Within | None


@dataclass(frozen=True)
class _Target:
    """What may be determined: a column, or where it is missing."""

    place: int
    of_missing: bool

    def codes(self, table: TiedTable) -> IntArray:
        column = table.columns[self.place]
        return np.isnan(column.values).astype(np.int64) if self.of_missing else column.codes


@dataclass(frozen=True)
class _Look:
    """Some rows of all columns and of all targets, as codes.

    Attributes
    ----------
    weights : float array
        Of every column: what two rows that agree in it tell of being copies.
    """

    cells: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: FloatArray


def find_determined(table: TiedTable, explained: Collection[frozenset[str]]) -> list[Determined]:
    """Return pairs of columns of which a sampler makes one at least, each set of columns joined by as few as found.

    Parameters
    ----------
    table : TiedTable
    explained : collection of pairs of names
        Not asked of.
    """
    if len(table.columns) < 2 or table.n_rows < LEAST_TELLING:
        return []
    targets = [
        _Target(place, of_missing)
        for place, column in enumerate(table.columns)
        for of_missing in (False, True)
        if not of_missing or (not column.is_voted and np.isnan(column.values).any())
    ]
    look = _look_at(table, targets)
    found: list[Determined] = []
    together: dict[str, int] = {}
    for place, column in enumerate(table.columns):
        for target in _candidates(table, look, place, targets):
            other = table.columns[target.place]
            if frozenset((column.name, other.name)) in explained or not _matters(column, other, target.of_missing):
                continue
            if not target.of_missing and together.get(column.name, -1) == together.get(other.name, -2):
                continue
            pair = _verified(column, other, target.of_missing, target.codes(table))
            if pair is not None:
                found.append(pair)
                if pair.within is None and not target.of_missing:
                    _join(together, column.name, other.name)
    return found


def _matters(column: TiedColumn, other: TiedColumn, of_missing: bool) -> bool:
    """Return whether a sampler could tear the two apart: where neither is made, both come from one parent."""
    return column.is_voted or column.is_between or (not of_missing and (other.is_voted or other.is_between))


def _join(together: dict[str, int], first: str, second: str) -> None:
    old = together.setdefault(second, len(together))
    new = together.setdefault(first, old)
    for name, number in together.items():
        if number == old:
            together[name] = new


def _look_at(table: TiedTable, targets: list[_Target]) -> _Look:
    cells = np.column_stack([coded(column.values[table.rows]).astype(np.int32) for column in table.columns])
    of_targets = np.column_stack(
        [
            np.isnan(table.columns[target.place].values[table.rows]) if target.of_missing else cells[:, target.place]
            for target in targets
        ]
    ).astype(np.int32)
    weights = np.array([_bits_of_agreeing(codes) for codes in cells.T])
    # Many columns tell copies as well as all do.
    weights[np.argsort(-weights, kind="stable")[COLUMNS_TO_TELL_COPIES:]] = 0.0
    return _Look(np.asfortranarray(cells), np.asfortranarray(of_targets), weights)


def _usual_bits(codes: NDArray[np.int32]) -> float:
    """Return what one row more with the commonest value tells: -log2 of its share."""
    counts = np.bincount(codes + 1)
    return float(-np.log2(counts.max() / len(codes)))


def _bits_of_agreeing(codes: NDArray[np.int32]) -> float:
    _, counts = np.unique(codes, return_counts=True)
    return float(-np.log2(((counts / len(codes)) ** 2).sum()))


def _candidates(table: TiedTable, look: _Look, place: int, targets: list[_Target]) -> Iterator[_Target]:
    """Yield what the column may determine by the rows looked at."""
    codes = look.cells[:, place]
    first = _first_rows(codes)
    present = np.flatnonzero(codes != MISSING)
    rows = present[first[codes[present]] != present]
    if len(rows) < LEAST_TELLING:
        return
    like, other = first[codes[rows]], _first_rows(codes[::-1])
    # Of few values the first row of one may be the wrong one: so the last is asked, too.
    last = len(codes) - 1 - other[codes[rows]]
    some = slice(None, None, max(1, len(rows) // ROWS_OF_FIRST_LOOK))
    asked = look.targets[rows[some]]
    broken = np.minimum(
        (asked != look.targets[like[some]]).mean(axis=0), (asked != look.targets[last[some]]).mean(axis=0)
    )
    left = [k for k in np.flatnonzero(broken <= MOST_BROKEN_AT_FIRST).tolist() if targets[k].place != place]
    if not left:
        return
    agreed: FloatArray | None = None
    least_bits = LEAST_BITS + 2 * np.log2(len(table.columns))
    for k in left:
        codes = look.targets[:, k]
        n_broken = int(min((codes[rows] != codes[like]).sum(), (codes[rows] != codes[last]).sum()))
        slack = n_broken * np.log2(np.e * len(rows) / max(1, n_broken))
        # What is the same in nearly all of these rows is told by nothing.
        bits = _usual_bits(codes[present])
        if n_broken > MOST_BROKEN_IN_SAMPLE * len(rows) or len(rows) * bits - slack < least_bits:
            continue
        n_telling = len(rows)
        if not table.columns[place].tells_entities:
            agreed = _agreement(look, rows, like) if agreed is None else agreed
            own = look.weights[place] + (0 if targets[k].of_missing else look.weights[targets[k].place])
            rest = look.weights.sum() - own
            # What the two columns agree in themselves does not count.
            n_telling = int((agreed - own < SHARE_OF_COPY * rest).sum()) if rest > 0 else len(rows)
        if n_telling >= LEAST_TELLING and n_telling * bits - slack >= least_bits:
            yield targets[k]


def _agreement(look: _Look, rows: IntArray, like: IntArray) -> FloatArray:
    """Return how much of what tells rows apart each row has in common with another."""
    used = np.flatnonzero(look.weights)
    same = look.cells[np.ix_(rows, used)] == look.cells[np.ix_(like, used)]
    return np.asarray(same @ look.weights[used], dtype=np.float64)


def _first_rows(codes: IntArray | NDArray[np.int32]) -> IntArray:
    """Return the first row of every code from 0."""
    first = np.zeros(max(1, int(codes.max(initial=0)) + 1), dtype=np.int64)
    rows = np.flatnonzero(codes != MISSING)[::-1]
    first[codes[rows]] = rows
    return first


def _verified(column: TiedColumn, other: TiedColumn, of_missing: bool, target: IntArray) -> Determined | None:
    """Count a pair over all rows; None if it does not hold."""
    present = np.flatnonzero(column.codes != MISSING)
    codes, classes = column.codes[present], target[present]
    first = _first_rows(codes)
    n_broken = int((classes[first[codes]] != classes).sum())
    if n_broken:
        n_classes = int(classes.max()) + 2
        pairs, counts = np.unique(codes * n_classes + classes + 1, return_counts=True)
        usual = np.zeros(len(first), dtype=np.int64)
        np.maximum.at(usual, pairs // n_classes, counts)
        n_broken = int(len(present) - usual.sum())
        if n_broken > MOST_BROKEN * len(present):
            return None
        return Determined(column, other, of_missing, None)
    return Determined(column, other, of_missing, _ranges(column, other, target) if column.is_between else None)


def _ranges(column: TiedColumn, other: TiedColumn, target: IntArray) -> Within | None:
    """Return the range of the number in each class, if no other class lies in between."""
    present = np.flatnonzero(~np.isnan(column.values))
    values, classes = column.values[present], target[present]
    order = np.argsort(values, kind="stable")
    run = classes[order]
    n_runs = 1 + int((run[1:] != run[:-1]).sum())
    if n_runs > len(np.unique(run)):
        return None
    places = target - target.min()
    lows = np.full(int(places.max()) + 1, np.inf)
    highs = -lows
    np.minimum.at(lows, places[present], values)
    np.maximum.at(highs, places[present], values)
    return Within(column.name, other.name, lows[places], highs[places])
