"""`dataaudit fix`: it shows what it does, asks on a terminal, and writes a folder."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys

import pandas as pd
import pytest
from tests.fix.conftest import plain


@pytest.fixture
def train(tmp_path):
    path = tmp_path / "train.csv"
    pd.concat([plain(), plain().iloc[:20]], ignore_index=True).assign(country="DE").to_csv(path, index=False)
    return path


def test_in_a_pipe_it_writes_and_says_what(invoke, train):
    result = invoke("fix", train, "--label", "y", "--output", "out")
    assert result.exit_code == 0, result.output
    assert "DATA003 constant-column: drop the column country" in result.stdout
    assert "drop 20 rows of train: each repeats an earlier row" in result.stdout
    assert "train row 300, train row 301, train row 302 and 17 more" in result.stdout
    assert "are gone" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert (train.parent / "out" / "report.html").is_file()


def test_a_dry_run_writes_nothing_and_needs_no_output(invoke, train):
    result = invoke("fix", train, "--label", "y", "--dry-run")
    assert result.exit_code == 0
    assert "drop 20 rows of train" in result.stdout
    assert "Nothing was written" in result.stdout
    assert [path.name for path in train.parent.iterdir()] == ["train.csv"]


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("--label", "y"), "no --output was named", "--dry-run"),
        (("--label", "y", "--output", "out", "--select", "SPUR001"), "SPUR001 has no mend", "there are mends for"),
        (("--label", "y", "--output", "out", "--select", "NOPE1"), "neither a code", "dataaudit rules"),
        (("--label", "z", "--output", "out"), "'z'", "its columns are"),
        (("--label", "y", "--output", "out", "--engine", "spark"), "fix does not run on spark", "DuckDB"),
        (("--label", "y", "--output", "."), "holds a file that is read", "another folder"),
    ],
)
def test_wrong_input_is_one_clear_error(invoke, train, arguments, message, hint):
    result = invoke("fix", train, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert hint in result.stderr
    assert [path.name for path in train.parent.iterdir()] == ["train.csv"]


def test_help_lists_the_mends(invoke):
    told = invoke("fix", "--help").stdout
    assert "DATA001" in told
    assert "drop the columns that give the label away (unsafe)" in " ".join(told.split())


def test_help_says_what_of_a_safe_mend_is_unsafe_and_what_becomes_of_ties(invoke):
    told = " ".join(invoke("fix", "--help").stdout.split())
    assert "with --unsafe also words that may be answers, and columns missing in most rows" in told
    assert "where labels tie, all are dropped" in told


def test_what_only_needs_judgement_is_counted(invoke, train):
    table = pd.read_csv(train).iloc[:300].drop(columns="country").assign(customer_id=range(10_000, 10_300))
    table.to_csv(train, index=False)
    told = " ".join(invoke("fix", train, "--label", "y", "--dry-run").stdout.split())
    assert "Nothing safe to mend; 1 mend needs --unsafe. not done: DATA005" in told


@pytest.mark.parametrize(("answer", "is_written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_on_a_terminal_it_asks(train, answer, is_written):
    main, other = pty.openpty()
    command = [sys.executable, "-m", "dataaudit", "fix", "train.csv", "--label", "y", "--output", "out", "--no-audit"]
    running = subprocess.Popen(
        command, cwd=train.parent, stdin=other, stdout=other, stderr=subprocess.DEVNULL, env={**os.environ, "CI": "1"}
    )
    os.close(other)
    shown = ""
    while "apply? [y/N]" not in shown:
        shown += os.read(main, 4096).decode()
    assert "drop 20 rows of train" in shown.replace("\r\n", " ")
    assert not (train.parent / "out").exists()
    os.write(main, answer.encode())
    shown = ""
    # A terminal whose other side is closed is an error to the reader.
    with contextlib.suppress(OSError):
        while more := os.read(main, 4096):
            shown += more.decode()
    os.close(main)
    assert running.wait() == 0
    assert (train.parent / "out").is_dir() is is_written
    assert ("Nothing was written" in shown) is not is_written
    assert [path.name for path in train.parent.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("stop", ["interrupt", "end of input"])
def test_who_breaks_off_at_the_question_leaves_nothing_behind(train, stop):
    main, other = pty.openpty()
    command = [sys.executable, "-m", "dataaudit", "fix", "train.csv", "--label", "y", "--output", "out", "--no-audit"]
    running = subprocess.Popen(command, cwd=train.parent, stdin=other, stdout=other, stderr=subprocess.PIPE)
    os.close(other)
    shown = ""
    while "apply? [y/N]" not in shown:
        shown += os.read(main, 4096).decode()
    if stop == "interrupt":
        running.send_signal(signal.SIGINT)
    else:
        os.write(main, b"\x04")
    told = running.communicate()[1].decode()
    os.close(main)
    assert "Traceback" not in told
    assert running.returncode == (130 if stop == "interrupt" else 0)
    assert [path.name for path in train.parent.iterdir()] == ["train.csv"]


def test_only_who_sits_at_a_terminal_is_asked(invoke):
    told = " ".join(invoke("fix", "--help").stdout.split())
    assert "elsewhere it is done without asking" in told


def test_it_does_not_ask_with_yes(train):
    main, other = pty.openpty()
    command = [sys.executable, "-m", "dataaudit", "fix", "train.csv", "--label", "y", "--output", "out", "--no-audit"]
    done = subprocess.run([*command, "--yes"], cwd=train.parent, stdin=other, stdout=other, check=False)
    os.close(other)
    os.close(main)
    assert done.returncode == 0
    assert (train.parent / "out" / "train.csv").is_file()
