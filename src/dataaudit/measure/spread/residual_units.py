"""Rows in another unit than the rest that only the other columns give away: what they predict, once converted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.shifts.conversions import AFFINES, FACTORS, SIGN, TENS, Conversion
from dataaudit.measure.shifts.curves import FloatArray
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_ROWS, FEWEST_ROWS = 3_000, 200
# Columns predict each other in runs of so many, and only so many runs are looked at.
COLUMNS_OF_A_RUN, MOST_RUNS = 21, 2
FEWEST_VALUES, LEAST_PRESENT = 20, 0.9
FURTHEST = 5.0
# The fit is repeated on the rows that lie nearest to it, so that another unit does not draw it over.
N_FITS, SHARE_KEPT = 3, 0.75
NORMAL_PER_MAD = 1.4826
# Rows lie far out from so many standard deviations on; converted back, they lie within so many, and are spread alike.
FAR, NEAR, MOST_SPREAD = 6.0, 3.0, 1.5
MOST_OFF_CENTRE = 0.5
# In the middle they lie so far out: what lies nearer may be a tail. Between them and the others lie few.
LEAST_REACH, BETWEEN, MOST_BETWEEN = 9.0, 4.0, 0.5
# A column that holds the sizes of another tells nothing of its signs.
SHARE_OF_SIZES = 0.5
# Of the rows far out so many must be explained, and they must be so many, yet fewer than the others.
LEAST_EXPLAINED = 0.85
FEWEST_OF_RARER, LEAST_SHARE, MOST_SHARE = 10, 0.005, 0.4
RIDGE = 1e-6

WANTED = ("x 10", "/ 10", "x 2.54", "/ 2.54", "x 2.205", "/ 2.205")
BY_LOGARITHM = tuple(one for one in (*TENS, *FACTORS) if one.name in WANTED)
AS_THEY_ARE = (SIGN, *AFFINES[:2])


@dataclass(frozen=True)
class OddRows:
    """Rows that are what the other columns make of them only once a conversion is undone.

    Attributes
    ----------
    n_rows, n_seen : int
        Such rows, and those looked at.
    n_far : int
        Rows that lie far from what is predicted.
    reach : float
        How many standard deviations of the fit's errors they lie away, in the middle.
    rows : int array
        Their row numbers.
    """

    column: str
    conversion: Conversion
    n_rows: int
    n_seen: int
    n_far: int
    reach: float
    rows: NDArray[np.int64]
    sampled: bool = False


def measure_odd_rows(facts: Facts) -> dict[str, OddRows]:
    """Predict every number from the others, on at most 3,000 rows of train."""
    train = facts.shifts.split_rows["train"]
    places = np.linspace(0, train.n_rows - 1, min(MOST_ROWS, train.n_rows)).astype(np.int64)
    names = [
        one.name
        for one in facts.features
        if one.kind is Kind.NUMERIC and one.name in train.cells and is_full(train.cells[one.name])
    ]
    found: dict[str, OddRows] = {}
    for run in range(0, min(len(names), COLUMNS_OF_A_RUN * MOST_RUNS), COLUMNS_OF_A_RUN):
        some = names[run : run + COLUMNS_OF_A_RUN]
        if len(some) > 1 and len(places) >= FEWEST_ROWS:
            cells = [train.cells[name][places] for name in some]
            for place, conversion, is_odd, n_far, reach in odd_rows(cells):
                found[some[place]] = OddRows(
                    some[place],
                    conversion,
                    int(is_odd.sum()),
                    len(places),
                    n_far,
                    reach,
                    train.rows[places[is_odd]],
                    train.sampled or len(places) < train.n_rows,
                )
    return found


def is_full(cells: FloatArray) -> bool:
    """Return whether a column has enough cells and values to be predicted, or to predict others."""
    finite = np.isfinite(cells)
    return float(finite.mean()) >= LEAST_PRESENT and len(np.unique(cells[finite][:MOST_ROWS])) >= FEWEST_VALUES


Odd = tuple[int, Conversion, NDArray[np.bool_], int, float]


def odd_rows(cells: Sequence[FloatArray]) -> Iterator[Odd]:
    """Yield the places of columns of which some rows stand in another unit, that unit, and the rows."""
    are_positive = [bool((one[np.isfinite(one)] > 0).all()) for one in cells]
    scaled = [np.log(one) if positive else one for one, positive in zip(cells, are_positive, strict=True)]
    plain, by_logarithm = (
        np.column_stack([np.ones(len(cells[0])), *(_standardised(one) for one in columns)])
        for columns in (cells, scaled)
    )
    for place, raw in enumerate(cells):
        ways: list[tuple[FloatArray, tuple[Conversion, ...]]] = [(raw, AS_THEY_ARE)]
        if are_positive[place]:
            ways = [(scaled[place], BY_LOGARITHM), (raw, AS_THEY_ARE[1:])]
        elif any(float((np.abs(raw) == one).mean()) >= SHARE_OF_SIZES for i, one in enumerate(cells) if i != place):
            continue
        for values, conversions in ways:
            by_log = values is not raw
            design = np.delete(by_logarithm if by_log else plain, place + 1, axis=1)
            found = _odd_of(values, design, raw, conversions, by_log=by_log)
            if found is not None:
                yield (place, *found)
                break


def _odd_of(
    values: FloatArray, design: FloatArray, raw: FloatArray, conversions: tuple[Conversion, ...], *, by_log: bool
) -> tuple[Conversion, NDArray[np.bool_], int, float] | None:
    predicted, sd = _robust_fit(values, design)
    if not sd > 0:
        return None
    with np.errstate(invalid="ignore"):
        away = np.abs(values - predicted) / sd
    is_far = away >= FAR
    n_far = int(is_far.sum())
    fewest = max(FEWEST_OF_RARER, LEAST_SHARE * len(values))
    if not fewest <= n_far <= MOST_SHARE * len(values):
        return None
    fitting = []
    for conversion in conversions:
        off = (_undone(raw[is_far], conversion, by_log=by_log) - predicted[is_far]) / sd
        near = np.abs(off) <= NEAR
        if near.sum() < max(fewest, LEAST_EXPLAINED * n_far):
            continue
        centre = float(np.median(off[near]))
        spread = NORMAL_PER_MAD * float(np.median(np.abs(off[near] - centre)))
        if abs(centre) <= MOST_OFF_CENTRE and spread <= MOST_SPREAD:
            fitting.append((abs(centre), conversion, near))
    if len(fitting) != 1:
        return None
    _, conversion, near = fitting[0]
    is_odd = np.zeros(len(values), dtype=np.bool_)
    is_odd[np.flatnonzero(is_far)[near]] = True
    reach, n_between = float(np.median(away[is_odd])), int(((away >= BETWEEN) & (away < FAR)).sum())
    if reach < LEAST_REACH or n_between > MOST_BETWEEN * is_odd.sum():
        return None
    return conversion, is_odd, n_far, reach


def _undone(cells: FloatArray, conversion: Conversion, *, by_log: bool) -> FloatArray:
    undone: FloatArray = (cells - conversion.offset) / conversion.factor
    return np.log(undone) if by_log else undone


def _robust_fit(values: FloatArray, design: FloatArray) -> tuple[FloatArray, float]:
    """Return what the other columns predict, and the errors' standard deviation, by their middle three quarters.

    Least trimmed squares by concentration steps (Rousseeuw and Van Driessen, Data Mining and Knowledge Discovery
    12:29, 2006), started at the rows nearest to the column's own median.
    """
    present = np.isfinite(values)
    errors = np.abs(values - np.median(values[present])) if present.any() else values
    predicted = np.zeros(len(values))
    n_kept = int(SHARE_KEPT * present.sum())
    if n_kept < 2 * design.shape[1]:
        return predicted, 0.0
    for _ in range(N_FITS):
        errors = np.where(present, errors, np.inf)
        kept = np.argpartition(errors, n_kept - 1)[:n_kept]
        some = design[kept]
        gram = some.T @ some + RIDGE * n_kept * np.eye(design.shape[1])
        predicted = design @ np.linalg.solve(gram, some.T @ values[kept])
        errors = np.abs(values - predicted)
    return predicted, NORMAL_PER_MAD * float(np.median(errors[present]))


def _standardised(values: FloatArray) -> FloatArray:
    """Return values less their median in units of their middle spread, missing cells 0, and the far ones drawn in."""
    finite = values[np.isfinite(values)]
    low, middle, high = np.quantile(finite, [0.16, 0.5, 0.84])
    with np.errstate(over="ignore", invalid="ignore"):
        spread = high / 2 - low / 2
        scaled = (values - middle) / (spread if spread > 0 else 1.0)
    drawn_in: FloatArray = np.clip(np.nan_to_num(scaled, nan=0.0), -FURTHEST, FURTHEST)
    return drawn_in
