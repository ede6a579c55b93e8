"""Rows that lie on the straight line between two others: what SMOTE and its like leave behind. Arrays only, no engine.

A synthetic row is x = a + u (b - a), with the same u in every column. So the
columns are asked whether one u explains them all, to the precision in which x
is stored, and how likely they would all agree by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.widths import tolerances

# Neighbours asked in each metric: SMOTE takes the 5 nearest, but the synthetic rows crowd in between.
N_NEIGHBOURS = 40
ROWS_AT_ONCE = 100
# Distances of so few rows stay in the cache of a core, and their product in one thread.
NEAREST_AT_ONCE = 4
ALIKE_SPREADS = 3.0
LEAST_COLUMNS = 3
# Chance, after all pairs tried for one row, that it looks synthetic and is not.
MOST_CHANCE = 1e-2
# A column whose own part, given the others, is smaller than this share of its standard deviation is no evidence.
OWN_PART = 1e-2
ROWS_OF_FACTORING = 2_000
VALUES_PER_BLOCK = 20
TINY = 1e-300
# Unit vectors of a pair that point further apart than this from opposite ways are on no line.
WIDEST = 0.3

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Triples:
    """Rows `middle` on the line from rows `first` to `second`, as places in the table; all of shape (n,)."""

    middle: IntArray
    first: IntArray
    second: IntArray

    def __len__(self) -> int:
        return len(self.middle)


def find_triples(values: FloatArray, examined: IntArray, sets: Sequence[IntArray]) -> Triples:
    """Look for two rows between which each examined row lies, among its nearest neighbours.

    Parameters
    ----------
    values : array of shape (n_rows, n_columns)
        Different rows of one class, none missing, no column constant.
    examined : array of shape (n_examined,)
        Places of the rows asked.
    sets : sequence of arrays
        Columns in which the line must hold; a row is on a segment if it is in one of the sets.
    """
    centre, scale = values.mean(axis=0), np.maximum(values.std(axis=0), TINY)
    standard = (values - centre) / scale
    near = np.hstack([_nearest((values - centre) / unit, examined) for unit in units(scale)])
    tolerance = tolerances(values, examined, scale)
    found = [
        _lines(standard, examined[run], near[run], tolerance[run], columns)
        for columns in sets
        for run in (np.asarray(places) for places in chunks(range(len(examined)), ROWS_AT_ONCE))
    ]
    rows = np.concatenate([np.empty((0, 3), dtype=np.int64), *found])
    middle, first, second = np.unique(rows, axis=0).T
    return Triples(middle, first, second)


def units(spread: FloatArray) -> list[FloatArray]:
    """Return by what columns are divided before distances are taken: their spread, and nothing where that differs.

    Samplers take the rows as they are given, which may be in the columns' own units or standardised; where all
    columns spread about alike both come to the same.

    >>> [unit.tolist() for unit in units(np.array([1.0, 2.0]))], len(units(np.array([1.0, 9.0])))
    ([[1.0, 2.0]], 2)
    """
    is_alike = spread.max() <= ALIKE_SPREADS * spread.min()
    return [spread] if is_alike else [spread, np.full(len(spread), spread.max())]


def independent_columns(values: FloatArray) -> IntArray:
    """Return columns of which none is nearly a linear function of the others, from at most 2,000 of the rows."""
    from scipy.linalg import qr

    some = values[np.linspace(0, len(values) - 1, min(len(values), ROWS_OF_FACTORING)).astype(np.int64)]
    varying = np.flatnonzero(some.max(axis=0) > some.min(axis=0))
    if len(varying) == 0:
        return varying
    some = some[:, varying] - some[:, varying].mean(axis=0)
    standard = some / np.maximum(some.std(axis=0), TINY)
    factor, order = qr(standard, mode="r", pivoting=True, check_finite=False)
    own = np.abs(np.diagonal(factor)) / np.sqrt(len(some))
    columns: IntArray = np.sort(varying[order[: len(own)][own > OWN_PART]])
    return columns


def _nearest(points: FloatArray, examined: IntArray) -> IntArray:
    """Return the places of the nearest rows of each examined one, itself left out: shape (n_examined, k)."""
    k = min(N_NEIGHBOURS, len(points) - 1)
    # |p|^2 - 2 xp as one product, (x, 1) by (-2 p, |p|^2): no table of it is written and read three times.
    others = np.vstack([-2 * points.T, (points**2).sum(axis=1)])
    asked = np.column_stack([points[examined], np.ones(len(examined))])
    near = np.empty((len(examined), k), dtype=np.int64)
    for places in chunks(range(len(examined)), NEAREST_AT_ONCE):
        run = np.asarray(places)
        distance = asked[run] @ others
        distance[np.arange(len(run)), examined[run]] = np.inf
        near[run] = _smallest(distance, k)
    return near


def _smallest(values: FloatArray, k: int) -> IntArray:
    """Return the places of the k smallest values of each row, ties in the order of their places: shape (n_rows, k).

    The k-th smallest of the minima of blocks bounds the k-th smallest value, and little lies below it: a fifth of the
    time of a partition of whole rows.

    >>> _smallest(np.array([[3.0, 1.0, 2.0, 1.0]]), 2).tolist()
    [[1, 3]]
    """
    n_blocks = max(k, values.shape[1] // VALUES_PER_BLOCK)
    starts = np.linspace(0, values.shape[1], n_blocks, endpoint=False).astype(np.int64)
    minima = np.minimum.reduceat(values, starts, axis=1)
    bound = np.partition(minima, k - 1, axis=1)[:, k - 1]
    # Flat: numpy finds what is true in one dimension several times as fast as in two.
    row, place = np.divmod(np.flatnonzero(values <= bound[:, None]), values.shape[1])
    order = np.lexsort((place, values[row, place], row))
    first = np.searchsorted(row, np.arange(len(values)))
    smallest: IntArray = place[order[first[:, None] + np.arange(k)]]
    return smallest


def _lines(
    points: FloatArray, examined: IntArray, near: IntArray, tolerance: FloatArray, columns: IntArray
) -> IntArray:
    """Return (middle, first, second) of the examined rows that lie between two of their neighbours: shape (n, 3)."""
    within = tolerance[:, columns]
    apart = points[near][:, :, columns] - points[examined][:, None, columns]
    length = np.sqrt((apart**2).sum(axis=2))
    unit = apart / np.maximum(length, TINY)[:, :, None]
    # |u_a + u_b|^2 = 2 + 2 cos; rounding moves it by at most the tolerance over each length.
    sums = np.sqrt(np.maximum(0.0, 2 + 2 * unit @ unit.transpose(0, 2, 1)))
    shortest = 1 / np.maximum(length, TINY)
    slack = np.sqrt((within**2).sum(axis=1))[:, None, None] * (shortest[:, :, None] + shortest[:, None, :]) + 1e-6
    row, a, b = np.nonzero(np.triu(np.ones(sums.shape[1:], dtype=np.bool_), 1) & (sums < np.minimum(slack, WIDEST)))
    n_pairs = near.shape[1] * (near.shape[1] - 1) / 2
    is_line = _is_line(apart[row, a], apart[row, b], within[row], n_pairs)
    row, a, b = row[is_line], a[is_line], b[is_line]
    return np.column_stack([examined[row], near[row, a], near[row, b]])


def _is_line(to_a: FloatArray, to_b: FloatArray, within: FloatArray, n_pairs: float) -> NDArray[np.bool_]:
    """Tell of which pairs one share u puts the row at 0 in every column: arrays of shape (n, n_columns)."""
    whole = to_b - to_a
    weight = 1 / within**2
    share = (-to_a * whole * weight).sum(axis=1) / np.maximum((whole**2 * weight).sum(axis=1), TINY)
    holds = (np.abs(to_a + share[:, None] * whole) <= within).all(axis=1)
    # A row next to a, or to b, says little of the line: what counts is how far from both it lies.
    chance = np.minimum(1.0, 2 * within / np.maximum(np.minimum(np.abs(to_a), np.abs(to_b)), TINY))
    evidence = -np.log10(chance)
    # The clearest column gives u, the others agree with it.
    total = evidence.sum(axis=1) - evidence.max(axis=1, initial=0.0)
    n_telling = (evidence >= 1).sum(axis=1)
    between = (share > 0) & (share < 1)
    enough = (total >= np.log10(n_pairs / MOST_CHANCE)) & (n_telling >= LEAST_COLUMNS)
    is_line: NDArray[np.bool_] = holds & between & enough
    return is_line
