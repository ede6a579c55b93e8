"""Bars: shares per category."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.figures import Bars
from dataaudit.report.drawing.scale import Key, keys, percent_of, show_label, show_title
from dataaudit.text import show_share

MAX_CATEGORIES = 12


@dataclass(frozen=True)
class Bar:
    """One bar: its series, its length in per cent of the longest, its share in words."""

    key: Key
    length: float
    share: str


@dataclass(frozen=True)
class BarsDrawing:
    """A table of bars: a line per category, in it a bar per series."""

    title: str
    keys: tuple[Key, ...]
    lines: tuple[tuple[str, tuple[Bar, ...]], ...]
    n_left_out: int
    shape: str = "bars"


def draw_bars(figure: Bars) -> BarsDrawing | None:
    """Return the bars, the longest as long as the column is wide; None if there is no category."""
    legend = keys(figure.series)
    series = list(figure.series.values())[: len(legend)]
    categories = figure.categories[:MAX_CATEGORIES]
    if not legend or not categories:
        return None
    longest = max((share for shares in series for share in shares[:MAX_CATEGORIES]), default=0.0)
    lines = tuple(
        (
            show_label(category),
            tuple(
                Bar(key, percent_of(shares[place], longest), show_share(shares[place]))
                for key, shares in zip(legend, series, strict=True)
            ),
        )
        for place, category in enumerate(categories)
    )
    return BarsDrawing(show_title(figure.title), legend, lines, len(figure.categories) - len(categories))
