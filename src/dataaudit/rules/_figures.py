"""The picture of a column in train beside another split, from its counts per value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.figures import Bars, Figure, Histogram
from dataaudit.model import Kind
from dataaudit.text import show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

MOST_BARS = 12
WIDEST = 1e307
N_STEPS = 24
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def split_figure(facts: Facts, column: str, split: str) -> Figure | None:
    """Return bars or a histogram of a column in train and in the split; None if it was not counted."""
    table = facts.tables.get(column)
    if table is None or split not in table.n:
        return None
    title = f"{column} in train and in {split}"
    present = slice(0, table.missing_key)
    counts = {name: table.n[name][present] for name in ("train", split)}
    if table.is_bin and table.missing_key > MOST_BARS:
        return _histogram(facts, table, title, counts)
    return bars(title, tuple(table.keys[present]), counts)


def bars(title: str, keys: tuple[str, ...], counts: dict[str, IntArray]) -> Figure:
    """Return bars of the shares per key: the commonest keys, the rest together."""
    shares = {name: as_shares(n) for name, n in counts.items()}
    if len(keys) <= MOST_BARS:
        return Bars(title, tuple(show_value(key) for key in keys), {k: tuple(v.tolist()) for k, v in shares.items()})
    total = sum(shares.values())
    listed = np.sort(np.argsort(-np.asarray(total), kind="stable")[: MOST_BARS - 1])
    series = {name: (*values[listed].tolist(), float(1 - values[listed].sum())) for name, values in shares.items()}
    names = (*(show_value(keys[place]) for place in listed), "all others")
    return Bars(title, names, {name: tuple(max(0.0, v) for v in values) for name, values in series.items()})


def as_shares(counts: IntArray) -> FloatArray:
    """Return counts as fractions of their sum (zeros if there is nothing)."""
    shares: FloatArray = counts / max(1, int(counts.sum()))
    return shares


def equal_steps(title: str, cuts: FloatArray, counts: dict[str, IntArray], low: float, high: float) -> Histogram | None:
    """Return a histogram in steps of equal width from counts in bins of unequal width.

    Rows are spread evenly over their bin, so a step is as high as the rows
    are dense. Bin i holds values in (cuts[i - 1], cuts[i]]; the first starts
    at `low`, the last ends at `high`.
    """
    ends = np.maximum.accumulate(np.concatenate([[min(low, cuts[0])], cuts, [max(high, cuts[-1])]]))
    # A width beyond the largest double cannot be cut into steps.
    if not (np.abs(ends).max() < WIDEST and ends[-1] > ends[0]):
        return None
    edges = np.linspace(ends[0], ends[-1], N_STEPS + 1)
    # A bin without width would make the curve below jump inside a step; rounding may place it in either neighbour.
    ends = ends + np.arange(len(ends)) * (ends[-1] - ends[0]) * 1e-12
    series = {}
    for name, n in counts.items():
        reached = np.concatenate([[0.0], np.cumsum(as_shares(n))])
        series[name] = tuple(np.diff(np.interp(edges, ends, reached)).tolist())
    return Histogram(title, tuple(edges.tolist()), series)


def _histogram(facts: Facts, table: ValueTable, title: str, counts: dict[str, IntArray]) -> Figure | None:
    cuts = table.edges
    if cuts is None or len(cuts) == 0:
        return None
    profiles = [facts.profiles[name][table.column] for name in counts]
    low = min((p.minimum for p in profiles if p.minimum is not None), default=float(cuts[0]))
    high = max((p.maximum for p in profiles if p.maximum is not None), default=float(cuts[-1]))
    histogram = equal_steps(title, cuts, counts, low, high)
    if histogram is None:
        return None
    return Histogram(title, histogram.edges, histogram.series, is_time=table.kind is Kind.DATETIME)
