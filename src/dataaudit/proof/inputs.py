"""The files that were read: never to be overwritten, and known again by their checksums."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from dataaudit.load.paths import find_files, named_paths
from dataaudit.load.remote_file import is_remote


def local_files(source: object) -> list[Path]:
    """Return the files of a split on this machine; none of a frame, a table of a session or a URL.

    Raises
    ------
    InputError
        If a path names no file.
    """
    if not isinstance(source, str | PathLike | list | tuple):
        return []
    named = [name for name in named_paths("train", source) if not is_remote(name) and not name.startswith("table:")]
    return find_files(named).paths if named else []


def all_local_files(sources: Mapping[str, object]) -> list[Path]:
    """Return the local files of all splits, to be kept out of the folder that is written."""
    return [path for source in sources.values() for path in local_files(source)]
