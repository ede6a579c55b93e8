"""Whether equal rows can be a coincidence, or half of the columns already tell the rows apart."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FINE_BY_HALF, FINE_BY_NUMBERS = 0.99, 0.9
MEDIUM_BY_HALF, MEDIUM_BY_NUMBERS = 0.5, 0.5

FloatArray = NDArray[np.float64]


class Grain(Enum):
    """How well the training features tell rows apart."""

    COARSE = "coarse"
    MEDIUM = "medium"
    FINE = "fine"


def is_fine(facts: Facts) -> bool:
    """Tell whether the training features are so fine that equal rows are no coincidence."""
    return grain(facts) is Grain.FINE


def grain(facts: Facts) -> Grain:
    """Tell how fine the training features are.

    Fine with a feature of free text or an embedding. Else the numeric and
    datetime features of the sample are dealt out into two halves: if either
    half tells 99 % of the rows apart that all of them do, and all of them tell
    apart 90 % of the rows with different features, chance has no room. Medium
    where both are half or more: most rows differ, and chance has some room.
    Copies of rows, and copies with other labels, change none of this, so more
    of them never make a table look coarser.
    """
    if any(column.kind in (Kind.TEXT, Kind.EMBEDDING) for column in facts.features):
        return Grain.FINE
    sample, repeats = facts.sample, facts.repeats["train"]
    known = [sample.numeric[column.name] for column in facts.features if column.name in sample.numeric]
    columns = [values for values in known if _varies(values)]
    if not columns or (len(columns) == 1 and _is_whole(columns[0])):
        return Grain.COARSE
    n_told = count_distinct(columns)
    n_told_by_half = max(count_distinct(columns[::2]), count_distinct(columns[1::2]))
    # Of D different rows at least a fraction f stands in a sample of that fraction.
    n_different = repeats.n_distinct_features * sample.n_rows / max(1, sample.n_rows_train)
    if n_told_by_half >= FINE_BY_HALF * n_told and n_told >= FINE_BY_NUMBERS * n_different:
        return Grain.FINE
    if n_told_by_half >= MEDIUM_BY_HALF * n_told and n_told >= MEDIUM_BY_NUMBERS * n_different:
        return Grain.MEDIUM
    return Grain.COARSE


def count_distinct(columns: Sequence[FloatArray]) -> int:
    """Return the number of different rows of these columns, by 64-bit hashes.

    >>> count_distinct([np.array([1.0, 1.0, 1.0]), np.array([2.0, 3.0, 3.0])])
    2
    """
    if not columns:
        return 0
    hashes = np.zeros(len(columns[0]), dtype=np.uint64)
    factors = np.random.default_rng(0).integers(1, 2**63, size=(len(columns), 2), dtype=np.uint64)
    for values, (factor, other) in zip(columns, factors, strict=True):
        bits = np.where(np.isnan(values), np.nan, values + 0.0).view(np.uint64)
        mixed = (bits ^ (bits >> np.uint64(32))) * (factor | np.uint64(1))
        hashes += (mixed ^ (mixed >> np.uint64(29))) * (other | np.uint64(1))
    return len(np.unique(hashes))


def _varies(values: FloatArray) -> bool:
    present = values[np.isfinite(values)]
    return present.size > 0 and (present.size < values.size or bool(present.min() < present.max()))


def _is_whole(values: FloatArray) -> bool:
    present = values[np.isfinite(values)]
    return bool((present == np.trunc(present)).all())
