"""Numbers that are weighted sums of other numbers in every row, exactly or once rounded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.spread.relations import NO_PART, taken_in_turn
from dataaudit.rebalance.cells import decimals_of
from dataaudit.rebalance.matrix import FloatArray
from dataaudit.rebalance.ties.table import TiedColumn, TiedTable
from dataaudit.rebalance.ties.ties import Sum

ROWS_PER_COLUMN = 5
LEAST_ROWS = 20
MOST_COLUMNS = 500
MOST_PARTS = 20
LARGEST = 1e150
LEAST_SPREAD = 1e-9
MOST_BROKEN = 0.002
# Of a number's variance: less is left of one that another tells but for rounding.
UNEXPLAINED = 1e-4
# To so many digits weights are tried before they are taken as they were fitted.
DIGITS = (0, 1, 2, 3, 4, 6)
RELATIVE = 1e-9


def find_sums(table: TiedTable) -> list[Sum]:
    """Return sums, none of whose parts is a sum itself."""
    columns, cells = _complete(summed_columns(table), table)
    if len(columns) < 2:
        return []
    centred = cells - cells.mean(axis=0)
    standardised = centred / centred.std(axis=0)
    correlations = standardised.T @ standardised / len(standardised)
    basis, told, weights = taken_in_turn(correlations)
    # Turns of a column: how many sums it is a part of.
    turns = (np.abs(weights) > NO_PART).sum(axis=1)
    found = []
    for k, place in enumerate(told):
        own = np.flatnonzero(np.abs(weights[:, k]) > NO_PART)
        if not 0 < len(own) <= MOST_PARTS:
            continue
        whole, parts = place, [basis[i] for i in own]
        # Of tip = total - fee the sum is the total: it has room for any two parts.
        alone = own[weights[own, k] > 0]
        if len(alone) == 1 and len(own) > 1 and turns[alone[0]] == 1:
            whole = basis[alone[0]]
            parts = [place, *(part for part in parts if part != whole)]
        parts.sort()
        one = _verified(columns[whole], [columns[i] for i in parts])
        if one is not None:
            found.append(one)
    used = {name for one in found for name in one.parts}
    gone = {one.column for one in found}
    for first, second in _alike(correlations, basis):
        # Of minutes and their price, rounded, each may tell the other: not every price is that of some minutes.
        finer, coarser = (first, second) if _n_steps(columns[first]) > _n_steps(columns[second]) else (second, first)
        for of, by in ((finer, coarser), (coarser, finer)):
            target, part = columns[of], columns[by]
            if target.name in used | gone or part.name in gone:
                continue
            one = _verified(target, [part])
            if one is not None and one.decimals is not None:
                found.append(one)
                used.add(part.name)
                gone.add(target.name)
                break
    return found


def summed_columns(table: TiedTable) -> list[TiedColumn]:
    """Return the columns that may be sums, or parts of one."""
    return [column for column in table.columns if column.is_number and (column.is_between or column.is_voted)]


def _alike(correlations: FloatArray, basis: list[int]) -> Iterator[tuple[int, int]]:
    """Yield pairs that tell one another but for a little, in the order of columns."""
    places = np.sort(np.array(basis, dtype=np.int64))
    squares = correlations[np.ix_(places, places)] ** 2
    for i, j in zip(*np.nonzero(np.triu(squares >= 1 - UNEXPLAINED, 1)), strict=True):
        yield int(places[i]), int(places[j])


def _n_steps(column: TiedColumn) -> float:
    """Return how many values a column could have between its ends, by its decimals."""
    known = column.values[~np.isnan(column.values)]
    decimals = decimals_of(known)
    return float("inf") if decimals is None else float(np.ptp(known)) * 10.0**decimals


def _complete(columns: list[TiedColumn], table: TiedTable) -> tuple[list[TiedColumn], FloatArray]:
    """Return columns with enough of the sampled rows in which all are known; the emptiest are left out first."""
    cells = {column.name: column.values[table.rows] for column in columns}
    n_missing = {name: int(np.isnan(values).sum()) for name, values in cells.items()}
    present = np.ones(len(table.rows), dtype=bool)
    kept: list[TiedColumn] = []
    for column in sorted(columns, key=lambda one: n_missing[one.name])[:MOST_COLUMNS]:
        values = cells[column.name]
        both = present & ~np.isnan(values)
        if both.sum() < max(LEAST_ROWS, ROWS_PER_COLUMN * (len(kept) + 1)):
            continue
        largest = float(np.abs(values[both]).max())
        if largest < LARGEST and values[both].std() > LEAST_SPREAD * largest:
            kept.append(column)
            present = both
    names = {column.name for column in kept if _varies(cells[column.name][present])}
    kept = [column for column in columns if column.name in names]
    table_of = [cells[column.name][present] for column in kept]
    return kept, np.column_stack(table_of) if table_of else np.zeros((0, 0))


def _varies(values: FloatArray) -> bool:
    return float(values.std()) > LEAST_SPREAD * float(np.abs(values).max())


def _verified(target: TiedColumn, parts: list[TiedColumn]) -> Sum | None:
    """Fit the sum on all rows and return it with the plainest weights by which it holds in them."""
    present = ~np.isnan(target.values)
    for part in parts:
        present &= ~np.isnan(part.values)
    values = target.values[present]
    cells = [part.values[present] for part in parts]
    if len(values) < max(LEAST_ROWS, ROWS_PER_COLUMN * (len(parts) + 1)):
        return None
    decimals = decimals_of(values)
    fitted = _slopes(values, cells)
    for weights in _plain(fitted):
        rest = values - np.sum([w * cell for w, cell in zip(weights, cells, strict=True)], axis=0)
        for constant in _constants(rest, decimals):
            one = Sum(
                target.name,
                tuple(part.name for part in parts),
                tuple(weights.tolist()),
                constant,
                decimals,
                *_known(values, cells),
            )
            if _holds(one, values, cells):
                return one
    return None


def _plain(fitted: FloatArray) -> Iterator[FloatArray]:
    """Yield weights, plain ones first: of few digits, a half or a third, as they were fitted."""
    tried = [np.round(fitted, digits) for digits in DIGITS]
    with np.errstate(divide="ignore", over="ignore"):
        tried += [1 / np.round(1 / fitted)]
    for weights in (*tried, fitted):
        if weights.all() and np.isfinite(weights).all():
            yield weights


def _slopes(values: FloatArray, cells: list[FloatArray]) -> FloatArray:
    table = np.column_stack(cells)
    spreads = table.std(axis=0)
    slopes = np.linalg.lstsq((table - table.mean(axis=0)) / spreads, values - values.mean(), rcond=None)[0]
    return np.asarray(slopes / spreads, dtype=np.float64)


def _constants(rest: FloatArray, decimals: int | None) -> list[float]:
    middle = float((rest.min() + rest.max()) / 2)
    mean = float(np.median(rest))
    rounded = [] if decimals is None else [round(mean, decimals) + 0.0]
    return list(dict.fromkeys([*rounded, middle]))


def _known(values: FloatArray, cells: list[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return what stands at each value of a single part, if it is one number."""
    none = np.zeros(0)
    if len(cells) > 1:
        return none, none
    known, first, inverse = np.unique(cells[0], return_index=True, return_inverse=True)
    at = values[first]
    return (known, at) if np.array_equal(at[inverse], values) else (none, none)


def _holds(one: Sum, values: FloatArray, cells: list[FloatArray]) -> bool:
    """Return whether all rows, but for a few cells typed wrong, hold what the weights give."""
    size = RELATIVE * float(np.abs(values).max())
    given = np.sum([w * cell for w, cell in zip(one.weights, cells, strict=True)], axis=0) + one.constant
    # By its weights alone, to half a step: of what is known value by value, anything would hold.
    half = 0.0 if one.decimals is None else 0.5 * 10.0**-one.decimals
    off: NDArray[np.bool_] = np.abs(given - values) > half * (1 + 1e-6) + size
    if off.mean() > MOST_BROKEN:
        return False
    return bool((np.abs(one.of(cells) - values) > size + half * 1e-3).mean() <= MOST_BROKEN)
