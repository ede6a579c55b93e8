"""Levels of a category whose rows stand in another unit than all others: found as a split's is, told by the level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.shifts.column_pair import ColumnPair
from dataaudit.measure.shifts.compared_columns import seen_drift
from dataaudit.measure.shifts.conversions import Conversion
from dataaudit.measure.shifts.curves import FloatArray, centre_and_spread, noise_of_distance
from dataaudit.measure.shifts.fits import moved_into_train
from dataaudit.measure.shifts.units import LEAST_BEFORE, best_conversion, conversions_tried
from dataaudit.model import ColumnInfo, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_LEVELS, FEWEST_ROWS, LEAST_SHARE = 20, 30, 0.02
MOST_COLUMNS_OF_LEVELS, MOST_NUMBERS, COLUMNS_PER_STATEMENT = 40, 200, 500
ALPHA = 0.005
# A cheap look first: another unit moves nearly every value past nearly all others; dates only change places.
LEAST_MOVED, LEAST_MOVED_OF_DATES = 0.35, 0.02
# Levels differ by nature, so more is asked than of a split: nearer curves, and spreads alike.
MOST_AFTER, MOST_AFTER_EVER, MOST_SPREAD_OFF = 0.07, 0.15, 0.2
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class UnitOfALevel:
    """The conversion that makes the numbers of all other rows those of a level.

    Attributes
    ----------
    column : str
        The number or time.
    level_column, level : str
        The category, and its value, as text.
    distance_before, distance_after : float
        Of the curves of the level's rows and all others', as they stand and once undone.
    chance : float
        Of the distance before, times all pairs of column and level that were looked at.
    n_level, n_others : int
        Rows of the level and others that have a number, of those looked at.
    """

    column: str
    level_column: str
    level: str
    conversion: Conversion
    distance_before: float
    distance_after: float
    noise_after: float
    chance: float
    n_level: int
    n_others: int
    sampled: bool = False


@dataclass(frozen=True)
class _Level:
    column: str
    value: str
    is_it: BoolArray


def measure_level_units(facts: Facts) -> tuple[UnitOfALevel, ...]:
    """Compare the rows of every level with all others of train, on at most 6,000 rows."""
    train = facts.shifts.split_rows["train"]
    numbers = [c for c in facts.features if c.kind in (Kind.NUMERIC, Kind.DATETIME) and c.name in train.cells]
    numbers = [c for c in numbers[:MOST_NUMBERS] if np.isfinite(train.cells[c.name]).any()]
    levels = _levels(facts) if numbers and train.n_rows >= 2 * FEWEST_ROWS else []
    if not levels:
        return ()
    moved = _moved([train.cells[column.name] for column in numbers], [level.is_it for level in levels])
    found = [
        one
        for place, column in enumerate(numbers)
        for one in _of_column(
            column, train.cells[column.name], levels, moved[:, place], len(numbers) * len(levels), train.sampled
        )
    ]
    return tuple(found)


def _of_column(
    column: ColumnInfo, cells: FloatArray, levels: list[_Level], moved: FloatArray, n_pairs: int, sampled: bool
) -> Iterator[UnitOfALevel]:
    """Yield at most one level of each category: of two that say the same, the one with fewer rows."""
    is_date = column.kind is Kind.DATETIME
    least = LEAST_MOVED_OF_DATES if is_date else LEAST_MOVED
    best: dict[str, UnitOfALevel] = {}
    for level, by in zip(levels, moved, strict=True):
        if abs(by) < least:
            continue
        one = _compared(column.name, cells, level, n_pairs, is_date=is_date, sampled=sampled)
        if one is not None and (level.column not in best or one.n_level < best[level.column].n_level):
            best[level.column] = one
    yield from best.values()


def _compared(
    name: str, cells: FloatArray, level: _Level, n_pairs: int, *, is_date: bool, sampled: bool
) -> UnitOfALevel | None:
    pair = ColumnPair(cells[~level.is_it], cells[level.is_it])
    if min(pair.sizes) < FEWEST_ROWS:
        return None
    drift = seen_drift(name, "train", pair)
    chance = drift.p_value * n_pairs
    if drift.effect < LEAST_BEFORE or chance >= ALPHA:
        return None
    tried = best_conversion(drift, list(conversions_tried(pair, drift.effect, is_date=is_date)))
    noise = noise_of_distance(*pair.sizes)
    if tried is None or tried.after > min(MOST_AFTER_EVER, max(MOST_AFTER, noise)):
        return None
    if tried.conversion.kind != "swap" and not _is_spread_alike(pair, tried.conversion):
        return None
    return UnitOfALevel(
        name,
        level.column,
        level.value,
        tried.conversion,
        drift.effect,
        tried.after,
        noise,
        chance,
        pair.sizes[1],
        pair.sizes[0],
        sampled,
    )


def _is_spread_alike(pair: ColumnPair, conversion: Conversion) -> bool:
    ours, theirs, _ = moved_into_train(pair, conversion)
    spread, other_spread = centre_and_spread(ours)[1], centre_and_spread(theirs)[1]
    if spread <= 0 or other_spread <= 0:
        return False
    # A standard deviation's own error is its part of 1 / sqrt(2 n).
    return abs(math.log(spread / other_spread)) <= MOST_SPREAD_OFF + 2 / math.sqrt(2 * min(pair.sizes))


def _moved(cells: list[FloatArray], levels: list[BoolArray]) -> FloatArray:
    """Return for every level and column how much oftener than half a row of the level exceeds another."""
    ranks = np.column_stack([_centred_ranks(column) for column in cells])
    present = np.column_stack([np.isfinite(column) for column in cells]).astype(np.float64)
    is_level = np.vstack(levels).astype(np.float64)
    within, n_within = is_level @ ranks, is_level @ present
    outside, n_outside = ranks.sum(axis=0) - within, present.sum(axis=0) - n_within
    moved: FloatArray = within / np.maximum(1, n_within) - outside / np.maximum(1, n_outside)
    return moved


def _centred_ranks(cells: FloatArray) -> FloatArray:
    """Return the middle rank of every cell as a share, less a half; 0 where it is missing."""
    present = np.isfinite(cells)
    _, place, counts = np.unique(cells[present], return_inverse=True, return_counts=True)
    ranks = np.zeros(len(cells))
    ranks[present] = (np.cumsum(counts) - counts / 2)[place] / max(1, int(present.sum())) - 0.5
    return ranks


def _levels(facts: Facts) -> list[_Level]:
    """Return the levels, common enough, of contexts and of categories with few of them."""
    names = [
        column.name
        for column in facts.info.with_role(Role.CONTEXT, Role.FEATURE)
        if column.kind in (Kind.CATEGORICAL, Kind.BOOLEAN)
        if column.name in facts.tables and len(facts.tables[column.name].keys) <= MOST_LEVELS + 1
    ][:MOST_COLUMNS_OF_LEVELS]
    relation = facts.shifts.split_rows["train"].relation
    found = []
    for run in chunks(names, COLUMNS_PER_STATEMENT):
        listed = ", ".join(f"CAST({facts.dataset.sql_name(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(run))
        arrays = facts.dataset.engine.arrays(f"SELECT {listed} FROM {relation} ORDER BY row")
        for i, name in enumerate(run):
            found += _common_levels(name, arrays[f"c{i}"])
    return found


def _common_levels(name: str, cells: NDArray[np.generic]) -> list[_Level]:
    present = ~np.ma.getmaskarray(cells)
    texts = np.where(present, np.ma.getdata(cells), "").astype(np.str_)
    values, place, counts = np.unique(texts, return_inverse=True, return_counts=True)
    fewest = max(FEWEST_ROWS, LEAST_SHARE * len(texts))
    return [
        _Level(name, str(value), place == i)
        for i, (value, n) in enumerate(zip(values, counts, strict=True))
        if value and fewest <= n <= len(texts) - FEWEST_ROWS
    ]
