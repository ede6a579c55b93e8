"""The numbers behind a picture: rules fill them from facts, renderers only draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dataaudit.text import REDACTED


@dataclass(frozen=True)
class Bars:
    """Shares per category, one series per split (or per class).

    `series` maps a name to one share in [0, 1] per category.
    """

    title: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[float, ...]]

    def redacted(self) -> Bars:
        """Return the figure with its categories' names left out."""
        return replace(self, categories=(REDACTED,) * len(self.categories))


@dataclass(frozen=True)
class Histogram:
    """Shares per bin on common edges; bin i lies between edges[i] and edges[i + 1]."""

    title: str
    edges: tuple[float, ...]
    series: Mapping[str, tuple[float, ...]]
    is_time: bool = False
    show_edges: bool = True

    def redacted(self) -> Histogram:
        """Return the figure without numbers on its axis."""
        return replace(self, show_edges=False)


@dataclass(frozen=True)
class Crosstab:
    """Counts of value x class, one table per split."""

    title: str
    row_name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[str, tuple[tuple[int, ...], ...]]

    def redacted(self) -> Crosstab:
        """Return the table with the names of values and classes left out."""
        return replace(self, rows=(REDACTED,) * len(self.rows), columns=(REDACTED,) * len(self.columns))


@dataclass(frozen=True)
class RangeStrip:
    """The range of a column in train beside its range in another split."""

    title: str
    train: tuple[float, float]
    other: tuple[float, float]
    other_name: str
    share_below: float
    share_above: float
    show_edges: bool = True

    def redacted(self) -> RangeStrip:
        """Return the strip without the numbers at its ends."""
        return replace(self, show_edges=False)


Figure = Bars | Histogram | Crosstab | RangeStrip
