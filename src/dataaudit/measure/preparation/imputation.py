"""Values that fill many cells of a column and are the mean, or the median, of several splits together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from dataaudit.engine.base import chunks
from dataaudit.measure.preparation.pools import Moments, float_features, moments_of, pools
from dataaudit.measure.preparation.precision import FloatArray, stored_precision

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

Grid = Literal["off", "on", "none"]

# Of the largest absolute value; single precision: of the value.
RELATIVE = 1e-9
RELATIVE_FLOAT32 = 1.2e-7
N_NEIGHBOURS = 20
# Steps of a grid that is not one of decimals are whole multiples of the smallest one to this.
OFF_STEP = 0.01
MOST_STEPS = 1e6
LEAST_VALUES_OF_GRID = 5
MOST_LEVELS = 20
MOST_CHANCE = 1e-4
SYMMETRIC = 1e-6
LEAST_CELLS_OF_MEDIAN = 5
COLUMNS_PER_STATEMENT = 100
MAX_NUMBERS = 21
MOST_WITH_NUMBERS = 50


@dataclass(frozen=True)
class Imputation:
    """A value of one column that may have filled its missing cells, fitted on these splits together.

    Attributes
    ----------
    value : float
        The value that stands in the cells.
    fitted, fitted_train : float
        Mean over all rows of the splits, and of train alone. Of a median: 0, the cells above less those below
        the value; in all rows and in train.
    n_cells : mapping of split to int
        Cells that hold the value, over all rows.
    tolerance : float
        How far from the value a cell or a mean may lie and still be it.
    grid : {"off", "on", "none"}
        "off": no value of the column lies there by arithmetic or by chance; it is off the grid of all others (decimals,
        or multiples of a step), or they have none. "on": it is on their grid. "none": it cannot be told.
    n_sample, n_neighbour : int
        Cells of the sample that hold the value, and the most that hold one of the 20 values next to it on each side.
    numbers : mapping of split to tuple of int
        The first rows that hold it, at most 21.
    """

    column: str
    method: Literal["mean", "median"]
    splits: tuple[str, ...]
    value: float
    fitted: float
    fitted_train: float
    n_cells: Mapping[str, int]
    n_rows: Mapping[str, int]
    tolerance: float
    grid: Grid
    n_sample: int
    n_neighbour: int
    numbers: Mapping[str, tuple[int, ...]]
    sampled: bool = False

    @property
    def n_all(self) -> int:
        """Cells that hold the value in all the splits."""
        return sum(self.n_cells.values())


def measure_imputations(facts: Facts) -> tuple[Imputation, ...]:
    """Find the values in the sample of train, and count their cells over all rows: one statement per split.

    A value that stands in no row of the sample is not found.
    """
    candidates: list[Imputation] = []
    for column in float_features(facts):
        candidates += _candidates(facts, column.name)
    return tuple(_with_numbers(facts, _counted(facts, candidates)))


def _candidates(facts: Facts, name: str) -> list[Imputation]:
    values = facts.sample.numeric[name]
    found = []
    train = moments_of(facts, name, ("train",))
    for splits in pools(facts, name):
        pooled = moments_of(facts, name, splits)
        if pooled is None or train is None or pooled.minimum == pooled.maximum:
            continue
        candidate = _of_mean(name, values, splits, pooled, train)
        if candidate is not None:
            found.append(candidate)
    quantiles = facts.quantiles.get(name)
    if quantiles is not None and train is not None:
        median = quantiles.at(0.5)
        # Cells that hold train's own mean were filled as they should be.
        is_own_mean = abs(median - train.mean) <= RELATIVE * train.largest
        if not is_own_mean and np.count_nonzero(values == median) >= LEAST_CELLS_OF_MEDIAN:
            found += [_of_median(name, values, splits, median, train) for splits in pools(facts, name)]
    return [candidate for candidate in found if candidate.grid != "on"]


def _of_mean(
    name: str, values: FloatArray, splits: tuple[str, ...], pooled: Moments, train: Moments
) -> Imputation | None:
    tolerance = RELATIVE * pooled.largest
    distance = np.abs(values - pooled.mean)
    near = values[distance <= max(tolerance, RELATIVE_FLOAT32 * abs(pooled.mean))]
    if len(near) == 0:
        return None
    different, counts = np.unique(near, return_counts=True)
    value = float(different[counts.argmax()])
    if np.float64(np.float32(value)) == value and _is_float32(values):
        tolerance = max(tolerance, RELATIVE_FLOAT32 * abs(value))
    if abs(value - pooled.mean) > tolerance:
        return None
    return _described(
        Imputation(
            name, "mean", splits, value, pooled.mean, train.mean, {}, {}, tolerance, "none", int(counts.max()), 0, {}
        ),
        values,
    )


def _is_float32(values: FloatArray) -> bool:
    present = values[~np.isnan(values)][:1000]
    with np.errstate(over="ignore"):
        return bool((present.astype(np.float32).astype(np.float64) == present).all())


def _of_median(name: str, values: FloatArray, splits: tuple[str, ...], median: float, train: Moments) -> Imputation:
    n_sample = int(np.count_nonzero(values == median))
    tolerance = RELATIVE * train.largest
    return _described(
        Imputation(name, "median", splits, median, 0.0, 0.0, {}, {}, tolerance, "none", n_sample, 0, {}), values
    )


def _described(candidate: Imputation, values: FloatArray) -> Imputation:
    """Add whether the value lies on the grid of the others, and how many cells its neighbours fill."""
    present = values[~np.isnan(values)]
    different, counts = np.unique(present, return_counts=True)
    is_other = np.abs(different - candidate.value) > candidate.tolerance
    others, counts = different[is_other], counts[is_other]
    place = int(np.searchsorted(others, candidate.value))
    beside = counts[max(0, place - N_NEIGHBOURS) : place + N_NEIGHBOURS]
    grid = _grid(others, candidate.value, candidate.tolerance)
    return replace(candidate, grid=grid, n_neighbour=int(beside.max()) if len(beside) else 0)


def _grid(others: FloatArray, value: float, tolerance: float) -> Grid:
    """Tell whether the value is off the grid that all others lie on, on it, or cannot be told from them.

    The mean of values on a grid of step g lies on the grid of g / n, and so
    falls on a value by chance in one of n columns. Without a grid it does so
    only if a value lies within the tolerance, which their distance tells, or
    if the values are symmetric about it.
    """
    if len(others) < LEAST_VALUES_OF_GRID:
        return _between_few(others, value)
    decimals = stored_precision(others).decimals
    half_width = 0.0 if decimals is None else 0.5 * 10.0**-decimals
    if decimals is not None and tolerance < half_width / 10:
        return "off" if abs(round(value, decimals) - value) > max(tolerance, 1e-3 * half_width) else "on"
    # Of values that are equal but for the last digits, one.
    others = others[np.append(True, np.diff(others) > tolerance)]
    if len(others) < LEAST_VALUES_OF_GRID:
        return _between_few(others, value)
    unit = float(np.diff(others).min())
    steps = (others - others[0]) / unit
    off = float(np.abs(steps - np.round(steps)).max())
    if steps[-1] <= MOST_STEPS and off <= OFF_STEP:
        step = (value - others[0]) / unit
        return "off" if abs(step - round(step)) > max(2 * off, 1e-6) else "on"
    return "none" if _may_be_one(others, value, tolerance) else "off"


def _between_few(others: FloatArray, value: float) -> Grid:
    """Tell of a value among few levels, such as 0 and 1, whether it is a level too: a small fraction of their range."""
    if len(others) < 2:
        return "none"
    share = (value - others[0]) / (others[-1] - others[0])
    is_level = any(abs(share * n - round(share * n)) <= 1e-6 * n for n in range(1, MOST_LEVELS + 1))
    return "none" if is_level else "off"


def _may_be_one(others: FloatArray, value: float, tolerance: float) -> bool:
    """Tell whether a mean may fall on one of these values by chance or by symmetry."""
    place = int(np.searchsorted(others, value))
    beside = others[max(0, place - N_NEIGHBOURS) : place + N_NEIGHBOURS]
    distance = (beside[-1] - beside[0]) / (len(beside) - 1) if len(beside) > 1 else 0.0
    if 2 * tolerance > MOST_CHANCE * distance:
        return True
    ends = float(others[0] + others[-1])
    return abs(ends - 2 * value) <= SYMMETRIC * float(others[-1] - others[0])


def _counted(facts: Facts, candidates: list[Imputation]) -> list[Imputation]:
    counted = []
    for run in chunks(candidates, COLUMNS_PER_STATEMENT):
        per_split: dict[str, list[tuple[int, int, int]]] = {}
        for split in dict.fromkeys(split for candidate in run for split in candidate.splits):
            listed = ", ".join(expression for candidate in run for expression in _count_expressions(facts, candidate))
            row = [int(n or 0) for n in facts.dataset.engine.rows(f"SELECT {listed} FROM {split}")[0]]
            per_split[split] = list(zip(row[::3], row[1::3], row[2::3], strict=True))
        for i, candidate in enumerate(run):
            counts = {split: per_split[split][i] for split in candidate.splits}
            n_cells = {split: n_equal for split, (_, n_equal, _) in counts.items()}
            n_rows = {split: facts.dataset.relations[split].n_rows for split in candidate.splits}
            found = replace(candidate, n_cells=n_cells, n_rows=n_rows)
            if candidate.method == "median":
                above = {split: float(n_above - n_below) for split, (n_below, _, n_above) in counts.items()}
                found = replace(found, fitted=sum(above.values()), fitted_train=above["train"])
            counted.append(found)
    return counted


def _count_expressions(facts: Facts, candidate: Imputation) -> list[str]:
    cell, value = facts.dataset.sql_name(candidate.column), f"CAST('{candidate.value!r}' AS DOUBLE)"
    tolerance = f"CAST('{candidate.tolerance!r}' AS DOUBLE)"
    return [
        f"count_if({cell} - {value} < -{tolerance})",
        f"count_if(abs({cell} - {value}) <= {tolerance})",
        f"count_if({cell} - {value} > {tolerance})",
    ]


def _with_numbers(facts: Facts, candidates: list[Imputation]) -> list[Imputation]:
    described = []
    for i, candidate in enumerate(candidates):
        is_even = candidate.method == "mean" or (candidate.fitted == 0 and candidate.fitted_train != 0)
        if i >= MOST_WITH_NUMBERS or not is_even:
            described.append(candidate)
            continue
        equal = _count_expressions(facts, candidate)[1].removeprefix("count_if(").removesuffix(")")
        numbers = {
            split: tuple(
                int(row[0])
                for row in facts.dataset.engine.rows(
                    f"SELECT row FROM {split} WHERE {equal} ORDER BY row LIMIT {MAX_NUMBERS}"
                )
            )
            for split in candidate.splits
        }
        described.append(replace(candidate, numbers=numbers))
    return described
