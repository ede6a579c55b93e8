"""Where to cut the rows in time so that the parts have the sizes wanted; equal times stay on one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.resplit.rows import ROWS

if TYPE_CHECKING:
    from dataaudit.engine.base import Engine

FloatArray = NDArray[np.float64]

# Different times that are listed; where there are more, the range is narrowed first.
MOST_LISTED = 200_000
N_BINS = 4_096


@dataclass(frozen=True)
class Stretch:
    """One part in time: later than `after` (None: from the first on), up to `until` (None: to the last)."""

    part: int
    after: float | None
    until: float | None
    first: float


def cut_in_time(engine: Engine, shares: FloatArray) -> list[Stretch]:
    """Return the stretches of time of the parts that are not empty, over the rows of `split_rows` that have a time."""
    n_rows = int(engine.rows(f"SELECT count(moment) FROM {ROWS}")[0][0])
    if not n_rows:
        return []
    ends = [_last_time(engine, float(share) * n_rows, n_rows) for share in np.cumsum(shares)[:-1]]
    stretches: list[Stretch] = []
    after: float | None = None
    for part, until in enumerate([*ends, None]):
        first = _first_time(engine, after, until)
        if first is not None:
            stretches.append(Stretch(part, after, until, first))
            after = until if until is not None else after
    return stretches


def within(stretch: Stretch, cell: str) -> str:
    """Return the SQL condition that a time lies in a stretch."""
    bounds = [f"{cell} > {stretch.after!r}"] if stretch.after is not None else []
    bounds += [f"{cell} <= {stretch.until!r}"] if stretch.until is not None else []
    return " AND ".join([f"{cell} IS NOT NULL", *bounds])


def _first_time(engine: Engine, after: float | None, until: float | None) -> float | None:
    found = engine.rows(f"SELECT min(moment) FROM {ROWS} WHERE {within(Stretch(0, after, until, 0.0), 'moment')}")[0][0]
    return None if found is None else float(found)


def _last_time(engine: Engine, wanted: float, n_rows: int) -> float:
    """Return the time such that nearly so many rows are no later, and some are later if it can be."""
    low, high = (float(end) for end in engine.rows(f"SELECT min(moment), max(moment) FROM {ROWS}")[0])
    n_below, before = 0, None
    while True:
        inside = f"moment >= {low!r} AND moment <= {high!r}"
        n_times = int(engine.rows(f"SELECT count(*) FROM {ROWS} WHERE {inside}")[0][0])
        if n_times <= MOST_LISTED or low == high:
            break
        step = (high - low) / N_BINS
        counted = engine.arrays(
            f"SELECT least(CAST(floor((moment - {low!r}) / {step!r}) AS BIGINT), {N_BINS - 1}) AS bin, count(*) AS n, "
            f"min(moment) AS first, max(moment) AS last FROM {ROWS} WHERE {inside} GROUP BY 1 ORDER BY 1"
        )
        above = n_below + np.cumsum(np.asarray(counted["n"], dtype=np.int64))
        place = min(int(np.searchsorted(above, wanted)), len(above) - 1)
        narrowed = (float(counted["first"][place]), float(counted["last"][place]))
        if place:
            n_below, before = int(above[place - 1]), float(counted["last"][place - 1])
        if narrowed == (low, high):
            break
        low, high = narrowed
    listed = engine.arrays(f"SELECT moment, count(*) AS n FROM {ROWS} WHERE {inside} GROUP BY moment ORDER BY moment")
    times = np.asarray(listed["moment"], dtype=np.float64)
    above = n_below + np.cumsum(np.asarray(listed["n"], dtype=np.int64))
    if before is not None:
        times, above = np.append(before, times), np.append(n_below, above)
    # Behind the last time no part would be left for the rows to come.
    usable = len(times) - int(above[-1] == n_rows and len(times) > 1)
    return float(times[int(np.argmin(np.abs(above[:usable] - wanted)))])
