"""A bounded, seeded sample of train: what bins, quantiles and models are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.engine.draw import draw_expression, draw_limit
from dataaudit.model import Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 100_000
MAX_CELLS = 20_000_000
MAX_CHARACTERS = 200_000_000
MAX_ROWS_TAKEN_WHOLE = 5_000
ROWS_TO_TELL_LENGTH = 100
COLUMNS_PER_STATEMENT = 500
CODED_ROLES = (Role.FEATURE, Role.GROUP, Role.CONTEXT, Role.ID, Role.TIME)


@dataclass(frozen=True)
class Sample:
    """Rows of train, all of them where they fit.

    Attributes
    ----------
    numeric : mapping of column to float array of shape (n_rows,)
        Numbers, and datetimes in seconds since 1970; NaN where missing.
    relation : str
        Holds the sample's rows in the engine: `sample_train`, or `train` itself where all of it is taken.
    draw : str
        SQL of each row's draw, over the columns of `relation`.
    """

    numeric: Mapping[str, NDArray[np.float64]]
    relation: str
    draw: str
    n_rows: int
    n_rows_train: int

    @property
    def sampled(self) -> bool:
        """Whether rows were left out."""
        return self.n_rows < self.n_rows_train

    def leaves_out(self, n_rows: int) -> bool:
        """Return whether about this many of the sample's rows are fewer than train has."""
        return self.sampled or n_rows < self.n_rows_train

    def some_rows(self, n_rows: int) -> str:
        """Return what stands after FROM for about this many of the sample's rows, the same ones whenever asked."""
        if n_rows >= self.n_rows_train:
            return self.relation
        return f"(SELECT * FROM {self.relation} WHERE {self.draw} < {draw_limit(self.n_rows_train, n_rows)})"


def measure_sample(facts: Facts) -> Sample:
    """Draw up to 100,000 rows of train, keep them in the engine, and fetch the numeric columns.

    Every sampled fact reads these rows, so that the file is read once for all of them.
    """
    dataset = facts.dataset
    n_train = dataset.relations["train"].n_rows
    n_wanted = min(n_train, rows_to_sample(facts))
    relation, draw = "train", draw_expression(facts.seed)
    if n_train > min(n_wanted, MAX_ROWS_TAKEN_WHOLE):
        relation, draw = "sample_train", "draw"
        _draw(facts, n_wanted)
    columns = [
        column
        for column in dataset.info.with_role(*CODED_ROLES, Role.LABEL)
        if column.kind in (Kind.NUMERIC, Kind.DATETIME)
    ]
    numeric: dict[str, NDArray[np.float64]] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_number_named(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} FROM {relation} ORDER BY row")
        numeric |= {column.name: as_float(arrays[dataset.sql_name(column.name)]) for column in run}
    n_rows = int(dataset.engine.rows(f"SELECT count(*) FROM {relation}")[0][0])
    return Sample(numeric, relation, draw, n_rows, n_train)


def rows_to_sample(facts: Facts) -> int:
    """Return how many rows of train fit: wide tables and long texts leave fewer than 100,000."""
    surveys = facts.dataset.surveys["train"]
    embeddings = [column.name for column in facts.info.columns if column.kind is Kind.EMBEDDING]
    characters = sum(survey.mean_length or 0.0 for survey in surveys.values()) + _length_of(facts, embeddings)
    return min(MAX_ROWS, MAX_CELLS // len(surveys), int(MAX_CHARACTERS / max(1.0, characters)))


def _length_of(facts: Facts, embeddings: list[str]) -> float:
    """Return the characters that the embeddings of a row take, told from the first rows: they are all alike."""
    if not embeddings:
        return 0.0
    cells = [facts.dataset.sql_name(name) for name in embeddings]
    lengths = ", ".join(f"avg(length({cell}))" for cell in cells)
    first_rows = f"SELECT {', '.join(cells)} FROM train WHERE row < {ROWS_TO_TELL_LENGTH}"
    return sum(float(length or 0.0) for length in facts.dataset.engine.rows(f"SELECT {lengths} FROM ({first_rows})")[0])


def _draw(facts: Facts, n_wanted: int) -> None:
    n_train = facts.dataset.relations["train"].n_rows
    drawn = f"SELECT *, {draw_expression(facts.seed)} AS draw FROM train"
    with facts.dataset.engine.planning_for(len(facts.info.columns)):
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE sample_train AS SELECT * FROM ({drawn}) WHERE draw < {draw_limit(n_train, n_wanted)}"
        )


def as_number(cell: str, kind: Kind) -> str:
    """Return SQL of a cell as a double; of dates, in seconds since 1970.

    >>> as_number("c0", Kind.DATETIME), as_number("c0", Kind.NUMERIC)
    ('epoch(c0)', 'CAST(c0 AS DOUBLE)')
    """
    return f"epoch({cell})" if kind is Kind.DATETIME else f"CAST({cell} AS DOUBLE)"


def as_number_or_text(cell: str, kind: Kind) -> str:
    """Return SQL of a cell under its own name: numbers and dates as doubles, all else as text.

    >>> as_number_or_text("c0", Kind.CATEGORICAL)
    'CAST(c0 AS VARCHAR) AS c0'
    """
    value = as_number(cell, kind) if kind in (Kind.NUMERIC, Kind.DATETIME) else f"CAST({cell} AS VARCHAR)"
    return f"{value} AS {cell}"


def _number_named(cell: str, kind: Kind) -> str:
    return f"{as_number(cell, kind)} AS {cell}"
