"""The rows of a class mix: values of a column, or few intervals that a reader can take in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.clues.cuts import show_cuts, show_times
from dataaudit.measure.bins import coarser
from dataaudit.model import Kind
from dataaudit.text import show_value

if TYPE_CHECKING:
    from dataaudit.measure.tables import ValueTable

IntArray = NDArray[np.int64]
MOST_ROWS = 8
ALL_OTHERS = "all others"
MISSING = "(missing)"


@dataclass(frozen=True)
class KeyGroup:
    """Keys of a table that make one row, and what it is called."""

    name: str
    keys: tuple[int, ...]
    from_data: bool = True
    is_interval: bool = False
    is_missing: bool = False
    is_flagged: bool = False


def group_keys(
    table: ValueTable, n_rows: IntArray, flagged: Sequence[tuple[int, int]], *, is_integer: bool, only_flagged: bool
) -> list[KeyGroup]:
    """Return the rows of a column's mix, at most `MOST_ROWS`.

    Parameters
    ----------
    table : ValueTable
    n_rows : array of shape (n_keys,)
        Labelled rows of all splits; keys without any make no row.
    flagged : sequence of (int, int)
        First and last keys that make a row of their own: of a category the first rows, of a number in its order.
    is_integer : bool
        Whether a number is always whole.
    only_flagged : bool
        Whether no other value is named.
    """
    has_missing = bool(n_rows[table.missing_key] > 0)
    most = MOST_ROWS - has_missing
    if table.is_bin:
        groups = _intervals(table, n_rows, flagged, most, is_integer=is_integer)
    else:
        named = [first for first, _ in flagged if first != table.missing_key]
        groups = _values(table, n_rows, named, len(named) + 1 if only_flagged else most)
    if not has_missing:
        return groups
    key = table.missing_key
    if (key, key) in flagged:
        return [KeyGroup(MISSING, (key,), from_data=False, is_missing=True, is_flagged=True), *groups]
    return [*groups, KeyGroup(MISSING, (key,), from_data=False, is_missing=True)]


def _values(table: ValueTable, n_rows: IntArray, flagged: Sequence[int], most: int) -> list[KeyGroup]:
    """Return the flagged values, the commonest of train, and all others together."""
    train = table.n_by_class["train"].sum(axis=1)
    named = [key for key in range(table.missing_key) if key != table.other_key and n_rows[key] > 0]
    # Ties stay in the order of the keys, which is that of all splits together.
    ordered = sorted(named, key=lambda key: (key not in flagged, -int(train[key])))
    others = [] if table.other_key is None or n_rows[table.other_key] == 0 else [table.other_key]
    if len(ordered) + len(others) > most:
        ordered, others = ordered[: most - 1], [*ordered[most - 1 :], *others]
    groups = [KeyGroup(show_value(table.keys[key]), (key,), is_flagged=key in flagged) for key in ordered]
    return [*groups, KeyGroup(ALL_OTHERS, tuple(others), from_data=False)] if others else groups


def _intervals(
    table: ValueTable, n_rows: IntArray, flagged: Sequence[tuple[int, int]], most: int, *, is_integer: bool
) -> list[KeyGroup]:
    """Return intervals in their order: the flagged ones as they are, the others of about as many rows each."""
    runs = _runs(table, n_rows[: table.missing_key], [pair for pair in flagged if pair[1] < table.missing_key], most)
    names = _names(table, runs, n_rows, is_integer=is_integer)
    return [
        KeyGroup(name, tuple(range(first, last + 1)), is_interval=" " in name, is_flagged=(first, last) in flagged)
        for (first, last), name in zip(runs, names, strict=True)
    ]


def _runs(table: ValueTable, n_rows: IntArray, flagged: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Return the first and last keys of the intervals that hold any row."""
    stretches = [pair for pair in _stretches(flagged, len(n_rows)) if n_rows[pair[0] : pair[1] + 1].sum() > 0]
    filled = [[key for key in range(first, last + 1) if n_rows[key] > 0] for first, last in stretches]
    n_left = max(len(stretches), most - len(flagged))
    if sum(map(len, filled)) <= n_left:
        return sorted([*flagged, *((key, key) for keys in filled for key in keys)])
    train = table.n_by_class["train"].sum(axis=1)
    counts = [train[first : last + 1] for first, last in stretches]
    shares = _shared_out([int(n.sum()) for n in counts], n_left)
    runs = list(flagged)
    for (first, last), of_stretch, n_groups in zip(stretches, counts, shares, strict=True):
        starts = np.flatnonzero(np.diff(coarser(of_stretch, n_groups), prepend=-1)) + first
        runs += zip(starts.tolist(), [*(starts[1:] - 1).tolist(), last], strict=True)
    return sorted(run for run in runs if n_rows[run[0] : run[1] + 1].sum() > 0)


def _shared_out(sizes: Sequence[int], n_groups: int) -> list[int]:
    """Return how many of the groups each stretch gets: at least one, the others by size.

    >>> _shared_out([90, 300, 1], 6), _shared_out([5, 5], 2)
    ([1, 4, 1], [1, 1])
    """
    shares = [1] * len(sizes)
    while sum(shares) < n_groups:
        neediest = max(range(len(sizes)), key=lambda i: sizes[i] / shares[i])
        shares[neediest] += 1
    return shares


def _stretches(flagged: Sequence[tuple[int, int]], n_keys: int) -> list[tuple[int, int]]:
    """Return the runs of keys before, between and after the flagged ones.

    >>> _stretches([(3, 4)], 10), _stretches([(0, 9)], 10)
    ([(0, 2), (5, 9)], [])
    """
    starts = [0, *(last + 1 for _, last in sorted(flagged))]
    ends = [*(first - 1 for first, _ in sorted(flagged)), n_keys - 1]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]


def _names(table: ValueTable, runs: Sequence[tuple[int, int]], n_rows: IntArray, *, is_integer: bool) -> list[str]:
    if table.edges is None or len(table.edges) == 0 or len(runs) < 2:
        return [table.keys[first] if first == last else "any value" for first, last in runs]
    edges: list[float] = table.edges.tolist()
    is_date = table.kind is Kind.DATETIME
    # What no row lies beyond needs no end.
    opens = [n_rows[:first].sum() == 0 for first, _ in runs]
    closes = [n_rows[last + 1 : table.missing_key].sum() == 0 for _, last in runs]
    lows = [edges[max(0, first - 1)] for first, _ in runs]
    highs = [edges[min(last, len(edges) - 1)] for _, last in runs]
    shown = (show_times if is_date else show_cuts)({*lows, *highs})
    names = []
    for i, (first, last) in enumerate(runs):
        single = int((n_rows[first : last + 1] > 0).sum()) == 1 and " " not in table.keys[first]
        if first == last and single:
            names.append(table.keys[first])
        elif opens[i]:
            names.append(f"up to {shown[highs[i]]}")
        elif closes[i]:
            names.append(f"{'after' if is_date else 'over'} {shown[lows[i]]}")
        elif is_integer and not is_date:
            names.append(_whole(lows[i], highs[i]))
        else:
            names.append(f"{shown[lows[i]]} to {shown[highs[i]]}")
    return names


def _whole(low: float, high: float) -> str:
    start, end = int(np.floor(low)) + 1, int(np.floor(high))
    return str(end) if start >= end else f"{start} to {end}"


def flag(group: KeyGroup) -> KeyGroup:
    """Return the group as the one the picture is about."""
    return replace(group, is_flagged=True)
