"""How a CSV file is written: delimiter, header, names. Sniffed from its first lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from dataaudit.errors import InputError

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL_CHARACTERS = 1_000_000
NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
YEARS = range(1800, 2201)
N_NUMBERS_TO_COUNT = 4


@dataclass(frozen=True)
class Dialect:
    """Delimiter, whether the first line is a header, the columns' names, and blank lines above all that."""

    delimiter: str
    has_header: bool
    names: tuple[str, ...]
    n_blank_lines: int = 0


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
    n_blank_lines = len(text[: len(text) - len(text.lstrip("\r\n"))].splitlines())
    delimiter, records = _best_delimiter(text, complete, source)
    if not any(cell.strip() for record in records for cell in record):
        raise InputError(f"{source} is empty", hint="give a CSV file with a header line and rows")
    first, others = records[0], records[1:]
    if not _is_header(first, others):
        width, _ = _commonest_width(records)
        return Dialect(delimiter, False, tuple(f"column_{i}" for i in range(width)), n_blank_lines)
    if others and all(len(record) == len(first) + 1 for record in others):
        # R writes row names without a name for them; others end every row, but not the header, with a delimiter.
        first = [*first, ""] if not any(record[-1] for record in others) else ["row_name", *first]
    return Dialect(delimiter, True, _checked_names(first, source), n_blank_lines)


def _best_delimiter(text: str, complete: bool, source: str) -> tuple[str, list[list[str]]]:
    parsed: dict[str, list[list[str]]] = {}
    troubles: list[csv.Error] = []
    for delimiter in DELIMITERS:
        if parsed and delimiter not in text:
            # Every record would be one cell: it cannot win, and need not be parsed.
            continue
        try:
            parsed[delimiter] = _records(text, delimiter, complete)
        except csv.Error as error:
            # By the wrong delimiter a wide table is one huge cell; only if all fail is the file at fault.
            troubles.append(error)
    if not parsed:
        raise InputError(
            f"{source} cannot be read as CSV: {troubles[0]}",
            hint="look for an unclosed quote or a cell of over a million characters near the start",
        ) from troubles[0]
    return max(parsed.items(), key=lambda item: _fit(item[1]))


def _fit(records: list[list[str]]) -> tuple[float, int]:
    """Rank a delimiter: the share of records of the commonest width, then that width."""
    if not records:
        return 0.0, 0
    width, n_records = _commonest_width(records)
    return (n_records / len(records), width) if width > 1 else (0.0, 0)


def _commonest_width(records: list[list[str]]) -> tuple[int, int]:
    """Return how many cells most records have, and how many records these are."""
    return Counter(map(len, records)).most_common(1)[0]


def _records(text: str, delimiter: str, complete: bool) -> list[list[str]]:
    limit = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if record]
    finally:
        csv.field_size_limit(limit)
    return records if complete or len(records) < 2 else records[:-1]


def _is_header(first: list[str], others: list[list[str]]) -> bool:
    """Tell names from data: names are rarely numbers, and years or 0, 1, 2, ... as names come with other names."""
    numeric = [i for i, cell in enumerate(first) if NUMBER.fullmatch(cell)]
    if not numeric:
        return True
    named = sorted(set(range(len(first))).difference(numeric, [i for i, cell in enumerate(first) if not cell.strip()]))
    # A name never stands again below itself; a category does.
    repeated = any(len(record) > i and record[i] == first[i] for record in others for i in named)
    if _is_series([first[i].strip() for i in numeric], bool(named) and not repeated):
        return True
    below = [record[i] for record in others[:50] for i in numeric if i < len(record) and record[i].strip()]
    return bool(below) and not any(NUMBER.fullmatch(cell) for cell in below)


def _is_series(cells: list[str], named: bool) -> bool:
    """Return whether numbers in the first line are names: different years, or the count that pandas gives columns."""
    if not all(cell.isdecimal() for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    counting = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 2
    years = len(set(numbers)) == len(numbers) and all(number in YEARS for number in numbers)
    return ((counting or years) and named) or (counting and len(numbers) >= N_NUMBERS_TO_COUNT)


def _checked_names(header: list[str], source: str) -> tuple[str, ...]:
    names = _free_names(header)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        places = [str(i + 1) for i, name in enumerate(names) if name == repeated[0]]
        raise InputError(
            f"{source}: the column name {repeated[0]!r} stands {len(places)} times in the header "
            f"(columns {', '.join(places)})",
            hint="give every column a name of its own",
        )
    return tuple(names)


def _free_names(header: list[str]) -> list[str]:
    """Return the names without blanks around them, and one made up for every column that has none.

    >>> _free_names([" a ", "", "column_1"]), _free_names(["a", " a"])
    (['a', 'column_1_', 'column_1'], ['a', ' a'])
    """
    stripped = [name.strip() for name in header]
    names = stripped if len(set(stripped)) == len(set(header)) else header
    taken = set(names)
    free = []
    for i, name in enumerate(names):
        made_up = f"column_{i}"
        while made_up in taken:
            made_up += "_"
        free.append(name if name.strip() else made_up)
    return free
