"""Per column and split: counts, range, moments, lengths."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.engine.dataset import ColumnSurvey, Dataset, Relation
from dataaudit.model import ColumnInfo, Kind, Role

MAX_FEATURES_TO_COUNT_ROWS = 2_000


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
    """Return what the loader's survey counted, column by column."""
    return {
        split: {
            column.name: _profile(column, relation, dataset.surveys[split][column.name])
            for column in dataset.info.columns
        }
        for split, relation in dataset.relations.items()
    }


def _profile(column: ColumnInfo, relation: Relation, survey: ColumnSurvey) -> ColumnProfile:
    return ColumnProfile(
        column=column.name,
        kind=column.kind,
        n_rows=relation.n_rows,
        n_missing=relation.n_rows - survey.n_present,
        n_infinite=survey.n_infinite,
        minimum=survey.minimum,
        maximum=survey.maximum,
        mean=survey.mean,
        sd=survey.sd,
        is_integer=survey.is_integer,
        n_zero=survey.n_zero,
        mean_length=survey.mean_length,
        absent=column.name in relation.absent,
    )


def measure_completeness(dataset: Dataset) -> dict[str, RowCompleteness]:
    """Count rows without a missing feature and rows without any; only columns that miss a cell are read."""
    names = [column.name for column in dataset.info.with_role(Role.FEATURE)][:MAX_FEATURES_TO_COUNT_ROWS]
    if not names:
        return {}
    return {split: _completeness(dataset, split, names) for split in dataset.relations}


def _completeness(dataset: Dataset, split: str, names: list[str]) -> RowCompleteness:
    surveys, n_rows = dataset.surveys[split], dataset.relations[split].n_rows
    gaps = [dataset.sql_name(name) for name in names if surveys[name].n_present < n_rows]
    if not gaps:
        return RowCompleteness(n_rows, n_rows, 0)
    complete = " AND ".join(f"{cell} IS NOT NULL" for cell in gaps)
    empty = " AND ".join(f"{cell} IS NULL" for cell in gaps) if len(gaps) == len(names) else "false"
    n_complete, n_empty = dataset.engine.rows(f"SELECT count_if({complete}), count_if({empty}) FROM {split}")[0]
    return RowCompleteness(n_rows, int(n_complete), int(n_empty))
