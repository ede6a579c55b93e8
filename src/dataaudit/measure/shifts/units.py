"""Columns whose numbers in another split are those of train in another unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.measure.drift import Drift
from dataaudit.measure.shifts.column_pair import ColumnPair
from dataaudit.measure.shifts.compared_columns import LEAST_BEFORE, ColumnRole, compared_columns
from dataaudit.measure.shifts.conversions import AFFINES, FACTORS, LOGS, SIGN, SWAP, TENS, Conversion
from dataaudit.measure.shifts.curves import curve_distance, noise_of_distance, snapped
from dataaudit.measure.shifts.fits import (
    fits_affine,
    fits_factor,
    fits_sign,
    moved_into_train,
    with_day_and_month_swapped,
)

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

LEAST_BEFORE_OF = {"affine": 0.8, "log": 0.5, "exp": 0.5}
MOST_AFTER = 0.1
# Undone, a small table's curves may be this far apart at most, and this share of what they were.
MOST_AFTER_EVER = 0.25
# What a factor has, a narrow estimate of its own, these have not: only the curves speak for them.
MOST_AFTER_OF = {"affine": 0.15, "log": 0.15, "exp": 0.15, "sign": 0.15}
MOST_AFTER_OF_BEFORE = 0.5
# So much nearer must what takes more words to say come than what takes fewer.
CLEARLY_NEARER = 0.05
FEWEST_VALUES = 3
# A factor explains nothing where signs differ.
LEAST_POSITIVE = 0.9
NEAR_MANY, MOST_AFTER_NEAR_MANY = ("x 10", "/ 10"), 0.02
WORDS = {"sign": 0, "swap": 0, "ten": 0, "factor": 1, "affine": 2, "log": 2, "exp": 2}


@dataclass(frozen=True)
class ConvertedColumn:
    """The conversion that turns the numbers of train into those of a split.

    Attributes
    ----------
    distance_before : float
        Distance of the curves as they stand, over all rows.
    distance_before_lower, p_value_before : float
        Its lower 95 % bound, and the chance of it in a random split.
    distance_after : float
        Distance once the conversion is undone, on rows of both.
    noise_after : float
        What a random split of so many rows exceeds once in a hundred.
    lands_on_grid : bool
        Whether undone values lie on the decimals of train, which those of another factor would not.
    n_columns : int
        Columns of the split that were compared.
    role : {"feature", "label", "time"}
    zeros_left_out : bool
        Whether only the cells that are not 0 were compared, for there are many that are.
    """

    column: str
    split: str
    conversion: Conversion
    distance_before: float
    distance_before_lower: float
    p_value_before: float
    distance_after: float
    noise_after: float
    lands_on_grid: bool
    n_columns: int
    n_train: int
    n_other: int
    n_train_seen: int
    n_other_seen: int
    sampled: bool = False
    role: ColumnRole = "feature"
    zeros_left_out: bool = False


@dataclass(frozen=True)
class Tried:
    """A conversion, the distance that is left once it is undone, and whether the decimals prove it."""

    conversion: Conversion
    after: float
    on_grid: bool = False

    @property
    def n_words(self) -> int:
        """How much it takes to say."""
        return WORDS[self.conversion.kind]


def measure_unit_changes(facts: Facts) -> dict[str, dict[str, ConvertedColumn]]:
    """Look for a conversion in every number and time that surely drifted; clean columns are not looked at."""
    splits = [split for split in facts.info.splits if split.name != "train"]
    return {
        split.name: {change.column: change for change in _changes(facts, split.name, len(splits))} for split in splits
    }


def _changes(facts: Facts, split: str, n_splits: int) -> Iterator[ConvertedColumn]:
    n_columns, compared = compared_columns(facts, split, n_splits)
    for one in compared:
        drift, pair = one.drift, one.pair
        found = best_conversion(drift, list(conversions_tried(pair, drift.effect, is_date=one.is_date)))
        # Of a time that was declared, the splits differ as they should: only its days and months are looked at.
        if found is None or (one.role == "time" and found.conversion is not SWAP):
            continue
        rows = facts.shifts.split_rows
        yield ConvertedColumn(
            drift.column,
            split,
            found.conversion,
            drift.effect,
            drift.lower,
            drift.p_value,
            found.after,
            noise_of_distance(*pair.sizes),
            found.on_grid,
            n_columns,
            drift.n_train,
            drift.n_other,
            *pair.sizes,
            rows["train"].sampled or rows[split].sampled,
            one.role,
            one.zeros_left_out,
        )


def conversions_tried(pair: ColumnPair, before: float, *, is_date: bool) -> Iterator[Tried]:
    """Yield the conversions whose location and spread agree, with the distance after each is undone."""
    if is_date:
        yield Tried(SWAP, curve_distance(pair.train, with_day_and_month_swapped(pair.other)))
    if pair.n_values < FEWEST_VALUES:
        return
    yield from _factors(pair)
    if not is_date:
        yield from _others(pair, before)


def _factors(pair: ColumnPair) -> Iterator[Tried]:
    for conversion in (*TENS, *FACTORS):
        fits, on_grid = fits_factor(pair, conversion)
        if not fits:
            continue
        after = _distance_after(pair, conversion)
        # Many factors lie near 10: of them the curves must leave no trace.
        if conversion.name not in NEAR_MANY or after <= max(MOST_AFTER_NEAR_MANY, noise_of_distance(*pair.sizes)):
            yield Tried(conversion, after, on_grid)


def _others(pair: ColumnPair, before: float) -> Iterator[Tried]:
    most = _after_any_factor(pair) - CLEARLY_NEARER
    yield from (one for one in _curved(pair, before) if one.after < most)
    if (after := _distance_after(pair, SIGN)) <= MOST_AFTER_EVER and fits_sign(pair, after):
        yield Tried(SIGN, after)


def _curved(pair: ColumnPair, before: float) -> Iterator[Tried]:
    """Yield the conversions that are no factor; none is named where some factor does nearly as well."""
    for conversion in AFFINES:
        if fits_affine(pair, conversion):
            yield Tried(conversion, _distance_after(pair, conversion))
    if before >= LEAST_BEFORE_OF["log"]:
        for conversion in LOGS:
            yield Tried(conversion, _distance_after(pair, conversion))


def _after_any_factor(pair: ColumnPair) -> float:
    """Return how far the curves lie apart once the factor is undone that fits best, whatever it is."""
    scale = pair.log_scale
    if scale is None or min((pair.train > 0).mean(), (pair.other > 0).mean()) < LEAST_POSITIVE:
        return math.inf
    return _distance_after(pair, Conversion("any", "factor", math.exp(scale.factor)))


def _distance_after(pair: ColumnPair, conversion: Conversion) -> float:
    """Return how far the curves lie apart once a conversion is undone."""
    train, other, half_widths = moved_into_train(pair, conversion)
    if not len(train) or not len(other):
        return 1.0
    return curve_distance(train, snapped(other, train, half_widths))


def best_conversion(drift: Drift, tried: list[Tried]) -> Tried | None:
    """Return the conversion that takes fewest words, None if none brings the curves together or two do alike."""
    noise = noise_of_distance(drift.n_train, drift.n_other)
    most = min(MOST_AFTER_EVER, MOST_AFTER_OF_BEFORE * drift.effect, max(MOST_AFTER, noise))
    near = [
        one
        for one in tried
        if one.after <= min(most, MOST_AFTER_OF.get(one.conversion.kind, MOST_AFTER_EVER))
        and drift.effect >= LEAST_BEFORE_OF.get(one.conversion.kind, LEAST_BEFORE)
    ]
    # Sorting keeps the order of the lists, in which the commoner comes first.
    sure = sorted([one for one in near if one.on_grid] or near, key=lambda one: one.n_words)
    if not sure:
        return None
    best = sure[0]
    for one in sure[1:]:
        if one.after < best.after - CLEARLY_NEARER:
            best = one
    return None if any(_is_rival(one, best) for one in sure) else best


def _is_rival(one: Tried, best: Tried) -> bool:
    """Tell whether another conversion explains the column as well; ln(x) and ln(1 + x) are none to each other."""
    are_logs = {one.conversion.kind, best.conversion.kind} <= {"log", "exp"}
    as_good = one.n_words == best.n_words and one.after < best.after + CLEARLY_NEARER
    return one is not best and as_good and not are_logs
