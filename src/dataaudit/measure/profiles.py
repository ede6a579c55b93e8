"""Per column and split: counts, range, moments, lengths."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.model import Kind


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
