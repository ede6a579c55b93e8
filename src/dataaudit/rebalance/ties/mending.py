"""Numbers of made-up rows held to what holds in all training rows.

Sums are computed from their parts. Where that gives what no row could have, or numbers are out of their order or of the
range of their class, the row takes all that hangs together with them from its nearer parent, in which it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.rebalance.cells import MOST_VALUES_TO_SNAP
from dataaudit.rebalance.matrix import FloatArray, IntArray
from dataaudit.rebalance.ties.ties import Sum, Ties, joined_sets

BoolArray = NDArray[np.bool_]
MICROSECONDS = 1e6


@dataclass
class MadeCells:
    """A number or a date of all made-up rows.

    Attributes
    ----------
    values : int64 or float64 array of shape (n,)
        What was made; of dates, microseconds since 1970.
    use : bool array of shape (n,)
        False where the nearer parent's cell is taken instead.
    nearer : array of shape (n,)
        The nearer parent's, and, in `present`, whether it has one.
    known : array
        What the parents' cells are, without missing ones.
    is_date : bool
    as_it_is : bool array of shape (n,), or None
        Rows in which no other cell than the nearer parent's can be written.
    """

    values: NDArray[Any]
    use: BoolArray
    nearer: NDArray[Any]
    present: BoolArray
    known: NDArray[Any]
    is_date: bool = False
    as_it_is: BoolArray | None = None

    def numbers(self) -> FloatArray:
        """Return what the cells will be: numbers, seconds of dates, NaN where missing."""
        cells = np.where(self.use, self.values, self.nearer).astype(np.float64)
        if self.is_date:
            cells = cells / MICROSECONDS
        return np.where(self.use | self.present, cells, np.nan)

    def take(self, rows: BoolArray) -> None:
        """Take these rows' cells from the nearer parent."""
        self.use = self.use & ~rows

    def compute(self, numbers: FloatArray, rows: BoolArray) -> BoolArray:
        """Set these rows' cells; return for which of them no such cell can be."""
        scaled = np.where(rows, numbers, 0.0) * (MICROSECONDS if self.is_date else 1.0)
        cells = np.rint(scaled).astype(np.int64) if self.values.dtype.kind == "i" else scaled
        if not len(self.known):
            return rows
        possible = (cells >= self.known.min()) & (cells <= self.known.max())
        different = np.unique(self.known)
        if len(different) <= MOST_VALUES_TO_SNAP:
            possible &= np.isin(cells, different)
        if self.as_it_is is not None:
            possible &= ~self.as_it_is
        is_set = rows & possible
        self.values = np.where(is_set, cells, self.values)
        self.use = self.use | is_set
        impossible: BoolArray = rows & ~possible
        return impossible


def mend_numbers(
    ties: Ties, cells: Mapping[str, MadeCells], nearer: IntArray, voters: Mapping[str, IntArray]
) -> BoolArray:
    """Hold the cells of made-up rows to the ties, in place; return the rows that must have the parent's categories.

    Parameters
    ----------
    ties : Ties
    cells : mapping of column to MadeCells
        The numbers and dates that are made between two parents.
    nearer : int array of shape (n,)
        Positions of the nearer parents among the training rows.
    voters : mapping of column to int array of shape (n,)
        Positions of the rows that each category comes from.
    """
    for name in ties.taken & cells.keys():
        cells[name].take(np.ones(len(nearer), dtype=bool))
    for names in _components(ties, cells):
        # What is taken is the parent's, and all holds there: a second look finds nothing.
        broken = _broken(ties, {name: cells[name] for name in names}, nearer)
        for name in names:
            cells[name].take(broken)
    return _keep_ranges(ties, cells, nearer, voters)


def _keep_ranges(
    ties: Ties, cells: Mapping[str, MadeCells], nearer: IntArray, voters: Mapping[str, IntArray]
) -> BoolArray:
    """Take numbers beyond the range of their class, and what the class is told by, from the nearer parent.

    What is taken may lie beyond another class's range: so again, until nothing does. In the parent itself nothing does.
    """
    hangs = {name: names for names in _components(ties, cells) for name in names}
    taken = np.zeros(len(nearer), dtype=bool)
    is_new = bool(ties.ranges)
    while is_new:
        is_new = False
        for one in ties.ranges:
            if one.codes is None:
                classes = one.classes_of(cells[one.by].numbers())
            else:
                classes = one.codes[np.where(taken, nearer, voters[one.by])]
            beyond = one.left(cells[one.column].numbers(), classes)
            names = {*hangs.get(one.column, (one.column,)), *hangs.get(one.by, (one.by,))} & cells.keys()
            is_free = ~taken if one.codes is not None else np.zeros(len(nearer), dtype=bool)
            for name in names:
                is_free = is_free | cells[name].use
            beyond &= is_free
            if not beyond.any():
                continue
            is_new = True
            for name in names:
                cells[name].take(beyond)
            if one.codes is not None:
                # Of categories all are taken: one alone might not go with the others.
                taken |= beyond
    return taken


def _components(ties: Ties, cells: Mapping[str, MadeCells]) -> Sequence[tuple[str, ...]]:
    pairs: list[tuple[str, ...]] = [(one.column, *one.parts) for one in ties.sums]
    pairs += [(one.low, one.high) for one in ties.orders]
    pairs += [(one.column,) for one in ties.within]
    return joined_sets(pairs, list(cells))


def _broken(ties: Ties, cells: Mapping[str, MadeCells], nearer: IntArray) -> BoolArray:
    broken = np.zeros(len(nearer), dtype=bool)
    for one in ties.sums:
        if one.column in cells:
            broken |= _compute(one, cells)
    numbers = {name: made.numbers() for name, made in cells.items()}
    # Where a cell is missing nothing is larger.
    with np.errstate(invalid="ignore"):
        for order in ties.orders:
            if order.low in cells:
                low, high = numbers[order.low], numbers[order.high]
                broken |= (low >= high) if order.is_strict else (low > high)
        for held in ties.within:
            if held.column in cells:
                broken |= (numbers[held.column] < held.lows[nearer]) | (numbers[held.column] > held.highs[nearer])
    return broken


def _compute(one: Sum, cells: Mapping[str, MadeCells]) -> BoolArray:
    """Compute a sum; return the rows that must take it, and its parts, from the parent."""
    parts = [cells[name].numbers() for name in one.parts]
    made = cells[one.column]
    before = made.numbers()
    has_all = ~np.isnan(before)
    changed = made.use.copy()
    for name, part in zip(one.parts, parts, strict=True):
        has_all &= ~np.isnan(part)
        changed |= cells[name].use
    impossible = made.compute(one.of(parts), has_all & changed)
    # Of a row that misses some of the cells, the others cannot be told to be right.
    return impossible | (~has_all & changed)
