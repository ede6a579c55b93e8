"""Cells of a level x class table that hold far fewer rows than the two make expect."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dataaudit.measure.tables import ValueTable

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Cell:
    """A level of a column, a class, and the rows that have both; `expected` if neither knew of the other.

    `p_value`: chance of so few rows or fewer, were the labels dealt at random.
    """

    column: str
    level: str
    label_class: str
    n_rows: int
    expected: float
    n_rows_level: int
    p_value: float


def cells_of(
    table: ValueTable, counts: IntArray, class_names: Sequence[str], levels: Sequence[int], times_fewer: float
) -> Iterator[Cell]:
    """Yield every cell of the levels; those with more than 1/times_fewer of the expected rows get a p-value of 1."""
    per_level, per_class, n_rows = counts.sum(axis=1), counts.sum(axis=0), int(counts.sum())
    for level in levels:
        for place, name in enumerate(class_names):
            n, of_level, of_class = int(counts[level, place]), int(per_level[level]), int(per_class[place])
            expected = of_level * of_class / max(1, n_rows)
            is_few = n * times_fewer <= expected
            p_value = few_by_chance(n, of_level, of_class, n_rows) if is_few else 1.0
            yield Cell(table.column, table.keys[level], name, n, expected, of_level, p_value)


def few_by_chance(n_both: int, n_level: int, n_class: int, n_rows: int) -> float:
    """Return the chance that n_both or fewer of n_class rows fall among n_level of n_rows (hypergeometric).

    >>> round(few_by_chance(0, 2, 2, 4), 4)  # two of four rows avoid two others: 1 of 6 ways
    0.1667
    """
    least = max(0, n_level + n_class - n_rows)
    logs = [_log_choose(n_level, k) + _log_choose(n_rows - n_level, n_class - k) for k in range(least, n_both + 1)]
    if not logs:
        return 0.0
    highest = max(logs)
    total = highest + math.log(sum(math.exp(log - highest) for log in logs)) - _log_choose(n_rows, n_class)
    return min(1.0, math.exp(total))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
