"""Distances between train and another split, per column and for the label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Drift:
    """How far one column's distribution in a split is from train's.

    `effect` is the Kolmogorov-Smirnov distance on the common bins for numbers
    and datetimes, the total variation distance for categories. `lower` is its
    lower 95 % bound; `p_value` that of the distance if both were drawn alike.
    Missing cells are left out (SPLIT003 judges them).
    """

    column: str
    split: str
    measure: Literal["ks", "tv"]
    effect: float
    lower: float
    p_value: float
    n_train: int
    n_other: int
    sampled: bool = False


@dataclass(frozen=True)
class UnseenValues:
    """Rows of a split whose category never occurs in train.

    `n_once` and `n_twice` count the categories that occur exactly once and
    twice in train: Good and Turing expect a share n_once / n_train of new
    rows to be unseen. `n_rows_commonest` are the rows of the commonest unseen
    category (0: not counted).
    """

    column: str
    split: str
    n_rows: int
    n_rows_unseen: int
    n_values_unseen: int
    n_train: int
    n_once: int
    n_twice: int
    examples: tuple[str, ...]
    sampled: bool = False
    n_rows_commonest: int = 0


@dataclass(frozen=True)
class OutsideRange:
    """Rows of a split beyond the training range of a numeric or datetime column."""

    column: str
    split: str
    n_rows: int
    n_below: int
    n_above: int
    n_train: int
    train_minimum: float
    train_maximum: float
    minimum: float
    maximum: float
    iqr_train: float
    sampled: bool = False
