"""Label x value tables: for every coded column, rows per value (or bin), class and split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Kind

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ValueTable:
    """Rows per key of one column, by split and class, counted over all rows.

    A key is a category, a boolean, or a bin of a number or datetime. Missing
    cells have a key of their own, always the last one.

    Attributes
    ----------
    keys : tuple of str
        For categories their texts; for bins a readable interval ("3 to 7",
        "5", "over 9"). The last key is the missing cell.
    edges : array of shape (n_keys - 2,) or None
        For numbers and datetimes (seconds since 1970) the cuts between the
        bins: bin i holds values in (edges[i - 1], edges[i]].
    n_by_class : mapping of split to array of shape (n_keys, n_classes)
        Labelled rows. In regression the classes are the bins of the target.
        Without a label there is one class, which holds every row.
    n : mapping of split to array of shape (n_keys,)
        All rows, labelled or not.
    target_sum, target_sum_squares : mapping of split to array of shape (n_keys,)
        Regression: sums of the target (centred on its training mean) and of
        its square per key; empty otherwise.
    other_key : int or None
        Columns of many values list only the commonest; the rest share this key.
    is_bin : bool
        Whether keys are intervals of an ordered column.
    """

    column: str
    kind: Kind
    keys: tuple[str, ...]
    edges: FloatArray | None
    n: Mapping[str, IntArray]
    n_by_class: Mapping[str, IntArray]
    target_sum: Mapping[str, FloatArray]
    target_sum_squares: Mapping[str, FloatArray]
    other_key: int | None = None
    sampled: bool = False

    @property
    def is_bin(self) -> bool:
        """Whether the keys are intervals of an ordered column."""
        return self.edges is not None

    @property
    def missing_key(self) -> int:
        """Index of the key that stands for a missing cell."""
        return len(self.keys) - 1

    @property
    def n_rows(self) -> int:
        """Rows counted, over all splits."""
        return int(sum(counts.sum() for counts in self.n.values()))
