"""How little of a column's range its rows fill: what scaling to the minimum and maximum makes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

SHARE_OF_END = 0.005
MOST_ROWS = 20
TIMES_AS_FAR = 9.0


@dataclass(frozen=True)
class Squeeze:
    """The middle 99 % of a column's rows within its range.

    Attributes
    ----------
    middle : (float, float)
        From the 0.5 % to the 99.5 % of the cells; at least one cell is left out
        at each end. Of the sample.
    share_of_range : float
        Width of the middle per width of the range, the range over all rows.
    n_rows_far : int
        Rows of train further from the middle than nine times its width.
    rows_far : tuple of int
        Their numbers, the furthest first, up to 20.
    share_of_range_without : float
        The same share once these rows are left out.
    """

    middle: tuple[float, float]
    share_of_range: float
    n_rows_far: int
    rows_far: tuple[int, ...]
    share_of_range_without: float
    n_rows: int
    sampled: bool


def measure_squeeze(facts: Facts, column: str) -> Squeeze:
    """Take the middle on the sample, and the range and the rows far from the middle over all rows."""
    values = facts.sample.numeric[column]
    finite = np.sort(values[np.isfinite(values)])
    n_out = max(1, math.floor(SHARE_OF_END * len(finite)))
    low, high = float(finite[min(n_out, len(finite) - 1)]), float(finite[max(-n_out - 1, -len(finite))])
    high = max(low, high)
    profile = facts.profiles["train"][column]
    ends = (profile.minimum or 0.0, profile.maximum or 0.0)
    reach = TIMES_AS_FAR * (high - low)
    cell = f"CAST({facts.dataset.sql_name(column)} AS DOUBLE)"
    far = f"({cell} > CAST('{high + reach!r}' AS DOUBLE) OR {cell} < CAST('{low - reach!r}' AS DOUBLE))"
    n_far, nearest_low, nearest_high = facts.dataset.engine.rows(
        f"SELECT count_if({far}), min({cell}) FILTER (NOT {far}), max({cell}) FILTER (NOT {far}) FROM train"
    )[0]
    rows = facts.dataset.engine.rows(
        f"SELECT row FROM train WHERE {far} ORDER BY greatest({cell} - ({high!r}), ({low!r}) - {cell}) DESC, row "
        f"LIMIT {MOST_ROWS}"
    )
    return Squeeze(
        middle=(low, high),
        share_of_range=_share(high - low, ends[1] - ends[0]),
        n_rows_far=int(n_far),
        rows_far=tuple(int(row[0]) for row in rows),
        share_of_range_without=_share(high - low, float(nearest_high or 0.0) - float(nearest_low or 0.0)),
        n_rows=profile.n_present,
        sampled=facts.sample.sampled,
    )


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if 0 < whole < math.inf else 1.0
