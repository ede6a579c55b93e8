"""Cuts between bins as a reader wants them: few digits, or whole days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dataaudit.text import show_number

N_DIGITS = 3
# What a double holds.
MOST_DIGITS = 17
TIME_UNITS = ("D", "m", "s")


def show_cuts(cuts: Iterable[float]) -> dict[float, str]:
    """Return every cut, in its order, with as few digits as tell them apart.

    A cut just below a value, which sets that value apart, is shown as the value.

    >>> show_cuts([np.nextafter(0.0, -1.0), 0.0, 3.51234]).values()
    dict_values(['0', '0', '3.51'])
    """
    ordered = sorted(set(cuts))
    plain = [_plain(cut) for cut in ordered]
    different = sorted(set(plain))
    shown = dict(zip(different, shown_apart(different), strict=True))
    return {cut: shown[number] for cut, number in zip(ordered, plain, strict=True)}


def show_times(cuts: Iterable[float]) -> dict[float, str]:
    """Return times, in seconds since 1970, in the coarsest units that tell them apart.

    >>> show_times([0.0, 86400.0]).values(), show_times([0.0, 60.0]).values()
    (dict_values(['1970-01-01', '1970-01-02']), dict_values(['1970-01-01 00:00', '1970-01-01 00:01']))
    """
    ordered = sorted(set(cuts))
    times = np.array([_plain(cut) for cut in ordered]).astype("datetime64[s]")
    shown: list[str] = []
    for unit in TIME_UNITS:
        shown = [str(time).replace("T", " ") for time in times.astype(f"datetime64[{unit}]")]
        if len(set(shown)) == len(set(times.tolist())):
            break
    return dict(zip(ordered, shown, strict=True))


def _plain(cut: float) -> float:
    above = float(np.nextafter(cut, np.inf))
    return above if len(repr(above)) < len(repr(cut)) else cut


def shown_apart(numbers: Sequence[float]) -> list[str]:
    """Return numbers with as few digits as tell them apart, at least three; whole ones as they are.

    >>> shown_apart([0.123456, 17.0, 12345.6]), shown_apart([1.23411, 1.23422])
    (['0.123', '17', '12346'], ['1.2341', '1.2342'])
    """
    for digits in range(N_DIGITS, MOST_DIGITS):
        shown = [_with_digits(number, digits) for number in numbers]
        if len(set(shown)) == len(set(numbers)):
            return shown
    return [repr(number) for number in numbers]


def _with_digits(number: float, digits: int) -> str:
    if not np.isfinite(number) or number == 0:
        return show_number(number)
    # Of the digits before the point none is made a zero.
    digits = max(digits, int(np.floor(np.log10(abs(number)))) + 1)
    rounded = float(f"{number:.{min(digits, MOST_DIGITS)}g}")
    return show_number(rounded) if digits <= 6 else f"{rounded:.{digits}g}"
