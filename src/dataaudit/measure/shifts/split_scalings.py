"""Splits of which one was scaled and the other was not, or each by its own numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dataaudit.measure.drift import Drift, column_drift
from dataaudit.measure.preparation.pools import Moments, moments_of
from dataaudit.measure.preparation.precision import stored_precision
from dataaudit.measure.shifts.curves import FloatArray, distance_within, noise_of_distance
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

Method = Literal["standard", "min-max"]

LEAST_BEFORE = 0.2
ALPHA = 0.005
FEWEST_ROWS = 20
# A column scaled by other rows than its own has about this mean, and this logarithm of its standard deviation.
NEAR_MEAN, NEAR_LOG_SD = 0.3, 0.4
NEAR_END = 0.35
# What was not scaled has another mean, or another spread, by so much.
FAR_MEAN, FAR_FACTOR = 3.0, 3.0
MOST_AFTER, MOST_AFTER_EVER, MOST_AFTER_OF_BEFORE = 0.1, 0.25, 0.5
SLACK = 0.1
# A mark this near is looked at closer.
FIRST_LOOK = 1e-3
TOLERANCE_FACTOR = 4.0
COARSEST_HALF_WIDTH = 1e-3
MOST_AT_AN_END = 2
END_ERROR = 1e-9
MOST_ROUNDED = 0.05
SAME = 1e-12
# Columns that must agree, and the share of those that look scaled.
FEWEST_COLUMNS, LEAST_SHARE_OF_MARKED = 2, 0.5


@dataclass(frozen=True)
class ScaledColumn:
    """One column on the side that was scaled and on the other.

    Attributes
    ----------
    centre, spread : float
        Mean and standard deviation (standard), or minimum and range (min-max), on the scaled side.
    centre_other, spread_other : float
        The same on the other side.
    is_exact : bool
        Whether they are, but for rounding, those that a scaler fitted on this very side leaves.
    distance_before, distance_after : float
        Distance of the curves as they stand, and of their shapes.
    is_other_scaled : bool
        Whether the other side, too, bears the marks of a scaler, of the other method.
    """

    column: str
    centre: float
    spread: float
    centre_other: float
    spread_other: float
    is_exact: bool
    distance_before: float
    distance_after: float
    is_other_scaled: bool = False


@dataclass(frozen=True)
class SplitScaling:
    """What scaling tells train from another split.

    Attributes
    ----------
    scaled : tuple of str
        The splits that were scaled: one of both, or both, each by its own numbers.
    n_marked : int
        Columns that look scaled there.
    n_columns : int
        Numeric features that both have.
    """

    split: str
    method: Method
    scaled: tuple[str, ...]
    columns: tuple[ScaledColumn, ...]
    n_marked: int
    n_columns: int
    n_train: int
    n_other: int
    sampled: bool = False


Both = Mapping[str, tuple[Moments, Moments]]


def measure_split_scalings(facts: Facts) -> tuple[SplitScaling, ...]:
    """Compare train with every other split and with the reference, by what the survey knows of them."""
    others = [split.name for split in facts.info.splits if split.name != "train"]
    found: list[SplitScaling] = []
    for split in others:
        both = _both(facts, split)
        if both:
            found += _own(facts, split, both)
            found += _one_sided(facts, split, both, len(others))
    return tuple(found)


def _both(facts: Facts, split: str) -> Both:
    absent = facts.dataset.relations[split].absent
    found = {}
    for column in facts.features:
        if column.kind is not Kind.NUMERIC or column.name in absent:
            continue
        train, other = moments_of(facts, column.name, ("train",)), moments_of(facts, column.name, (split,))
        if train and other and min(train.n, other.n) >= FEWEST_ROWS and train.squares > 0 and other.squares > 0:
            found[column.name] = (train, other)
    return found


def _own(facts: Facts, split: str, both: Both) -> Iterator[SplitScaling]:
    """Yield what was scaled on either side by its own numbers."""
    for method in ("standard", "min-max"):
        near = [name for name, pair in both.items() if all(_miss(one, method) <= FIRST_LOOK for one in pair)]
        if not near or all(_are_copies(*both[name]) for name in near):
            continue
        rows = facts.shifts.split_rows
        exact = [
            name
            for name in near
            if all(
                _is_exact(moments, rows[side].cells[name], method)
                for moments, side in zip(both[name], ("train", split), strict=True)
            )
        ]
        if exact:
            columns = tuple(ScaledColumn(name, *_marks(both[name], method), True, 0.0, 0.0) for name in exact)
            yield _scaling(facts, split, method, ("train", split), columns, (len(near), len(both)))


def _one_sided(facts: Facts, split: str, both: Both, n_splits: int) -> Iterator[SplitScaling]:
    """Yield, for either side, the columns that look scaled there and not at all on the other."""
    drifted = _drifted(facts, split, list(both), n_splits)
    if not drifted:
        return
    told = _of_one_conversion(facts, split)
    methods: tuple[Method, ...] = ("standard", "min-max")
    for place, side in enumerate(("train", split)):
        pairs = {name: (pair[place], pair[1 - place]) for name, pair in both.items()}
        for method in methods:
            marked = [name for name, (scaled, _) in pairs.items() if _is_marked(scaled, method)]
            far = [name for name in marked if name in drifted and _is_far(pairs[name][1], method) and name not in told]
            columns = tuple(
                column
                for name in far
                if (column := _column(facts, split, side, name, pairs[name], method, drifted[name])) is not None
            )
            if _say_enough(columns, len(marked)):
                yield _scaling(facts, split, method, (side,), columns, (len(marked), len(both)))


def _say_enough(columns: tuple[ScaledColumn, ...], n_marked: int) -> bool:
    """Tell whether so many columns agree that they were not scaled by chance; one alone must carry an exact mark."""
    if n_marked == 1:
        return any(column.is_exact for column in columns)
    return len(columns) >= max(FEWEST_COLUMNS, LEAST_SHARE_OF_MARKED * n_marked)


def _scaling(
    facts: Facts,
    split: str,
    method: Method,
    scaled: tuple[str, ...],
    columns: tuple[ScaledColumn, ...],
    counts: tuple[int, int],
) -> SplitScaling:
    n_train, n_other = (facts.dataset.relations[one].n_rows for one in ("train", split))
    sampled = any(facts.shifts.split_rows[one].sampled for one in ("train", split))
    return SplitScaling(split, method, scaled, columns, *counts, n_train, n_other, sampled)


def _drifted(facts: Facts, split: str, names: list[str], n_splits: int) -> dict[str, Drift]:
    known = facts.drifts.get(split, {})
    drifts = {name: known.get(name) or column_drift(facts.tables[name], split) for name in names}
    return {
        name: drift
        for name, drift in drifts.items()
        if drift.effect >= LEAST_BEFORE and drift.p_value * len(names) * n_splits < ALPHA
    }


def _of_one_conversion(facts: Facts, split: str) -> set[str]:
    """Return the columns that share their change of unit with another: that says more than "not scaled"."""
    changes = facts.shifts.unit_changes.get(split, {})
    n_alike = Counter(change.conversion.name for change in changes.values())
    return {name for name, change in changes.items() if n_alike[change.conversion.name] > 1}


def _miss(moments: Moments, method: Method) -> float:
    if method == "standard":
        return max(abs(moments.mean), min(abs(moments.sd(ddof) - 1) for ddof in (0, 1)))
    return max(abs(moments.minimum), abs(moments.maximum - 1))


def _are_copies(train: Moments, other: Moments) -> bool:
    """Tell whether the same rows seem to stand on both sides: then nothing was fitted twice."""
    pairs = (
        (train.minimum, other.minimum),
        (train.maximum, other.maximum),
        (train.mean, other.mean),
        (train.squares / train.n, other.squares / other.n),
    )
    return all(math.isclose(one, two, rel_tol=1e-9, abs_tol=SAME) for one, two in pairs)


def _is_exact(moments: Moments, cells: FloatArray, method: Method) -> bool:
    """Tell whether the marks are met to what rounding of the stored numbers leaves."""
    values = cells[np.isfinite(cells)]
    if not len(values):
        return False
    precision = stored_precision(values)
    if precision.half_width > COARSEST_HALF_WIDTH:
        return False
    if method == "min-max":
        ends = max(int((values == moments.minimum).sum()), int((values == moments.maximum).sum()))
        rounded = precision.half_width * moments.n > MOST_ROUNDED
        return _miss(moments, method) <= END_ERROR and ends <= MOST_AT_AN_END and not rounded
    different, counts = np.unique(values, return_counts=True)
    shares = float(((counts / len(values)) ** 2 * np.maximum(1.0, different**2)).sum())
    tolerance = TOLERANCE_FACTOR * precision.half_width * math.sqrt(shares / 3) + precision.floor
    return _miss(moments, method) <= tolerance


def _is_marked(moments: Moments, method: Method) -> bool:
    noise = 3 / math.sqrt(moments.n)
    if method == "standard":
        sd = moments.sd(1)
        return sd > 0 and abs(moments.mean) <= NEAR_MEAN + noise and abs(math.log(sd)) <= NEAR_LOG_SD + noise
    return abs(moments.minimum) <= NEAR_END and abs(moments.maximum - 1) <= NEAR_END


def _is_far(moments: Moments, method: Method) -> bool:
    spread = moments.sd(1) if method == "standard" else moments.maximum - moments.minimum
    return abs(moments.mean) >= FAR_MEAN or spread >= FAR_FACTOR or spread <= 1 / FAR_FACTOR


def _column(
    facts: Facts,
    split: str,
    side: str,
    name: str,
    pair: tuple[Moments, Moments],
    method: Method,
    drift: Drift,
) -> ScaledColumn | None:
    """Return a column whose shapes are alike; of min-max, if the ends are a scaler's own or train's."""
    scaled, rows = pair[0], facts.shifts.split_rows
    other_side = split if side == "train" else "train"
    cells = [rows[one].cells[name] for one in (side, other_side)]
    values, raw_values = (one[np.isfinite(one)] for one in cells)
    if min(len(values), len(raw_values)) < FEWEST_ROWS:
        return None
    centre, spread, raw_centre, raw_spread = _marks(pair, method)
    fitted = distance_within(values, (raw_values - raw_centre) / raw_spread, SLACK * scaled.sd(1))
    # A range that starts at 0 and ends at 1 says enough where the other side's is another one.
    is_exact = _is_exact(scaled, cells[0], method) if method == "standard" else _miss(scaled, method) <= END_ERROR
    if method == "min-max" and not is_exact and side == "train":
        return None
    free = math.inf
    if method == "standard" or is_exact:
        free = distance_within(_aligned(values), _aligned(raw_values), SLACK)
    after = min(fitted, free)
    noise = noise_of_distance(len(values), len(raw_values))
    if after > min(MOST_AFTER_EVER, MOST_AFTER_OF_BEFORE * drift.effect, max(MOST_AFTER, noise)):
        return None
    is_other_scaled = (
        _miss(pair[1], "min-max") <= END_ERROR if method == "standard" else _miss(pair[1], "standard") <= FIRST_LOOK
    )
    return ScaledColumn(name, centre, spread, raw_centre, raw_spread, is_exact, drift.effect, after, is_other_scaled)


def _marks(pair: tuple[Moments, Moments], method: Method) -> tuple[float, float, float, float]:
    """Return centre and spread of both sides."""
    one, two = pair
    if method == "standard":
        return one.mean, one.sd(1), two.mean, two.sd(1)
    return one.minimum, one.maximum - one.minimum, two.minimum, two.maximum - two.minimum


def _aligned(values: FloatArray) -> FloatArray:
    """Return values with mean 0 and standard deviation 1."""
    spread = float(values.std())
    aligned: FloatArray = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return aligned
