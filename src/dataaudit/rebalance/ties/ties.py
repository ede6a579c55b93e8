"""What holds between the columns of every training row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.rebalance.matrix import FloatArray, IntArray
from dataaudit.resplit.joining import join_all

MOST_SETS_NAMED = 8
MOST_NAMES = 6


@dataclass(frozen=True)
class Sum:
    """A number that is a weighted sum of others, rounded, in every row that has them all.

    Attributes
    ----------
    column : str
    parts : tuple of str
    weights : tuple of float
    constant : float
    decimals : int or None
        To which the sum is rounded, halves up; None where it is not.
    known, values : float array
        Of one part: its values in the rows, ascending, and what the sum is at each: which way halves were rounded only
        the table tells.
    """

    column: str
    parts: tuple[str, ...]
    weights: tuple[float, ...]
    constant: float
    decimals: int | None
    known: FloatArray
    values: FloatArray

    def of(self, parts: Sequence[FloatArray]) -> FloatArray:
        """Return the sum of these parts."""
        total = np.full(len(parts[0]), self.constant)
        for weight, part in zip(self.weights, parts, strict=True):
            total = total + weight * part
        if self.decimals is not None:
            total = half_up(total, self.decimals)
        if len(self.known):
            at = np.minimum(np.searchsorted(self.known, parts[0]), len(self.known) - 1)
            total = np.where(self.known[at] == parts[0], self.values[at], total)
        return total


@dataclass(frozen=True)
class Order:
    """Two numbers of which the first is never larger; never equal either, where `is_strict`."""

    low: str
    high: str
    is_strict: bool


@dataclass(frozen=True)
class Within:
    """A number that lies, in each class of another column's values, in a range that is that class's alone.

    Attributes
    ----------
    column, by : str
    lows, highs : float array of shape (n_rows,)
        The range of every training row's class.
    """

    column: str
    by: str
    lows: FloatArray
    highs: FloatArray


@dataclass(frozen=True)
class Range:
    """Where a number lies in all rows of a class, where rows of other classes lie beyond.

    Attributes
    ----------
    column, by : str
    codes : int array of shape (n_rows,), or None
        The class of every training row, -1 where it is missing; None where `by` is a number.
    known : float array
        The values of `by`, ascending: their places are the classes.
    lows, highs : float array of shape (n_classes + 1,)
        Infinite where there is no end; the last is of rows whose `by` is missing.
    """

    column: str
    by: str
    codes: IntArray | None
    known: FloatArray
    lows: FloatArray
    highs: FloatArray

    def classes_of(self, values: FloatArray) -> IntArray:
        """Return the classes of numbers, -1 of missing ones."""
        places = np.minimum(np.searchsorted(self.known, values), len(self.known) - 1)
        return np.where(np.isnan(values), -1, places)

    def left(self, values: FloatArray, classes: IntArray) -> NDArray[np.bool_]:
        """Return which numbers lie beyond the range of their class; none that are missing."""
        with np.errstate(invalid="ignore"):
            beyond: NDArray[np.bool_] = (values < self.lows[classes]) | (values > self.highs[classes])
        return beyond


@dataclass(frozen=True)
class Bound:
    """What is looked for between a part of the columns, where they are too many."""

    what: str
    n_searched: int
    n_columns: int


@dataclass(frozen=True)
class Ties:
    """What a made-up row takes together, and what its numbers are held to.

    Attributes
    ----------
    taken : frozenset of str
        Columns that come from the nearer parent, for they go together with others.
    sums, orders, within, ranges
        What numbers are computed by, and held to.
    sets : tuple of tuples of str
        The columns that go together.
    beside : int array of shape (n_rows, n)
        What a made-up row has from its nearer parent in any case, as codes: where a number is missing, or on a heap.
    n_left_out : int
        Columns too many to be looked at.
    bounds : tuple of Bound
        What was not looked for between all columns that were looked at.
    """

    taken: frozenset[str]
    sums: tuple[Sum, ...]
    orders: tuple[Order, ...]
    within: tuple[Within, ...]
    ranges: tuple[Range, ...]
    sets: tuple[tuple[str, ...], ...]
    beside: IntArray
    n_left_out: int = 0
    bounds: tuple[Bound, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what is taken together, for the manifest."""
        notes = []
        if self.sets:
            listed = "; ".join(_listed(names) for names in self.sets[:MOST_SETS_NAMED])
            more = f"; and {len(self.sets) - MOST_SETS_NAMED} more sets" if len(self.sets) > MOST_SETS_NAMED else ""
            notes.append(
                "Columns of which one tells another in every row go together in made-up rows, as in a parent: "
                f"{listed}{more}."
            )
        if self.sums:
            shown = ", ".join(f"{one.column!r} from {_listed(one.parts)}" for one in self.sums[:MOST_SETS_NAMED])
            more = f" and {len(self.sums) - MOST_SETS_NAMED} more" if len(self.sums) > MOST_SETS_NAMED else ""
            notes.append(f"Numbers that others add up to are computed from them: {shown}{more}.")
        if self.orders:
            shown = ", ".join(f"{pair.low!r} and {pair.high!r}" for pair in self.orders[:MOST_SETS_NAMED])
            more = f" and {len(self.orders) - MOST_SETS_NAMED} more" if len(self.orders) > MOST_SETS_NAMED else ""
            notes.append(f"Numbers and dates of which one is never larger keep their order: {shown}{more}.")
        if self.ranges:
            by: dict[str, list[str]] = {}
            for held in self.ranges:
                by.setdefault(held.by, []).append(held.column)
            shown = "; ".join(f"{_listed(names)} by {name!r}" for name, names in list(by.items())[:MOST_SETS_NAMED])
            more = f"; and by {len(by) - MOST_SETS_NAMED} more" if len(by) > MOST_SETS_NAMED else ""
            notes.append(f"Numbers stay in the range that they have beside another column's value: {shown}{more}.")
        if self.n_left_out:
            notes.append(f"{self.n_left_out:,} columns were not searched for what goes together: there are too many.")
        if self.bounds:
            listed = ", ".join(f"{one.what} ({one.n_searched:,} of {one.n_columns:,})" for one in self.bounds)
            notes.append(f"Of so many columns not all were searched for what made-up rows are held to: {listed}.")
        return tuple(notes)


def _listed(names: Sequence[str]) -> str:
    shown = [repr(name) for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        return f"{', '.join(shown)} and {len(names) - MOST_NAMES} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def half_up(values: FloatArray, decimals: int) -> FloatArray:
    """Return numbers rounded, halves up though a binary number is a little short of one.

    >>> half_up(np.array([17.085, 2.5, -2.5, 0.1249]), 2).tolist()
    [17.09, 2.5, -2.5, 0.12]
    """
    scale = 10.0**decimals
    rounded: FloatArray = np.floor(values * scale + 0.5 + 1e-6) / scale
    return rounded


def joined_sets(pairs: Iterable[Sequence[str]], order: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return sets of names that hang together by the sets given, in the order of the columns.

    >>> joined_sets([("a", "b"), ("d", "e"), ("b", "c")], "edcba")
    (('e', 'd'), ('c', 'b', 'a'))
    """
    places = {name: place for place, name in enumerate(order)}
    links = [(places[names[0]], places[name]) for names in pairs for name in names]
    starts, ends = np.array(links, dtype=np.int64).reshape(-1, 2).T
    joined = join_all(starts, ends)
    sets: dict[int, list[str]] = {}
    for place, unit in zip(joined.nodes.tolist(), joined.units.tolist(), strict=True):
        sets.setdefault(unit, []).append(order[place])
    return tuple(tuple(names) for names in sets.values())
