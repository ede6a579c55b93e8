"""Whether location and spread of two columns agree with a conversion, before their curves are compared."""

from __future__ import annotations

import math

import numpy as np

from dataaudit.measure.shifts.column_pair import ColumnPair
from dataaudit.measure.shifts.conversions import Conversion
from dataaudit.measure.shifts.curves import FloatArray, curve_distance

# Standard errors within which what was estimated agrees with what is known.
Z = 2.6
# A column may drift by so many standard deviations and still have been converted.
DRIFT_BESIDE = 0.15
# So many errors of its estimate a factor's logarithm may be off; by so much beside them a column may have drifted.
Z_OF_FACTOR, MOST_DRIFT_BESIDE = 3.0, 0.03
# What this window may be at most, so that few other factors are taken for the one named. Many factors lie near 10 and
# near those of usual units, few near 1,000: nothing else makes a column so much larger.
TOLERANCE_OF_TEN = {1: 0.06, 2: 0.35}
TOLERANCE_OF_LARGE_TEN = 0.5
TOLERANCE_OF_FACTOR = 0.03
MOST_ROUNDING = 0.02
# Where the decimals say that it was ten, it may be so wide.
TOLERANCE_WITH_DECIMALS = 0.2
# By how many spreads of the logarithms a factor must move a column: a mean may drift by 2.5, hardly so far as this.
LEAST_MOVE_OF_TEN = 1.5
LEAST_MOVE_OF_FACTOR = 3.0
MOST_SPREAD_OFF = 0.65
MOST_CENTRE_OFF = 0.25
NEARLY_ALL, HARDLY_ANY = 0.95, 0.05
CLEARLY_NEARER = 0.1
DECISIVE = 1.63
# Undone, values lie on the decimals of train within this part of a unit in their last place ...
NEAR_GRID = 1e-4
SHARE_ON_GRID = 0.98
# ... while as they stand they have so many more decimals.
MOST_DECIMALS_OF_GRID = 4
FEWEST_DIFFERENT_ON_GRID = 10

SECONDS_OF_DAY = 86_400


def fits_factor(pair: ColumnPair, conversion: Conversion) -> tuple[bool, bool]:
    """Return whether the sizes agree with a factor, and whether the decimals prove it."""
    scale = pair.log_scale
    if scale is None:
        return False, False
    wanted = math.log(conversion.factor)
    power = abs(round(math.log10(conversion.factor))) if conversion.kind == "ten" else 0
    beside = DRIFT_BESIDE * scale.spread
    window = max(Z_OF_FACTOR * scale.standard_error, beside if power > 1 else min(beside, MOST_DRIFT_BESIDE))
    if abs(scale.factor - wanted) > window + scale.rounding + 1e-9:
        return False, False
    if conversion.kind == "factor" and _lands_on_grid(pair, conversion):
        return True, True
    if conversion.kind == "ten":
        if _is_scaled_to_one(pair, conversion):
            return False, False
        most = TOLERANCE_OF_TEN.get(power, TOLERANCE_OF_LARGE_TEN)
        if window > most and window <= TOLERANCE_WITH_DECIMALS and _moves_decimals(pair, power, conversion.factor):
            most = TOLERANCE_WITH_DECIMALS
        return window <= most and abs(wanted) >= LEAST_MOVE_OF_TEN * scale.spread, False
    is_precise = window <= TOLERANCE_OF_FACTOR and scale.rounding <= MOST_ROUNDING
    return is_precise and abs(wanted) >= LEAST_MOVE_OF_FACTOR * scale.spread, False


def _is_scaled_to_one(pair: ColumnPair, conversion: Conversion) -> bool:
    """Tell whether a side ends at exactly 1 and the other not where the factor takes that: divided by its maximum."""
    ends = [float(np.abs(side).max()) for side in (pair.train * conversion.factor, pair.other)]
    scaled = [float(np.abs(side).max()) == 1.0 for side in (pair.train, pair.other)]
    return any(scaled) and not math.isclose(ends[0], ends[1], rel_tol=1e-6)


def _moves_decimals(pair: ColumnPair, power: int, factor: float) -> bool:
    """Tell whether the other side's last place stands as many places further as a power of ten would move it.

    Of whole numbers the last place may stand before the point: 1,240 and 890 are whole tens.
    """
    ours, theirs = (_last_place(side) for side in (pair.train, pair.other))
    if ours is None or theirs is None or pair.n_values < FEWEST_DIFFERENT_ON_GRID:
        return False
    return theirs - ours == (-power if factor > 1 else power)


def _last_place(values: FloatArray) -> int | None:
    """Return the fewest decimals that hold every value, negative for whole tens; None beyond four.

    >>> _last_place(np.array([20.0, 310.0])), _last_place(np.array([0.5, 3.25]))
    (-1, 2)
    """
    different = np.unique(values)
    for decimals in range(-MOST_DECIMALS_OF_GRID, MOST_DECIMALS_OF_GRID + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = different * 10.0**decimals
            if (np.abs(scaled - np.round(scaled)) <= NEAR_GRID).all():
                return decimals
    return None


def _lands_on_grid(pair: ColumnPair, conversion: Conversion) -> bool:
    """Tell whether undoing a factor gives values with the decimals of train, which no other factor would give."""
    (ours, theirs), values = pair.precisions, np.unique(pair.other)
    decimals = ours.decimals
    if decimals is None or decimals > MOST_DECIMALS_OF_GRID or len(values) < FEWEST_DIFFERENT_ON_GRID:
        return False
    if theirs.decimals is not None and theirs.decimals <= decimals:
        return False
    for factor in (conversion.factor, *conversion.spellings):
        with np.errstate(over="ignore"):
            undone = values / factor * 10.0**decimals
        undone = undone[np.isfinite(undone)]
        if len(undone) and float((np.abs(undone - np.round(undone)) <= NEAR_GRID).mean()) >= SHARE_ON_GRID:
            return True
    return False


def fits_affine(pair: ColumnPair, conversion: Conversion) -> bool:
    """Tell whether median and spread agree with a factor and an offset."""
    (centre, spread), (other_centre, other_spread) = pair.centres
    if spread <= 0 or other_spread <= 0:
        return False
    undone_centre = (other_centre - conversion.offset) / conversion.factor
    undone_spread = other_spread / abs(conversion.factor)
    spread_off = 1.3 * Z * pair.standard_error
    centre_off = max(1.25 * Z * pair.standard_error, MOST_CENTRE_OFF)
    return (
        spread_off <= MOST_SPREAD_OFF
        and abs(math.log(undone_spread / spread)) <= max(spread_off, MOST_CENTRE_OFF)
        and abs(undone_centre - centre) <= centre_off * max(spread, undone_spread)
    )


def fits_sign(pair: ColumnPair, after: float) -> bool:
    """Tell whether a changed sign explains what no shift and no stretching would.

    Either all values changed sides with their sizes kept, or the curve is a mirrored one.
    """
    shares = float((pair.train > 0).mean()), float((pair.other > 0).mean())
    scale = pair.log_scale
    if min(shares) <= HARDLY_ANY and max(shares) >= NEARLY_ALL and scale is not None:
        window = max(Z * scale.standard_error, DRIFT_BESIDE * scale.spread)
        return window <= TOLERANCE_OF_TEN[2] and abs(scale.factor) <= window + 1e-9
    straight = aligned_distance(pair)
    return straight - after >= CLEARLY_NEARER and straight >= DECISIVE * pair.standard_error


def aligned_distance(pair: ColumnPair) -> float:
    """Return how far the curves lie apart once median and spread are made the same."""
    (centre, spread), (other_centre, other_spread) = pair.centres
    if spread <= 0 or other_spread <= 0:
        return 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        ours, theirs = (pair.train - centre) / spread, (pair.other - other_centre) / other_spread
    return curve_distance(np.nan_to_num(ours), np.nan_to_num(theirs))


def moved_into_train(pair: ColumnPair, conversion: Conversion) -> tuple[FloatArray, FloatArray, FloatArray | float]:
    """Return both sides in one unit, and how far rounding may have moved the values of the second."""
    ours, theirs = (precision.half_width for precision in pair.precisions)
    with np.errstate(over="ignore", invalid="ignore"):
        if conversion.kind == "log":
            possible = pair.train[pair.train + conversion.offset > 0]
            if len(possible) < NEARLY_ALL * len(pair.train):
                return np.zeros(0), pair.other, 0.0
            logs = np.log(possible + conversion.offset) / math.log(conversion.factor)
            return logs, pair.other, theirs + 1e-9 * np.abs(pair.other)
        if conversion.kind == "exp":
            possible = pair.other[pair.other + conversion.offset > 0]
            if len(possible) < NEARLY_ALL * len(pair.other):
                return pair.train, np.zeros(0), 0.0
            logs = np.log(possible + conversion.offset) / math.log(conversion.factor)
            return pair.train, logs, ours + 1e-9 * np.abs(logs)
        undone = (pair.other - conversion.offset) / conversion.factor
        undone = undone[np.isfinite(undone)]
    return pair.train, undone, max(ours, theirs / abs(conversion.factor)) * 1.0001 + 1e-6 * np.abs(undone)


def with_day_and_month_swapped(seconds: FloatArray) -> FloatArray:
    """Return dates with day and month swapped wherever the day could be a month.

    >>> swapped = with_day_and_month_swapped(np.array([0.0, 86_400.0 * 31, 86_400.0 * 20]))
    >>> (swapped / 86_400).tolist()  # 1 January, 1 February -> 2 January, 21 January
    [0.0, 1.0, 20.0]
    """
    days = np.floor(seconds / SECONDS_OF_DAY)
    dates = days.astype(np.int64).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day, month = (dates - months).astype(np.int64) + 1, months.astype(np.int64) % 12 + 1
    first_of_year = dates.astype("datetime64[Y]").astype("datetime64[M]")
    swapped = (first_of_year + (np.minimum(day, 12) - 1)).astype("datetime64[D]") + (month - 1)
    moved = np.where(day <= 12, (swapped - dates).astype(np.int64), 0)
    return seconds + moved.astype(np.float64) * SECONDS_OF_DAY
