"""Progress on a terminal, silence elsewhere, and readers that leave early."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from dataaudit.rules import discover

WORK = """
import time
from dataaudit.cli import progress as module
module.SECONDS_BEFORE_SHOWN = {wait}
with module.progress_on_terminal() as progress:
    if progress is not None:
        progress("counting [b]rows[/b]")
    time.sleep(0.3)
print("done")
"""


def run_on_a_terminal(program: str, **variables: str) -> tuple[str, str]:
    """Run a program whose stderr is a terminal; return its stdout and stderr."""
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **variables}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=end, env=environment) as work:
        os.close(end)
        shown = b""
        while chunk := read(terminal):
            shown += chunk
        stdout = work.stdout.read().decode()
    os.close(terminal)
    return stdout, shown.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end has closed
        return b""


def test_long_work_is_shown_on_a_terminal():
    stdout, shown = run_on_a_terminal(WORK.format(wait=0.0), CI="")
    assert "counting [b]rows[/b]" in shown
    assert stdout == "done\n"


def test_short_work_is_not_shown():
    assert run_on_a_terminal(WORK.format(wait=60.0), CI="") == ("done\n", "")


def test_nothing_is_shown_in_continuous_integration():
    assert run_on_a_terminal(WORK.format(wait=0.0), CI="true") == ("done\n", "")


def test_a_reader_that_leaves_early_is_no_error():
    # The pipe's reading end is closed before anything is written to it.
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "dataaudit", "schema"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "IMB001"], ["--help"]])
def test_a_terminal_that_knows_no_unicode_is_no_error(arguments):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "dataaudit", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_list_of_rules_keeps_to_the_width_of_a_terminal(columns):
    terminal, end = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns)}
    with subprocess.Popen([sys.executable, "-m", "dataaudit", "rules"], stdout=end, env=environment):
        os.close(end)
        shown = b""
        while chunk := read(terminal):
            shown += chunk
    os.close(terminal)
    lines = shown.decode().splitlines()
    assert max(map(len, lines)) <= columns
    margin = lines[0].index("The same row")
    assert all(line[margin - 1] == " " != line[margin] for line in lines)
    assert {line.split()[0] for line in lines if line[0] != " "} == set(discover())
