"""How much is tried: rows, folds and models, bounded beforehand by what they cost, and said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.errors import ConfigError
from dataaudit.rebalance.evaluate.folds import N_FOLDS, N_INNER_FOLDS
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD
from dataaudit.rebalance.plan import Target, plan_counts
from dataaudit.rebalance.strategies import WEIGHTS, strategy_named
from dataaudit.text import show_count

MOST_ROWS = 10_000
FEWEST_ROWS = 1_000
# Repeats are worth more than rows beyond these.
ROWS_FOR_REPEATS = 4_000
MOST_REPEATS = 4
# Of large tables.
COMMON_REPEATS = 2
# What one row costs in one fit of both models, on one core: measured on tables of 6 to 72 columns.
SECONDS_PER_ROW = 3e-5
SECONDS_PER_CELL = 7e-7
# However few rows it has.
SECONDS_PER_FIT = 0.04
MOST_SECONDS = 60.0


@dataclass(frozen=True)
class Size:
    """What will be tried.

    Attributes
    ----------
    n_models : int
        Fits.
    seconds : float
        What they take on one core of a common machine, about.
    """

    n_rows: int
    n_repeats: int
    n_models: int
    seconds: float

    @property
    def words(self) -> str:
        """What is said before it starts."""
        return (
            f"{show_count(self.n_models, 'model')} on {show_count(self.n_rows, 'row')}: about "
            f"{show_count(max(1, round(self.seconds)), 'second')} on one core"
        )


def plan_size(
    counts: Mapping[str, int], width: int, ways: Sequence[str], target: Target, n_models: int, *, in_time: bool
) -> Size:
    """Return how many rows and repeats there will be: as many as can be tried in a minute.

    Decided by arithmetic, not by a clock, so that the same table gives the same numbers anywhere.

    Parameters
    ----------
    counts : mapping of class to rows
    width : int
        Columns that a model sees.
    ways : sequence of str
    target : Target
    n_models : int
        Models that each way is tried with.
    in_time : bool
        Whether folds follow one another in time, so that they cannot be repeated.
    """
    factor = sum(_rows_trained(way, counts, target) for way in ways)
    per_row = factor * N_FOLDS * (1 - 1 / N_FOLDS) * (SECONDS_PER_ROW + SECONDS_PER_CELL * width)
    at_most = min(sum(counts.values()), MOST_ROWS)
    n_repeats = 1 if in_time else MOST_REPEATS
    while n_repeats > 1 and MOST_SECONDS / (per_row * n_repeats) < min(at_most, _rows_for(n_repeats)):
        n_repeats -= 1
    n_rows = min(at_most, max(FEWEST_ROWS, int(MOST_SECONDS / (per_row * n_repeats))))
    fits = sum(1 + (N_INNER_FOLDS if way == NONE else 0) for way in ways if way != THRESHOLD)
    n_fits = fits * n_models * N_FOLDS * n_repeats
    return Size(n_rows, n_repeats, n_fits, per_row * n_repeats * n_rows + SECONDS_PER_FIT * n_fits)


def _rows_for(n_repeats: int) -> int:
    """Return the rows that so many repeats must not cost."""
    return ROWS_FOR_REPEATS if n_repeats <= COMMON_REPEATS else MOST_ROWS


def _rows_trained(way: str, counts: Mapping[str, int], target: Target) -> float:
    """Return the rows that models are trained on, for each row of a training part."""
    if way == THRESHOLD:
        return 0.0
    if way == NONE:
        return N_INNER_FOLDS * (1 - 1 / N_INNER_FOLDS) + 1.0
    strategy = strategy_named(way)
    if way == WEIGHTS or not strategy.takes_target or target.counts:
        return 1.0 if not strategy.grows else _grown(counts, target)
    try:
        wanted = plan_counts(counts, target, strategy)
    except ConfigError:
        return 1.0
    searching = 1.0 if not strategy.streams else 0.0
    return searching + sum(wanted.values()) / sum(counts.values())


def _grown(counts: Mapping[str, int], target: Target) -> float:
    if target.counts:
        return max(1.0, sum(target.counts.get(name, n) for name, n in counts.items()) / sum(counts.values()))
    return 1 + math.ceil(max(counts.values()) / target.cap) * len(counts) / sum(counts.values())
