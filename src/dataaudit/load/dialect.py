"""How a CSV file is written: delimiter, header, names. Sniffed from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from dataaudit.errors import InputError

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL_CHARACTERS = 1_000_000
NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
YEARS = range(1800, 2201)


@dataclass(frozen=True)
class Dialect:
    """Delimiter, whether the first line is a header, and the columns' names."""

    delimiter: str
    has_header: bool
    names: tuple[str, ...]


def sniff_dialect(text: str, complete: bool, source: str) -> Dialect:
    """Return the dialect of a CSV file.

    Parameters
    ----------
    text : str
        The beginning of the file, decoded.
    complete : bool
        Whether `text` is the whole file; otherwise its last record is ignored.
    source : str
        The file's name, for messages.

    Raises
    ------
    InputError
        If the file is empty, a cell is absurdly long, or a name stands twice.
    """
    delimiter, records = _best_delimiter(text, complete, source)
    if not records:
        raise InputError(f"{source} is empty", hint="give a CSV file with a header line and rows")
    first, others = records[0], records[1:]
    if not _is_header(first, others):
        width = max(len(record) for record in records)
        return Dialect(delimiter, False, tuple(f"column_{i}" for i in range(width)))
    if others and all(len(record) == len(first) + 1 for record in others):
        first = ["row_name", *first]
    return Dialect(delimiter, True, _checked_names(first, source))


def _best_delimiter(text: str, complete: bool, source: str) -> tuple[str, list[list[str]]]:
    parsed = {delimiter: _records(text, delimiter, complete, source) for delimiter in DELIMITERS}
    return max(parsed.items(), key=lambda item: _fit(item[1]))


def _fit(records: list[list[str]]) -> tuple[float, int]:
    """Rank a delimiter: the share of records of the commonest width, then that width."""
    if not records:
        return 0.0, 0
    width, count = Counter(len(record) for record in records).most_common(1)[0]
    return (count / len(records), width) if width > 1 else (0.0, 0)


def _records(text: str, delimiter: str, complete: bool, source: str) -> list[list[str]]:
    limit = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        records = [record for record in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if record]
    except csv.Error as error:
        raise InputError(
            f"{source} cannot be read as CSV: {error}",
            hint="look for an unclosed quote or a cell of over a million characters near the start",
        ) from error
    finally:
        csv.field_size_limit(limit)
    return records if complete or len(records) < 2 else records[:-1]


def _is_header(first: list[str], others: list[list[str]]) -> bool:
    """Tell names from data: names are rarely numbers, and years as names come with other names."""
    numeric = [i for i, cell in enumerate(first) if NUMBER.fullmatch(cell)]
    if not numeric:
        return True
    named = [cell for i, cell in enumerate(first) if i not in numeric and cell.strip()]
    years = all(first[i].strip().isdigit() and int(first[i]) in YEARS for i in numeric)
    distinct = len({first[i] for i in numeric}) == len(numeric)
    if named and years and distinct:
        return True
    below = [record[i] for record in others[:50] for i in numeric if i < len(record) and record[i].strip()]
    return bool(below) and not any(NUMBER.fullmatch(cell) for cell in below)


def _checked_names(header: list[str], source: str) -> tuple[str, ...]:
    names = [name.strip() or f"column_{i}" for i, name in enumerate(header)]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        places = [str(i + 1) for i, name in enumerate(names) if name == repeated[0]]
        raise InputError(
            f"{source}: the column name {repeated[0]!r} stands {len(places)} times in the header "
            f"(columns {', '.join(places)})",
            hint="give every column a name of its own",
        )
    return tuple(names)
