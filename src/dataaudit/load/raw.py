"""A split as its file or frame has it, before anything is decided about its columns."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Sequence
from dataclasses import dataclass

from dataaudit.engine.base import quote_text
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


def quote_paths(paths: Sequence[AnyFile]) -> str:
    """Return paths as an SQL list; DuckDB would take `[1]` in a name for a pattern.

    >>> from pathlib import Path
    >>> quote_paths([Path("a[1].csv")])
    "['a[[]1].csv']"
    """
    patterns = [path.pattern if isinstance(path, RemoteFile) else glob.escape(str(path)) for path in paths]
    return f"[{', '.join(quote_text(pattern) for pattern in patterns)}]"
