"""How far the curves of two samples lie apart, values that rounding alone tells apart taken for the same."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
# Distances above this times sqrt(1/n + 1/m) come by chance once in a hundred (Kolmogorov).
NOISE_99 = 1.628
NORMAL_QUANTILE_84 = 0.8413
FEWEST_VALUES_OF_A_SPREAD = 2


def curve_distance(values: FloatArray, others: FloatArray) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples, 1 if one is empty.

    >>> curve_distance(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    if not len(values) or not len(others):
        return 1.0
    first, second = np.sort(values), np.sort(others)
    both = np.concatenate([first, second])
    below = np.searchsorted(first, both, side="right") / len(first)
    other_below = np.searchsorted(second, both, side="right") / len(second)
    return float(np.abs(below - other_below).max())


def noise_of_distance(n_values: int, n_others: int) -> float:
    """Return the distance that two samples of one distribution exceed once in a hundred.

    >>> round(noise_of_distance(1000, 1000), 3)
    0.073
    """
    return NOISE_99 * standard_error(n_values, n_others)


def standard_error(n_values: int, n_others: int) -> float:
    """Return sqrt(1/n + 1/m), infinite without rows."""
    return math.sqrt(1 / n_values + 1 / n_others) if n_values and n_others else math.inf


def snapped(values: FloatArray, grid: FloatArray, half_widths: float | FloatArray) -> FloatArray:
    """Return values moved onto the nearest value of a grid, where it is no farther than rounding may have moved them.

    >>> snapped(np.array([1.004, 1.4]), np.array([1.0, 2.0]), 0.005).tolist()
    [1.0, 1.4]
    """
    places = np.unique(grid)
    if not len(places):
        return values
    above = np.clip(np.searchsorted(places, values), 0, len(places) - 1)
    below = np.maximum(above - 1, 0)
    with np.errstate(over="ignore"):
        is_above = np.abs(places[above] - values) < np.abs(values - places[below])
        nearest = np.where(is_above, places[above], places[below])
        near: NDArray[np.bool_] = np.abs(nearest - values) <= half_widths
    return np.where(near, nearest, values)


def centre_and_spread(values: FloatArray) -> tuple[float, float]:
    """Return the median and half the distance of P16 and P84, which is a normal column's standard deviation."""
    if len(values) < FEWEST_VALUES_OF_A_SPREAD:
        return (float(values[0]) if len(values) else math.nan), 0.0
    with np.errstate(over="ignore"):
        low, middle, high = np.quantile(values, [1 - NORMAL_QUANTILE_84, 0.5, NORMAL_QUANTILE_84])
        return float(middle), float(high / 2 - low / 2)


def distance_within(values: FloatArray, others: FloatArray, slack: float) -> float:
    """Return how far two curves lie apart where values may be off by `slack`, as in Lévy's distance.

    Shapes of coarse columns can be compared so: a step of the one curve need not stand where that of the other does.

    >>> distance_within(np.array([1.0, 2.0]), np.array([1.05, 2.05]), 0.1)
    0.0
    """
    if not len(values) or not len(others):
        return 1.0
    first, second = np.sort(values), np.sort(others)
    both = np.concatenate([first, second, first + slack, second + slack])
    below, other_below = (np.searchsorted(side, both, side="right") / len(side) for side in (first, second))
    below_earlier, other_earlier = (
        np.searchsorted(side, both - slack, side="right") / len(side) for side in (first, second)
    )
    return float(max(0.0, (below_earlier - other_below).max(), (other_earlier - below).max()))
