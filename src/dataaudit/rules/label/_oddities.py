"""Caps, codes, heaps and odd signs of a numeric target: sizes and bounds, from which the rule makes its verdicts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.intervals import wilson
from dataaudit.rules._chance import normal_quantile
from dataaudit.rules.scale.sentinel_value import CODES, LARGEST_SMALL_CODE

if TYPE_CHECKING:
    from dataaudit.measure.heaps import Heap
    from dataaudit.measure.target_shape import EndValue, TargetShape

TAIL, Z = 0.025, 1.645
# Values next to an end whose rows say what is usual there: all, and the two nearest runs, whose slope is drawn on.
N_NEAR, N_RUN = 10, 3


@dataclass(frozen=True)
class Spike:
    """The rows at one end of the target, beside those of the values next to it.

    `usual` is the mean count of the ten next values, `nearest` an upper bound
    of what the nearest of them would lead to at the end itself; `times` is the lower bound of how
    often the usual count the end has. `lower` and `upper` bound the share of
    rows that the end has beyond the usual.
    """

    side: str
    end: EndValue
    usual: float
    nearest: float
    times: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Code:
    """A code at one end; its gap in units of the others' P95 - P5, and the share of the target's variance it makes.

    `place` counts the codes of that end from the outermost.
    """

    side: str
    place: int
    end: EndValue
    next_value: float
    gap: float
    lower: float
    upper: float
    variance_share: float | None
    variance_share_lower: float | None


@dataclass(frozen=True)
class Excess:
    """Rows at the multiples of a step beyond what the places between them have, as shares of all rows with bounds.

    `lower_apart` is the bound without the stretch of the range that has most of them.
    """

    heap: Heap
    n_expected: float
    share: float
    lower: float
    upper: float
    lower_apart: float


def spike_at(side: str, ends: tuple[EndValue, ...], n_rows: int) -> Spike | None:
    """Return what stands at an end; None where too few values lie beside it to say what is usual."""
    inner = [end.n_rows for end in ends[1 : N_NEAR + 1]]
    if len(inner) < 2 * N_RUN:
        return None
    n_end, n_inner = ends[0].n_rows, sum(inner)
    least = wilson(n_end, n_end + n_inner, normal_quantile(TAIL / 2))[0]
    near, further = sum(inner[:N_RUN]), sum(inner[N_RUN : 2 * N_RUN])
    # As a geometric series would run: two steps from the middle of the first run to the end, three from run to run.
    slope: float = max(1.0, near / further) ** (2 / 3)
    nearest = (near + Z * math.sqrt(near)) / N_RUN * slope
    usual = n_inner / len(inner)
    lower, upper = wilson(n_end, n_rows)
    return Spike(
        side=side,
        end=ends[0],
        usual=usual,
        nearest=max(nearest, *inner),
        times=len(inner) * least / max(1e-9, 1 - least),
        lower=max(0.0, lower - usual / n_rows),
        upper=max(0.0, upper - usual / n_rows),
    )


def codes_at(side: str, ends: tuple[EndValue, ...], shape: TargetShape, gap_min: float) -> list[Code]:
    """Return the usual codes at an end, as far inwards as they stand apart from the next value."""
    n_codes = next((i for i, end in enumerate(ends) if not is_code(end.value)), len(ends))
    for n_taken in range(min(n_codes, len(ends) - 1), 0, -1):
        spread = _spread_without(shape, {end.value for end in ends[:n_taken]})
        gap = abs(ends[n_taken].value - ends[n_taken - 1].value) / spread if spread > 0 else 0.0
        if gap >= gap_min:
            return [_code(side, i, ends[: n_taken + 1], spread, shape) for i in range(n_taken)]
    return []


def is_code(value: float) -> bool:
    """Tell whether a number is on the list of usual codes.

    >>> is_code(-999.0), is_code(-998.5)
    (True, False)
    """
    return any(abs(value - code) <= 1e-9 * abs(code) for code in CODES)


def is_small_code(value: float) -> bool:
    """Tell whether a code may as well be a grade."""
    return abs(value) <= LARGEST_SMALL_CODE


def excess_at(heap: Heap, n_rows: int, n_tried: int) -> Excess:
    """Return the rows at a step's multiples beyond an even share of all places, with Bonferroni bounds over the steps.

    With s the share of multiples among the rows looked at and p = 1 / (1 + places)
    an even share, (s - p) / (1 - p) of these rows were moved there.
    """
    z = normal_quantile(TAIL / n_tried)
    even = 1 / (1 + heap.n_places)

    def moved(share: float, n_seen: int) -> float:
        return (share - even) / (1 - even) * n_seen / n_rows

    lower, upper = wilson(heap.n_rows_round, heap.n_rows, z)
    apart = wilson(heap.n_rows_round_apart, heap.n_rows_apart, z)[0]
    return Excess(
        heap=heap,
        n_expected=heap.n_rows_round - moved(heap.n_rows_round / max(1, heap.n_rows), heap.n_rows) * n_rows,
        share=moved(heap.n_rows_round / max(1, heap.n_rows), heap.n_rows),
        lower=max(0.0, moved(lower, heap.n_rows)),
        upper=max(0.0, moved(upper, heap.n_rows)),
        lower_apart=max(0.0, moved(apart, heap.n_rows_apart)),
    )


def zero_stands_apart(shape: TargetShape, gap_of_counts: float, share_of_median: float) -> bool:
    """Tell whether zero is the lowest value and the positive ones start far above it, as in SCALE004."""
    if shape.low[0].value != 0 or len(shape.values) < 2:
        return False
    positive, counts = shape.values[shape.values > 0], shape.counts[shape.values > 0]
    first, median = (float(positive[_place(counts, level)]) for level in (0.01, 0.5))
    lowest = shape.low[1].value
    if is_whole(shape) and lowest < gap_of_counts:
        return False
    n_between = int(((positive >= lowest) & (positive <= median)).sum())
    spacing = (median - lowest) / max(1, n_between - 1)
    return first >= share_of_median * median and lowest >= max(1.5 * spacing, share_of_median * median)


def is_whole(shape: TargetShape) -> bool:
    """Tell whether all values are whole numbers."""
    return bool((shape.values == np.rint(shape.values)).all())


def _code(side: str, place: int, ends: tuple[EndValue, ...], spread: float, shape: TargetShape) -> Code:
    end, next_value = ends[place], ends[-1].value
    lower, upper = wilson(end.n_rows, shape.n_rows)
    return Code(
        side=side,
        place=place,
        end=end,
        next_value=next_value,
        gap=abs(next_value - end.value) / spread,
        lower=lower,
        upper=upper,
        variance_share=_variance_share(shape, end, end.n_rows / shape.n_rows),
        variance_share_lower=_variance_share(shape, end, lower),
    )


def _variance_share(shape: TargetShape, end: EndValue, share: float) -> float | None:
    """Return the part of the target's variance between a value and the others, were its share of rows another."""
    n_others = shape.n_rows - end.n_rows
    if shape.mean is None or not shape.sd or n_others < 2 or not np.isfinite(shape.sd):
        return None
    actual = end.n_rows / shape.n_rows
    distance = (end.value - shape.mean) / (1 - actual)
    within = max(0.0, shape.sd**2 * (shape.n_rows - 1) / shape.n_rows - actual * (1 - actual) * distance**2)
    between = share * (1 - share) * distance**2
    return between / (between + within * (1 - share) / (1 - actual))


def _spread_without(shape: TargetShape, left_out: set[float]) -> float:
    """Return P95 - P5 of the rows that do not have these values."""
    others = ~np.isin(shape.values, list(left_out))
    values, counts = shape.values[others], shape.counts[others]
    if len(values) == 0:
        return 0.0
    return float(values[_place(counts, 0.95)] / 2 - values[_place(counts, 0.05)] / 2) * 2


def _place(counts: np.ndarray, level: float) -> int:
    reached = np.cumsum(counts)
    return int(np.searchsorted(reached, level * reached[-1]))
