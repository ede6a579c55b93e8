"""Facts about whole columns: twins, identifiers, spikes at an extreme, what their cells parse as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


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


@dataclass(frozen=True)
class CellKinds:
    """What the cells of one text-stored column of one split parse as.

    `stored_as_text` is true for Parquet and frames whose column type is text,
    false for CSV, where every cell is text. `n_decorated` cells are numbers
    once a currency sign, thousands separator, per cent sign or quotes are
    taken off. `odd_examples` are cells that are not what most cells are, as
    (row number, text), at most 20, with `n_odd` in all.
    """

    column: str
    split: str
    n_rows: int
    n_present: int
    n_number: int
    n_decorated: int
    n_date: int
    n_leading_zero: int
    stored_as_text: bool
    read_as: str
    n_odd: int
    odd_examples: tuple[tuple[int, str], ...]
    date_format: str | None = None
    sampled: bool = False


Cells = Mapping[str, Mapping[str, CellKinds]]
