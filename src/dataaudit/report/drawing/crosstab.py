"""Crosstab: counts of value x class, shaded by their share of the row."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.figures import Crosstab
from dataaudit.report.drawing.scale import MAX_SERIES, show_label, show_title

MAX_ROWS = 10
MAX_COLUMNS = 8
N_SHADES = 6


@dataclass(frozen=True)
class Cell:
    """A count and the shade (0 to `N_SHADES`) behind it."""

    count: str
    shade: int


@dataclass(frozen=True)
class CrosstabDrawing:
    """One table of cells per split."""

    title: str
    row_name: str
    columns: tuple[str, ...]
    tables: tuple[tuple[str, tuple[tuple[str, tuple[Cell, ...]], ...]], ...]
    n_rows_left_out: int
    n_columns_left_out: int
    shape: str = "crosstab"


def draw_crosstab(figure: Crosstab) -> CrosstabDrawing | None:
    """Return the shaded tables; None if there is nothing in them."""
    if not figure.rows or not figure.columns or not figure.counts:
        return None
    tables = tuple(
        (show_label(split), tuple(_line(figure.rows[place], counts[place]) for place in range(len(counts))[:MAX_ROWS]))
        for split, counts in list(figure.counts.items())[:MAX_SERIES]
    )
    return CrosstabDrawing(
        title=show_title(figure.title),
        row_name=show_label(figure.row_name),
        columns=tuple(show_label(column) for column in figure.columns[:MAX_COLUMNS]),
        tables=tables,
        n_rows_left_out=max(0, len(figure.rows) - MAX_ROWS),
        n_columns_left_out=max(0, len(figure.columns) - MAX_COLUMNS),
    )


def _line(name: str, counts: tuple[int, ...]) -> tuple[str, tuple[Cell, ...]]:
    whole = sum(counts)
    return show_label(name), tuple(Cell(f"{count:,}", _shade(count, whole)) for count in counts[:MAX_COLUMNS])


def _shade(count: int, whole: int) -> int:
    # Any count at all is tinted, so that only true zeros stay blank.
    return 0 if count <= 0 or whole <= 0 else max(1, round(N_SHADES * count / whole))
