"""Folders that a killed run left behind: told from those of a run that is still at work by a lock, and cleared away."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"
OLD = ".old"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no other run takes it for one that was left behind; the lock ends with the process.

    Where the file system has no locks, nothing is held, and nothing is ever cleared away there.
    """
    number = _lock(folder)
    try:
        yield
    finally:
        if number is not None:
            os.close(number)


def clear_stale(target: Path) -> None:
    """Clear away what killed runs left beside a folder that they were to write.

    A run that was killed in the moment in which it replaced the folder has left the folder of before under another
    name: that one gets its name back.
    """
    ours = re.compile(rf"\.{re.escape(target.name)}-[0-9a-f]{{12}}(?:{re.escape(OLD)})?{re.escape(PART)}")
    # A folder may be one to write to, and not to list.
    beside = sorted(target.parent.iterdir()) if os.access(target.parent, os.R_OK) else []
    for left in beside:
        if not ours.fullmatch(left.name) or left.is_symlink() or not left.is_dir():
            continue
        number = _lock(left)
        if number is None:
            continue
        try:
            if left.name.endswith(OLD + PART) and not target.exists():
                left.rename(target)
            else:
                shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(number)


def _lock(folder: Path) -> int | None:
    """Return the number under which a folder is held, None if another run holds it or it cannot be."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number
