"""Where every row of a split went: what came in is what was kept and what was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class RowsLost(RuntimeError):
    """Rows were lost or made up unseen: a defect of the code, never of the data."""


@dataclass(frozen=True)
class RowCounts:
    """Rows of one split before and after.

    Attributes
    ----------
    split : str
        The split as it is written.
    n_in, n_kept : int
        Rows that came in, and those of them that are written at least once.
    n_dropped : mapping of reason to int
        Rows that came in and are not written, by the reason that the list of dropped rows gives.
    n_moved_in : int
        Rows written here that came in as rows of another split.
    n_moved_out : mapping of split to int
        Rows that came in here and are written elsewhere.
    n_repeated, n_synthetic : int
        Further copies of kept rows, and rows that did not come in.
    n_out : int
        Rows counted in the file that was written.
    """

    split: str
    n_in: int
    n_kept: int
    n_out: int
    n_dropped: Mapping[str, int] = field(default_factory=dict)
    n_moved_in: int = 0
    n_moved_out: Mapping[str, int] = field(default_factory=dict)
    n_repeated: int = 0
    n_synthetic: int = 0

    def check(self) -> RowCounts:
        """Return the counts if every row is accounted for.

        Raises
        ------
        RowsLost
            If not.

        >>> RowCounts("train", 3, 2, 4, {"repeats row 1": 1}, n_repeated=2).check().n_out
        4
        """
        if self.n_in != self.n_kept + sum(self.n_dropped.values()) + sum(self.n_moved_out.values()):
            raise RowsLost(f"{self.split}: {self.n_in} rows came in, but {self}")
        if self.n_out != self.n_kept + self.n_moved_in + self.n_repeated + self.n_synthetic:
            raise RowsLost(f"{self.split}: {self.n_out} rows were written, but {self}")
        return self

    def as_json(self) -> dict[str, Any]:
        """Return the counts as the manifest holds them."""
        return {
            "split": self.split,
            "n_rows_in": self.n_in,
            "n_rows_kept": self.n_kept,
            "n_rows_dropped": dict(self.n_dropped),
            "n_rows_moved_in": self.n_moved_in,
            "n_rows_moved_out": dict(self.n_moved_out),
            "n_rows_repeated": self.n_repeated,
            "n_rows_synthetic": self.n_synthetic,
            "n_rows_out": self.n_out,
        }
