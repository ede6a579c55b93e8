"""Two heaps of one shape, a power of ten apart: how numbers lie that stand in two units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dataaudit.measure.shifts.curves import FloatArray, centre_and_spread, curve_distance

POWERS = (3, 2, 6)
FEWEST_ROWS = 60
FEWEST_VALUES = 20
LEAST_SHARE_POSITIVE = 0.99
# The rows of the rarer unit: so many, and this share.
FEWEST_OF_RARER, LEAST_SHARE_OF_RARER = 5, 0.004
# Decimal logarithms may lie this far off the power of ten; where few rows say where they lie, somewhat farther.
TOLERANCE, MOST_TOLERANCE = 0.06, 0.15
# The spread of the logarithms may differ by this factor (in logarithms), and by this over the root of the rows.
SPREAD_OFF, SPREAD_NOISE = 0.3, 1.2
LEAST_INSIDE = 0.9
# An empty gap: its share of the power, how much wider it is than any within the commoner unit, how alike the shapes.
LEAST_GAP, LEAST_GAP_OF_WIDEST, MOST_DISTANCE = 0.2, 2.0, 0.5
# A valley that is not empty: rows in it per rows at the rarer unit's middle; more rows must say more.
MOST_IN_VALLEY, MOST_DISTANCE_VALLEY, FEWEST_BEYOND_VALLEY, WIDEST_OF_POWER = 0.15, 0.25, 20, 0.25
HALF_WIDTH_OF_VALLEY, REACH_OF_VALLEY, N_PLACES = 0.06, 0.2, 21


@dataclass(frozen=True)
class Heaps:
    """Two heaps of decimal logarithms: where they part, the power between them and how alike they are."""

    power: int
    cut: float
    is_larger: bool
    distance: float
    share_between: float


def two_heaps(values: FloatArray) -> Heaps | None:
    """Return the two heaps of a column, parted by an empty gap or else by a valley; None if there are not two.

    >>> weights = np.concatenate([np.linspace(50, 100, 95), np.linspace(50_000, 100_000, 5)])
    >>> two_heaps(weights).power
    3
    """
    positive = values[values > 0]
    if len(positive) < max(FEWEST_ROWS, LEAST_SHARE_POSITIVE * len(values)):
        return None
    logs = np.sort(np.log10(positive))
    if len(np.unique(logs)) < FEWEST_VALUES:
        return None
    return _by_gap(logs) or _by_valley(logs)


def _by_gap(logs: FloatArray) -> Heaps | None:
    n_rarer = _fewest(len(logs))
    gaps = np.diff(logs)
    inner = gaps[n_rarer - 1 : len(logs) - n_rarer]
    if not len(inner):
        return None
    place = n_rarer - 1 + int(np.argmax(inner))
    gap = float(gaps[place])
    # The widest gap within the commoner heap.
    common = gaps[:place] if place + 1 >= len(logs) / 2 else gaps[place + 1 :]
    if gap < LEAST_GAP_OF_WIDEST * float(common.max(initial=0.0)):
        return None
    for power in POWERS:
        if gap >= LEAST_GAP * power:
            heaps = _compared(logs, place + 1, power, MOST_DISTANCE, 0.0)
            if heaps is not None:
                return heaps
    return None


def _by_valley(logs: FloatArray) -> Heaps | None:
    middle = float(np.median(logs))
    for power in POWERS:
        for sign in (1, -1):
            heaps = _valley(logs, middle + sign * power / 2, power)
            if heaps is not None:
                return heaps
    return None


def _valley(logs: FloatArray, near: float, power: int) -> Heaps | None:
    """Return the heaps on both sides of the emptiest place halfway between them."""
    half = HALF_WIDTH_OF_VALLEY * power
    places = np.linspace(near - REACH_OF_VALLEY * power, near + REACH_OF_VALLEY * power, N_PLACES)
    counts = np.searchsorted(logs, places + half, side="left") - np.searchsorted(logs, places - half, side="right")
    n_between = int(counts.min())
    split = int(np.searchsorted(logs, places[counts == n_between].mean(), side="right"))
    n_rarer = min(split, len(logs) - split)
    if n_rarer < max(FEWEST_BEYOND_VALLEY, _fewest(len(logs))):
        return None
    rarer = logs[:split] if split == n_rarer else logs[split:]
    summit = int((np.abs(rarer - np.median(rarer)) < half).sum())
    widest = max(centre_and_spread(side)[1] for side in (logs[:split], logs[split:]))
    if n_between > MOST_IN_VALLEY * summit or widest > WIDEST_OF_POWER * power:
        return None
    return _compared(logs, split, power, MOST_DISTANCE_VALLEY, n_between / summit)


def _compared(logs: FloatArray, split: int, power: int, most: float, share_between: float) -> Heaps | None:
    """Return both heaps if location, spread and shape agree with a power of ten between them."""
    below, above = logs[:split], logs[split:]
    n_rarer = min(len(below), len(above))
    if n_rarer < _fewest(len(logs)):
        return None
    (centre, spread), (other_centre, other_spread) = centre_and_spread(below), centre_and_spread(above)
    noise = 2.5 * max(spread, other_spread) * math.sqrt(1 / len(below) + 1 / len(above))
    if abs(other_centre - centre - power) > max(TOLERANCE, min(noise, MOST_TOLERANCE)):
        return None
    # A thousandth keeps columns of few values from dividing by 0.
    if abs(math.log((spread + 1e-3) / (other_spread + 1e-3))) > SPREAD_OFF + SPREAD_NOISE / math.sqrt(n_rarer):
        return None
    is_larger = len(above) <= len(below)
    rarer, common = (above - power, below) if is_larger else (below + power, above)
    inside = float(((rarer >= common[0] - 0.02) & (rarer <= common[-1] + 0.02)).mean())
    distance = curve_distance(np.round(rarer, 9), np.round(common, 9))
    if inside < LEAST_INSIDE or distance > most or len(np.unique(rarer)) < FEWEST_OF_RARER:
        return None
    return Heaps(power, 10 ** float((below[-1] + above[0]) / 2), is_larger, distance, share_between)


def _fewest(n_rows: int) -> int:
    return max(FEWEST_OF_RARER, math.ceil(LEAST_SHARE_OF_RARER * n_rows))
