"""A split as its file or frame has it, before anything is decided about its columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RawTable:
    """One split, not yet typed.

    Attributes
    ----------
    relation : str
        What stands after FROM: it offers `row` and the columns `r0`, `r1`, ...
    types : tuple of str
        DuckDB's type of each column; all VARCHAR for CSV.
    stored_as_text : bool
        False for CSV, where every cell is text for lack of types.
    table : str or None
        A temporary table to drop once the split is typed.
    """

    split: str
    source: str
    relation: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    n_rows: int
    stored_as_text: bool
    table: str | None = None
    notes: tuple[str, ...] = ()


def quote_text(text: str) -> str:
    """Return text as an SQL literal.

    >>> quote_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """Return a name as an SQL identifier.

    >>> quote_name('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'
