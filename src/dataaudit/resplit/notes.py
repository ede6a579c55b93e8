"""What had to give, and what a reader must know of a split: sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from dataaudit.model import Kind
from dataaudit.report.before_after import PageTable
from dataaudit.resplit.assigning import Assigned
from dataaudit.resplit.request import Request
from dataaudit.resplit.sizing import LEAST_OFF, block_notes, size_notes
from dataaudit.text import Told, join_words, show_count, show_number, show_share, show_value

MOST_CLASSES = 100
MOST_NAMED = 3


def notes_on(assigned: Assigned, request: Request, groups: Sequence[str], time: str | None) -> tuple[str, ...]:
    """Return what had to give, the gravest first, and then how rows were kept together.

    Parameters
    ----------
    assigned : Assigned
    request : Request
    groups : sequence of str
        Columns whose values keep rows together.
    time : str or None
        The column that decides.
    """
    return (
        *_given_up(assigned),
        *_parts_not_made(assigned, request),
        *_units_crossing(assigned, groups),
        *_dropped(assigned),
        *_small_classes(assigned),
        *size_notes(assigned, request),
        *block_notes(assigned, request, groups),
        *_shares(assigned, time),
        *_twins(assigned, request),
    )


def share_table(assigned: Assigned) -> PageTable:
    """Return the shares of the classes (of the target's tenths) in all rows that were kept and in every part."""
    counts = assigned.counts
    totals = counts.sum(axis=0)
    order = [place for place in range(len(totals)) if totals[place]]
    if assigned.linked.strata.are_classes:
        order.sort(key=lambda place: -int(totals[place]))
    lines = [
        (
            Told(show_value(assigned.linked.strata.names[place])),
            *(_cell(counts[part, place], counts[part].sum()) for part in parts),
        )
        for place in order[:MOST_CLASSES]
        for parts in [range(len(counts))]
    ]
    whole = [_cell(totals[place], totals.sum()) for place in order[:MOST_CLASSES]]
    listed = tuple((line[0], all_rows, *line[1:]) for line, all_rows in zip(lines, whole, strict=True))
    n_more = len(order) - len(listed)
    return PageTable(
        title="Classes in the parts" if assigned.linked.strata.are_classes else "The target in the parts",
        heads=("class" if assigned.linked.strata.are_classes else "target", "all rows", *assigned.names),
        lines=listed,
        note=f"{show_count(n_more, 'rarer class', 'rarer classes')} not listed." if n_more else "",
    )


def time_table(assigned: Assigned, kind: Kind) -> PageTable:
    """Return when every part begins."""
    lines = [
        (name, Told(show_time(first, kind)), f"{int(size):,}")
        for (name, first), size in zip(assigned.first_times.items(), assigned.sizes, strict=True)
    ]
    return PageTable("The parts in time", ("part", "begins", "rows"), tuple(lines), n_words=2)


def show_time(value: float, kind: Kind) -> str:
    """Return a time for reading.

    >>> show_time(86_400.0, Kind.DATETIME), show_time(3.0, Kind.NUMERIC)
    ('1970-01-02', '3')
    """
    if kind is not Kind.DATETIME:
        return show_number(value)
    try:
        moment = datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return f"{show_number(value)} s after 1970"
    return moment.strftime("%Y-%m-%d") if value % 86_400 == 0 else moment.strftime("%Y-%m-%d %H:%M:%S")


def _cell(n_rows: int, n_part: int) -> str:
    return f"{int(n_rows):,} ({show_share(int(n_rows) / max(1, int(n_part)))})"


def _given_up(assigned: Assigned) -> Iterator[str]:
    if assigned.linked.given_up:
        yield (
            f"Linked by all that was asked for, the rows are one unit: {join_words(list(assigned.linked.given_up))} "
            "had to give, and may lie on several sides."
        )


def _parts_not_made(assigned: Assigned, request: Request) -> Iterator[str]:
    missing = [name for name in request.names if name not in assigned.names]
    if not missing:
        return
    why = (
        "too many rows have one time" if assigned.first_times else "there are not more rows that do not belong together"
    )
    told = f"{len(assigned.names)} folds instead of {len(request.names)}" if request.are_folds else join_words(missing)
    yield f"{told} {'were made' if request.are_folds else 'could not be made'}: {why}."


def _units_crossing(assigned: Assigned, groups: Sequence[str]) -> Iterator[str]:
    if assigned.n_crossing:
        what = f"of {join_words(list(groups))}" if groups else "of rows that belong together"
        yield (
            f"{show_count(assigned.n_crossing, 'group')} {what} lie on both sides of a cut in time. To keep each on "
            "one side, most rows would have to be dropped; they were left where time has put them."
        )


def _dropped(assigned: Assigned) -> Iterator[str]:
    n_in = int(assigned.sizes.sum()) + sum(assigned.n_dropped.values())
    for reason, n in assigned.n_dropped.items():
        yield f"{show_count(n, 'row')} ({show_share(n / n_in)}) {'was' if n == 1 else 'were'} dropped: {reason}."


def _small_classes(assigned: Assigned) -> Iterator[str]:
    if not assigned.linked.strata.are_classes:
        return
    counts = assigned.counts[:, :-1]
    short = [int(place) for place in np.nonzero((counts == 0).any(axis=0) & (counts.sum(axis=0) > 0))[0]]
    for place in sorted(short, key=lambda place: int(counts[:, place].sum()))[:MOST_NAMED]:
        n_rows = int(counts[:, place].sum())
        without = [name for name, n in zip(assigned.names, counts[:, place], strict=True) if not n]
        why = _why_short(assigned, n_rows)
        where = f"is not in {join_words(without)}: {why}."
        yield Told(f"The class {show_value(assigned.linked.strata.names[place])} {where}", f"A class {where}")
    if len(short) > MOST_NAMED:
        yield f"{show_count(len(short) - MOST_NAMED, 'more class', 'more classes')} cannot be in every part."


def _why_short(assigned: Assigned, n_rows: int) -> str:
    if assigned.first_times:
        return "time decides"
    if n_rows < len(assigned.names):
        return f"it has {show_count(n_rows, 'row')}"
    return f"its {show_count(n_rows, 'row')} belong together with others"


def _shares(assigned: Assigned, time: str | None) -> Iterator[str]:
    counts = assigned.counts
    sizes = np.maximum(assigned.sizes, 1)[:, None]
    off = counts / sizes - counts.sum(axis=0) / counts.sum()
    part, place = (int(axis) for axis in np.unravel_index(int(np.abs(off).argmax()), off.shape))
    if abs(off[part, place]) <= LEAST_OFF or abs(off[part, place]) * float(sizes[part, 0]) <= 1.0:
        return
    name = show_value(assigned.linked.strata.names[place])
    what = f"the class {name}" if assigned.linked.strata.are_classes else f"a target {name}"
    why = (
        f"{time} decides, so shares are what time made them"
        if time is not None
        else "rows that belong together go together"
    )
    share, whole = counts[part, place] / sizes[part, 0], counts[:, place].sum() / counts.sum()
    yield (
        f"In {assigned.names[part]}, {what} has {show_share(float(share))} of the rows, in all rows "
        f"{show_share(float(whole))}: {why}."
    )


def _twins(assigned: Assigned, request: Request) -> Iterator[str]:
    twins = assigned.linked.twins
    if twins.n_equal:
        yield f"{show_count(twins.n_equal, 'row')} equal another in all features; equal rows are kept on one side."
    if twins.n_near:
        yield f"{show_count(twins.n_near, 'row')} nearly agree with another and are kept on its side."
    if twins.n_common:
        yield (
            f"{show_count(twins.n_common, 'row')} equal another by chance, since few different rows are possible; "
            "they are not kept together."
        )
    if twins.n_too_many:
        yield (
            f"{show_count(twins.n_too_many, 'row')} are equal, and too many for any part; they are not kept together: "
            "drop the copies first, with dataaudit fix."
        )
    if twins.n_chained:
        yield (
            f"{show_count(twins.n_chained, 'row')} nearly agree with others in chains so long that they would fill "
            "half of the largest part; they are kept with their equals only."
        )
    if not request.near:
        yield "Rows that nearly agree were not looked for."
    elif not twins.near_was_possible:
        yield "Rows that nearly agree were not looked for: too many rows are much alike to tell twins from neighbours."
