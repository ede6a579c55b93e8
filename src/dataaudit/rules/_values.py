"""Values, intervals and times in the words of a sentence."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dataaudit.model import Kind
from dataaudit.text import FromData, show_number

if TYPE_CHECKING:
    from dataaudit.measure.tables import ValueTable

# A number that someone wrote has fewer digits than its neighbours among doubles, by far more than chance.
SHORTER = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_text(seconds: float) -> str:
    """Return a time in ISO 8601: the day alone at midnight.

    >>> time_text(0.0), time_text(3661.0)
    ('1970-01-01', '1970-01-01T01:01:01')
    """
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return f"{seconds:g} seconds since 1970"
    text = moment.replace(tzinfo=None).isoformat()
    return text.removesuffix("T00:00:00")


def show_cell(kind: Kind, value: float) -> FromData:
    """Return a number of a column as a value from the data, times as dates."""
    return FromData(time_text(value)) if kind is Kind.DATETIME else FromData(value)


def _without_start(table: ValueTable, place: int) -> str:
    """Return a bin's name: "over 2 up to 5" instead of "2 to 5" where 2 itself is in the bin below."""
    key = table.keys[place]
    # The first bin that train fills begins at its least value.
    if table.edges is None or not 1 < place < len(table.edges):
        return key
    low, high = (float(edge) for edge in table.edges[place - 1 : place + 1])
    if key != f"{show_number(low)} to {show_number(high)}":
        return key
    # A common value has a bin of its own, or begins one: then the edge is the next smaller number.
    begins_at_value = len(repr(math.nextafter(low, math.inf))) + SHORTER < len(repr(low))
    return key if begins_at_value else f"over {show_number(low)} up to {show_number(high)}"


def interval_words(table: ValueTable, first: int, last: int) -> tuple[str, FromData]:
    """Return what the rows of the bins first..last have: words with `{value}`, and the value.

    Parameters
    ----------
    table : ValueTable
    first, last : int
        Keys of the table; the same for a category.
    """
    if first == last and not table.is_bin:
        return "{column} = {value}", FromData(table.keys[first])
    if first == last:
        key = _without_start(table, first)
        return ("{column} in the range {value}" if " " in key else "{column} = {value}"), FromData(key)
    edges = [] if table.edges is None else table.edges.tolist()
    low = None if first == 0 else str(show_cell(table.kind, edges[first - 1]))
    high = None if last >= len(edges) else str(show_cell(table.kind, edges[last]))
    if low is None and high is None:
        return "{column} = {value}", FromData("any value")
    if low is None:
        return "{column} in the range {value}", FromData(f"up to {high}")
    return "{column} in the range {value}", FromData(f"over {low}" if high is None else f"over {low} up to {high}")
