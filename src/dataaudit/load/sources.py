"""From what the user named (a path, a glob, a folder, a frame) to one raw table per split."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.csv import read_csv
from dataaudit.load.frames import is_frame, register_frame
from dataaudit.load.parquet import scan_parquet
from dataaudit.load.raw import RawTable

PARQUET_ENDINGS = (".parquet", ".pq", ".parq")
PARQUET_MARK = b"PAR1"


def read_sources(engine: DuckDBEngine, sources: Mapping[str, object]) -> dict[str, RawTable]:
    """Return the raw table of every split.

    Parameters
    ----------
    sources : mapping of split name to path, glob, list of paths, or frame
    """
    return {split: _read(engine, split, source) for split, source in sources.items()}


def _read(engine: DuckDBEngine, split: str, source: object) -> RawTable:
    raw = register_frame(engine, split, source) if is_frame(source) else _read_files(engine, split, source)
    if not raw.names:
        raise InputError(f"{raw.source} has no columns", hint="give a table with a label and features")
    if raw.n_rows == 0:
        raise InputError(f"{raw.source} has columns but no rows", hint="give a table with rows")
    return raw


def _read_files(engine: DuckDBEngine, split: str, source: object) -> RawTable:
    if isinstance(source, str | PathLike):
        named = [str(fspath(source))]
    elif isinstance(source, list | tuple) and all(isinstance(item, str | PathLike) for item in source):
        named = [str(fspath(item)) for item in source]
    else:
        raise InputError(
            f"{split} is a {type(source).__name__}, not a path or a frame",
            hint="give a path, a glob, or a pandas, polars or pyarrow table",
        )
    if not named:
        raise InputError(f"no file was given for {split}", hint="name a CSV or Parquet file")
    try:
        is_folder = len(named) == 1 and Path(named[0]).is_dir()
        paths = [path for name in named for path in _expand(name)]
    except OSError as error:
        raise InputError(f"{named[0]} cannot be opened: {error.strerror}", hint="look at the name") from error
    _check_each_once(paths)
    shown = Path(named[0]).name if len(named) == 1 else f"{paths[0].name} and {len(paths) - 1} more"
    if all(_is_parquet(path) for path in paths):
        return scan_parquet(engine, split, paths, shown, hive=is_folder)
    if any(_is_parquet(path) for path in paths):
        raise InputError(f"{shown} mixes Parquet and CSV files", hint="give files of one kind per split")
    return read_csv(engine, split, paths, shown)


def _expand(name: str) -> list[Path]:
    path = Path(name)
    if path.is_file():
        return [path]
    if path.is_dir():
        return _folder_files(path)
    if "://" in name:
        raise InputError(f"{name} is a remote path", hint="copy the file here first: dataaudit opens no connection")
    if glob.has_magic(name):
        # Path.glob takes no absolute pattern; the glob module takes any.
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207
        found = [Path(match) for match in matches if Path(match).is_file()]
        if found:
            return found
        raise InputError(f"no file matches {name}", hint="look at the folder and the spelling")
    if path.exists():
        raise InputError(f"{name} is no regular file", hint="write what it gives into a file first")
    raise InputError(f"there is no file {name}", hint="look at the folder and the spelling")


def _check_each_once(paths: list[Path]) -> None:
    repeated = [path for path, count in Counter(path.absolute() for path in paths).items() if count > 1]
    if repeated:
        raise InputError(f"{repeated[0].name} is named twice in one split", hint="name every file once")


def _folder_files(folder: Path) -> list[Path]:
    files = sorted(path for ending in PARQUET_ENDINGS for path in folder.rglob(f"*{ending}") if path.is_file())
    if not files:
        raise InputError(
            f"{folder} is a folder without Parquet files", hint="name a CSV file, or a folder of Parquet files"
        )
    return files


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            mark = stream.read(4)
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}", hint="look at its permissions") from error
    if not mark:
        raise InputError(f"{path.name} is empty", hint="give a file with a header and rows")
    return mark == PARQUET_MARK or (path.suffix in PARQUET_ENDINGS)
