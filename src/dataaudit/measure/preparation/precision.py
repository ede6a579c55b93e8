"""How precisely the numbers of a column were stored: decimals, significant digits, or single precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_DECIMALS = 9
MOST_DIGITS = 9
# Half a unit in the last place of a float32 is at most this much of the number.
HALF_UNIT_FLOAT32 = 2.0**-24
# What computing in single precision may move a mean or a standard deviation, in units of the latter.
ERROR_FLOAT32 = 2e-6
ERROR_FLOAT64 = 1e-8
# A decimal fraction is not a double: how far a number may lie from the one it was written as.
RELATIVE, ABSOLUTE = 1e-14, 1e-15
MOST_VALUES = 1_000

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """The precision of a column, from a sample of its values.

    Attributes
    ----------
    half_width : float
        Half the distance of neighbouring numbers that could be stored (root mean square where it depends on the
        number), 0 for double precision.
    floor : float
        Error of a mean or standard deviation computed before the values were stored, in units of the latter.
    decimals : int or None
        The fewest decimals that hold every value, None if more than 9.
    """

    half_width: float
    floor: float
    decimals: int | None = None


def stored_precision(values: FloatArray) -> Precision:
    """Return the coarsest precision that holds every value (at most 1,000 of them are looked at).

    >>> stored_precision(np.array([0.25, 1.5])).decimals, stored_precision(np.array([1 / 3])).half_width
    (2, 0.0)
    """
    some = _some(values[~np.isnan(values)], MOST_VALUES)
    if len(some) == 0:
        return Precision(0.0, ERROR_FLOAT64)
    for decimals in range(MOST_DECIMALS + 1):
        if _near(np.round(some, decimals), some).all():
            return Precision(0.5 * 10.0**-decimals, ERROR_FLOAT64, decimals)
    for digits in range(1, MOST_DIGITS + 1):
        unit = _unit(some, digits)
        if _near(np.round(some / unit) * unit, some).all():
            return Precision(0.5 * _root_mean_square(unit), ERROR_FLOAT32 if digits >= 7 else ERROR_FLOAT64)
    if bool((_as_float32(some) == some).all()):
        return Precision(HALF_UNIT_FLOAT32 * _root_mean_square(some), ERROR_FLOAT32)
    return Precision(0.0, ERROR_FLOAT64)


def most_half_widths(matrix: FloatArray) -> FloatArray:
    """Return for each column of a matrix the half width it can have at most: a cheap look at a few rows.

    >>> most_half_widths(np.array([[1 / 3, 0.5], [0.1, 0.25]])).tolist()
    [0.0, 0.005]
    """
    filled: FloatArray = np.where(np.isnan(matrix), 0.0, matrix)
    is_float32 = (_as_float32(filled) == filled).all(axis=0)
    widths = np.where(is_float32, HALF_UNIT_FLOAT32 * np.abs(filled).max(axis=0), 0.0)
    for digits in range(MOST_DIGITS, 0, -1):
        unit = _unit(filled, digits)
        is_held = _near(np.round(filled / unit) * unit, filled).all(axis=0)
        widths = np.where(is_held, np.maximum(widths, 0.5 * unit.max(axis=0)), widths)
    for decimals in range(MOST_DECIMALS, -1, -1):
        is_held = _near(np.round(filled, decimals), filled).all(axis=0)
        widths = np.where(is_held, np.maximum(widths, 0.5 * 10.0**-decimals), widths)
    return widths


def _some(values: FloatArray, n_most: int) -> FloatArray:
    return values if len(values) <= n_most else values[np.linspace(0, len(values) - 1, n_most).astype(np.int64)]


def _as_float32(values: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        return values.astype(np.float32).astype(np.float64)


def _unit(values: FloatArray, digits: int) -> FloatArray:
    """Return the value of the last of so many significant digits of each number."""
    size = np.floor(np.log10(np.clip(np.abs(values), 1e-290, 1e290)))
    unit: FloatArray = 10.0 ** (size - digits + 1)
    return unit


def _near(rounded: FloatArray, values: FloatArray) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(rounded - values) <= RELATIVE * np.abs(values) + ABSOLUTE
    return near


def _root_mean_square(values: FloatArray) -> float:
    scale = float(np.abs(values).max())
    return scale * float(np.sqrt(np.mean((values / scale) ** 2))) if scale > 0 else 0.0
