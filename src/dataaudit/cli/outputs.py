"""Where reports go: checked before the work, written beside and renamed after it."""

from __future__ import annotations

import dataclasses
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataaudit.cli.formats import format_of, render
from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from dataaudit.model import AuditResult


@dataclass(frozen=True)
class Output:
    """One report to be written; without a path it goes to stdout."""

    format_name: str
    path: Path | None = None


def plan_outputs(paths: Sequence[Path], format_name: str | None, force: bool, inputs: Sequence[Path]) -> list[Output]:
    """Return what to write, having checked that it can be.

    Parameters
    ----------
    paths : sequence of Path
        The files to write.
    format_name : str or None
        The format on stdout, or of the only file.
    force : bool
        Whether files that exist may be replaced.
    inputs : sequence of Path
        The files that are read, which are never replaced.

    Raises
    ------
    ConfigError
        If a path cannot be written, exists, is an input or is given twice.
    """
    if not paths:
        return [Output(format_name or "terminal")]
    if format_name is not None and len(paths) > 1:
        raise ConfigError("--format goes with one --output only", "leave it out: each file's ending says its format")
    read = {path.resolve() for path in inputs}
    seen: set[Path] = set()
    for path in paths:
        target = path.resolve()
        _check_place(path, target, force)
        if target in read:
            raise ConfigError(f"--output {path} is one of the files that are read", "give it another name")
        if target in seen:
            raise ConfigError(f"--output {path} is given twice", "name each file once")
        seen.add(target)
    return [Output(format_name or format_of(path), path) for path in paths]


def _check_place(path: Path, target: Path, force: bool) -> None:
    if not target.parent.is_dir():
        raise ConfigError(f"the folder {path.parent} of --output {path} does not exist", f"mkdir -p {path.parent}")
    if target.exists() and not target.is_file():
        raise ConfigError(f"--output {path} is not a file", "name a file in it, such as report.html")
    if target.exists() and not force:
        raise ConfigError(f"--output {path} exists", "give --force to replace it")
    if not os.access(target.parent, os.W_OK):
        raise ConfigError(f"the folder {path.parent} of --output {path} is not writable", "name another folder")


def write_outputs(result: AuditResult, outputs: Sequence[Output], fail_on: str) -> None:
    """Render the result once for each output, all before the first is written."""
    if outputs[0].path is None and outputs[0].format_name == "terminal":
        _print_summary(result)
        return
    for path, text in _render_all(result, outputs, fail_on):
        # A path that is not Unicode may stand in the report as surrogates.
        content = text.encode("utf-8", "backslashreplace")
        if path is None:
            click.echo(content.rstrip(b"\n"))
        else:
            write_file(path.resolve(), content)


def _render_all(result: AuditResult, outputs: Sequence[Output], fail_on: str) -> list[tuple[Path | None, str]]:
    """Render every output; JSON last, because it tells how long the others took."""
    started = time.perf_counter()
    rendered: dict[Output, str] = {}
    for output in sorted(outputs, key=lambda output: output.format_name == "json"):
        timings = {**result.timings, "render": time.perf_counter() - started}
        rendered[output] = render(dataclasses.replace(result, timings=timings), output.format_name, fail_on)
    return [(output.path, rendered[output]) for output in outputs]


def write_file(path: Path, content: bytes) -> None:
    """Write a file under a temporary name in its folder, then rename it."""
    temporary = path.with_name(f".dataaudit-{secrets.token_hex(6)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError as error:
        hint = "check the space and the permissions of its folder"
        raise ConfigError(f"{path} cannot be written: {error.strerror}", hint) from None
    finally:
        temporary.unlink(missing_ok=True)


def _print_summary(result: AuditResult) -> None:
    from rich.console import Console

    from dataaudit.report.terminal import print_terminal

    print_terminal(result, Console())
