"""A split as its file or frame has it, before anything is decided about its columns."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Sequence
from dataclasses import dataclass

from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import FileRows
from dataaudit.load.remote_file import AnyFile, RemoteFile

MAX_NEAREST = 3
MAX_SHOWN = 8


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
    files : tuple of (name, number of rows)
        The files in the order in which row numbers run through them; none where there is a single one. Of a split cut
        out by a column they are those of the whole.
    as_written : str or None
        Of CSV whose cells are kept: `relation` before spellings of missing cells became NULL.
    delimiter : str or None
    has_header : bool
        Of CSV.
    paths : tuple of str
        Of Parquet: the files.
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
    files: FileRows = ()
    as_written: str | None = None
    delimiter: str | None = None
    has_header: bool = True
    paths: tuple[str, ...] = ()


def nearest_names(wrong: str, names: Sequence[str]) -> str:
    """Return a hint that names the columns a wrong name may have meant.

    >>> nearest_names("colr", ["colour", "make"])
    "did you mean 'colour'?"
    """
    near = difflib.get_close_matches(wrong, names, n=MAX_NEAREST, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(repr(name) for name in near)}?"
    more = f" and {len(names) - MAX_SHOWN:,} more" if len(names) > MAX_SHOWN else ""
    return f"its columns are {', '.join(repr(name) for name in names[:MAX_SHOWN])}{more}"


def rows_of_files(names: Sequence[str], counts: Sequence[int]) -> FileRows:
    """Return every file's name and rows; no more of a path is told than what the files do not have in common.

    A single file is no choice of files, so nothing is told of it.

    >>> rows_of_files(["/data/a/cats.csv", "/data/b/dogs.csv"], [2, 1])
    (('a/cats.csv', 2), ('b/dogs.csv', 1))
    """
    if len(names) < 2:
        return ()
    parts = [name.split("/") for name in names]
    # Names of the web may differ in nothing but what is left out of them.
    steps = zip(*parts, strict=False)
    n_common = next((place for place, step in enumerate(steps) if len(set(step)) > 1), len(parts[0]) - 1)
    return tuple(("/".join(own[n_common:]), n) for own, n in zip(parts, counts, strict=True))


def quote_paths(paths: Sequence[AnyFile]) -> str:
    """Return paths as an SQL list; DuckDB would take `[1]` in a name for a pattern.

    >>> from pathlib import Path
    >>> quote_paths([Path("a[1].csv")])
    "['a[[]1].csv']"
    """
    patterns = [path.pattern if isinstance(path, RemoteFile) else glob.escape(str(path)) for path in paths]
    return f"[{', '.join(quote_text(pattern) for pattern in patterns)}]"
