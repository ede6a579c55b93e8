"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from dataaudit.cli import cli

ROOT = Path(__file__).parent.parent
Completed = subprocess.CompletedProcess[str]


@pytest.fixture
def sample_data() -> Path:
    """The folder of the sample data."""
    return ROOT / "sample_data"


@pytest.fixture
def run_dataaudit(tmp_path: Path) -> Callable[..., Completed]:
    """Run the real command in a process of its own, in an empty folder unless `cwd` is given."""

    def run(*arguments: str | Path, cwd: Path = tmp_path) -> Completed:
        command = [sys.executable, "-m", "dataaudit", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def run_command() -> Callable[..., str]:
    """Run a command in this process, expect exit code 0 and return what it printed."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run
