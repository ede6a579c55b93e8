"""How many rows of one group count as a single draw: rows of a patient, a machine or a day are no independent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.labels import splits_with_label
from dataaudit.measure.shifts.row_labels import groups_of_rows, labels_of_rows
from dataaudit.model import Kind, Role, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def measure_rows_per_draw(facts: Facts) -> dict[str, dict[str, float]]:
    """Return by split and column (label included) the rows that count as one draw; empty without a declared group.

    The design effect of Kish (Survey Sampling, 1965), 1 + (m - 1) r: m the
    mean size of the group of a row, counted over all rows, r how much rows of
    one group are alike, estimated on some rows of train. Of several groups,
    the largest.
    """
    found: dict[str, dict[str, float]] = {}
    for group in facts.info.with_role(Role.GROUP):
        if group.name in facts.dataset.relations["train"].absent:
            continue
        alike = _alikeness(facts, group.name)
        for split in facts.dataset.relations:
            size = _mean_size(facts, group.name, split)
            own = found.setdefault(split, {})
            for name, correlation in alike.items():
                own[name] = max(own.get(name, 1.0), 1 + (size - 1) * correlation)
    return found


def _mean_size(facts: Facts, group: str, split: str) -> float:
    """Return how many rows the group of a row has, on average over the rows."""
    if group in facts.dataset.relations[split].absent:
        return 1.0
    cell = facts.dataset.sql_name(group)
    sizes = f"SELECT CAST(count(*) AS DOUBLE) AS n FROM {split} WHERE {cell} IS NOT NULL GROUP BY {cell}"
    squares, n_rows = facts.dataset.engine.rows(f"SELECT sum(n * n), sum(n) FROM ({sizes})")[0]
    return float(squares) / float(n_rows) if n_rows else 1.0


def _alikeness(facts: Facts, group: str) -> dict[str, float]:
    """Return by column how much more two rows of one group are alike than any two rows, in [0, 1]."""
    numbers = groups_of_rows(facts, group, "train")
    found = {}
    for name, cells in facts.shifts.split_rows["train"].cells.items():
        is_number = facts.info.column(name).kind in (Kind.NUMERIC, Kind.DATETIME)
        found[name] = alikeness(cells, numbers, is_number=is_number)
    if facts.info.label is not None and "train" in splits_with_label(facts.dataset):
        is_number = facts.info.task is Task.REGRESSION
        found[facts.info.label] = alikeness(labels_of_rows(facts, "train"), numbers, is_number=is_number)
    return found


def alikeness(cells: FloatArray, groups: IntArray, *, is_number: bool) -> float:
    """Return the intraclass correlation of a column's ranks, or of the names in it, in [0, 1].

    Both compare pairs of rows of one group with all pairs: numbers by the
    products of their ranks about the middle, names by being equal, as
    Fleiss' kappa does.
    """
    known = ~np.isnan(cells) & (groups >= 0)
    _, value, n_of_value = np.unique(cells[known], return_inverse=True, return_counts=True)
    _, group, n_of_group = np.unique(groups[known], return_inverse=True, return_counts=True)
    n_pairs = float((n_of_group * (n_of_group - 1)).sum())
    if n_pairs == 0 or len(n_of_value) < 2:
        return 0.0
    if is_number:
        ranks = (np.cumsum(n_of_value) - n_of_value / 2)[value]
        ranks = ranks - ranks.mean()
        products = np.bincount(group, ranks) ** 2 - np.bincount(group, ranks**2)
        return float(np.clip(products.sum() / n_pairs / ranks.var(), 0, 1))
    _, n_alike = np.unique(group * len(n_of_value) + value, return_counts=True)
    of_one_group = float((n_alike * (n_alike - 1.0)).sum()) / n_pairs
    of_any = float(((n_of_value / len(value)) ** 2).sum())
    return float(np.clip((of_one_group - of_any) / (1 - of_any), 0, 1))
