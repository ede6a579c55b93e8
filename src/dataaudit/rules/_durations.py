"""How long something takes, in words."""

from __future__ import annotations

from dataaudit.text import show_count, show_rounded

UNITS = ((365.25 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
LEAST_DAYS_AS_YEARS = 2 * 365.25 * 86_400


def show_duration(seconds: float) -> str:
    """Return seconds in the unit that suits them; years from two on.

    >>> show_duration(90), show_duration(3600), show_duration(86400 * 400), show_duration(0.25), show_duration(0)
    ('1.5 minutes', '1 hour', '400 days', '0.25 seconds', '0 seconds')
    """
    for size, unit in UNITS:
        if seconds >= size and (unit != "year" or seconds >= LEAST_DAYS_AS_YEARS):
            number = seconds / size
            shown = show_rounded(number)
            return show_count(1, unit) if shown == "1" else f"{shown} {unit}s"
    return f"{show_rounded(seconds)} seconds"
