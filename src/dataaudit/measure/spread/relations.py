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
WHOLE = 1e-6
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
    names: Sequence[str], cells: FloatArray, correlations: FloatArray, is_two_valued: Sequence[bool]
) -> tuple[tuple[Relation, ...], list[int]]:
    """Return the exact relations, and the places of columns of which none is a combination of the others.

    By a Cholesky decomposition with pivots (Higham 1990): it stops where all
    columns that are left are told by those taken.
    """
    from scipy.linalg import solve_triangular
    from scipy.linalg.lapack import dpstrf

    factor, pivots, rank, _ = dpstrf(correlations, tol=UNEXPLAINED, lower=0)
    basis, told = [int(i) - 1 for i in pivots[:rank]], [int(i) - 1 for i in pivots[rank:]]
    weights = solve_triangular(np.triu(factor[:rank, :rank]), factor[:rank, rank:]) if told else np.zeros((rank, 0))
    relations = []
    for k, place in enumerate(told):
        parts = [basis[i] for i in np.flatnonzero(np.abs(weights[:, k]) > NO_PART)]
        relation = _fitted(names, cells, place, parts, all(is_two_valued[i] for i in [place, *parts]))
        if relation is not None:
            relations.append(relation)
    return tuple(sorted(relations, key=lambda one: (len(one.columns), one.columns))), sorted(basis)


def _fitted(names: Sequence[str], cells: FloatArray, place: int, parts: list[int], two_valued: bool) -> Relation | None:
    """Fit a column by the others once more on the cells themselves; None if nothing is left to fit it by."""
    if not parts:
        return None
    target, others = cells[:, place], cells[:, parts]
    means, spreads = others.mean(axis=0), others.std(axis=0)
    scale = float(target.std())
    fitted = np.linalg.lstsq((others - means) / spreads, (target - target.mean()) / scale, rcond=None)[0]
    slopes = fitted * scale / spreads
    off = target - target.mean() - (others - means) @ slopes
    weights = np.array([1.0, *(-slopes)])
    smallest = float(np.abs(weights).min())
    columns = [names[place], *(names[i] for i in parts)]
    weights, order = _in_order(weights / smallest, columns)
    total = float(cells[:, [place, *parts]].mean(axis=0)[order] @ weights)
    size = float(np.abs(cells[:, [place, *parts]][:, order] * weights).max())
    tolerance = max(TIMES_ROUNDING * float(np.abs(off).max()) / smallest, 1e-9 * size)
    return Relation(
        columns=tuple(columns[i] for i in order),
        weights=tuple(_rounded(weight) for weight in weights.tolist()),
        total=0.0 if abs(total) <= tolerance else _rounded(total),
        unexplained=float((off**2).mean()) / scale**2,
        two_valued=two_valued,
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

    >>> _rounded(-1.0000000003), _rounded(0.25)
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
