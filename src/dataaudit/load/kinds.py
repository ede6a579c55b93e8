"""The kind of every column: what its type and the number of its values say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dataaudit.engine.base import Engine, chunks
from dataaudit.load.typing import EMBEDDING, TypedColumn
from dataaudit.model import Kind

COLUMNS_PER_STATEMENT = 200
MEAN_LENGTH_OF_TEXT = 50
N_VALUES_OF_TEXT = 50
SHARE_DISTINCT_OF_TEXT = 0.5
N_ROWS_OF_LIST = 10_000
KIND_OF_TYPE = {
    "BIGINT": Kind.NUMERIC,
    "DOUBLE": Kind.NUMERIC,
    "BOOLEAN": Kind.BOOLEAN,
    "TIMESTAMP": Kind.DATETIME,
    EMBEDDING: Kind.EMBEDDING,
}


@dataclass(frozen=True)
class ColumnValues:
    """How many values a training column has: enough to tell categories, texts and names apart."""

    n_present: int
    n_distinct: int
    mean_length: float
    share_with_space: float
    minimum: float | None
    maximum: float | None
    all_integral: bool


def count_values(engine: Engine, table: str, columns: list[TypedColumn]) -> dict[str, ColumnValues]:
    """Count the values of every column but embeddings, in the typed training relation.

    Distinct values are counted for text, whole numbers and booleans only, approximately
    (HyperLogLog) except where a column may be unique in every row: those are
    counted again exactly.
    """
    known = {column.name: (position, column.sql_type) for position, column in enumerate(columns)}
    wanted = [name for name, (_, sql_type) in known.items() if sql_type != EMBEDDING]
    values: dict[str, ColumnValues] = {}
    for run in chunks(wanted, COLUMNS_PER_STATEMENT):
        listed = ", ".join(expression for name in run for expression in _expressions(*known[name]))
        row = engine.rows(f"SELECT {listed} FROM {table}")[0]
        values |= {name: _column_values(row[7 * i : 7 * i + 7]) for i, name in enumerate(run)}
    nearly_unique = [name for name in wanted if values[name].n_distinct > 0.9 * values[name].n_present > 0]
    for run in chunks(nearly_unique, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_exact_distinct(f"c{known[name][0]}", values[name].n_present) for name in run)
        exact = engine.rows(f"SELECT {listed} FROM {table}")[0]
        for name, n_distinct in zip(run, exact, strict=True):
            values[name] = _with_distinct(values[name], int(n_distinct))
    return values


def kind_of(column: TypedColumn, values: ColumnValues | None) -> Kind:
    """Return the column's kind; text is what has long or mostly different values."""
    if column.sql_type in KIND_OF_TYPE:
        return KIND_OF_TYPE[column.sql_type]
    if values is None:
        return Kind.CATEGORICAL
    mostly_different = (
        values.n_distinct > N_VALUES_OF_TEXT and values.n_distinct > SHARE_DISTINCT_OF_TEXT * values.n_present
    )
    return Kind.TEXT if values.mean_length > MEAN_LENGTH_OF_TEXT or mostly_different else Kind.CATEGORICAL


def _expressions(position: int, sql_type: str) -> list[str]:
    cell = f"c{position}"
    numeric = sql_type in ("BIGINT", "DOUBLE")
    text = sql_type == "VARCHAR"
    return [
        f"count({cell})",
        f"approx_count_distinct({cell})" if text or sql_type in ("BIGINT", "BOOLEAN") else "0",
        f"avg(length({cell}))" if text else "0.0",
        f"avg(CAST(contains({cell}, ' ') AS TINYINT))" if text else "0.0",
        f"min({cell})" if numeric else "NULL",
        f"max({cell})" if numeric else "NULL",
        f"bool_and({cell} = trunc({cell}))" if sql_type == "DOUBLE" else str(sql_type == "BIGINT").lower(),
    ]


def _exact_distinct(cell: str, n_present: int) -> str:
    """Return SQL that counts different values; in a short column a list is over ten times quicker to set up."""
    return f"list_unique(list({cell}))" if n_present <= N_ROWS_OF_LIST else f"count(DISTINCT {cell})"


def _column_values(row: tuple[object, ...]) -> ColumnValues:
    n_present, n_distinct, mean_length, share_with_space, minimum, maximum, integral = row
    return ColumnValues(
        n_present=int(str(n_present)),
        n_distinct=min(int(str(n_distinct)), int(str(n_present))),
        mean_length=float(str(mean_length or 0.0)),
        share_with_space=float(str(share_with_space or 0.0)),
        minimum=None if minimum is None else float(str(minimum)),
        maximum=None if maximum is None else float(str(maximum)),
        all_integral=bool(integral),
    )


def _with_distinct(values: ColumnValues, n_distinct: int) -> ColumnValues:
    return replace(values, n_distinct=n_distinct)
