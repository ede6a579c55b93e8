"""What a reader must know of the parts' sizes, and of blocks of rows so large that no parts can be alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dataaudit.resplit.assigning import TWINS as EQUAL_ROWS
from dataaudit.resplit.assigning import Assigned
from dataaudit.resplit.request import Request
from dataaudit.text import join_words, show_count, show_share

# A deviation of less is not worth a word; nor is one of a single row.
LEAST_OFF = 0.01
# Of so few groups each is told by its share.
MOST_GROUPS_TOLD = 5
MOST_PARTS_TOLD = 20
# A block of more rows than this, or than the smallest part is to have, is worth a word; not if it has few rows.
MOST_OF_ROWS = 0.1
FEWEST_OF_BLOCK = 10


def size_notes(assigned: Assigned, request: Request) -> Iterator[str]:
    """Yield which parts are larger or smaller than they were to be, and why."""
    sizes = assigned.sizes
    n_rows = int(sizes.sum())
    wanted = np.array([request.sizes[request.names.index(name)] for name in assigned.names])
    off = np.abs(sizes / n_rows - wanted)
    places = [int(i) for i in np.nonzero((off > LEAST_OFF) & (off * n_rows > 1.0 + 1e-9))[0]]
    if not places:
        return
    told: list[str] = []
    for place in places:
        have, want = show_share(float(sizes[place]) / n_rows), show_share(round(float(wanted[place]), 6))
        of_rows = "" if told else " of the rows"
        told.append(f"{assigned.names[place]} has {have}{of_rows} instead of {want}")
    yield f"{join_words(told, most=MOST_PARTS_TOLD)}: {_why(assigned, n_rows)}."


def block_notes(assigned: Assigned, request: Request, groups: Sequence[str]) -> Iterator[str]:
    """Yield that a block of rows is so large that the part which has it differs from the others.

    Where sizes are off for it, a group has been told; time parts rows without regard to blocks.
    """
    if assigned.first_times:
        return
    n_rows = int(assigned.sizes.sum())
    n_equal = 0 if EQUAL_ROWS in assigned.linked.given_up else assigned.linked.twins.n_largest
    if _is_large(n_equal, n_rows, request):
        yield (
            f"One block of {show_count(n_equal, 'equal row')} holds {show_share(n_equal / n_rows)} of the rows, so the "
            "parts cannot be alike: drop the copies first, with dataaudit fix."
        )
    n_largest = max(assigned.linked.units.sizes().tolist(), default=0)
    is_told = any(True for _ in size_notes(assigned, request))
    if n_largest > n_equal and _is_large(n_largest, n_rows, request) and not is_told:
        what = f"group of {join_words(list(groups))}" if groups else "chain of rows that nearly agree"
        yield (
            f"The largest {what} holds {show_share(n_largest / n_rows)} of the rows, and lies in one part: the parts "
            "cannot be alike."
        )


def _is_large(n_block: int, n_rows: int, request: Request) -> bool:
    return n_block >= FEWEST_OF_BLOCK and n_block > min(MOST_OF_ROWS, *request.sizes) * n_rows


def _why(assigned: Assigned, n_rows: int) -> str:
    if assigned.first_times:
        return (
            "rows of one time stay on one side, and some rows were dropped" if assigned.n_dropped else "times are few"
        )
    units = np.sort(assigned.linked.units.sizes())[::-1]
    if not len(units):
        return "the rows are few"
    shares = [show_share(int(size) / n_rows) for size in units[:MOST_GROUPS_TOLD]]
    if assigned.linked.n_units == len(units) <= MOST_GROUPS_TOLD:
        return (
            f"rows that belong together go together, in {len(units)} groups only, of {join_words(shares)} of all rows"
        )
    if len(units) == 1:
        return f"the one group of rows that belong together holds {shares[0]} of all"
    return f"of {len(units):,} groups of rows that belong together, the largest holds {shares[0]} of all"
