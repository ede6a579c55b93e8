"""The label's distribution in every split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
