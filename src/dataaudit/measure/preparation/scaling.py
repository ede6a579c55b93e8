"""Columns whose statistics over all splits are those that a scaler leaves behind, while train's are not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from dataaudit.intervals import normal_tail
from dataaudit.measure.preparation.pools import Moments, float_features, moments_of, pools
from dataaudit.measure.preparation.precision import (
    ERROR_FLOAT32,
    ERROR_FLOAT64,
    FloatArray,
    Precision,
    most_half_widths,
    stored_precision,
)

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

Method = Literal["standard", "min-max", "max-abs", "robust"]

TOLERANCE_FACTOR = 4.0
# A grid coarser than this hides whatever a scaler left.
COARSEST_HALF_WIDTH = 0.05
# The ends of a range are stored as they are; computing them costs a few units in the last place.
RANGE_ERROR = 1e-9
RANGE_ERROR_FLOAT32 = 1e-6
ROWS_OF_FIRST_LOOK = 64
ROWS_TO_LOOK_AT = 5_000
MOST_STEPS = 50
LEAST_COLUMNS_OF_COMMON_STEP = 3
# Robust scalers: how many standard errors of the sample's quantiles a column may be off, and how many columns are asked
# for their exact quantiles.
NEAR_ROBUST = 5.0
MOST_ROBUST = 20


@dataclass(frozen=True)
class Scaling:
    """One column that is scaled by these splits together.

    Attributes
    ----------
    location, spread : float
        What the method sets, over all rows of the splits: mean and standard deviation (the better of both degrees of
        freedom), minimum and maximum, 0 and the largest absolute value, or median and distance of the quartiles.
    location_train, spread_train : float
        The same in train alone.
    miss, miss_train : float
        How far they lie from what the method sets, the larger of both.
    tolerance : float
        How far they may lie off for the rounding of the stored values.
    half_width : float
        Half the distance of neighbouring numbers that could be stored.
    chance : float
        How likely a column that has this location and spread by nature comes so near in all rows and not in train.
    step : float
        Smallest distance of different values in the sample, 0 if unknown.
    """

    column: str
    location: float
    spread: float
    location_train: float
    spread_train: float
    miss: float
    miss_train: float
    tolerance: float
    half_width: float
    chance: float
    n_rows: int
    n_train: int
    step: float = 0.0


@dataclass(frozen=True)
class ScalingTry:
    """What one method, fitted on these splits together, would explain.

    Attributes
    ----------
    target : tuple of float
        The location and spread that the method sets.
    n_near : int
        Columns that come near it in all rows.
    n_exact : int
        Columns that meet it within their tolerance, in train too or not.
    found : tuple of Scaling
        Columns that meet it in all rows and miss it in train.
    common_step : float or None
        The step that most columns near it share: then a constant scaled them all, such as 1/255.
    """

    method: Method
    splits: tuple[str, ...]
    target: tuple[float, float]
    n_near: int
    n_exact: int
    found: tuple[Scaling, ...]
    common_step: float | None = None
    sampled: bool = False


def measure_scalings(facts: Facts) -> tuple[ScalingTry, ...]:
    """Try every method on every group of splits; what the survey knows decides which columns are looked at."""
    columns = {column.name: pools(facts, column.name) for column in float_features(facts)}
    tries: list[ScalingTry] = []
    for splits in dict.fromkeys(splits for listed in columns.values() for splits in listed):
        both = {}
        for name, listed in columns.items():
            pooled, train = moments_of(facts, name, splits), moments_of(facts, name, ("train",))
            if splits in listed and pooled is not None and train is not None and pooled.squares > 0:
                both[name] = (pooled, train)
        tries.append(_standard(facts, splits, both))
        tries += [_range(facts, splits, both, low) for low in (0.0, -1.0)]
        tries.append(_max_abs(facts, splits, both))
        tries.append(_robust(facts, splits, both))
    return tuple(tried for tried in tries if tried.n_exact)


Both = dict[str, tuple[Moments, Moments]]


def _standard(facts: Facts, splits: tuple[str, ...], both: Both) -> ScalingTry:
    misses = {name: (_standard_miss(pooled), _standard_miss(train)) for name, (pooled, train) in both.items()}
    most = TOLERANCE_FACTOR * COARSEST_HALF_WIDTH
    near = {name: miss for name, (miss, _) in misses.items() if miss <= most}
    n_exact, found = 0, []
    for name, precision in _precisions(facts, near).items():
        pooled, train = both[name]
        miss, miss_train = misses[name]
        tolerance = _mean_tolerance(facts, name, precision, pooled.n)
        if precision.half_width > COARSEST_HALF_WIDTH or miss > tolerance:
            continue
        n_exact += 1
        if miss_train > tolerance:
            ddof = _best_ddof(pooled)
            marks = ((pooled.mean, pooled.sd(ddof)), (train.mean, train.sd(ddof)))
            found.append(_of_moments(name, both[name], marks, (miss, miss_train), tolerance, precision))
    return ScalingTry("standard", splits, (0.0, 1.0), len(near), n_exact, tuple(found))


def _of_moments(
    name: str,
    pair: tuple[Moments, Moments],
    marks: tuple[tuple[float, float], tuple[float, float]],
    misses: tuple[float, float],
    tolerance: float,
    precision: Precision,
) -> Scaling:
    """Return what was found of a column: location and spread, and how far they are off, in all rows and in train."""
    pooled, train = pair
    chance = chance_of_scale(tolerance, pooled.n, train.n)
    return Scaling(name, *marks[0], *marks[1], *misses, tolerance, precision.half_width, chance, pooled.n, train.n)


def _best_ddof(moments: Moments) -> int:
    return 0 if abs(moments.sd(0) - 1) <= abs(moments.sd(1) - 1) else 1


def _standard_miss(moments: Moments) -> float:
    return max(abs(moments.mean), abs(moments.sd(_best_ddof(moments)) - 1))


def _precisions(facts: Facts, misses: Mapping[str, float]) -> dict[str, Precision]:
    """Return the precision of the columns whose miss it could explain: a few rows tell most of the others apart."""
    if not misses:
        return {}
    # The variance is 1, so the root of the sum of squared shares, each times its value, is below that of 2.
    factor = TOLERANCE_FACTOR * math.sqrt(2 / 3)
    widths = dict(zip(misses, most_half_widths(_first_look(facts, list(misses))).tolist(), strict=True))
    return {
        name: stored_precision(facts.sample.numeric[name]) if width else Precision(0.0, ERROR_FLOAT64)
        for name, width in widths.items()
        if misses[name] <= factor * width + ERROR_FLOAT32
    }


def _first_look(facts: Facts, names: Sequence[str]) -> FloatArray:
    n_rows = facts.sample.n_rows
    places = np.linspace(0, n_rows - 1, min(n_rows, ROWS_OF_FIRST_LOOK)).astype(np.int64)
    return np.column_stack([facts.sample.numeric[name][places] for name in names])


def _mean_tolerance(facts: Facts, name: str, precision: Precision, n_rows: int) -> float:
    """Return 4 standard errors of what rounding each different value does to the mean or the standard deviation.

    A value that stands in a share f of the rows is rounded once, so the
    errors add up like sqrt(sum of f^2); in the standard deviation each is
    multiplied by the value.
    """
    if precision.half_width == 0:
        return precision.floor
    values = _present(facts, name)
    different, counts = np.unique(values, return_counts=True)
    n = len(values)
    weights = np.maximum(1.0, different**2)
    pairs = float((counts * (counts - 1.0) * weights).sum()) / max(1.0, n * (n - 1.0))
    concentration = pairs + float((counts * weights).sum()) / n / n_rows
    return TOLERANCE_FACTOR * precision.half_width * math.sqrt(concentration / 3) + precision.floor


def _present(facts: Facts, name: str) -> FloatArray:
    values = facts.sample.numeric[name][:ROWS_TO_LOOK_AT]
    return values[~np.isnan(values)]


def chance_of_scale(tolerance: float, n_rows: int, n_train: int) -> float:
    """Return how likely a column of mean 0 and sd 1 by nature has them to the tolerance in all rows, not in train.

    For normal values: the mean of n rows has the standard error 1 / sqrt(n), the standard deviation 1 / sqrt(2 n);
    two degrees of freedom are tried. That train misses by three tolerances is more likely the fewer the other rows.

    >>> chance_of_scale(1e-8, 1000, 700) < 1e-12, chance_of_scale(0.1, 1000, 990) < 1e-6
    (True, True)
    """
    within_mean = 1 - 2 * normal_tail(tolerance * math.sqrt(n_rows))
    within_sd = min(1.0, 2 * (1 - 2 * normal_tail(tolerance * math.sqrt(2 * n_rows))))
    apart = 1 / n_train - 1 / n_rows
    if apart <= 0:
        return 0.0
    beyond = 2 * normal_tail(2 * tolerance / math.sqrt(apart)) + 2 * normal_tail(2 * tolerance / math.sqrt(apart / 2))
    return within_mean * within_sd * min(1.0, beyond)


def _range(facts: Facts, splits: tuple[str, ...], both: Both, low: float) -> ScalingTry:
    def miss(moments: Moments) -> float:
        return max(abs(moments.minimum - low), abs(moments.maximum - 1.0))

    inside = {
        name: pair
        for name, pair in both.items()
        if pair[0].minimum >= low - RANGE_ERROR_FLOAT32 and pair[0].maximum <= 1 + RANGE_ERROR_FLOAT32
    }
    tried = ScalingTry("min-max", splits, (low, 1.0), len(inside), 0, ())
    exact = {name: pair for name, pair in inside.items() if miss(pair[0]) <= RANGE_ERROR_FLOAT32}
    found = [
        _range_scaling(facts, name, pair, miss(pair[0]), miss(pair[1]), (pair[1].minimum, pair[1].maximum))
        for name, pair in exact.items()
        if miss(pair[1]) > RANGE_ERROR_FLOAT32
    ]
    return _with_steps(facts, replace(tried, n_exact=len(exact), found=tuple(found)), list(exact))


def _max_abs(facts: Facts, splits: tuple[str, ...], both: Both) -> ScalingTry:
    inside = {name: pair for name, pair in both.items() if pair[0].largest <= 1 + RANGE_ERROR_FLOAT32}
    exact = {name: pair for name, pair in inside.items() if abs(pair[0].largest - 1) <= RANGE_ERROR_FLOAT32}
    found = [
        _range_scaling(facts, name, pair, abs(pair[0].largest - 1), abs(pair[1].largest - 1), (0.0, pair[1].largest))
        for name, pair in exact.items()
        if abs(pair[1].largest - 1) > RANGE_ERROR_FLOAT32
    ]
    tried = ScalingTry("max-abs", splits, (0.0, 1.0), len(inside), len(exact), tuple(found))
    return _with_steps(facts, tried, list(exact))


def _range_scaling(
    facts: Facts,
    name: str,
    pair: tuple[Moments, Moments],
    miss: float,
    miss_train: float,
    in_train: tuple[float, float],
) -> Scaling:
    pooled, train = pair
    precision = stored_precision(facts.sample.numeric[name])
    tolerance = RANGE_ERROR_FLOAT32 if precision.floor > RANGE_ERROR_FLOAT32 else RANGE_ERROR
    return Scaling(
        name,
        pooled.minimum,
        pooled.maximum,
        *in_train,
        miss,
        miss_train,
        tolerance,
        precision.half_width,
        # If the outermost row of an end is any row, it lies outside train this often.
        1 - train.n / pooled.n,
        pooled.n,
        train.n,
    )


def _with_steps(facts: Facts, tried: ScalingTry, exact: list[str]) -> ScalingTry:
    """Add the smallest distance of values in every column found, and the one that most columns share."""
    if not tried.found:
        return tried
    names = [scaling.column for scaling in tried.found]
    rest = [name for name in exact if name not in set(names)][:MOST_STEPS]
    steps = {name: _step(_present(facts, name)) for name in (*names, *rest)}
    found = tuple(replace(scaling, step=steps[scaling.column]) for scaling in tried.found)
    # A scaler of its own gives every column another step; only steps of a grid can be shared.
    [(commonest, n)] = Counter(f"{step:.6e}" for step in steps.values()).most_common(1)
    is_common = n >= LEAST_COLUMNS_OF_COMMON_STEP and 2 * n > len(steps) and not _is_decimal(float(commonest))
    return replace(tried, found=found, common_step=float(commonest) if is_common else None)


def _is_decimal(step: float) -> bool:
    """Tell whether a step is that of rounding to decimals: 0.1, 0.01, ..."""
    return step > 0 and f"{step:.5e}".startswith("1.00000")


def _step(values: FloatArray) -> float:
    gaps = np.diff(np.unique(values))
    gaps = gaps[gaps > 1e-12]
    return float(gaps.min()) if len(gaps) else 0.0


def _robust(facts: Facts, splits: tuple[str, ...], both: Both) -> ScalingTry:
    n_near, n_exact, found = 0, 0, []
    for name, (pooled, train) in both.items():
        if n_near == MOST_ROBUST or not pooled.minimum < 0 < pooled.maximum or not _is_near_robust(facts, name):
            continue
        n_near += 1
        precision = stored_precision(facts.sample.numeric[name])
        tolerance = 2 * precision.half_width + precision.floor
        middle = math.nan
        if precision.half_width <= COARSEST_HALF_WIDTH:
            middle = _quantile(facts, name, splits, pooled.n, 0.5)
        if not abs(middle) <= tolerance:
            continue
        low, high = (_quantile(facts, name, splits, pooled.n, level) for level in (0.25, 0.75))
        quantiles = [low, middle, high]
        in_train = [_quantile(facts, name, ("train",), train.n, level) for level in (0.25, 0.5, 0.75)]
        miss, miss_train = _robust_miss(quantiles), _robust_miss(in_train)
        if math.isnan(miss) or miss > tolerance:
            continue
        n_exact += 1
        if miss_train > tolerance:
            marks = ((middle, high - low), (in_train[1], in_train[2] - in_train[0]))
            found.append(_of_moments(name, (pooled, train), marks, (miss, miss_train), tolerance, precision))
    return ScalingTry("robust", splits, (0.0, 1.0), n_near, n_exact, tuple(found))


def _robust_miss(quantiles: Sequence[float]) -> float:
    """Return how far median and quartiles are off, NaN if one of them was not found."""
    return float(np.max(np.abs([quantiles[1], quantiles[2] - quantiles[0] - 1])))


def _is_near_robust(facts: Facts, name: str) -> bool:
    """Tell whether the sample's median and quartiles may be those of a column with median 0 and quartiles 1 apart."""
    quantiles = facts.quantiles.get(name)
    if quantiles is None:
        return False
    within = NEAR_ROBUST * 1.6 / math.sqrt(max(1, quantiles.n_rows))
    return abs(quantiles.at(0.5)) <= within and abs(quantiles.at(0.75) - quantiles.at(0.25) - 1) <= within


def _quantile(facts: Facts, name: str, splits: Sequence[str], n_rows: int, level: float) -> float:
    """Return the exact quantile (linear between rows) over all rows of the splits: NaN if the sample misled the search.

    The sample says between which values to look, so that few rows have to be sorted.
    """
    cell, engine = facts.dataset.sql_name(name), facts.dataset.engine
    values = facts.sample.numeric[name]
    values = values[~np.isnan(values)]
    slack = NEAR_ROBUST * math.sqrt(level * (1 - level) / len(values))
    low, high = (float(x) for x in np.quantile(values, [max(0.0, level - slack), min(1.0, level + slack)]))
    low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    every = " UNION ALL ".join(f"SELECT {cell} AS cell FROM {split}" for split in splits)
    lowest, highest = f"CAST('{low!r}' AS DOUBLE)", f"CAST('{high!r}' AS DOUBLE)"
    n_below = int(engine.rows(f"SELECT count_if(cell < {lowest}) FROM ({every})")[0][0] or 0)
    place = (n_rows - 1) * level
    first = math.floor(place) - n_below
    if first < 0:
        return math.nan
    between = f"SELECT cell FROM ({every}) WHERE cell >= {lowest} AND cell <= {highest}"
    rows = engine.rows(f"{between} ORDER BY cell LIMIT 2 OFFSET {first}")
    if not rows or (len(rows) < 2 and place > math.floor(place)):
        return math.nan
    return float(rows[0][0]) + (place - math.floor(place)) * (float(rows[-1][0]) - float(rows[0][0]))
