"""Sets of indicators of which exactly one is on in every row."""

from __future__ import annotations

import numpy as np

from dataaudit.rebalance.matrix import BoolArray
from dataaudit.rebalance.ties.table import TiedTable

LEAST_ROWS = 20
MOST_INDICATORS = 500


def find_exclusive(table: TiedTable) -> list[tuple[str, ...]]:
    """Return the names of the columns of each set, in their order.

    From an indicator on, a row in which none of the set is on yet names the next: it must be one that is on there and
    in no row of the others. Of several the one that stands nearest is taken, as indicators of one set mostly do.
    """
    columns = [
        column
        for column in table.columns
        if column.is_number and column.is_voted and bool(np.isin(column.values, (0.0, 1.0)).all())
    ][:MOST_INDICATORS]
    columns = [column for column in columns if 0 < column.values.mean() < 1]
    if len(columns) < 2 or table.n_rows < LEAST_ROWS:
        return []
    on = np.column_stack([column.values == 1 for column in columns])
    sets: list[tuple[str, ...]] = []
    left = np.ones(len(columns), dtype=bool)
    for seed in range(len(columns)):
        if not left[seed]:
            continue
        members = _filled(on, left, seed)
        if members:
            left[members] = False
            sets.append(tuple(columns[place].name for place in sorted(members)))
    return sets


def _filled(on: BoolArray, left: BoolArray, seed: int) -> list[int]:
    """Return indicators that with this one are on exactly once in every row; none if there are none."""
    members, covered = [seed], on[:, seed].copy()
    while not covered.all():
        row = int(np.argmin(covered))
        options = np.flatnonzero(on[row] & left)
        options = options[~(on[:, options] & covered[:, None]).any(axis=0)]
        if not len(options):
            return []
        nearest = min(options.tolist(), key=lambda place: min(abs(place - member) for member in members))
        members.append(nearest)
        covered |= on[:, nearest]
    return members
