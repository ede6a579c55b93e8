"""The label's distribution in every split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.dataset import Dataset
from dataaudit.measure.bins import bin_edges, bin_expression
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ClassCounts:
    """Rows per class and split (classification).

    `classes` are the classes' texts, sorted; `counts[split][i]` belongs to
    `classes[i]`; `n_unlabelled[split]` rows have no label. A split without the
    label column has no entry in `counts`.
    """

    classes: tuple[str, ...]
    counts: Mapping[str, IntArray]
    n_unlabelled: Mapping[str, int]
    n_rows: int
    sampled: bool = False

    @property
    def shares(self) -> FloatArray:
        """Share of each class among the labelled training rows."""
        train = self.counts["train"]
        return train / max(1, int(train.sum()))


@dataclass(frozen=True)
class TargetSummary:
    """A numeric target in every split that has it (regression).

    `edges` cut the target into bins of equal training counts (about 64);
    `counts[split]` has len(edges) + 1 entries, bin i holding values in
    (edges[i - 1], edges[i]].
    """

    edges: FloatArray
    counts: Mapping[str, IntArray]
    n_unlabelled: Mapping[str, int]
    minimum: Mapping[str, float]
    maximum: Mapping[str, float]
    mean: Mapping[str, float]
    sd: Mapping[str, float]
    iqr_train: float
    n_beyond_train: Mapping[str, tuple[int, int]]
    n_rows: int
    sampled: bool = False


def n_label_classes(facts: Facts) -> int:
    """Return how many classes the label has; in regression, how many bins of the target stand for them."""
    if facts.info.task is Task.REGRESSION:
        return len(facts.target.edges) + 1
    return len(facts.dataset.classes)


def label_text(value: object) -> str:
    """Return a label's text as DuckDB casts it.

    >>> label_text(True), label_text(3), label_text("a")
    ('true', '3', 'a')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def label_expression(dataset: Dataset) -> str:
    """Return SQL for the label as its final type."""
    label = str(dataset.info.label)
    return f"CAST({dataset.sql_name(label)} AS {dataset.sql_types[label]})"


def label_select(facts: Facts, split: str) -> str:
    """Return SQL for `y` (the class, or the target's bin), `t` (the centred target) of one split."""
    if facts.label in facts.dataset.relations[split].absent:
        return "NULL AS y, 0.0 AS t"
    label = label_expression(facts.dataset)
    if facts.info.task is not Task.REGRESSION:
        return f"{label} AS y, 0.0 AS t"
    bins = bin_expression(label, facts.target.edges)
    centre = facts.target.mean["train"]
    return f"CASE WHEN {label} IS NULL THEN NULL ELSE {bins} END AS y, {label} - ({centre!r}) AS t"


def splits_with_label(dataset: Dataset) -> list[str]:
    """Return the splits whose file has the label column."""
    return [split for split, relation in dataset.relations.items() if dataset.info.label not in relation.absent]


def measure_classes(dataset: Dataset) -> ClassCounts:
    """Count the rows of every class in every split."""
    place = {name: i for i, name in enumerate(dataset.classes)}
    counts: dict[str, IntArray] = {}
    n_unlabelled: dict[str, int] = {}
    label = label_expression(dataset)
    for split in splits_with_label(dataset):
        counts[split] = np.zeros(len(place), dtype=np.int64)
        n_unlabelled[split] = 0
        for value, n in dataset.engine.rows(f"SELECT {label}, count(*) FROM {split} GROUP BY 1"):
            if value is None:
                n_unlabelled[split] = int(n)
            else:
                counts[split][place[label_text(value)]] = int(n)
    return ClassCounts(dataset.classes, counts, n_unlabelled, _n_rows(dataset))


def measure_target(facts: Facts) -> TargetSummary:
    """Summarise a numeric target per split, on bins of equal training counts."""
    dataset = facts.dataset
    label = label_expression(dataset)
    moments = {split: _moments(dataset, label, split) for split in splits_with_label(dataset)}
    low, high = moments["train"][1], moments["train"][2]
    values = facts.sample.numeric[facts.label]
    values = values[~np.isnan(values)]
    edges = bin_edges(values, low, high)
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    counts, beyond = {}, {}
    for split in moments:
        counts[split] = _bin_counts(dataset, label, edges, split)
        beyond[split] = (int(counts[split][0]), int(counts[split][-1]))
    return TargetSummary(
        edges=edges,
        counts=counts,
        n_unlabelled={split: dataset.relations[split].n_rows - int(found[0]) for split, found in moments.items()},
        minimum={split: found[1] for split, found in moments.items()},
        maximum={split: found[2] for split, found in moments.items()},
        mean={split: found[3] for split, found in moments.items()},
        sd={split: found[4] for split, found in moments.items()},
        iqr_train=float(three_quarters - quarter),
        n_beyond_train=beyond,
        n_rows=_n_rows(dataset),
    )


def _moments(dataset: Dataset, label: str, split: str) -> tuple[float, ...]:
    listed = f"count({label}), min({label}), max({label}), avg({label}), stddev_samp({label})"
    row = dataset.engine.rows(f"SELECT {listed} FROM {split}")[0]
    return tuple(0.0 if value is None else float(value) for value in row)


def _bin_counts(dataset: Dataset, label: str, edges: FloatArray, split: str) -> IntArray:
    counts = np.zeros(len(edges) + 2, dtype=np.int64)
    bins = bin_expression(label, edges)
    for number, n in dataset.engine.rows(f"SELECT {bins} AS bin, count(*) FROM {split} GROUP BY 1"):
        counts[int(number)] = int(n)
    return counts[:-1]


def _n_rows(dataset: Dataset) -> int:
    return sum(relation.n_rows for relation in dataset.relations.values())
