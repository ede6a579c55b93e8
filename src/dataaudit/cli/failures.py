"""Every failure becomes `error: ...`, `hint: ...` on stderr and an exit code."""

from __future__ import annotations

import os
import traceback

import click

from dataaudit.cli.signals import code_of_signal
from dataaudit.errors import DataAuditError

TRACEBACK_VARIABLE = "DATAAUDIT_TRACEBACK"
WRONG_INPUT = 2
INTERRUPTED = 130


def report_failure(error: Exception) -> int:
    """Print what went wrong and what to do about it.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    int
        The exit code that goes with it.
    """
    ended = code_of_signal()
    if ended is not None:
        # A library that is told to end in the middle of its work fails in its own words, which tell nothing.
        return ended
    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return WRONG_INPUT
    message, hint, code = _words(error)
    click.echo(f"error: {printable(message)}", err=True)
    if hint:
        click.echo(f"hint: {printable(hint)}", err=True)
    if os.environ.get(TRACEBACK_VARIABLE):
        click.echo("".join(traceback.format_exception(error)), err=True)
    return code


def _words(error: Exception) -> tuple[str, str | None, int]:
    if isinstance(error, DataAuditError):
        return error.message, error.hint, error.exit_code
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "dataaudit"
        return error.format_message(), f"{command} --help lists the options", WRONG_INPUT
    if isinstance(error, click.ClickException):
        return error.format_message(), None, WRONG_INPUT
    # Libraries raise bare OSErrors for their own reasons; those of the system have a number.
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + (f": {error.filename}" if error.filename else ""), None, WRONG_INPUT
    if isinstance(error, MemoryError):
        return "the memory is not enough", "give a lower --memory-limit, or fewer columns with --exclude", WRONG_INPUT
    hint = f"this is a defect of dataaudit; {TRACEBACK_VARIABLE}=1 shows where it happened"
    return f"unexpected {type(error).__name__}: {error}", hint, WRONG_INPUT


def printable(text: str) -> str:
    """Return the text with surrogates (undecodable file names) and control characters but newlines made visible."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in text)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")
