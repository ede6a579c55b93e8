"""Distances of features from another split with the classes of both made equally common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dataaudit.measure.drift import Counts, Drift, columns_of_both, distance_of, rows_per_draw
from dataaudit.measure.shifts.row_labels import has_classes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable


def measure_matched_drifts(facts: Facts) -> dict[str, dict[str, Drift]]:
    """Measure every feature of every other split that has classes, train weighted to its mix of them."""
    return {split: matched_drifts(facts, split) for split in facts.other_splits if has_classes(facts, split)}


def matched_drifts(facts: Facts, split: str, base: str = "train") -> dict[str, Drift]:
    """Measure every feature that both splits have, `base` weighted to the split's classes; empty without classes."""
    if not has_classes(facts, split, base):
        return {}
    found = {}
    for name in columns_of_both(facts, split, base):
        ours, other = matched_counts(facts.tables[name], split, base)
        per_draw = rows_per_draw(facts, name, base), rows_per_draw(facts, name, split)
        about = (name, split, base)
        found[name] = distance_of(facts.tables[name], about, ours / per_draw[0], other / per_draw[1])
    return found


def matched_counts(table: ValueTable, split: str, base: str) -> tuple[Counts, Counts]:
    """Return rows per key of both splits, those of `base` weighted so that each class is as common as in the split.

    The weighted rows are made to sum to as many as tell as much unweighted
    (Kish 1965). Rows without a label or a value, and of classes that stand in
    one split only, are left out.
    """
    ours, other = (table.n_by_class[one][:-1].astype(np.float64) for one in (base, split))
    n, m = ours.sum(axis=0), other.sum(axis=0)
    both = (n > 0) & (m > 0)
    if not both.any():
        return np.zeros(len(ours)), np.zeros(len(ours))
    ours, other, n, m = ours[:, both], other[:, both], n[both], m[both]
    shares = m / m.sum()
    n_effective = 1 / float((shares**2 / n).sum())
    return (ours * (shares / n)).sum(axis=1) * n_effective, other.sum(axis=1)
