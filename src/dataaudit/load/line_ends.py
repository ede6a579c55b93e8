r"""Files that end some lines with \n and others with \r\n, which DuckDB does not read."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from dataaudit.errors import InputError
from dataaudit.load.csv_errors import LONGEST_LINE
from dataaudit.load.dialect import Dialect


def with_one_line_end(folder: Path, path: Path, name: str, dialect: Dialect) -> Path:
    """Return a copy of the file in which every record ends alike; what stands inside quotes is kept.

    Raises
    ------
    InputError
        If the file is no CSV for Python either.
    """
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        with (
            path.open(encoding="utf-8-sig", newline="") as old,
            tempfile.NamedTemporaryFile(
                "w", dir=folder, suffix=".csv", delete=False, encoding="utf-8", newline=""
            ) as new,
        ):
            reader = csv.reader(old, delimiter=dialect.delimiter, strict=True)
            writer = csv.writer(new, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
            # The dialect's blank lines at the start stay, so that it fits the copy too.
            new.write("\n" * dialect.n_blank_lines)
            writer.writerows(record for record in reader if record)
            return Path(new.name)
    except (csv.Error, UnicodeError) as error:
        raise InputError(f"{name} cannot be read as CSV: {error}", hint="look for an unclosed quote") from error
    finally:
        csv.field_size_limit(limit)
