"""RangeStrip: the range of a column in train above its range in another split, on one axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dataaudit.figures import RangeStrip
from dataaudit.report.drawing.scale import SMALLEST_LENGTH, show_edge, show_label, show_title
from dataaudit.text import show_share


@dataclass(frozen=True)
class Span:
    """A stretch of the axis in per cent; `outside` says that train never goes there."""

    start: float
    length: float
    outside: bool = False


@dataclass(frozen=True)
class Strip:
    """One split's range: its name, its ends in words (or None) and its stretches."""

    name: str
    ends: str | None
    index: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class StripDrawing:
    """Two strips on one axis and what share of the rows lies outside."""

    title: str
    description: str
    strips: tuple[Strip, ...]
    outside: str
    shape: str = "strip"


def draw_strip(figure: RangeStrip) -> StripDrawing | None:
    """Return the two strips; None if a bound is not finite."""
    bounds = (*figure.train, *figure.other)
    if not all(math.isfinite(bound) for bound in bounds):
        return None
    low, high = min(bounds), max(bounds)
    other_name = show_label(figure.other_name)
    strips = (
        Strip("train", _ends(figure, figure.train), 0, (_span(figure.train, low, high),)),
        Strip(other_name, _ends(figure, figure.other), 1, _spans_of_other(figure, low, high)),
    )
    outside = f"{_where(figure)} the range of train"
    words = "; ".join(f"{strip.name} from {strip.ends}" for strip in strips if strip.ends)
    return StripDrawing(
        title=show_title(figure.title),
        description=f"{words}. {other_name}: {outside}." if words else f"{other_name}: {outside}.",
        strips=strips,
        outside=outside,
    )


def _where(figure: RangeStrip) -> str:
    sides = [(figure.share_below, "below"), (figure.share_above, "above")]
    return " and ".join(f"{show_share(share)} {side}" for share, side in sides if share > 0) or "0 % outside"


def _spans_of_other(figure: RangeStrip, low: float, high: float) -> tuple[Span, ...]:
    first, last = figure.other
    inner = (max(first, figure.train[0]), min(last, figure.train[1]))
    spans = [_span((first, min(last, figure.train[0])), low, high, outside=True)] if first < figure.train[0] else []
    if inner[0] <= inner[1]:
        spans.append(_span(inner, low, high))
    if last > figure.train[1]:
        spans.append(_span((max(first, figure.train[1]), last), low, high, outside=True))
    return tuple(spans)


def _span(bounds: tuple[float, float], low: float, high: float, outside: bool = False) -> Span:
    # Halves, and the quotient first: the difference of two huge bounds of opposite sign would overflow.
    whole = (high / 2 - low / 2) or 1.0
    start = 100 * ((bounds[0] / 2 - low / 2) / whole)
    length = max(SMALLEST_LENGTH, 100 * ((bounds[1] / 2 - bounds[0] / 2) / whole))
    return Span(round(min(start, 100 - length), 2), round(length, 2), outside)


def _ends(figure: RangeStrip, bounds: tuple[float, float]) -> str | None:
    return f"{show_edge(bounds[0])} to {show_edge(bounds[1])}" if figure.show_edges else None
