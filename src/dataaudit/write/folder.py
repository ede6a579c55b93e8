"""The folder that a command writes: made under another name, and renamed when all of it is there."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dataaudit.errors import ConfigError
from dataaudit.write.stale import OLD, PART, clear_stale, locked

MANIFEST = "manifest.json"


def check_folder(folder: Path, force: bool, inputs: Sequence[Path]) -> Path:
    """Return the full path of a folder that may be written, having looked before the work begins.

    What runs that were killed left beside it is cleared away.

    Parameters
    ----------
    folder : Path
        What `--output` names.
    force : bool
        Whether a folder that this tool wrote may be replaced. No other folder ever is, unless it is empty, and none
        in which a file was put since.
    inputs : sequence of Path
        Files that are read; none may lie in the folder.

    Raises
    ------
    ConfigError
        If the folder exists, cannot be written, or holds an input.
    """
    target = folder.resolve()
    if any(path.resolve().is_relative_to(target) for path in inputs):
        raise ConfigError(f"--output {folder} holds a file that is read", "name another folder")
    if not target.parent.is_dir():
        raise ConfigError(
            f"the folder {folder.parent} of --output {folder} does not exist", f"mkdir -p {folder.parent}"
        )
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise ConfigError(f"the folder {folder.parent} of --output {folder} is not writable", "name another folder")
    clear_stale(target)
    if target.exists() and not target.is_dir():
        raise ConfigError(f"--output {folder} is a file", "name a folder, which will be made")
    if target.is_dir() and any(target.iterdir()):
        foreign = _foreign(target)
        if foreign:
            raise ConfigError(
                f"--output {folder} holds what dataaudit did not write: {', '.join(foreign[:3])}", "name a new folder"
            )
        if not force:
            raise ConfigError(f"--output {folder} exists", "give --force to replace it")
    return target


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder beside the target; when the block ends well it becomes the target, else it is gone.

    Killed at any moment, the process leaves the target as it was, or whole; what it leaves behind is a hidden
    folder whose name ends in ".part", which the next run for the same target clears away.

    Raises
    ------
    ConfigError
        If a disk is full or something cannot be written.
    """
    part = target.with_name(f".{target.name}-{secrets.token_hex(6)}{PART}")
    try:
        with written_to(target):
            part.mkdir()
        with locked(part):
            yield part
            with written_to(target):
                _flush(part)
                _take_the_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def written_to(target: Path) -> Iterator[None]:
    """Say which folder could not be written, and why."""
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{target} cannot be written: {error.strerror or error}",
            "check the space and the permissions of the folder around it; nothing was left half-written",
        ) from error


def _foreign(target: Path) -> list[str]:
    """Return the names in a folder that its manifest does not list; all of them where there is no manifest of ours."""
    ours = set()
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if manifest["tool"]["name"] == "dataaudit":
            ours = {MANIFEST, *(one["file"] for one in manifest["outputs"])}
    except (OSError, ValueError, KeyError, TypeError):
        # Whatever it is, it is not a manifest that this tool wrote.
        ours = set()
    return sorted(path.name for path in target.iterdir() if path.name not in ours)


def _flush(part: Path) -> None:
    """Have everything on the disk before the name says that it is there."""
    for path in (*sorted(part.rglob("*")), part):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _take_the_place(part: Path, target: Path) -> None:
    if not target.exists():
        part.rename(target)
        return
    # A folder cannot be renamed over one that holds files.
    old = part.with_name(f"{part.name[: -len(PART)]}{OLD}{PART}")
    with locked(target):
        target.rename(old)
        try:
            part.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old)
