"""Remote files, through DuckDB's extension httpfs: Parquet is scanned where it lies, CSV is copied here once."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dataaudit.engine.base import EngineError, quote_text
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import DataAuditError, InputError
from dataaudit.load.csv import read_csv
from dataaudit.load.parquet import scan_parquet
from dataaudit.load.paths import PARQUET_ENDINGS, find_files
from dataaudit.load.raw import RawTable, quote_paths, rows_of_files
from dataaudit.load.remote_file import COPY_IT, AnyFile, RemoteFile, is_remote, not_read, remote_file, whole_names
from dataaudit.urls import WEB, scheme_of

INSTALL = """python -c "import duckdb; duckdb.sql('INSTALL httpfs')" """.strip()
LONGEST_NAME = 100


def read_remote(engine: DuckDBEngine, split: str, named: list[str]) -> RawTable:
    """Read the files of one split, of which at least one is remote.

    Raises
    ------
    InputError
        If httpfs is not installed, or a file cannot be had or read.
    """
    load_httpfs(engine, next(remote_file(name) for name in named if is_remote(name)))
    files = [file for name in named for file in _expand(engine, name)]
    _check_each_once(files)
    shown = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
    are_parquet = [_is_parquet(engine, file) for file in files]
    if all(are_parquet):
        return scan_parquet(engine, split, files, shown, hive=False)
    if any(are_parquet):
        raise InputError(f"{shown} mixes Parquet and CSV files", hint="give files of one kind per split")
    raw = read_csv(engine, split, [_copied(engine, file) for file in files], shown)
    # The copies lie in temporary folders, which are nobody's business.
    return replace(raw, files=rows_of_files(whole_names(files), [n for _, n in raw.files]))


def load_httpfs(engine: DuckDBEngine, file: RemoteFile) -> None:
    """Load the extension that the user has installed; it is never installed here, which would be a download."""
    try:
        engine.run("LOAD httpfs")
    except EngineError as error:
        raise InputError(
            f"{file.shown} is a remote path, and DuckDB's extension httpfs, which reads those, cannot be loaded",
            hint=f"install it once for this version of DuckDB ({INSTALL}), or {COPY_IT}",
        ) from error
    # What is read ahead, in few large requests, is kept in memory: 240 MB were fetched 19 times over without.
    engine.run("SET disable_parquet_prefetching = false")


def _expand(engine: DuckDBEngine, name: str) -> Sequence[AnyFile]:
    if not is_remote(name):
        return find_files([name]).paths
    file = remote_file(name)
    if not re.search(r"[*\[]", name.partition("?")[0]):
        return [file]
    if scheme_of(name) in WEB:
        if "*" not in name:
            return [file]
        raise InputError(f"{file.shown}: the web has no list of files to look up a pattern in", hint="name every file")
    try:
        found = engine.rows(f"SELECT file FROM glob({quote_text(file.url)}) ORDER BY file")
    except EngineError as error:
        raise not_read(error, [file]) from error
    if not found:
        raise InputError(f"no file matches {file.shown}", hint="look at the folder and the spelling")
    return [RemoteFile(str(url)) for (url,) in found]


def _check_each_once(files: Sequence[AnyFile]) -> None:
    repeated = [file for file, count in Counter(files).items() if count > 1]
    if repeated:
        raise InputError(f"{repeated[0].name} is named twice in one split", hint="name every file once")


def _is_parquet(engine: DuckDBEngine, file: AnyFile) -> bool:
    """Return whether the name says so or, for a few requests, the file does."""
    if isinstance(file, Path):
        return find_files([str(file)]).are_parquet
    if file.name.lower().endswith(PARQUET_ENDINGS):
        return True
    try:
        engine.rows(f"SELECT num_rows FROM parquet_file_metadata({quote_paths([file])})")
    except EngineError as error:
        if re.search(r"(?i)magic bytes|too small to be a Parquet", error.details):
            return False
        raise not_read(error, [file]) from error
    return True


def _copied(engine: DuckDBEngine, file: AnyFile) -> Path:
    """Return a local copy, byte by byte, in the engine's temporary folder, and under the file's own name."""
    if isinstance(file, Path):
        return file
    copy = Path(tempfile.mkdtemp(dir=engine.folder)) / (file.name.strip(".")[-LONGEST_NAME:] or "file")
    source = f"SELECT content FROM read_blob({quote_paths([file])})"
    try:
        # Unless told otherwise, DuckDB compresses again what is called .gz.
        engine.run(f"COPY ({source}) TO {quote_text(str(copy))} (FORMAT BLOB, COMPRESSION 'none')")
    except EngineError as error:
        raise not_read(error, [file]) from error
    except DataAuditError as error:
        raise InputError(
            f"{file.shown} is larger than what may be fetched in one piece: half the memory limit, or less",
            hint=f"raise --memory-limit, {COPY_IT}, or store it as Parquet, which is read in parts",
        ) from error
    if copy.stat().st_size == 0:
        raise InputError(f"{file.shown} is empty", hint="give a file with a header and rows")
    return copy
