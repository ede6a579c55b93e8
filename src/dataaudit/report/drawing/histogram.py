"""Histogram: shares per bin as steps, one outline per split."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dataaudit.figures import Histogram
from dataaudit.report.drawing.scale import Key, keys, show_edge, show_title
from dataaudit.text import show_share

# The plot's own units: it is stretched to the width it gets.
WIDTH = 1000
HEIGHT = 100
MAX_BINS = 300
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Steps:
    """The outline of one series, as an SVG path from baseline to baseline."""

    key: Key
    path: str


@dataclass(frozen=True)
class Tick:
    """A label on the axis at `position` per cent; `anchor` is SVG's text-anchor."""

    position: float
    anchor: str
    label: str


@dataclass(frozen=True)
class HistogramDrawing:
    """Outlines over one axis; `uneven` says that the bins are not equally wide."""

    title: str
    description: str
    keys: tuple[Key, ...]
    steps: tuple[Steps, ...]
    ticks: tuple[Tick, ...]
    peak: str
    uneven: bool
    shape: str = "histogram"


def draw_histogram(figure: Histogram) -> HistogramDrawing | None:
    """Return the outlines, the highest bin as high as the plot; None if there is nothing to draw."""
    n_bins = len(figure.edges) - 1
    legend = keys(figure.series)
    series = list(figure.series.values())[: len(legend)]
    heights = [share for shares in series for share in shares]
    peak = max(heights, default=0.0)
    if not 0 < n_bins <= MAX_BINS or not all(math.isfinite(height) for height in heights) or peak <= 0:
        return None
    return HistogramDrawing(
        title=show_title(figure.title),
        description=" ".join(_describe(figure, key, shares) for key, shares in zip(legend, series, strict=True)),
        keys=legend,
        steps=tuple(Steps(key, _path(shares, peak)) for key, shares in zip(legend, series, strict=True)),
        ticks=_ticks(figure),
        peak=show_share(peak),
        uneven=_uneven(figure.edges),
    )


def _path(shares: tuple[float, ...], peak: float) -> str:
    width = WIDTH / len(shares)
    steps = [f"V{HEIGHT - HEIGHT * share / peak:.1f}H{width * (place + 1):.1f}" for place, share in enumerate(shares)]
    return f"M0,{HEIGHT}{''.join(steps)}V{HEIGHT}"


def _ticks(figure: Histogram) -> tuple[Tick, ...]:
    if not figure.show_edges:
        return ()
    labels = [_show(edge, figure.is_time) for edge in figure.edges]
    labels[0] = f"{labels[0]} and less" if figure.has_less else labels[0]
    labels[-1] = f"{labels[-1]} and more" if figure.has_more else labels[-1]
    n_bins = len(labels) - 1
    short = max(len(label) for label in labels) <= 6
    n_steps = next((steps for steps in (4, 3, 2) if n_bins % steps == 0 and (short or steps == 2)), min(2, n_bins))
    places = [n_bins * step // n_steps for step in range(n_steps + 1)]
    return tuple(Tick(round(100 * place / n_bins, 2), _anchor(place, n_bins), labels[place]) for place in places)


def _anchor(place: int, n_bins: int) -> str:
    return "start" if place == 0 else "end" if place == n_bins else "middle"


def _show(edge: float, is_time: bool) -> str:
    if not is_time or not math.isfinite(edge):
        return show_edge(edge)
    try:
        return (_EPOCH + timedelta(seconds=edge)).date().isoformat()
    except OverflowError:
        return show_edge(edge)


def _uneven(edges: tuple[float, ...]) -> bool:
    widths = [right - left for left, right in pairwise(edges)]
    return not max(widths) - min(widths) <= 0.01 * max(widths)


def _describe(figure: Histogram, key: Key, shares: tuple[float, ...]) -> str:
    highest = max(range(len(shares)), key=lambda place: shares[place])
    words = f"{key.name}: the highest of {len(shares)} bins holds {show_share(shares[highest])} of the rows"
    if not figure.show_edges:
        return f"{words}."
    left, right = (_show(figure.edges[place], figure.is_time) for place in (highest, highest + 1))
    return f"{words} and lies between {left} and {right}."
