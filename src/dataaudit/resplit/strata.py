"""What the parts are to have in equal shares: the classes, or the target's range cut in tenths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.bins import bin_expression
from dataaudit.measure.facts import Facts
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.model import Task
from dataaudit.text import show_number

N_BINS = 10
# On a small table, so many rows of each bin in the smallest part.
ROWS_PER_BIN = 5
TABLE = "split_strata"


@dataclass(frozen=True)
class Strata:
    """The strata of a table.

    Attributes
    ----------
    names : tuple of str
        What to call them; the last is of rows without a label, where there are any.
    expression : str
        SQL of a row's stratum, where `source` stands after FROM.
    are_classes : bool
        Whether they are classes, not ranges of a number.
    """

    names: tuple[str, ...]
    expression: str
    source: str
    are_classes: bool


def make_strata(facts: Facts, smallest_share: float) -> Strata:
    """Return the strata of the table's rows; of classes, a table of them stays in the engine.

    Parameters
    ----------
    facts : Facts
    smallest_share : float
        Of all rows, in the smallest part.
    """
    if facts.info.task is Task.REGRESSION:
        return _of_numbers(facts, smallest_share)
    return _of_classes(facts)


def _of_classes(facts: Facts) -> Strata:
    engine, label = facts.dataset.engine, label_expression(facts.dataset)
    engine.run(
        f"CREATE TEMP TABLE {TABLE} AS SELECT y, CAST(row_number() OVER (ORDER BY y) - 1 AS INTEGER) AS stratum "
        f"FROM (SELECT DISTINCT {label} AS y FROM train WHERE {label} IS NOT NULL)"
    )
    names = [label_text(value) for (value,) in engine.rows(f"SELECT y FROM {TABLE} ORDER BY stratum")]
    return Strata(
        names=(*names, "(no label)"),
        expression=f"coalesce(s.stratum, {len(names)})",
        source=f"train AS t LEFT JOIN {TABLE} AS s ON s.y = {label}",
        are_classes=True,
    )


def _of_numbers(facts: Facts, smallest_share: float) -> Strata:
    label = label_expression(facts.dataset)
    edges = cut_points(facts.target.edges, facts.target.counts["train"], smallest_share)
    names = [f"up to {show_number(float(edge))}" for edge in edges]
    last = f"above {show_number(float(edges[-1]))}" if len(edges) else "all"
    binned = bin_expression(label, edges) if len(edges) else "0"
    return Strata(
        names=(*names, last, "(no label)"),
        expression=f"CASE WHEN {label} IS NULL THEN {len(edges) + 1} ELSE {binned} END",
        source="train AS t",
        are_classes=False,
    )


def cut_points(edges: NDArray[np.float64], counts: NDArray[np.int64], smallest_share: float) -> NDArray[np.float64]:
    """Return those edges that cut the rows into about ten equal bins, fewer where there are few rows.

    >>> cut_points(np.array([1.0, 2.0, 3.0]), np.array([40, 10, 50, 0]), 0.2)
    array([1., 2.])
    """
    n_rows = int(counts.sum())
    n_bins = min(N_BINS, max(1, int(n_rows * smallest_share / ROWS_PER_BIN)))
    below = np.cumsum(counts)[:-1]
    places = np.searchsorted(below, np.arange(1, n_bins) * n_rows / n_bins)
    chosen = np.unique(places[places < len(edges)])
    # A cut with no row on one of its sides cuts nothing.
    kept: NDArray[np.float64] = edges[chosen[(below[chosen] > 0) & (below[chosen] < n_rows)]]
    return kept
