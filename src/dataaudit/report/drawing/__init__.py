"""Geometry of the pictures: where a bar, a step or a cell goes. Templates turn it into HTML and SVG."""

from __future__ import annotations

from dataaudit.figures import Bars, Crosstab, Figure, Histogram
from dataaudit.report.drawing.bars import BarsDrawing, draw_bars
from dataaudit.report.drawing.crosstab import CrosstabDrawing, draw_crosstab
from dataaudit.report.drawing.histogram import HistogramDrawing, draw_histogram
from dataaudit.report.drawing.strip import StripDrawing, draw_strip

Drawing = BarsDrawing | CrosstabDrawing | HistogramDrawing | StripDrawing


def draw(figure: Figure) -> Drawing | None:
    """Return the geometry of a figure, or None if it holds nothing to draw."""
    if isinstance(figure, Bars):
        return draw_bars(figure)
    if isinstance(figure, Histogram):
        return draw_histogram(figure)
    if isinstance(figure, Crosstab):
        return draw_crosstab(figure)
    return draw_strip(figure)
