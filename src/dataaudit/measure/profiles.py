"""Per column and split: counts, range, moments, lengths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataaudit.engine.base import Row, chunks
from dataaudit.engine.dataset import Dataset, Relation
from dataaudit.model import ColumnInfo, Kind, Role

COLUMNS_PER_STATEMENT = 200
MAX_FEATURES_TO_COUNT_ROWS = 2_000
# Squares of larger numbers leave the range of a double.
LARGEST_TO_AVERAGE = 1e150


@dataclass(frozen=True)
class ColumnProfile:
    """What one column of one split holds, counted over all its rows.

    Numbers are None where the column's kind has none. Datetimes have their
    range in seconds since 1970. Infinite cells count as missing here;
    `n_infinite` says how many there were.
    """

    column: str
    kind: Kind
    n_rows: int
    n_missing: int
    n_infinite: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    sd: float | None = None
    is_integer: bool = False
    n_zero: int = 0
    mean_length: float | None = None
    absent: bool = False
    sampled: bool = False

    @property
    def n_present(self) -> int:
        """Rows whose cell is not missing."""
        return self.n_rows - self.n_missing

    @property
    def share_missing(self) -> float:
        """Missing cells as a fraction of the rows."""
        return self.n_missing / self.n_rows if self.n_rows else 0.0


@dataclass(frozen=True)
class RowCompleteness:
    """How many rows of a split are whole and how many have no feature at all."""

    n_rows: int
    n_complete: int
    n_empty: int
    sampled: bool = False


def measure_profiles(dataset: Dataset) -> dict[str, dict[str, ColumnProfile]]:
    """Count every column of every split in one pass per few hundred columns."""
    return {split: _profile_split(dataset, relation) for split, relation in dataset.relations.items()}


def measure_completeness(dataset: Dataset) -> dict[str, RowCompleteness]:
    """Count rows without a missing feature and rows without any."""
    cells = [dataset.sql_name(column.name) for column in dataset.info.with_role(Role.FEATURE)]
    cells = cells[:MAX_FEATURES_TO_COUNT_ROWS]
    if not cells:
        return {}
    complete = " AND ".join(f"{cell} IS NOT NULL" for cell in cells)
    empty = " AND ".join(f"{cell} IS NULL" for cell in cells)
    result = {}
    for split in dataset.relations:
        row = dataset.engine.rows(f"SELECT count(*), count_if({complete}), count_if({empty}) FROM {split}")[0]
        n_rows, n_complete, n_empty = (int(value) for value in row)
        result[split] = RowCompleteness(n_rows, n_complete, n_empty)
    return result


def _profile_split(dataset: Dataset, relation: Relation) -> dict[str, ColumnProfile]:
    profiles: dict[str, ColumnProfile] = {}
    for run in chunks(dataset.info.columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(expression for column in run for expression in _expressions(dataset, column))
        row = dataset.engine.rows(f"SELECT {listed} FROM {relation.name}")[0]
        for i, column in enumerate(run):
            profiles[column.name] = _profile(column, relation, row[8 * i : 8 * i + 8])
    return profiles


def _expressions(dataset: Dataset, column: ColumnInfo) -> list[str]:
    """Return the eight aggregates of a column: present, min, max, mean, sd, integral, zeros, length."""
    cell = dataset.sql_name(column.name)
    if column.kind is Kind.NUMERIC:
        safe = f"CASE WHEN abs(CAST({cell} AS DOUBLE)) < {LARGEST_TO_AVERAGE} THEN {cell} END"
        integral = f"bool_and({cell} = trunc({cell}))" if dataset.sql_types[column.name] == "DOUBLE" else "true"
        moments = [f"min({cell})", f"max({cell})", f"avg({safe})", f"stddev_samp({safe})", integral]
        return [f"count({cell})", *moments, f"count_if({cell} = 0)", "NULL"]
    if column.kind is Kind.DATETIME:
        ends = [f"epoch(min({cell}))", f"epoch(max({cell}))"]
        return [f"count({cell})", *ends, "NULL", "NULL", "false", "0", "NULL"]
    length = f"avg(length({cell}))" if column.kind in (Kind.CATEGORICAL, Kind.TEXT) else "NULL"
    return [f"count({cell})", "NULL", "NULL", "NULL", "NULL", "false", "0", length]


def _profile(column: ColumnInfo, relation: Relation, row: Row) -> ColumnProfile:
    n_present, minimum, maximum, mean, sd, is_integer, n_zero, length = row
    infinite: Mapping[str, int] = relation.n_infinite or {}
    return ColumnProfile(
        column=column.name,
        kind=column.kind,
        n_rows=relation.n_rows,
        n_missing=relation.n_rows - int(n_present),
        n_infinite=infinite.get(column.name, 0),
        minimum=_number(minimum),
        maximum=_number(maximum),
        mean=_number(mean),
        sd=_number(sd),
        is_integer=bool(is_integer),
        n_zero=int(n_zero or 0),
        mean_length=_number(length),
        absent=column.name in relation.absent,
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
