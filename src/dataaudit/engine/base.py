"""What an engine must do: run SQL over all rows and hand back small results."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import DataAuditError
from dataaudit.text import show_line
from dataaudit.urls import without_credentials

LONGEST_REASON = 300
# In shorter tables setting up an aggregate for every column takes longer than counting.
MAX_ROWS_TO_UNPIVOT = 20_000
Row = tuple[Any, ...]
Item = TypeVar("Item")


class EngineError(DataAuditError):
    """The engine met something in the data or the machine that it cannot cope with.

    Parameters
    ----------
    details : str
        All the engine's words, credentials in URLs left out; the message is their first line.
    """

    def __init__(self, details: str) -> None:
        details = without_credentials(details)
        first = next((line.strip() for line in details.splitlines() if line.strip()), "unknown error")
        super().__init__(
            f"the data cannot be read: {show_line(first, LONGEST_REASON)}",
            hint="the file may be damaged; write it again",
        )
        self.details = details


class Engine(Protocol):
    """Runs the statements of `measure`, written in DuckDB's dialect."""

    def run(self, statement: str) -> None:
        """Run a statement that returns nothing."""

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query whose result is small."""

    def arrays(self, query: str) -> dict[str, NDArray[Any]]:
        """Return a query's columns as numpy arrays; missing numbers are NaN."""

    def planning_for(self, n_columns: int) -> AbstractContextManager[None]:
        """Plan the statements within for a table this wide, where planning may take longer than running."""

    def count_each(self, relation: str, n_rows: int, keys: Sequence[str], label: str) -> str:
        """Return a query that counts the rows of a relation by each key and the label, in one go.

        Parameters
        ----------
        relation : str
            What stands after FROM.
        n_rows : int
            About how many rows it has.
        keys : sequence of str
            Expressions of one type, over the relation's columns.
        label : str
            Expressions of `y` (the class) and `t` (the centred target), as `label_select` writes them.

        Returns
        -------
        str
            A query of the columns `col` (the key's place in `keys`), `key`,
            `y`, `n` (rows), `s` and `q` (sums of the target and of its square).
        """

    def close(self) -> None:
        """Let go of every file, table and temporary folder."""


def chunks(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Cut items into runs of at most `size`, so that no statement grows with the table's width.

    >>> chunks([1, 2, 3], 2)
    [[1, 2], [3]]
    """
    return [items[start : start + size] for start in range(0, len(items), size)]


def evenly(items: Sequence[Item], most: int) -> list[Item]:
    """Return at most so many items, spread evenly over all of them: a bounded work that no order of use favours.

    >>> evenly("abcdef", 3), evenly("ab", 3)
    (['a', 'c', 'f'], ['a', 'b'])
    """
    if len(items) <= most:
        return list(items)
    return [items[place] for place in np.linspace(0, len(items) - 1, most).astype(int)]


def as_float(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return numbers (masked where missing) as float64 with NaN for missing."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(np.float64), np.nan)
    return values.astype(np.float64)


def quote_text(text: str) -> str:
    """Return text as an SQL literal.

    >>> quote_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
