"""Look for all that goes together in the training rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dataaudit.rebalance.cells import heaps_of
from dataaudit.rebalance.matrix import IntArray
from dataaudit.rebalance.ties import orders, ranges, sums
from dataaudit.rebalance.ties.determined import find_determined
from dataaudit.rebalance.ties.exclusive import find_exclusive
from dataaudit.rebalance.ties.table import TiedTable
from dataaudit.rebalance.ties.ties import Bound, Sum, Ties, Within, joined_sets


def find_ties(table: TiedTable) -> Ties:
    """Return what a made-up row is to take together."""
    columns = {column.name: column for column in table.columns}
    sets: list[tuple[str, ...]] = list(find_exclusive(table))
    found_sums: list[Sum] = []
    for one in sums.find_sums(table):
        names = (one.column, *one.parts)
        if all(columns[name].is_between for name in names):
            found_sums.append(one)
        else:
            sets.append(names)
    within: list[Within] = []
    taken = {name for names in sets for name in names}
    explained = {frozenset((one.column, part)) for one in found_sums for part in one.parts}
    for pair in find_determined(table, explained):
        sets.append((pair.column.name, pair.other.name))
        if not pair.of_missing:
            taken.add(pair.other.name)
        if pair.within is None:
            taken.add(pair.column.name)
        else:
            within.append(pair.within)
    made = {name for name in taken if columns[name].is_voted or columns[name].is_between}
    _take_whole_sums(made, found_sums)
    return Ties(
        taken=frozenset(made),
        sums=tuple(one for one in found_sums if not made.issuperset((one.column, *one.parts))),
        orders=tuple(one for one in orders.find_orders(table, explained) if not made.issuperset((one.low, one.high))),
        within=tuple(one for one in within if one.column not in made),
        ranges=tuple(one for one in ranges.find_ranges(table) if not made.issuperset((one.column, one.by))),
        sets=joined_sets(sets, [column.name for column in table.columns]),
        beside=_beside(table),
        n_left_out=table.n_left_out,
        bounds=tuple(_bounds(table)),
    )


def _bounds(table: TiedTable) -> Iterator[Bound]:
    """Yield what was looked for between the first columns only, for they are too many."""
    numbers, classes = ranges.ranged_columns(table)
    for what, columns, most in (
        ("sums", sums.summed_columns(table), sums.MOST_COLUMNS),
        ("orders", orders.ordered_columns(table), orders.MOST_COLUMNS),
        ("ranges of numbers", numbers, ranges.MOST_COLUMNS),
        ("ranges by another column's value", classes, ranges.MOST_COLUMNS),
    ):
        if len(columns) > most:
            yield Bound(what, most, len(columns))


def _take_whole_sums(taken: set[str], sums: Sequence[Sum]) -> None:
    """Take, with a sum that is taken from a parent, that parent's parts."""
    while any(one.column in taken and not taken.issuperset(one.parts) for one in sums):
        for one in sums:
            if one.column in taken:
                taken.update(one.parts)


def _beside(table: TiedTable) -> IntArray:
    """Return where numbers are missing or on a heap: of those a made-up row has what its nearer parent has."""
    codes = []
    for column in table.columns:
        if not column.is_between:
            continue
        missing = np.isnan(column.values)
        heaps = heaps_of(column.values[~missing]) if not missing.all() else column.values[:0]
        if not len(heaps) and not missing.any():
            continue
        own = np.where(missing, 0, 1)
        for place, heap in enumerate(heaps):
            own[column.values == heap] = place + 2
        codes.append(own)
    return np.column_stack(codes) if codes else np.zeros((table.n_rows, 0), dtype=np.int64)
