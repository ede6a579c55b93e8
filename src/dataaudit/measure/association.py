"""Explained label variance P: how much of the label a column tells, free of cardinality."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Association:
    """Leave-one-out explained label variance of one column in train.

    `explained` is P, at most 1, below 0 for a column that tells nothing;
    `standard_error` is 2 sqrt(P (1 - P)) / sqrt(N), the delta-method error
    for the variance explained. `n_bins` is the number of bins it was best at
    (None: values as they are), `smoothing` the alpha it was best at.
    """

    column: str
    explained: float
    n_rows: int
    n_bins: int | None
    smoothing: float
    sampled: bool = False

    @property
    def standard_error(self) -> float:
        """Standard error of `explained`; an upper value of .5 stands in outside [0, 1]."""
        p = min(1.0, max(0.0, self.explained))
        return 2 * math.sqrt(p * (1 - p)) / math.sqrt(max(1, self.n_rows))

    @property
    def lower(self) -> float:
        """One-sided 95 % lower confidence bound."""
        return self.explained - 1.645 * self.standard_error


@dataclass(frozen=True)
class GainBreak:
    """What knowing the column gains per row, in train (leave-one-out) and in another split.

    A gain is the squared error of the class shares minus that of the value's
    own shares, both learnt in train; `drop` = train_gain - other_gain; both in
    units of the label's variance (so `train_gain` is close to P).
    """

    column: str
    split: str
    train_gain: float
    other_gain: float
    standard_error: float
    n_train: int
    n_other: int
    sampled: bool = False

    @property
    def drop(self) -> float:
        """Gain lost between train and the other split."""
        return self.train_gain - self.other_gain

    @property
    def z(self) -> float:
        """The drop in standard errors."""
        return self.drop / self.standard_error if self.standard_error > 0 else 0.0


@dataclass(frozen=True)
class Ablation:
    """P of a column beside what all other features together reach, on a bounded sample.

    `others_explained` is the cross-validated explained label variance of a
    gradient-boosting model of all other features.
    """

    column: str
    explained: float
    others_explained: float
    n_rows: int
    sampled: bool = True
