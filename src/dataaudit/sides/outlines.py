"""A numeric column in all splits: steps of equal width on common edges, where most of the rows lie."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.figures import Histogram
from dataaudit.sides.counted import CountedColumn

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
N_STEPS = 30
MOST_STEPS = 40
DAY = 86_400.0
# Beyond, no step can be cut: a width would be no double.
WIDEST = 1e307
# Rows at either end that may share the outermost step, if without them the rest is seen much better: more than the
# outermost of 64 bins of train holds, since where in it they lie is not known.
SHARE_IN_TAIL = 0.02
LEAST_GAIN = 1.5


@dataclass(frozen=True)
class Curve:
    """The share of a split's rows up to each of some values."""

    values: FloatArray
    reached: FloatArray


def outline(counted: CountedColumn) -> Histogram | None:
    """Return a column's histogram in every split that has any cell; None if it has no width."""
    if counted.edges is None or len(counted.edges) == 0 or not counted.ranges:
        return None
    low = min(counted.edges[0], *(low for low, _ in counted.ranges.values()))
    high = max(counted.edges[-1], *(high for _, high in counted.ranges.values()))
    if not (max(abs(low), abs(high)) < WIDEST and high > low):
        return None
    curves = {
        split: _curve(counted.edges, n, counted.ranges[split], (high - low) * 1e-12)
        for split, n in counted.n.items()
        if split in counted.ranges and int(n.sum()) > 0
    }
    if not curves:
        return None
    edges = _edges(counted, (low, high), *_window((low, high), list(curves.values())))
    return Histogram(
        title=counted.column,
        # Steps of whole numbers are called by the first they hold.
        edges=tuple((edges + (1 if counted.is_integer and not counted.is_time else 0)).tolist()),
        series={split: _steps(edges, curve) for split, curve in curves.items()},
        is_time=counted.is_time,
        has_less=bool(edges[0] > low + (high - low) * 1e-9),
        has_more=bool(edges[-1] < high - (high - low) * 1e-9),
    )


def _curve(cuts: FloatArray, n: IntArray, own: tuple[float, float], least_width: float) -> Curve:
    """Return how many rows lie up to each cut; those beyond the outermost ones, up to the split's own ends."""
    values = np.concatenate([[min(own[0], cuts[0])], cuts, [max(own[1], cuts[-1])]])
    # A split that lies beyond train altogether begins, or ends, where its own rows do.
    values[-2] = max(values[-2], own[0])
    values[1] = min(values[1], own[1])
    # A bin without width would make the curve jump inside a step; rounding may place it in either neighbour.
    values = np.maximum.accumulate(values) + np.arange(len(values)) * least_width
    return Curve(values, np.concatenate([[0.0], np.cumsum(n) / n.sum()]))


def _window(ends: tuple[float, float], curves: list[Curve]) -> tuple[float, float]:
    """Return where the steps begin and end: everything, or all but the tails where these take most of the room."""
    low = min(float(np.interp(SHARE_IN_TAIL, curve.reached, curve.values)) for curve in curves)
    high = max(float(np.interp(1 - SHARE_IN_TAIL, curve.reached, curve.values)) for curve in curves)
    return (low, high) if high > low and ends[1] - ends[0] > LEAST_GAIN * (high - low) else ends


def _edges(counted: CountedColumn, ends: tuple[float, float], low: float, high: float) -> FloatArray:
    """Return edges at round numbers, of times at midnight; of whole numbers no step is narrower than one."""
    if counted.is_integer and not counted.is_time:
        return _whole_edges(low if low > ends[0] else low + 1, high)
    width = (high - low) / N_STEPS
    unit = DAY if counted.is_time and width >= DAY else 1.0
    width = unit * _round_width(width / unit)
    edges = width * np.arange(math.floor(low / width), math.ceil(high / width) + 1, dtype=np.float64)
    return _if_usable(edges, low, high)


def _whole_edges(low: float, high: float) -> FloatArray:
    """Return edges just below round numbers: the bin of a whole number ends at it, and begins after the one before."""
    width = math.ceil(_round_width(max(1.0, (high - low) / N_STEPS)))
    width = 5 if width == 3 else width
    edges = width * np.arange(math.floor(low / width), math.ceil((high + 1) / width) + 1, dtype=np.float64) - 1
    return _if_usable(edges, low - 1, high)


def _if_usable(edges: FloatArray, low: float, high: float) -> FloatArray:
    """Return the edges; where numbers are huge and all but equal, so that round ones fall together, others."""
    is_usable = 2 <= len(edges) <= MOST_STEPS and bool((np.diff(edges) > 0).all())
    return edges if is_usable else np.linspace(low, high, N_STEPS + 1)


def _round_width(width: float) -> float:
    """Return the next larger number of the form 1, 2, 2.5 or 5 times a power of ten.

    >>> _round_width(0.21), _round_width(3.0), _round_width(0.8)
    (0.25, 5.0, 1.0)
    """
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= width * (1 - 1e-9))


def _steps(edges: FloatArray, curve: Curve) -> tuple[float, ...]:
    reached = np.interp(edges, curve.values, curve.reached)
    # The outermost steps hold what lies beyond them, too.
    reached[0], reached[-1] = 0.0, 1.0
    return tuple(np.maximum(0.0, np.diff(reached)).tolist())
