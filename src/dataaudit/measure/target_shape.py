"""The shape of a numeric target in train: its ends, its negative rows, and how its rows lie about round numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.heaps import Heap, measure_heaps
from dataaudit.measure.labels import label_expression
from dataaudit.model import MAX_ROWS_SHOWN

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# More different values than this are not grouped over all rows: the sample's stand for them.
MOST_VALUES = 10_000
N_END_VALUES = 20
N_ENDS_NAMED = 3
# Of a value that more rows have, none is named.
MOST_ROWS_NAMED = 1_000

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class EndValue:
    """One of the outermost values of the target: its training rows, and the numbers of the first of them.

    `numbers` is empty for values further in than the third, and for those of more than 1,000 rows.
    """

    value: float
    n_rows: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Negatives:
    """The rows below zero.

    `highest` is the negative value next to zero, `lowest_other` the least of
    the other rows. `n_rows_far` lie as far below zero as half the median of
    the positive rows, or further. `numbers` are the first rows, if there are
    not more than 1,000.
    """

    n_rows: int
    n_rows_far: int
    highest: float
    lowest_other: float | None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class TargetShape:
    """A numeric target in train.

    Attributes
    ----------
    n_rows : int
        Rows with a finite target; `n_infinite` more have an infinite one.
    mean, sd : float or None
        Of those rows; None where squares leave the range of a double.
    low, high : tuple of EndValue
        The outermost values, at most 20, over all rows; the outermost first.
    negatives : Negatives or None
    values, counts : arrays of shape (n_values,)
        The different values, ascending, and their rows. Over all rows where
        there are at most 10,000 different ones, else of the sample.
    heaps : tuple of Heap
        From `values`, for every round step that was tried.
    """

    n_rows: int
    n_infinite: int
    mean: float | None
    sd: float | None
    low: tuple[EndValue, ...]
    high: tuple[EndValue, ...]
    negatives: Negatives | None
    values: FloatArray
    counts: IntArray
    heaps: tuple[Heap, ...]
    sampled: bool = False


def measure_target_shape(facts: Facts) -> TargetShape:
    """Measure the target's ends and negative rows over all rows, and its round numbers over its values."""
    profile = facts.profiles["train"][facts.label]
    seen = facts.sample.numeric[facts.label]
    seen = seen[~np.isnan(seen)]
    if profile.n_present == 0 or len(seen) == 0:
        raise NotMeasurable("there is no training row with a finite target")
    values, counts, sampled = _values(facts, seen)
    low, high = _ends(facts, values)
    return TargetShape(
        n_rows=profile.n_present,
        n_infinite=profile.n_infinite,
        mean=profile.mean,
        sd=profile.sd,
        low=low,
        high=high,
        negatives=_negatives(facts, values, counts),
        values=values,
        counts=counts,
        heaps=measure_heaps(values, counts),
        sampled=sampled,
    )


def _target(facts: Facts) -> str:
    return f"CAST({label_expression(facts.dataset)} AS DOUBLE)"


def _values(facts: Facts, seen: FloatArray) -> tuple[FloatArray, IntArray, bool]:
    """Return the different values, their rows, and whether rows were left out."""
    values, counts = np.unique(seen, return_counts=True)
    if not facts.sample.sampled:
        return values, counts.astype(np.int64), False
    if len(values) <= MOST_VALUES:
        grouped = f"SELECT {_target(facts)} AS y, count(*) AS n FROM train GROUP BY 1"
        rows = facts.dataset.engine.rows(f"SELECT y, n FROM ({grouped}) WHERE y IS NOT NULL LIMIT {MOST_VALUES + 1}")
        if len(rows) <= MOST_VALUES:
            rows = sorted(rows)
            return np.array([float(y) for y, _ in rows]), np.array([int(n) for _, n in rows], dtype=np.int64), False
    return values, counts.astype(np.int64), True


def _ends(facts: Facts, values: FloatArray) -> tuple[tuple[EndValue, ...], tuple[EndValue, ...]]:
    """Return the lowest and the highest values, counted among the rows beyond the sample's outermost values."""
    inner_low, inner_high = values[:N_END_VALUES][-1], values[-N_END_VALUES:][0]
    low = _outermost(facts, f"y <= {_literal(inner_low)}", "ASC")
    high = _outermost(facts, f"y >= {_literal(inner_high)}", "DESC")
    numbers = _row_numbers(facts, [end for side in (low, high) for end in side[:N_ENDS_NAMED]])
    return _with_numbers(low, numbers), _with_numbers(high, numbers)


def _outermost(facts: Facts, condition: str, order: str) -> list[EndValue]:
    rows = facts.dataset.engine.rows(
        f"SELECT y, count(*) FROM (SELECT {_target(facts)} AS y FROM train) WHERE {condition} "
        f"GROUP BY y ORDER BY y {order} LIMIT {N_END_VALUES}"
    )
    return [EndValue(float(y), int(n)) for y, n in rows]


def _row_numbers(facts: Facts, ends: list[EndValue]) -> dict[float, list[int]]:
    """Return value -> the numbers of its first rows, of the values that have few."""
    wanted = sorted({end.value for end in ends if end.n_rows <= MOST_ROWS_NAMED})
    if not wanted:
        return {}
    among = ", ".join(_literal(value) for value in wanted)
    numbered = (
        "SELECT y, row, row_number() OVER (PARTITION BY y ORDER BY row) AS place "
        f"FROM (SELECT {_target(facts)} AS y, row FROM train) WHERE y IN ({among}) QUALIFY place <= {MAX_ROWS_SHOWN}"
    )
    found: dict[float, list[int]] = {value: [] for value in wanted}
    for y, row in facts.dataset.engine.rows(f"SELECT y, row FROM ({numbered}) ORDER BY y, row"):
        found[float(y)].append(int(row))
    return found


def _with_numbers(ends: list[EndValue], numbers: dict[float, list[int]]) -> tuple[EndValue, ...]:
    named = ends[:N_ENDS_NAMED]
    return (
        *(EndValue(end.value, end.n_rows, tuple(numbers.get(end.value, ()))) for end in named),
        *ends[N_ENDS_NAMED:],
    )


def _negatives(facts: Facts, values: FloatArray, counts: IntArray) -> Negatives | None:
    minimum = facts.profiles["train"][facts.label].minimum
    if minimum is None or minimum >= 0:
        return None
    target = f"(SELECT {_target(facts)} AS y, row FROM train)"
    far = -weighted_quantile(values, np.where(values > 0, counts, 0), 0.5) / 2 if values[-1] > 0 else -np.inf
    n_rows, n_far, highest, lowest_other = facts.dataset.engine.rows(
        f"SELECT count_if(y < 0), count_if(y <= {_literal(far)}), max(y) FILTER (y < 0), min(y) FILTER (y >= 0) "
        f"FROM {target}"
    )[0]
    numbers: tuple[int, ...] = ()
    if n_rows <= MOST_ROWS_NAMED:
        rows = facts.dataset.engine.rows(f"SELECT row FROM {target} WHERE y < 0 ORDER BY row LIMIT {MAX_ROWS_SHOWN}")
        numbers = tuple(int(row) for (row,) in rows)
    return Negatives(
        int(n_rows), int(n_far), float(highest), None if lowest_other is None else float(lowest_other), numbers
    )


def weighted_quantile(values: FloatArray, counts: IntArray, level: float) -> float:
    """Return the smallest value that this share of the rows does not exceed.

    >>> weighted_quantile(np.array([1.0, 2.0, 9.0]), np.array([1, 2, 1]), 0.5)
    2.0
    """
    reached = np.cumsum(counts)
    return float(values[int(np.searchsorted(reached, level * reached[-1]))])


def _literal(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"
