"""Facts about whole columns: twins, identifiers, spikes at an extreme, what their cells parse as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.dataset import CellKinds, Cells


@dataclass(frozen=True)
class ColumnTwins:
    """Two columns that say the same, verified over all training rows.

    relation: "equal" (the same values), "recoded" (one-to-one: each value of
    one goes with one value of the other), or "affine" (second = slope * first
    + intercept).
    """

    first: str
    second: str
    relation: Literal["equal", "recoded", "affine"]
    n_rows: int
    slope: float | None = None
    intercept: float | None = None
    sampled: bool = False


@dataclass(frozen=True)
class IdentifierShape:
    """How much a column looks like a name for the row, over all training rows.

    `consecutive`: integers without a gap. `sorted_by_row`: never falling in
    file order. `name_suggests`: the column's name says id, key, index, uuid.
    """

    column: str
    n_rows: int
    n_present: int
    n_distinct: int
    consecutive: bool
    sorted_by_row: bool
    name_suggests: bool
    sampled: bool = False


@dataclass(frozen=True)
class Spike:
    """The rows at the very end of a column: its value, how many, and the next value inwards."""

    value: float
    n_rows: int
    next_value: float | None


@dataclass(frozen=True)
class Extremes:
    """Both ends of a numeric column in train, over all rows, beside its quantiles."""

    column: str
    n_present: int
    low: Spike
    high: Spike
    sampled: bool = False


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of a numeric column in train, from the sample (all rows where they fit).

    `values[i]` is the `levels[i]` quantile; `at(level)` interpolates.
    """

    column: str
    levels: NDArray[np.float64]
    values: NDArray[np.float64]
    n_rows: int
    skew: float
    skew_after_log: float | None
    positive_p1: float | None
    positive_median: float | None
    sampled: bool

    def at(self, level: float) -> float:
        """Return the quantile at a level in [0, 1]."""
        return float(np.interp(level, self.levels, self.values))


__all__ = ["CellKinds", "Cells", "ColumnTwins", "Extremes", "IdentifierShape", "Quantiles", "Spike"]
