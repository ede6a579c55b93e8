"""The cells of made-up rows, from the cells of their parents as the file holds them.

A number between two numbers is as whole, and has as many decimals, as those; a date between two dates is as coarse. All
other cells are copied: from the parent that the row lies next to, or from the one whose category won the vote. What
holds between the columns of a row is not looked at here: `ties.mending` does it once all are made.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.rebalance.matrix import FloatArray, IntArray, Synthetic

# A column of so few values takes no others: a child is not half of one, a rating has no halves.
MOST_VALUES_TO_SNAP = 30
# A value that so many rows have stands for something of its own: nothing, a limit, or missing.
SHARE_OF_HEAP = 0.05
TIMES_COMMON_OF_HEAP = 5
# So does the outermost value where a gap as wide as all others together sets it apart.
ROWS_OF_SENTINEL = 5
MOST_DECIMALS = 12
LARGEST_EXACT = 2.0**53
# A day, an hour, a minute, a second, a millisecond, in microseconds.
UNITS = (86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)
ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z?))?")


def between_numbers(values: NDArray[Any], present: NDArray[np.bool_], made: Synthetic) -> tuple[Any, NDArray[np.bool_]]:
    """Return numbers between the parents', and where there are any.

    Parameters
    ----------
    values : int64 or float64 array of shape (n_parents,)
    present : bool array of shape (n_parents,)
    made : Synthetic
        `first` and `second` are places in `values`.

    Returns
    -------
    (array of shape (n,), bool array of shape (n,))
        False where the cell is to be copied: a parent has none, both have the same, or one of them lies on a heap.
    """
    known = values[present]
    first, second = values[made.first], values[made.second]
    use = present[made.first] & present[made.second] & (first != second)
    if not use.any():
        return first, use
    heaps = heaps_of(known)
    use &= ~(np.isin(first, heaps) | np.isin(second, heaps))
    with np.errstate(over="ignore", invalid="ignore"):
        gap = second.astype(np.float64) - first.astype(np.float64)
        # Some samplers go on beyond the first parent: no farther than the parents of all rows reach.
        beyond = first + made.steps * gap
        leaves = (beyond < known.min()) | (beyond > known.max())
        step = np.where(leaves, np.abs(made.steps), made.steps) * gap
    use &= np.isfinite(step)
    step = np.where(use, step, 0.0)
    if values.dtype.kind == "i":
        use &= np.maximum(np.abs(first.astype(np.float64)), np.abs(second.astype(np.float64))) < LARGEST_EXACT
        between = first + np.rint(np.where(use, step, 0.0)).astype(np.int64)
    else:
        decimals = decimals_of(known)
        between = first + step if decimals is None else np.round(first + step, decimals)
    between = np.clip(between, known.min(), known.max())
    inside = (made.steps >= 0) & (made.steps <= 1)
    between = np.where(inside, np.clip(between, np.minimum(first, second), np.maximum(first, second)), between)
    different = np.unique(known)
    if len(different) <= MOST_VALUES_TO_SNAP:
        between = _nearest(different, between)
    return between, use


def _nearest(different: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    above = np.clip(np.searchsorted(different, values), 1, len(different) - 1) if len(different) > 1 else 0
    low, high = different[np.maximum(above - 1, 0)], different[above]
    return np.where(values - low <= high - values, low, high)


def heaps_of(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values on which many rows lie though the column has many values, and outermost values far apart.

    >>> heaps_of(np.r_[np.zeros(50), np.arange(1.0, 101.0)]).tolist(), heaps_of(np.arange(50.0)).tolist()
    ([0.0], [])
    """
    different, counts = np.unique(values, return_counts=True)
    if len(different) <= MOST_VALUES_TO_SNAP:
        return different[:0]
    usual = float(np.median(counts))
    is_heap = (counts >= SHARE_OF_HEAP * len(values)) & (counts >= TIMES_COMMON_OF_HEAP * usual)
    as_float = different.astype(np.float64) / max(1.0, float(np.abs(different.astype(np.float64)).max()))
    for end, inner, other in ((0, 1, -1), (-1, -2, 0)):
        gap = abs(as_float[inner] - as_float[end])
        is_heap[end] |= counts[end] >= ROWS_OF_SENTINEL and gap > abs(as_float[other] - as_float[inner])
    return different[is_heap]


def as_written(values: FloatArray) -> FloatArray:
    """Return floats of 32 bits, widened, as the numbers of fewest digits that they stand for.

    >>> widened = np.float64(np.float32(18.09))
    >>> float(widened), as_written(np.array([widened])).tolist()
    (18.09000015258789, [18.09])
    """
    different, places = np.unique(values, return_inverse=True)
    return different.astype(np.float32).astype(str).astype(np.float64)[places]


def decimals_of(values: FloatArray) -> int | None:
    """Return with how many decimals all values can be written; None if with more than 12.

    >>> decimals_of(np.array([1.5, 2.25])), decimals_of(np.array([1 / 3]))
    (2, None)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        for decimals in range(MOST_DECIMALS + 1):
            # Rounding scales up and down again, which the largest numbers do not survive.
            rounded = np.round(values, decimals)
            if np.all((rounded == values) | (np.abs(rounded - values) <= 1e-15 * np.abs(values))):
                return decimals
    return None


def between_times(values: IntArray, present: NDArray[np.bool_], made: Synthetic) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return times (microseconds since 1970) between the parents', as coarse as those, and where there are any."""
    between, use = between_numbers_of_times(values, present, made)
    unit = next(step for step in UNITS if not (values[present] % step).any())
    low = np.minimum(values[made.first], values[made.second])
    return low + (between - low) // unit * unit, use


def between_numbers_of_times(
    values: IntArray, present: NDArray[np.bool_], made: Synthetic
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return times between the parents', to the microsecond."""
    first, second = values[made.first], values[made.second]
    use = present[made.first] & present[made.second] & (first != second)
    steps = np.clip(made.steps, 0.0, 1.0)
    gap = np.where(use, second, first).astype(np.float64) - first.astype(np.float64)
    return first + np.rint(steps * gap).astype(np.int64), use


def number_texts(values: NDArray[Any], use: NDArray[np.bool_], texts: list[str | None]) -> list[str | None]:
    """Return numbers as text in the way that the column's other cells are written; None where they are not used.

    >>> number_texts(np.array([1.5, 2.0]), np.array([True, True]), ["1.50", "3.25"])
    ['1.50', '2.00']
    """
    written = [text for text in texts if text is not None and re.fullmatch(r"\s*[-+]?\d*\.?\d*\s*", text)]
    lengths = {len(text.strip().partition(".")[2]) for text in written}
    fixed = lengths.pop() if len(lengths) == 1 else None
    with_point = all("." in text for text in written)
    return [
        _number_text(value, fixed, with_point) if used else None
        for value, used in zip(values.tolist(), use.tolist(), strict=True)
    ]


def _number_text(value: float, fixed: int | None, with_point: bool) -> str:
    if isinstance(value, int):
        return str(value)
    if fixed is not None:
        return f"{value:.{fixed}f}"
    text = repr(value)
    return text if with_point or not text.endswith(".0") else text[:-2]


def time_texts(values: IntArray, use: NDArray[np.bool_], models: list[str | None]) -> list[str | None]:
    """Return times written as the cell of the nearer parent is; None where they are not used or it is written oddly."""
    stamps = values.astype("datetime64[us]")
    return [
        _time_text(str(stamp), model) if used and model is not None else None
        for stamp, used, model in zip(stamps, use.tolist(), models, strict=True)
    ]


def is_iso(text: str | None) -> bool:
    """Return whether a time is written so that another can be written like it."""
    return text is not None and ISO.fullmatch(text.strip()) is not None


def _time_text(stamp: str, model: str) -> str | None:
    """Write a stamp such as 2024-01-05T10:00:00.000000 in the form of another.

    >>> _time_text("2024-01-05T10:00:00.000000", "2023-12-31 23:59")
    '2024-01-05 10:00'
    """
    form = ISO.fullmatch(model.strip())
    if form is None:
        return None
    _, separator, minutes, seconds, fraction, zone = form.groups()
    if minutes is None:
        return stamp[:10]
    text = stamp[:10] + separator + stamp[11:16]
    if seconds is not None:
        text += stamp[16:19]
    if fraction is not None:
        text += (stamp[19:] + "000000")[: len(fraction)]
    return text + zone
