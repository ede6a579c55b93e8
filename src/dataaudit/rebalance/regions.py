"""Regions of a numeric target: tenths of its range take the place of classes."""

from __future__ import annotations

from dataaudit.engine.base import Engine
from dataaudit.errors import InputError
from dataaudit.rebalance.streaming import Classed
from dataaudit.text import show_number

N_REGIONS = 10


def region_edges(engine: Engine, relation: str, label: str) -> list[float]:
    """Return the ends of the tenths of the target's range.

    Raises
    ------
    InputError
        If all rows have the same target, or its range is no number.
    """
    low, high = engine.rows(f"SELECT min({label}), max({label}) FROM {relation} AS source")[0]
    width = None if low is None else float(high) - float(low)
    if width is None or not 0 < width < float("inf"):
        raise InputError("the target has no range that can be cut into regions", "use another label")
    return [float(low) + width * place / N_REGIONS for place in range(N_REGIONS)] + [float(high)]


def region_rows(relation: str, label: str, edges: list[float]) -> Classed:
    """Return the rows with the number of their region; the last one holds its upper end."""
    cases = " ".join(f"WHEN {label} < {edge!r} THEN {place}" for place, edge in enumerate(edges[1:-1]))
    return Classed(relation, f"CASE WHEN {label} IS NULL THEN NULL {cases} ELSE {len(edges) - 2} END")


def region_name(edges: list[float], place: int) -> str:
    """Return a region's ends in words.

    >>> region_name([0.0, 0.5, 1.0], 0)
    '0 to 0.5'
    """
    return f"{show_number(edges[place])} to {show_number(edges[place + 1])}"
