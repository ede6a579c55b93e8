"""Exact linear relations between columns: found on sampled rows, counted over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

UNEXPLAINED = 1e-9  # of a column's variance
NO_PART = 1e-4  # of a standardised column
WHOLE = 1e-4
N_DECIMALS = 9
MOST_COUNTED = 50
TIMES_ROUNDING = 5.0


@dataclass(frozen=True)
class Relation:
    """Columns of which a weighted sum is the same number in every sampled row.

    sum(weights[i] * columns[i]) = total. The smallest weight is 1 or -1. If the
    first column's weight is 1 and all others are below 0, it is the sum of them.

    Attributes
    ----------
    two_valued : bool
        All columns have two values each: indicators of which exactly one is on.
    tolerance : float
        How far rounding takes a sampled row from the total.
    n_rows, n_rows_off : int
        Rows of train in which all columns are known, and those of them further
        from the total than that, counted over all rows.
    """

    columns: tuple[str, ...]
    weights: tuple[float, ...]
    total: float
    unexplained: float
    two_valued: bool
    tolerance: float
    n_rows: int = 0
    n_rows_off: int = 0


def find_relations(
    names: Sequence[str], cells: FloatArray, correlations: FloatArray
) -> tuple[tuple[Relation, ...], list[int]]:
    """Return the exact relations, and the places of columns of which none is a combination of the others."""
    basis, told, weights = taken_in_turn(correlations)
    relations = []
    for k, place in enumerate(told):
        parts = [basis[i] for i in np.flatnonzero(np.abs(weights[:, k]) > NO_PART)]
        if parts:
            places = [place, *parts]
            relations.append(_fitted([names[i] for i in places], cells[:, places]))
    return tuple(sorted(relations, key=lambda one: (len(one.columns), one.columns))), sorted(basis)


def taken_in_turn(correlations: FloatArray) -> tuple[list[int], list[int], FloatArray]:
    """Return columns that stand for all, columns that these determine, and the standardised weights of that.

    A Cholesky decomposition with pivots (Higham 1990): it takes the column of
    which the most is left unexplained, until nothing is left of any.

    >>> basis, told, weights = taken_in_turn(np.array([[1.0, 0.6, 0.8], [0.6, 1.0, 0.0], [0.8, 0.0, 1.0]]))
    >>> (basis, told, weights.round(3).tolist())
    ([0, 1], [2], [[1.25], [-0.75]])
    """
    left = np.array(correlations)
    basis: list[int] = []
    unexplained = np.diag(left).copy()
    while len(basis) < len(left) and unexplained.max() > UNEXPLAINED:
        # Rounded, so that of equals the first is taken, whatever order rows were added up in.
        pivot = int(np.argmax(np.round(unexplained, N_DECIMALS)))
        column = left[:, pivot] / np.sqrt(left[pivot, pivot])
        left -= np.outer(column, column)
        unexplained = np.diag(left).copy()
        basis.append(pivot)
        unexplained[basis] = 0.0
    told = sorted(set(range(len(left))) - set(basis))
    weights = np.linalg.solve(correlations[np.ix_(basis, basis)], correlations[np.ix_(basis, told)])
    return basis, told, np.asarray(weights, dtype=np.float64)


def _fitted(columns: Sequence[str], cells: FloatArray) -> Relation:
    """Fit the first column by the others once more on the cells themselves."""
    means, spreads = cells.mean(axis=0), cells.std(axis=0)
    standardised = (cells - means) / spreads
    slopes = np.linalg.lstsq(standardised[:, 1:], standardised[:, 0], rcond=None)[0]
    weights = np.array([1.0, *(-slopes)]) / spreads
    weights, order = _in_order(weights / np.abs(weights).min(), columns)
    weights, ordered = np.array([_rounded(weight) for weight in weights.tolist()]), cells[:, order]
    total = float(means[order] @ weights)
    off = (ordered - means[order]) @ weights
    size = float(np.abs(ordered * weights).max())
    tolerance = max(TIMES_ROUNDING * float(np.abs(off).max()), 1e-9 * size)
    return Relation(
        columns=tuple(columns[i] for i in order),
        weights=tuple(weights.tolist()),
        total=0.0 if abs(total) <= tolerance else _rounded(total),
        unexplained=float((off**2).mean()) / float((ordered[:, 0] * weights[0]).var()),
        two_valued=all(bool(np.isin(cell, (cell.min(), cell.max())).all()) for cell in cells.T),
        tolerance=tolerance,
    )


def _in_order(weights: FloatArray, columns: Sequence[str]) -> tuple[FloatArray, list[int]]:
    """Put first the one column that is the sum of the others, if there is one, and make its weight positive."""
    order = sorted(range(len(columns)), key=lambda i: columns[i])
    for sign in (1.0, -1.0):
        alone = [i for i in order if sign * weights[i] > 0]
        if len(alone) == 1:
            order = [alone[0], *(i for i in order if i != alone[0])]
            break
    ordered = weights[order]
    return ordered * np.sign(ordered[0]), order


def _rounded(value: float) -> float:
    """Return a whole number for what rounding took from it.

    >>> _rounded(-1.0000003), _rounded(0.25)
    (-1.0, 0.25)
    """
    whole = float(round(value))
    return whole if abs(value - whole) <= WHOLE * max(1.0, abs(value)) else value


def count_rows_off(facts: Facts, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Count over all rows of train where each relation does not hold, in one statement; of the first 50."""
    counted = relations[:MOST_COUNTED]
    if not counted:
        return ()
    listed = ", ".join(f"count({off}), count_if(abs({off}) > {one.tolerance!r})" for one, off in _offs(facts, counted))
    row = facts.dataset.engine.rows(f"SELECT {listed} FROM train")[0]
    return tuple(
        replace(one, n_rows=int(row[2 * i]), n_rows_off=int(row[2 * i + 1])) for i, one in enumerate(counted)
    ) + tuple(relations[MOST_COUNTED:])


def _offs(facts: Facts, relations: Sequence[Relation]) -> list[tuple[Relation, str]]:
    """Return SQL of how far a row is from each relation's total."""
    return [
        (
            one,
            "("
            + " + ".join(
                f"{weight!r} * {_number(facts, name)}" for name, weight in zip(one.columns, one.weights, strict=True)
            )
            + f" - ({one.total!r}))",
        )
        for one in relations
    ]


def _number(facts: Facts, name: str) -> str:
    cell = facts.dataset.sql_name(name)
    if facts.info.column(name).kind is Kind.BOOLEAN:
        cell = f"CAST({cell} AS INTEGER)"
    return f"CAST({cell} AS DOUBLE)"
