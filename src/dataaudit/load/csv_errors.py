"""DuckDB's many lines about a broken CSV file, turned into one that names the file and the line."""

from __future__ import annotations

import re
from pathlib import Path

from dataaudit.engine.base import EngineError
from dataaudit.errors import InputError

LONGEST_LINE = 16 << 20


def is_encoding(error: EngineError) -> bool:
    """Return whether the file is not UTF-8."""
    return "Invalid unicode" in error.details or "not utf-8 encoded" in error.details


def is_mixture_of_line_ends(error: EngineError) -> bool:
    r"""Return whether the parser may have stumbled over both \n and \r\n in one file."""
    return "reached an invalid state" in error.details


def readable(error: EngineError, files: list[Path], names: list[str], n_columns: int) -> InputError:
    """Return an error for people.

    Parameters
    ----------
    error : EngineError
    files : list of Path
        The files that DuckDB read.
    names : list of str
        What the user calls them.
    n_columns : int
        How many columns the header has.
    """
    text = error.details
    line = re.search(r"Line: (\d+)", text)
    name = next((name for file, name in zip(files, names, strict=True) if f"file = {file}" in text), names[0])
    where = f"{name}, line {line[1]}" if line else name
    width = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if width:
        return InputError(
            f"{where}: {width[2]} cells where the header has {n_columns}",
            hint="mend the line (a cell that holds the delimiter needs quotes)",
        )
    if re.search(r"(?i)maximum line size", text):
        return InputError(
            f"{where}: a line is longer than {LONGEST_LINE >> 20} MB", hint="look for an unclosed quote or a huge cell"
        )
    if re.search(r"(?i)unterminated quote|quote should be followed", text):
        return InputError(f"{where}: a quote is not closed", hint='write a quote inside a quoted cell twice: ""')
    first = next((part for part in text.splitlines() if part.strip()), "unknown error")
    return InputError(f"{where} cannot be read as CSV: {first}", hint="look for an unclosed quote")
