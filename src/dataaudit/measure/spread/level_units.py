"""Levels of a category whose rows stand in another unit than all others: found as a split's is, told by the level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.drift import Drift
from dataaudit.measure.shifts.column_pair import ColumnPair
from dataaudit.measure.shifts.compared_columns import LEAST_BEFORE, seen_drift
from dataaudit.measure.shifts.conversions import Conversion
from dataaudit.measure.shifts.curves import FloatArray, centre_and_spread, noise_of_distance
from dataaudit.measure.shifts.fits import moved_into_train
from dataaudit.measure.shifts.units import FEWEST_VALUES, Tried, best_conversion, conversions_tried
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
    """One value of a category: a row that has it, and which of the rows looked at do."""

    column: str
    row: int
    is_it: BoolArray


@dataclass(frozen=True)
class _Found:
    drift: Drift
    pair: ColumnPair
    tried: Tried


def measure_level_units(facts: Facts) -> tuple[UnitOfALevel, ...]:
    """Compare the rows of every level with all others of train, on at most 6,000 rows."""
    train = facts.shifts.split_rows["train"]
    numbers = [c for c in facts.features if c.kind in (Kind.NUMERIC, Kind.DATETIME) and c.name in train.cells]
    numbers = [c for c in numbers[:MOST_NUMBERS] if np.isfinite(train.cells[c.name]).any()]
    levels = _levels(facts) if numbers and train.n_rows >= 2 * FEWEST_ROWS else []
    if not levels:
        return ()
    moved = _moved([train.cells[column.name] for column in numbers], [level.is_it for level in levels])
    n_pairs = len(numbers) * len(levels)
    found: list[UnitOfALevel] = []
    for place, column in enumerate(numbers):
        found += _of_column(facts, column, levels, moved[:, place], n_pairs)
    return tuple(found)


def _of_column(
    facts: Facts, column: ColumnInfo, levels: list[_Level], moved: FloatArray, n_pairs: int
) -> Iterator[UnitOfALevel]:
    """Yield at most one level of each category: of two that say the same, the one with fewer rows."""
    train, is_date = facts.shifts.split_rows["train"], column.kind is Kind.DATETIME
    cells = train.cells[column.name]
    least = LEAST_MOVED_OF_DATES if is_date else LEAST_MOVED
    best: dict[str, tuple[_Level, _Found]] = {}
    for level, by in zip(levels, moved, strict=True):
        if abs(by) < least:
            continue
        one = compare_level(column.name, cells, level.is_it, n_pairs, is_date=is_date)
        if one is not None and (level.column not in best or one.pair.sizes[1] < best[level.column][1].pair.sizes[1]):
            best[level.column] = level, one
    for level, one in best.values():
        yield UnitOfALevel(
            column.name,
            level.column,
            _text_of(facts, level),
            one.tried.conversion,
            one.drift.effect,
            one.tried.after,
            noise_of_distance(*one.pair.sizes),
            one.drift.p_value * n_pairs,
            one.pair.sizes[1],
            one.pair.sizes[0],
            train.sampled,
        )


def compare_level(name: str, cells: FloatArray, is_it: BoolArray, n_pairs: int, *, is_date: bool) -> _Found | None:
    """Return the conversion that makes all other rows' numbers those of the level, None if there is none."""
    pair = ColumnPair(cells[~is_it], cells[is_it])
    if min(pair.sizes) < FEWEST_ROWS or len(np.unique(pair.other)) < FEWEST_VALUES:
        return None
    drift = seen_drift(name, "train", pair)
    if drift.effect < LEAST_BEFORE or drift.p_value * n_pairs >= ALPHA:
        return None
    tried = best_conversion(drift, list(conversions_tried(pair, drift.effect, is_date=is_date)))
    noise = noise_of_distance(*pair.sizes)
    if tried is None or tried.after > min(MOST_AFTER_EVER, max(MOST_AFTER, noise)):
        return None
    if tried.conversion.kind != "swap" and not _is_spread_alike(pair, tried.conversion):
        return None
    return _Found(drift, pair, tried)


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
    train = facts.shifts.split_rows["train"]
    # Contexts are no features, and so are not among the cells that were fetched.
    coded = {name: train.cells[name] for name in names if name in train.cells}
    others = [name for name in names if name not in coded]
    for run in chunks(others, COLUMNS_PER_STATEMENT):
        listed = ", ".join(f"CAST({facts.dataset.sql_name(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(run))
        arrays = facts.dataset.engine.arrays(f"SELECT {listed} FROM {train.relation} ORDER BY row")
        coded |= {name: _coded(arrays[f"c{i}"]) for i, name in enumerate(run)}
    return [level for name in names for level in _common_levels(name, coded[name], train.rows)]


def _coded(cells: NDArray[np.generic]) -> FloatArray:
    """Return a number per text, NaN where it is missing."""
    missing = np.ma.getmaskarray(cells)
    codes = np.full(len(missing), np.nan)
    codes[~missing] = np.unique(np.ma.getdata(cells)[~missing].astype(np.str_), return_inverse=True)[1]
    return codes


def _common_levels(name: str, codes: FloatArray, rows: NDArray[np.int64]) -> list[_Level]:
    values, places, counts = np.unique(codes, return_index=True, return_counts=True)
    fewest = max(FEWEST_ROWS, LEAST_SHARE * len(codes))
    return [
        _Level(name, int(rows[place]), codes == value)
        for value, place, n in zip(values, places, counts, strict=True)
        if not np.isnan(value) and fewest <= n <= len(codes) - FEWEST_ROWS
    ]


def _text_of(facts: Facts, level: _Level) -> str:
    """Return the level as it is written."""
    cell = facts.dataset.sql_name(level.column)
    [(text,)] = facts.dataset.engine.rows(f"SELECT CAST({cell} AS VARCHAR) FROM train WHERE row = {level.row}")
    return str(text)
