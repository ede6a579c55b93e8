"""What all pictures share: lengths in per cent, labels of bounded length, series in a fixed order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from dataaudit.text import show_line, show_number

MAX_SERIES = 4
MAX_LABEL_LENGTH = 32
MAX_TITLE_LENGTH = 160
# A share that is not zero must not look like zero.
SMALLEST_LENGTH = 0.4


@dataclass(frozen=True)
class Key:
    """One entry of a legend; `index` picks colour and texture."""

    name: str
    index: int


def keys(names: Iterable[str]) -> tuple[Key, ...]:
    """Return the legend of the first series, at most `MAX_SERIES`."""
    return tuple(Key(show_label(name), index) for index, name in enumerate(list(names)[:MAX_SERIES]))


def percent_of(part: float, whole: float) -> float:
    """Return a length in per cent of the whole, 0 where it cannot be told.

    >>> percent_of(1, 4), percent_of(1, 100_000), percent_of(0, 4), percent_of(1, 0)
    (25.0, 0.4, 0.0, 0.0)
    """
    if not (math.isfinite(part) and math.isfinite(whole)) or part <= 0 or whole <= 0:
        return 0.0
    return round(min(100.0, max(SMALLEST_LENGTH, 100 * part / whole)), 2)


def show_label(name: str) -> str:
    """Return the name of a category, class or series, clipped."""
    return show_line(name, MAX_LABEL_LENGTH) or "(empty)"


def show_title(title: str) -> str:
    """Return a picture's title, clipped."""
    return show_line(title, MAX_TITLE_LENGTH)


def show_edge(value: float) -> str:
    """Return a number on an axis.

    >>> show_edge(2.5), show_edge(1234567), show_edge(float("inf"))
    ('2.5', '1,234,567', '∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if math.isnan(value):
        return "?"
    return f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e9 else show_number(float(f"{value:.4g}"))
