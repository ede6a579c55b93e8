"""Stretches of a numeric target, within its training range, that train never shows and another split does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.labels import label_expression
from dataaudit.model import MAX_ROWS_SHOWN

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

MOST_GAPS = 10


@dataclass(frozen=True)
class TargetGap:
    """Two neighbouring training values of the target, and the rows of a split strictly between them.

    Attributes
    ----------
    low, high : float
        No training row has a target between them.
    n_rows_between : int
    first_rows : tuple of int
        The numbers of the first of them.
    n_rows, n_train : int
        Rows of the split, and of train, that have a target.
    """

    split: str
    low: float
    high: float
    n_rows_between: int
    n_rows: int
    n_train: int
    first_rows: tuple[int, ...] = ()
    sampled: bool = False


def measure_target_gaps(facts: Facts) -> dict[str, tuple[TargetGap, ...]]:
    """Return of every labelled split up to ten gaps, those with most of its rows first.

    Where to look is told by samples; what is said is counted over all rows.
    """
    counted = facts.target.counts
    values = facts.sample.numeric[facts.label]
    values = np.unique(values[np.isfinite(values)])
    return {
        split: _gaps(facts, split, values)
        for split in facts.other_splits
        if split in counted and counted[split].sum() > 0 and len(values) > 1
    }


def _gaps(facts: Facts, split: str, values: FloatArray) -> tuple[TargetGap, ...]:
    engine, label = facts.dataset.engine, f"CAST({label_expression(facts.dataset)} AS DOUBLE)"
    drawn = facts.shifts.split_rows[split].relation
    others = as_float(engine.arrays(f"SELECT {label} AS y FROM {drawn} WHERE {label} IS NOT NULL")["y"])
    ends = [(values[place - 1], values[place]) for place in _fullest(values, others)]
    if not ends:
        return ()
    between = [f"{label} > {_literal(low)} AND {label} < {_literal(high)}" for low, high in ends]
    listed = ", ".join(f"count_if({condition})" for condition in between)
    in_train, here = (engine.rows(f"SELECT {listed} FROM {name}")[0] for name in ("train", split))
    empty = [place for place in range(len(ends)) if in_train[place] == 0 and here[place] > 0]
    empty.sort(key=lambda place: (-int(here[place]), ends[place]))
    return tuple(
        TargetGap(
            split=split,
            low=float(ends[place][0]),
            high=float(ends[place][1]),
            n_rows_between=int(here[place]),
            n_rows=int(facts.target.counts[split].sum()),
            n_train=int(facts.target.counts["train"].sum()),
            first_rows=_first_rows(facts, split, between[place]) if rank == 0 else (),
        )
        for rank, place in enumerate(empty)
    )


def _fullest(values: FloatArray, others: FloatArray) -> list[int]:
    """Return the places of the upper ends of the gaps between values that hold most of the others.

    >>> _fullest(np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 4.0, 1.5, 9.0]))
    [2, 1]
    """
    places = np.searchsorted(values, others)
    is_between = (places > 0) & (places < len(values))
    is_between[is_between] = values[places[is_between]] != others[is_between]
    found, counts = np.unique(places[is_between], return_counts=True)
    return [int(place) for place in found[np.lexsort((found, -counts))][:MOST_GAPS]]


def _first_rows(facts: Facts, split: str, condition: str) -> tuple[int, ...]:
    rows = facts.dataset.engine.rows(f"SELECT row FROM {split} WHERE {condition} ORDER BY row LIMIT {MAX_ROWS_SHOWN}")
    return tuple(int(row) for (row,) in rows)


def _literal(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"
