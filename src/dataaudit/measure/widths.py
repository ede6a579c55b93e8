"""How far a stored number may lie from the one that was meant: decimals, digits, grids, single precision. Arrays only.

A number on a grid is taken to be as coarse as the grid's step: amounts in
whole thousands are known to 500, though each is written in full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# What computing in double precision leaves, in standard deviations; and in units in the last place.
EXACT, ULPS = 1e-7, 8 * 2.0**-52
HALF_UNIT_FLOAT32 = 2.0**-24
MOST_DIGITS = 9
NEAR = 1e-13
# x was rounded, and so was the line, between a and b: two half widths.
ROUNDINGS = 2.0
# A value that stands more than once lies on a grid; scaled values are alike to this.
ALIKE = 1e-9
# Steps that are tried, and the share of the rows that must lie on multiples of one: half of any numbers are even.
MOST_STEPS = 32
LEAST_ON_STEP = 0.75
# How far off a multiple a number may lie, in steps: what rounding errors leave of scaled ones.
OFF_STEP = 1e-5
MOST_DECIMALS = 6
MOST_INTEGER = 2.0**52

FloatArray = NDArray[np.float64]


def tolerances(values: FloatArray, examined: NDArray[np.int64], scale: FloatArray) -> FloatArray:
    """Return how far each cell of the examined rows may lie off a line, in standard deviations."""
    cells = values[examined]
    widths = _half_widths_of_digits(cells)
    for j in range(values.shape[1]):
        # Where the digits tell, they tell better: repeated values of a fine grid lie further apart than its step.
        of_grid = _half_widths_of_grid(values[:, j], cells[:, j], scale[j])
        of_digits = np.where(widths[:, j] > 0, widths[:, j], of_grid)
        widths[:, j] = np.maximum(of_digits, _half_widths_of_step(values[:, j], cells[:, j]))
    is_float32 = (_as_float32(values) == values).all(axis=0)
    single = HALF_UNIT_FLOAT32 * (np.abs(cells) + 2 * scale)
    widths = np.where(is_float32, np.maximum(widths, single), widths)
    largest = np.abs(values).max(axis=0)
    allowed: FloatArray = (ROUNDINGS * widths + ULPS * largest) / scale + EXACT
    return allowed


def common_step(column: FloatArray) -> tuple[float, float]:
    """Return (step, origin): the largest step of which three in four of the rows lie multiples from the origin.

    The step is 0 where there is none. Tried are the distances of neighbouring values that are met most often (of all
    values, and of those that stand more than once), and the greatest common divisor of whole numbers and decimals.

    >>> common_step(np.array([3000.0, 5000, 9000, 15000])), common_step(np.array([0.1, 1 / 3, 0.7, 0.9]))[0]
    ((2000.0, 3000.0), 0.0)
    """
    distinct, counts = np.unique(column, return_counts=True)
    origin = float(distinct[counts.argmax()])
    steps = _steps(distinct, distinct[counts > 1], origin)
    if len(steps) == 0:
        return 0.0, origin
    apart = (column - origin)[None, :] / steps[:, None]
    shares = (np.abs(apart - np.round(apart)) <= OFF_STEP).mean(axis=1)
    held = steps[shares >= LEAST_ON_STEP]
    return (float(held.max()) if len(held) else 0.0), origin


def _steps(distinct: FloatArray, repeated: FloatArray, origin: float) -> FloatArray:
    """Return the steps that are tried; none so small that rounding errors would put all values on multiples of it."""
    reach = np.abs(distinct - origin).max(initial=0.0)
    gaps = np.append(np.diff(distinct), np.diff(repeated))
    gaps = gaps[gaps > ALIKE * reach]
    rounded, first, counts = np.unique(np.round(gaps / (ALIKE * reach or 1.0)), return_index=True, return_counts=True)
    # Met twice at least: two of a few hundred numbers of full precision are as far apart as two others by chance only.
    often = np.lexsort((rounded, -counts))[:MOST_STEPS]
    often = often[counts[often] > 1]
    steps = np.append(gaps[first[often]], _greatest_divisor(distinct))
    tried: FloatArray = steps[steps > reach * ALIKE]
    return tried


def _greatest_divisor(distinct: FloatArray) -> float:
    """Return the greatest common divisor of the distances of numbers with at most 6 decimals, 0 for others."""
    for decimals in range(MOST_DECIMALS + 1):
        shifted = distinct * 10.0**decimals
        whole = np.round(shifted)
        if np.abs(whole).max(initial=0.0) >= MOST_INTEGER:
            return 0.0
        if (np.abs(whole - shifted) <= NEAR * np.abs(shifted)).all():
            return float(np.gcd.reduce(np.diff(whole.astype(np.int64)))) / 10.0**decimals
    return 0.0


def _half_widths_of_step(column: FloatArray, cells: FloatArray) -> FloatArray:
    """Return half the common step of a column for the cells that lie on it, else 0."""
    step, origin = common_step(column)
    if step == 0:
        return np.zeros(len(cells))
    apart = (cells - origin) / step
    return np.where(np.abs(apart - np.round(apart)) <= OFF_STEP, 0.5 * step, 0.0)


def _half_widths_of_digits(cells: FloatArray) -> FloatArray:
    """Return half the last decimal in which each number is written, 0 for more than 9 digits, at most 0.5."""
    size = np.floor(np.log10(np.clip(np.abs(cells), 1e-290, 1e290)))
    widths = np.zeros_like(cells)
    for digits in range(MOST_DIGITS, 0, -1):
        unit = 10.0 ** (size - digits + 1)
        is_held = np.abs(np.round(cells / unit) * unit - cells) <= NEAR * np.abs(cells)
        widths = np.where(is_held, np.minimum(0.5 * unit, 0.5), widths)
    return np.where(cells == 0, np.median(widths, axis=0), widths)


def _half_widths_of_grid(column: FloatArray, cells: FloatArray, scale: float) -> FloatArray:
    """Return half the distance to the next value that stands more than once, for cells that do so themselves, else 0.

    It sees the grid of rounded numbers that were scaled later.
    """
    ordered = np.sort(column)
    starts = np.flatnonzero(np.append(True, np.diff(ordered) > ALIKE * scale))
    counts = np.diff(np.append(starts, len(ordered)))
    repeated = ordered[starts[counts > 1]]
    if len(repeated) < 2:
        return np.zeros(len(cells))
    gaps = np.diff(repeated)
    beside = np.minimum(np.append(np.inf, gaps), np.append(gaps, np.inf))
    place = np.clip(np.searchsorted(repeated, cells), 1, len(repeated) - 1)
    place = np.where(cells - repeated[place - 1] < repeated[place] - cells, place - 1, place)
    is_repeated = np.abs(repeated[place] - cells) <= 2 * ALIKE * scale
    return np.where(is_repeated, 0.5 * beside[place], 0.0)


def _as_float32(values: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        return values.astype(np.float32).astype(np.float64)
