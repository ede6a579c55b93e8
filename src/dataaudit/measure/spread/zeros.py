"""Zeros beside the small positive values of a column, and beside the zeros of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

LOWEST_PART = 0.1


@dataclass(frozen=True)
class LowPositives:
    """How densely the smallest positive cells of a column lie, in sampled rows.

    `spacing` is the mean distance between the different values of the lowest
    tenth of the positive cells; None where these are a single value.
    """

    minimum: float
    spacing: float | None
    n_values: int
    sampled: bool


@dataclass(frozen=True)
class ZerosTogether:
    """Rows in which one column is zero, and those of them in which another is too, among sampled rows that know both.

    `n_zero_other` rows have a zero in the other column.
    """

    n_rows: int
    n_zero: int
    n_both: int
    n_zero_other: int
    sampled: bool


def measure_low_positives(facts: Facts, column: str) -> LowPositives | None:
    """Return the spacing of the lowest positive values; None where no cell is positive."""
    values = facts.sample.numeric[column]
    positive = np.unique(values[(values > 0) & np.isfinite(values)], return_counts=True)
    distinct, counts = positive
    if not len(distinct):
        return None
    n_lowest = int(np.searchsorted(np.cumsum(counts), LOWEST_PART * counts.sum())) + 1
    lowest = distinct[:n_lowest]
    spacing = float(lowest[-1] - lowest[0]) / (len(lowest) - 1) if len(lowest) > 1 else None
    return LowPositives(float(distinct[0]), spacing, len(distinct), facts.sample.sampled)


def measure_zeros_together(facts: Facts, column: str, other: str) -> ZerosTogether:
    """Count zeros of a column, and of another in the same rows."""
    first, second = facts.sample.numeric[column], facts.sample.numeric[other]
    known = ~(np.isnan(first) | np.isnan(second))
    is_zero, is_zero_other = first[known] == 0, second[known] == 0
    return ZerosTogether(
        n_rows=int(known.sum()),
        n_zero=int(is_zero.sum()),
        n_both=int((is_zero & is_zero_other).sum()),
        n_zero_other=int(is_zero_other.sum()),
        sampled=facts.sample.sampled,
    )
