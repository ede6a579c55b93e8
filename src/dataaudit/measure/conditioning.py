"""How large a step gradient descent may take on the features as they are, and standardised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
MAX_CELLS = 1_000_000
# Of the largest eigenvalue of a Gram matrix; what is smaller may be rounding.
LEAST_KNOWN = 1e-13
# A condition number is told up to here; this one says "that, or more".
MOST_TOLD = 1e15
# Rows and columns of which a large one is worked out: it takes a decomposition of the rows themselves.
MOST_ROWS = 2000
MOST_COLUMNS = 200


@dataclass(frozen=True)
class StepSize:
    """Largest stable step of gradient descent for a linear model, on a sample of train.

    `raw` is 2 / lambda_max of X'X / n with the numeric features as they are,
    `standardised` the same at mean 0 and sd 1. Missing cells count as the
    column's mean. `condition_raw` and `condition_standardised` are lambda_max
    / lambda_min, at most `MOST_TOLD`, which features have that depend on one
    another; None where there are no more rows than features, or where it is
    large and there are more than `MOST_COLUMNS` of them.
    """

    raw: float
    standardised: float
    n_rows: int
    sampled: bool = True
    condition_raw: float | None = None
    condition_standardised: float | None = None


def measure_step_size(facts: Facts) -> StepSize | None:
    """Return the largest stable step sizes; None without a numeric feature that varies."""
    sample = facts.sample
    known = [sample.numeric[column.name] for column in facts.features if column.kind is Kind.NUMERIC]
    columns = [values for values in known if np.isfinite(values).any()]
    if not columns:
        return None
    every = max(1, len(columns) * sample.n_rows // MAX_CELLS)
    filled = np.column_stack([_filled(values[::every]) for values in columns])
    spreads = filled.std(axis=0)
    varying = filled[:, spreads > 0]
    if varying.shape[1] == 0:
        return None
    standardised = (varying - varying.mean(axis=0)) / spreads[spreads > 0]
    largest_raw, condition_raw = _ends(varying)
    largest, condition = _ends(standardised)
    return StepSize(
        2 / largest_raw, 2 / largest, len(filled), len(filled) < sample.n_rows_train, condition_raw, condition
    )


def largest_eigenvalue(values: FloatArray) -> float:
    """Return the largest eigenvalue of X'X / n.

    Parameters
    ----------
    values : array of shape (n_rows, n_columns)

    >>> round(largest_eigenvalue(np.array([[3.0, 0.0], [0.0, 1.0]])), 3)
    4.5
    """
    return _ends(values)[0]


def _ends(values: FloatArray) -> tuple[float, float | None]:
    """Return the largest eigenvalue of X'X / n, and how many times the smallest it is, from the shorter side's Gram."""
    n_rows, n_columns = values.shape
    size = float(np.abs(values).max())
    if size == 0:
        return 0.0, None
    scaled = values / size  # squares of very large cells must not overflow
    gram = scaled.T @ scaled if n_columns <= n_rows else scaled @ scaled.T
    eigenvalues = np.linalg.eigvalsh(gram)
    largest, smallest = float(eigenvalues[-1]), float(eigenvalues[0])
    step = largest / n_rows * size * size
    if n_columns >= n_rows:
        return step, None
    if smallest > LEAST_KNOWN * largest:
        return step, largest / smallest
    return step, _large_condition(scaled[:: max(1, n_rows // MOST_ROWS)]) if n_columns <= MOST_COLUMNS else None


def _large_condition(values: FloatArray) -> float:
    """Return lambda_max / lambda_min of X'X from X itself, whose squares would drown it; at most `MOST_TOLD`.

    >>> round(_large_condition(np.array([[1e7, 0.0], [0.0, 1.0], [0.0, 0.0]])) / 1e14, 3)
    1.0
    """
    singular = np.linalg.svd(np.linalg.qr(values, mode="r"), compute_uv=False)
    largest, smallest = float(singular[0]), float(singular[-1])
    return MOST_TOLD if smallest * math.sqrt(MOST_TOLD) <= largest else (largest / smallest) ** 2


def _filled(values: FloatArray) -> FloatArray:
    known = values[np.isfinite(values)]
    return np.where(np.isfinite(values), values, known.mean() if known.size else 0.0)
