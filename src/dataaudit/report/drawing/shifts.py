"""The map of distances: per column and comparison a dot with its interval, over what chance may bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.report.drawing.scale import show_label
from dataaudit.report.labels import show_name
from dataaudit.report.side_words import notes, show_distance
from dataaudit.side_figures import ColumnShifts, Comparison, Shift

# Where the common axis may end.
ENDS = (0.2, 0.5, 1.0)


@dataclass(frozen=True)
class ShiftCell:
    """One column in one comparison: places in per cent of the axis, and the same in words."""

    dot: float
    lower: float
    upper: float
    chance: float
    is_beyond: bool
    distance: str
    interval: str
    by_chance: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ShiftLine:
    """One column; a cell is None where the column was not compared. `links` are codes of findings and anchors."""

    column: str
    is_label: bool
    links: tuple[tuple[str, str], ...]
    cells: tuple[ShiftCell | None, ...]


@dataclass(frozen=True)
class ShiftMap:
    """All lines on one axis; `heads` are the pairs of splits, `ticks` the labels at 0, the middle and the end."""

    heads: tuple[tuple[str, str], ...]
    ticks: tuple[str, str, str]
    lines: tuple[ShiftLine, ...]


def draw_shifts(
    comparisons: Sequence[Comparison],
    columns: Sequence[ColumnShifts],
    links: Mapping[str, Sequence[tuple[str, str]]],
) -> ShiftMap:
    """Return a line per column, in their order."""
    shifts = [shift for column in columns for shift in column.shifts if shift is not None]
    farthest = max((max(shift.upper, shift.by_chance) for shift in shifts if shift.is_beyond_chance), default=0.0)
    farthest = max(farthest, max((shift.distance for shift in shifts), default=0.0))
    end = next(end for end in ENDS if farthest <= end or end == ENDS[-1])
    return ShiftMap(
        heads=tuple((show_label(one.split), show_label(one.against)) for one in comparisons),
        ticks=("0", f"{end / 2:g}", f"{end:g}"),
        lines=tuple(_line(comparisons, column, end, tuple(links.get(column.column, ()))) for column in columns),
    )


def _line(
    comparisons: Sequence[Comparison], column: ColumnShifts, end: float, links: tuple[tuple[str, str], ...]
) -> ShiftLine:
    cells = tuple(
        None if shift is None else _cell(one, shift, end) for one, shift in zip(comparisons, column.shifts, strict=True)
    )
    return ShiftLine(show_name(column.column), column.is_label, links, cells)


def _cell(comparison: Comparison, shift: Shift, end: float) -> ShiftCell:
    return ShiftCell(
        dot=_place(shift.distance, end),
        lower=_place(shift.lower, end),
        upper=_place(shift.upper, end),
        chance=_place(shift.by_chance, end),
        is_beyond=shift.is_beyond_chance,
        distance=show_distance(shift.distance),
        interval=f"{show_distance(shift.lower)} to {show_distance(shift.upper)}",
        by_chance=show_distance(shift.by_chance),
        notes=tuple(notes(comparison, shift)),
    )


def _place(distance: float, end: float) -> float:
    return round(100 * min(1.0, max(0.0, distance / end)), 2)
