"""From a path, a glob, a folder or a list of them to the files that are meant."""

from __future__ import annotations

import glob
import re
from collections import Counter
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from dataaudit.errors import InputError

PARQUET_ENDINGS = (".parquet", ".pq", ".parq")
PARQUET_MARK = b"PAR1"


@dataclass(frozen=True)
class Files:
    """The files of one split, all of one kind, and what to call them; a folder may be Hive-partitioned."""

    paths: list[Path]
    shown: str
    are_parquet: bool
    folder: Path | None


def named_paths(split: str, source: object) -> list[str]:
    """Return the paths that the user named for a split; InputError if the source is none."""
    if isinstance(source, str | PathLike):
        return [str(fspath(source))]
    if not isinstance(source, list | tuple) or not all(isinstance(item, str | PathLike) for item in source):
        raise InputError(
            f"{split} is a {type(source).__name__}, not a path or a frame",
            hint="give a path, a glob, or a pandas, polars or pyarrow table",
        )
    if not source:
        raise InputError(f"no file was given for {split}", hint="name a CSV or Parquet file")
    return [str(fspath(item)) for item in source]


def find_files(named: list[str]) -> Files:
    """Return the files that the paths mean.

    Raises
    ------
    InputError
        If there is none, one is named twice, or Parquet and CSV are mixed.
    """
    try:
        is_folder = len(named) == 1 and Path(named[0]).is_dir()
        paths = [path for name in named for path in _expand(name)]
    except OSError as error:
        raise InputError(f"{named[0]} cannot be opened: {error.strerror}", hint="look at the name") from error
    _check_each_once(paths)
    shown = Path(named[0]).name if len(named) == 1 else f"{paths[0].name} and {len(paths) - 1} more"
    are_parquet = [_is_parquet(path) for path in paths]
    if any(are_parquet) and not all(are_parquet):
        raise InputError(f"{shown} mixes Parquet and CSV files", hint="give files of one kind per split")
    return Files(paths, shown, all(are_parquet), Path(named[0]) if is_folder else None)


def _expand(name: str) -> list[Path]:
    path = Path(name)
    if path.is_file():
        return [path]
    if path.is_dir():
        return _folder_files(path)
    if "://" in name:
        raise InputError(f"{name} is a remote path", hint="copy the file here first")
    if glob.has_magic(name):
        # Path.glob takes no absolute pattern; the glob module takes any.
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207
        found = [Path(match) for match in matches if Path(match).is_file()]
        if found:
            return found
        raise InputError(f"no file matches {name}", hint="look at the folder and the spelling")
    if path.exists():
        raise InputError(f"{name} is no regular file", hint="write what it gives into a file first")
    if re.match(r"\w{2,}:/[^/]", name):
        raise InputError(f"there is no file {name}", hint="give a URL as text: a Path takes one of its slashes away")
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
