"""Which rows of a split lie beyond the training range of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.sample import as_number
from dataaudit.model import MAX_ROWS_SHOWN

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RowsBeyond:
    """Rows of one split below or above what train has of one column.

    Attributes
    ----------
    first : tuple of int
        The first of them, over all rows.
    drawn : int array
        Those among the drawn rows of the split, which models are asked of.
    n_drawn_within : int
        The other drawn rows.
    """

    first: tuple[int, ...]
    drawn: IntArray
    n_drawn_within: int
    sampled: bool = False


def measure_rows_beyond(facts: Facts, split: str, column: str) -> RowsBeyond:
    """Look the rows up; a column without a number in train has none."""
    train = facts.profiles["train"][column]
    if train.minimum is None or train.maximum is None:
        return RowsBeyond((), np.zeros(0, dtype=np.int64), 0)
    cell = as_number(facts.dataset.sql_name(column), facts.info.column(column).kind)
    first = facts.dataset.engine.arrays(
        f"SELECT row FROM {split} WHERE {cell} < {_literal(train.minimum)} OR {cell} > {_literal(train.maximum)} "
        f"ORDER BY row LIMIT {MAX_ROWS_SHOWN}"
    )["row"]
    drawn = facts.shifts.split_rows[split]
    cells = drawn.cells.get(column, np.zeros(0))
    beyond = np.flatnonzero((cells < train.minimum) | (cells > train.maximum))
    return RowsBeyond(tuple(int(row) for row in as_float(first)), drawn.rows[beyond], drawn.n_rows - len(beyond))


def _literal(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"
