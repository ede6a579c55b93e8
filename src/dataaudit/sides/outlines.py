"""A numeric column in all splits: steps of equal width on common edges, where most of the rows lie."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dataaudit.figures import Histogram
from dataaudit.sides.counted import CountedColumn

FloatArray = NDArray[np.float64]
N_STEPS = 24
MOST_STEPS = 40
DAY = 86_400.0
# Beyond, no step can be cut: a width would be no double.
WIDEST = 1e307
# Rows at either end that may share the outermost step, if without them the rest is seen much better.
SHARE_IN_TAIL = 0.005
LEAST_GAIN = 1.5


def outline(counted: CountedColumn) -> Histogram | None:
    """Return a column's histogram in every split that has any cell; None if it has no width."""
    cuts, low, high = counted.edges, counted.minimum, counted.maximum
    if cuts is None or len(cuts) == 0 or low is None or high is None:
        return None
    ends = np.maximum.accumulate(np.concatenate([[min(low, cuts[0])], cuts, [max(high, cuts[-1])]]))
    if not (np.abs(ends).max() < WIDEST and ends[-1] > ends[0]):
        return None
    # A bin without width would make the curves below jump inside a step; rounding may place it in either neighbour.
    ends = ends + np.arange(len(ends)) * (ends[-1] - ends[0]) * 1e-12
    curves = {
        split: np.concatenate([[0.0], np.cumsum(n) / n.sum()]) for split, n in counted.n.items() if int(n.sum()) > 0
    }
    if not curves:
        return None
    edges = _edges(counted, ends, *_window(ends, list(curves.values())))
    series = {split: _steps(edges, ends, curve) for split, curve in curves.items()}
    return Histogram(
        title=counted.column,
        # A whole number fills the step up to it, so that steps begin one later than they are cut.
        edges=tuple((edges + (1 if counted.is_integer and not counted.is_time else 0)).tolist()),
        series=series,
        is_time=counted.is_time,
        has_less=bool(edges[0] > ends[0] + (ends[-1] - ends[0]) * 1e-9),
        has_more=bool(edges[-1] < ends[-1] - (ends[-1] - ends[0]) * 1e-9),
    )


def _window(ends: FloatArray, curves: list[FloatArray]) -> tuple[float, float]:
    """Return where the steps begin and end: everything, or all but the tails where these take most of the room."""
    low = min(float(np.interp(SHARE_IN_TAIL, curve, ends)) for curve in curves)
    high = max(float(np.interp(1 - SHARE_IN_TAIL, curve, ends)) for curve in curves)
    first, last = float(ends[0]), float(ends[-1])
    if high > low and last - first > LEAST_GAIN * (high - low):
        return low, high
    return first, last


def _edges(counted: CountedColumn, ends: FloatArray, low: float, high: float) -> FloatArray:
    """Return edges at round numbers, of times at midnight; of whole numbers no step is narrower than one."""
    width = (high - low) / N_STEPS
    unit = DAY if counted.is_time and width >= DAY else 1.0
    width = unit * _round_width(width / unit)
    if counted.is_integer and not counted.is_time:
        width = float(max(1, math.ceil(width)))
        # The step of a whole number ends at it.
        low = low if low > ends[0] else low - 1
    edges = width * np.arange(math.floor(low / width), math.ceil(high / width) + 1, dtype=np.float64)
    # Where the numbers are huge and all but equal, round ones fall together.
    return (
        edges if 2 <= len(edges) <= MOST_STEPS and (np.diff(edges) > 0).all() else np.linspace(low, high, N_STEPS + 1)
    )


def _round_width(width: float) -> float:
    """Return the next larger number of the form 1, 2, 2.5 or 5 times a power of ten.

    >>> _round_width(0.21), _round_width(3.0), _round_width(0.8)
    (0.25, 5.0, 1.0)
    """
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= width * (1 - 1e-9))


def _steps(edges: FloatArray, ends: FloatArray, curve: FloatArray) -> tuple[float, ...]:
    reached = np.interp(edges, ends, curve)
    # The outermost steps hold what lies beyond them, too.
    reached[0], reached[-1] = 0.0, 1.0
    return tuple(np.maximum(0.0, np.diff(reached)).tolist())
