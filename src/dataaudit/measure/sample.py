"""A bounded, seeded sample of train: what bins, quantiles and models are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.model import Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 100_000
MAX_CELLS = 20_000_000
COLUMNS_PER_STATEMENT = 500
RESOLUTION = 1_000_000
CODED_ROLES = (Role.FEATURE, Role.GROUP, Role.CONTEXT, Role.ID, Role.TIME)


@dataclass(frozen=True)
class Sample:
    """Rows of train, all of them where they fit.

    Attributes
    ----------
    numeric : mapping of column to float array of shape (n_rows,)
        Numbers, and datetimes in seconds since 1970; NaN where missing.
    condition : str
        SQL that picks the sample's rows from the relation `train`.
    """

    numeric: Mapping[str, NDArray[np.float64]]
    condition: str
    n_rows: int
    n_rows_train: int

    @property
    def sampled(self) -> bool:
        """Whether rows were left out."""
        return self.n_rows < self.n_rows_train


def measure_sample(facts: Facts) -> Sample:
    """Draw up to 100,000 rows by a hash of row number and seed, and fetch the numeric columns."""
    dataset = facts.dataset
    n_train = dataset.relations["train"].n_rows
    columns = [
        column
        for column in dataset.info.with_role(*CODED_ROLES, Role.LABEL)
        if column.kind in (Kind.NUMERIC, Kind.DATETIME)
    ]
    condition = sample_condition(n_train, len(columns), facts.seed)
    numeric: dict[str, NDArray[np.float64]] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_as_number(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} FROM train WHERE {condition} ORDER BY row")
        numeric |= {column.name: as_float(arrays[dataset.sql_name(column.name)]) for column in run}
    n_rows = int(dataset.engine.rows(f"SELECT count(*) FROM train WHERE {condition}")[0][0])
    return Sample(numeric, condition, n_rows, n_train)


def sample_condition(n_rows: int, n_columns: int, seed: int, max_rows: int = MAX_ROWS) -> str:
    """Return SQL that is true for about `max_rows` rows of `n_rows`, the same ones on every run."""
    wanted = min(max_rows, MAX_CELLS // max(1, n_columns))
    if n_rows <= wanted:
        return "true"
    return f"hash(row, {seed}) % {RESOLUTION} < {round(RESOLUTION * wanted / n_rows)}"


def _as_number(cell: str, kind: Kind) -> str:
    return f"epoch({cell}) AS {cell}" if kind is Kind.DATETIME else f"CAST({cell} AS DOUBLE) AS {cell}"
