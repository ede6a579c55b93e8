"""Changes that undo a conversion of units: SQL of the numbers as they were, in the type of their column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dataaudit.fix.cells import Place, plain_text, rounded
from dataaudit.fix.edits import Change

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.conversions import Conversion

ISO_DAY = r"^\d{4}-\d\d-\d\d"
EVERY_ROW = "true"


def turned_back(facts: Facts, place: Place, conversion: Conversion, rows: str = EVERY_ROW) -> Change:
    """Return what undoes a conversion of numbers, in all rows or those that meet a condition."""
    x = place.number
    has_number = f"isfinite({x})" if rows == EVERY_ROW else f"isfinite({x}) AND {rows}"
    if conversion.kind == "log":
        base = f"pow({conversion.factor!r}, {x}) - {conversion.offset!r}"
        return written(facts, place, f"{has_number} AND abs({x}) < 300", base)
    if conversion.kind == "exp":
        moved = f"({x} + {conversion.offset!r})"
        return written(facts, place, f"{has_number} AND {moved} > 0", f"ln({moved}) / ln({conversion.factor!r})")
    return written(facts, place, has_number, f"({x} - ({conversion.offset!r})) / ({conversion.factor!r})")


def undone(conversion: Conversion, number: float) -> float:
    """Return a number as it was before a conversion, NaN where there is none.

    >>> from dataaudit.measure.shifts.conversions import AFFINES, LOGS
    >>> round(undone(AFFINES[0], 212.0)), round(undone(LOGS[2], 3.0)), undone(LOGS[4], -1.0)
    (100, 1000, nan)
    """
    try:
        if conversion.kind == "log":
            return float(conversion.factor**number) - conversion.offset
        if conversion.kind == "exp":
            return math.log(number + conversion.offset) / math.log(conversion.factor)
    except (OverflowError, ValueError):
        return math.nan
    return (number - conversion.offset) / conversion.factor


def written(facts: Facts, place: Place, where: str, value: str) -> Change:
    """Return new numbers in the type of the column, or as doubles where that has whole numbers and they are none."""
    # What is computed where no cell changes may leave the range of a function.
    number = f"CASE WHEN {where} THEN {rounded(value)} END"
    if place.is_text:
        return Change(where, plain_text(number))
    if not place.is_whole and not place.sql_type.startswith("DECIMAL"):
        return Change(where, f"CAST({number} AS {place.sql_type})")
    n_parts = facts.dataset.engine.rows(
        f"SELECT count_if({number} <> trunc({number}) OR abs({number}) > 2e9) FROM {place.source.relation} AS source"
    )[0][0]
    if place.is_whole and not n_parts:
        return Change(where, f"CAST({number} AS {place.sql_type})")
    return Change(where, number, "DOUBLE")


def swapped_back(place: Place, rows: str = EVERY_ROW) -> Change:
    """Return dates with day and month swapped where the day could be a month."""
    x = place.cell
    if place.is_text:
        where = (
            f"CASE WHEN regexp_matches({x}, '{ISO_DAY}') THEN CAST(substr({x}, 9, 2) AS INTEGER) <= 12 ELSE false END"
        )
        where = where if rows == EVERY_ROW else f"({where}) AND {rows}"
        return Change(where, f"concat(left({x}, 5), substr({x}, 9, 2), '-', substr({x}, 6, 2), substr({x}, 11))")
    swapped = f"make_date(year({x}), day({x}), month({x}))"
    moved = f"CAST({x} + to_days(CAST({swapped} - CAST({x} AS DATE) AS INTEGER)) AS {place.sql_type})"
    where = f"day({x}) <= 12" if rows == EVERY_ROW else f"day({x}) <= 12 AND {rows}"
    return Change(where, f"CASE WHEN day({x}) <= 12 THEN {moved} END")


def show_conversion(conversion: Conversion) -> str:
    """Return a conversion in words.

    >>> from dataaudit.measure.shifts.conversions import AFFINES, SIGN, TENS
    >>> show_conversion(TENS[2]), show_conversion(AFFINES[0]), show_conversion(SIGN)
    ('x 1,000', '°C to °F', 'a changed sign')
    """
    return {"sign": "a changed sign", "swap": "day and month swapped"}.get(conversion.kind, conversion.name)
