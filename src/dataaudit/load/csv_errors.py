"""DuckDB's many lines about a broken CSV file, turned into one that names the file and the line."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from dataaudit.engine.base import EngineError
from dataaudit.errors import InputError
from dataaudit.load.dialect import Dialect
from dataaudit.text import show_count

LONGEST_LINE = 16 << 20


def is_encoding(error: EngineError) -> bool:
    """Return whether the file is not UTF-8."""
    return "Invalid unicode" in error.details or "not utf-8 encoded" in error.details


def is_mixture_of_line_ends(error: EngineError) -> bool:
    r"""Return whether the parser may have stumbled over both \n and \r\n in one file."""
    return "reached an invalid state" in error.details


def readable(error: EngineError, files: list[Path], names: list[str], dialect: Dialect) -> InputError:
    """Return an error for people.

    Parameters
    ----------
    error : EngineError
    files : list of Path
        The files that DuckDB read.
    names : list of str
        What the user calls them.
    dialect : Dialect
    """
    at = next((i for i, file in enumerate(files) if f"file = {file}" in error.details), 0)
    record = re.search(r"Line: (\d+)", error.details)
    line = _line_of_record(files[at], int(record[1]), dialect) if record else None
    where = f"{names[at]}, line {line}" if line else names[at]
    width = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error.details)
    if width:
        return _unlike(where, int(width[2]), dialect)
    if re.search(r"(?i)maximum line size", error.details):
        return _too_long(where)
    if "does not support a full read" in error.details:
        # A line is longer than the buffer; in which file and where, DuckDB does not say.
        found = ((name, _first_long_line(file)) for name, file in zip(names, files, strict=True))
        return _too_long(next((f"{name}, line {number}" for name, number in found if number), names[at]))
    if re.search(r"(?i)unterminated quote|quote should be followed", error.details):
        return _not_closed(where)
    reason = error.message.partition(": ")[2]
    return InputError(f"{where} cannot be read as CSV: {reason}", hint="look for an unclosed quote")


def _too_long(where: str) -> InputError:
    return InputError(
        f"{where}: a line is longer than {LONGEST_LINE >> 20} MB", hint="look for an unclosed quote or a huge cell"
    )


def _first_long_line(file: Path) -> int | None:
    """Return the number of the first line that is longer than a line may be."""
    with file.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), start=1):
            if len(line) > LONGEST_LINE:
                return number
    return None


def unlike_header(file: Path, name: str, number: int, dialect: Dialect) -> InputError:
    """Return an error for people about a record with another number of cells than the header.

    Parameters
    ----------
    file : Path
    name : str
        What the user calls it.
    number : int
        The record's place in the file, from 0, blank lines left out.
    dialect : Dialect
    """
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
            records = ((reader.line_num, record) for record in reader if record)
            ends, before = 0, 0
            for i, (line, record) in enumerate(records):
                before, ends = ends, line
                if i == number:
                    return _unlike(f"{name}, line {before + 1}", len(record), dialect)
    except csv.Error:
        return _not_closed(name)
    finally:
        csv.field_size_limit(limit)
    return InputError(f"{name} cannot be read as CSV: a record is broken", hint="look for an unclosed quote")


def check_closed(file: Path, name: str, dialect: Dialect) -> None:
    """Raise InputError if a quote is not closed at the end of the file, which people know by this name."""
    limit = csv.field_size_limit(sys.maxsize)
    last = 1
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
            for _ in reader:
                last = reader.line_num + 1
    except csv.Error as error:
        raise _not_closed(f"{name}, line {last}") from error
    finally:
        csv.field_size_limit(limit)


def _unlike(where: str, n_cells: int, dialect: Dialect) -> InputError:
    return InputError(
        f"{where}: {show_count(n_cells, 'cell')} where the header has {len(dialect.names):,}",
        hint="mend the line (a cell that holds the delimiter needs quotes)",
    )


def _not_closed(where: str) -> InputError:
    return InputError(f"{where}: a quote is not closed", hint='write a quote inside a quoted cell twice: ""')


def _line_of_record(file: Path, number: int, dialect: Dialect) -> int | None:
    """Return the line on which a record begins: DuckDB counts records, of which one may have many lines."""
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=dialect.delimiter)
            for _ in range(number - 1):
                next(reader)
            return reader.line_num + 1
    except (csv.Error, UnicodeError, StopIteration):
        return None
    finally:
        csv.field_size_limit(limit)
