"""Which features are linear combinations of others, exactly or nearly, and how ill-conditioned that leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.spread.relations import Relation, count_rows_off, find_relations
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

MAX_COLUMNS = 500
ROWS_PER_COLUMN = 5
N_ROWS_MIN = 50
MOST_NEAR = 10
LEAST_INDEX = 10.0
Z_ONE_SIDED = 1.645
SHARE_OF_LARGEST = 0.1
LEAST_SPREAD = 1e-12  # of the largest cell; what is less may be rounding
LARGEST = 1e150  # squares of larger cells would overflow


@dataclass(frozen=True)
class NearRelation:
    """A feature that others nearly determine, and what is left of the trouble once it is left out.

    Attributes
    ----------
    told_by : tuple of str
        The others whose standardised coefficients are a tenth of the largest or more.
    r_squared : float
        Of the regression on all other features.
    condition_index : float
        sqrt(lambda_max / lambda_min) of the correlations while the feature was among them.
    condition_index_lower : float
        The same with the smallest eigenvalue at the upper end of its 95 % bound.
    """

    column: str
    told_by: tuple[str, ...]
    r_squared: float
    condition_index: float
    condition_index_lower: float


@dataclass(frozen=True)
class Conditioning:
    """How far numeric and boolean features of train are linear combinations of one another, on sampled rows.

    Attributes
    ----------
    n_columns : int
        Features looked at: they vary, and are no twin of another.
    columns_left_out : tuple of str
        Features that miss too many cells to be looked at together with the others.
    relations : tuple of Relation
        Features that others determine exactly.
    near : tuple of NearRelation
        Of the features that are left: up to ten, the most determined first, each
        measured without those before it, while the condition index is above 10.
    condition_index : float
        Of the features that no other determines exactly.
    """

    n_rows: int
    n_columns: int
    columns_left_out: tuple[str, ...]
    relations: tuple[Relation, ...]
    near: tuple[NearRelation, ...]
    condition_index: float
    sampled: bool


def measure_conditioning(facts: Facts) -> Conditioning:
    """Decompose the correlations of up to 500 features on the rows in which all of them are known.

    Raises
    ------
    NotMeasurable
        If fewer than two features vary, there are too many of them, or there
        are fewer than five rows for each.
    """
    n_numbers = sum(column.kind in (Kind.NUMERIC, Kind.BOOLEAN) for column in facts.features)
    if n_numbers > MAX_COLUMNS:  # asked before any cell is fetched
        raise NotMeasurable(f"looks at up to {MAX_COLUMNS} numeric features; there are {n_numbers:,}")
    rows = facts.shifts.split_rows["train"]
    known = _numbers(facts)
    names, cells, left_out = _complete(known)
    centred = cells - cells.mean(axis=0)
    spreads = centred.std(axis=0)
    standardised = centred / spreads
    correlations = standardised.T @ standardised / len(standardised)
    relations, basis = find_relations(names, cells, correlations)
    near, index = _near(correlations[np.ix_(basis, basis)], [names[i] for i in basis], len(cells))
    return Conditioning(
        n_rows=len(cells),
        n_columns=len(names),
        columns_left_out=left_out,
        relations=count_rows_off(facts, relations),
        near=near,
        condition_index=index,
        sampled=rows.sampled or len(cells) < rows.n_rows,
    )


def _numbers(facts: Facts) -> dict[str, FloatArray]:
    """Return the features that vary and are no straight line of another, NaN where a cell is not finite."""
    cells = facts.shifts.split_rows["train"].cells
    kinds = {column.name: column.kind for column in facts.features if column.name in cells}
    known = {}
    for name, kind in kinds.items():
        if kind in (Kind.NUMERIC, Kind.BOOLEAN):
            values = np.where(np.isfinite(cells[name]), cells[name], np.nan)
            present = values[~np.isnan(values)]
            if present.size and present.min() < present.max() and np.abs(present).max() < LARGEST:
                known[name] = values
    for twins in facts.twins:
        both_boolean = kinds.get(twins.first) is kinds.get(twins.second) is Kind.BOOLEAN
        if (twins.relation != "recoded" or both_boolean) and twins.first in known:
            known.pop(twins.second, None)
    if len(known) < 2:
        raise NotMeasurable(f"needs two numeric features that vary and are no twins; there are {len(known)}")
    return known


def _complete(known: dict[str, FloatArray]) -> tuple[list[str], FloatArray, tuple[str, ...]]:
    """Return names and cells of the most features that have enough rows in which all are known.

    Features that miss the most cells are left out first.
    """
    names = sorted(known, key=lambda name: (int(np.isnan(known[name]).sum()), name))
    present = np.ones(len(known[names[0]]), dtype=np.bool_)
    n_kept, rows = 0, present
    for i, name in enumerate(names):
        present = present & ~np.isnan(known[name])
        if present.sum() >= max(N_ROWS_MIN, ROWS_PER_COLUMN * (i + 1)):
            n_kept, rows = i + 1, present
    kept = [name for name in names[:n_kept] if _varies(known[name][rows])]
    if len(kept) < 2:
        raise NotMeasurable(
            f"needs {ROWS_PER_COLUMN} rows for each of {len(names):,} numeric features, {N_ROWS_MIN} at least, in "
            f"which no cell is missing; there are {int(present.sum()):,} of {len(present):,} rows"
        )
    return kept, np.column_stack([known[name][rows] for name in kept]), tuple(sorted(names[n_kept:]))


def _varies(values: FloatArray) -> bool:
    return float(values.std()) > LEAST_SPREAD * float(np.abs(values).max())


def _near(correlations: FloatArray, names: list[str], n_rows: int) -> tuple[tuple[NearRelation, ...], float]:
    """Take out the most determined feature again and again, while the condition index is large."""
    names, first_index = list(names), 1.0
    found: list[NearRelation] = []
    while len(names) > 1 and len(found) < MOST_NEAR:
        eigenvalues = np.asarray(np.linalg.eigvalsh(correlations), dtype=np.float64)
        index, lower = _condition_index(eigenvalues, n_rows)
        first_index = first_index if found else index
        if lower < LEAST_INDEX:
            break
        precision = np.asarray(np.linalg.inv(correlations), dtype=np.float64)
        worst = int(np.argmax(np.diag(precision)))
        found.append(_near_relation(precision, names, worst, index, lower))
        correlations = np.delete(np.delete(correlations, worst, 0), worst, 1)
        del names[worst]
    return tuple(found), first_index


def _condition_index(eigenvalues: FloatArray, n_rows: int) -> tuple[float, float]:
    """Return the index, and its lower bound: of few rows the smallest eigenvalue comes out too small."""
    spare = n_rows - len(eigenvalues)
    smallest = max(float(eigenvalues[0]), np.finfo(np.float64).tiny)
    upper = smallest * n_rows / spare * (1 + Z_ONE_SIDED * float(np.sqrt(2 / spare)))
    largest = float(eigenvalues[-1])
    return float(np.sqrt(largest / smallest)), float(np.sqrt(largest / upper))


def _near_relation(precision: FloatArray, names: list[str], worst: int, index: float, lower: float) -> NearRelation:
    weights = -precision[worst] / precision[worst, worst]
    weights[worst] = 0.0
    sizes = np.abs(weights)
    order = np.argsort(-sizes, kind="stable")
    told_by = tuple(names[i] for i in order if sizes[i] >= SHARE_OF_LARGEST * sizes.max())
    return NearRelation(names[worst], told_by, 1 - 1 / float(precision[worst, worst]), index, lower)
