"""What became of train: rows counted, files written, and what all of them say alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dataaudit.write.accounting import RowCounts, RowsLost
from dataaudit.write.manifest import WrittenFile

HOLDS_PROVENANCE = "where every row of train came from"
HOLDS_DROPPED = "rows of train that were dropped"
# A relation of `place` and `row`: what is written of the source, and where.
PLACES = "rebalance_places"


@dataclass(frozen=True)
class Outcome:
    """What became of train.

    Attributes
    ----------
    n_after : mapping of class to rows written
    """

    rows: RowCounts
    files: tuple[WrittenFile, ...] = ()
    added: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    n_after: Mapping[int, int] = field(default_factory=dict)


def check_listed(n_listed: int | None, n_rows: int, what: str) -> None:
    """Raise RowsLost if a list has not as many rows as there are."""
    if n_listed != n_rows:
        raise RowsLost(f"{what} lists {n_listed} rows, and there are {n_rows}")


def drop_reason(strategy: str) -> str:
    """Return why the strategy's rows are gone, as the lists and the accounting say it."""
    return f"left out by {strategy}"
