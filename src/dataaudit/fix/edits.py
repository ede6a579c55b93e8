"""What a mend wants done: rows or columns dropped, cells replaced, rows moved. Edits are data, not deeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Where a split's rows and cells come from is `Source`: `row`, `r0`, `r1`, ... with the types of its file.
COLUMNS, MOVES, ROWS = range(3)


@dataclass(frozen=True)
class Change:
    """New cells of one column in one split.

    Attributes
    ----------
    where : str
        SQL over `r0`, `r1`, ...: the cells that change.
    value : str
        SQL of what they become.
    sql_type : str or None
        The type of the whole column in the file from now on, cells that do not change included; None as it was.
    """

    where: str
    value: str
    sql_type: str | None = None


@dataclass(frozen=True)
class Edit:
    """One thing to be done for one rule.

    Attributes
    ----------
    code : str
        The rule whose finding it mends.
    what : str
        What is done, as a sentence without its end: "drop rows that repeat an earlier one". Stands in the lists.
    judgement : str or None
        What somebody must judge before it is done; None of an edit that is safe.
    """

    code: str
    what: str
    judgement: str | None = None


@dataclass(frozen=True)
class DropRows(Edit):
    """Rows of a split to be left out: those of its typed relation that meet a condition over `row`, `c0`, ...

    `instead` says what to do where that would leave no row, or none of a class.
    """

    split: str = ""
    condition: str = ""
    instead: str = ""
    phase = ROWS


@dataclass(frozen=True)
class DropColumn(Edit):
    """A column to be left out in every split."""

    column: str = ""
    phase = COLUMNS


@dataclass(frozen=True)
class ReplaceCells(Edit):
    """Cells of a column to be written otherwise, by split."""

    column: str = ""
    changes: Mapping[str, Change] | None = None
    phase = COLUMNS


@dataclass(frozen=True)
class MoveRows(Edit):
    """Rows that belong into another split.

    `table` is a table of the engine: split, row, target.
    """

    table: str = ""
    phase = MOVES


@dataclass(frozen=True)
class LeftAsItIs(Edit):
    """A column that the mend of its finding cannot be done to; `judgement` says why not."""

    column: str = ""
    phase = COLUMNS


AnyEdit = DropRows | DropColumn | ReplaceCells | MoveRows | LeftAsItIs
