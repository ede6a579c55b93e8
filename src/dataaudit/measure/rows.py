"""Rows that stand more than once: within a split, across splits, with other labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RowRepeats:
    """Repeats within one split, by 64-bit hashes over all rows.

    `n_distinct_rows` counts rows different in features or label,
    `n_distinct_features` without regard to the label. `example_groups` are
    lists of row numbers that are alike in all features and label (at most
    ten groups, the largest first; at most six rows of each).
    """

    split: str
    n_rows: int
    n_distinct_rows: int
    n_distinct_features: int
    largest_group: int
    example_groups: tuple[tuple[int, ...], ...]
    sampled: bool = False


@dataclass(frozen=True)
class RowOverlap:
    """Rows of a split whose features stand in train too, by 64-bit hashes over all rows.

    `share_matched_within_train` is the share of training rows that match
    another training row; for a random split it equals `share_matched` on
    average, whatever the table. `standard_error` is that of their
    difference, summed over groups of alike rows, so clumps do not fool it.
    `n_same_label` + `n_other_label` = `n_matched` when both splits have labels.
    `pairs` are (row of the split, row of train), at most 20, in order;
    `pairs_other_label` those whose labels differ.
    """

    split: str
    n_rows: int
    n_matched: int
    n_same_label: int
    n_other_label: int
    n_train: int
    share_matched_within_train: float
    standard_error: float
    share_distinct_in_train: float
    pairs: tuple[tuple[int, int], ...]
    pairs_other_label: tuple[tuple[int, int], ...]
    has_labels: bool
    sampled: bool = False

    @property
    def share_matched(self) -> float:
        """Matched rows as a share of the split."""
        return self.n_matched / self.n_rows if self.n_rows else 0.0

    @property
    def excess(self) -> float:
        """Share matched across the splits minus share matched within train."""
        return self.share_matched - self.share_matched_within_train


@dataclass(frozen=True)
class Contradictions:
    """Equal features with unequal labels in train.

    Classification: `ceiling` is the best accuracy any model can have on these
    rows, sum over groups of the commonest label's count, over N; `baseline`
    the majority's share. Regression: `ceiling` is the best R², `baseline` 0.
    `n_rows_alike` rows share their features with another row; `n_rows_contradicted`
    stand in a group with more than one label. `example_groups` as in RowRepeats.
    """

    n_rows: int
    ceiling: float
    baseline: float
    n_rows_alike: int
    n_rows_contradicted: int
    n_rows_lost: int
    n_groups: int
    example_groups: tuple[tuple[int, ...], ...]
    sampled: bool = False


@dataclass(frozen=True)
class GroupOverlap:
    """Values of a declared group column that stand in train and in another split."""

    column: str
    split: str
    n_rows: int
    n_rows_shared: int
    n_groups: int
    n_groups_shared: int
    n_groups_train: int
    examples: tuple[str, ...]
    sampled: bool = False


@dataclass(frozen=True)
class TimeOverlap:
    """Rows of a split at or before the last training time (times as ISO text)."""

    column: str
    split: str
    n_rows: int
    n_rows_overlapping: int
    train_first: str
    train_last: str
    other_first: str
    other_last: str
    numbers: tuple[int, ...]
    sampled: bool = False


Overlaps = Mapping[str, RowOverlap]
