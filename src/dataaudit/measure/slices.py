"""A few columns of a wide table by themselves, for statements that group each of them.

Every grouping of a statement looks through the names of all columns of the
relation it reads; over 2,000 columns that took five times as long as counting
100,000 rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_COLUMNS_OF_NARROW = 200
MAX_CELLS_TO_COPY = 20_000_000
_NUMBERS = itertools.count()


@contextmanager
def slice_of(facts: Facts, split: str, columns: Sequence[str]) -> Iterator[str]:
    """Yield a relation that has these columns of a split and its label: a copy if the table is wide, else the split."""
    dataset = facts.dataset
    n_cells = dataset.relations[split].n_rows * len(columns)
    if len(dataset.info.columns) <= MAX_COLUMNS_OF_NARROW or n_cells > MAX_CELLS_TO_COPY:
        yield split
        return
    listed = ", ".join(dataset.sql_name(name) for name in dict.fromkeys((*columns, facts.label)))
    # A name of its own: two threads may count at once.
    name = f"slice_{next(_NUMBERS)}"
    dataset.engine.run(f"CREATE TEMP TABLE {name} AS SELECT {listed} FROM {split}")
    try:
        yield name
    finally:
        dataset.engine.run(f"DROP TABLE {name}")
