"""The tools that are compared, what each is given, and the commands that run them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENTS = ROOT / ".benchmark"
LABEL = "y"


@dataclass(frozen=True)
class Table:
    """The size of a benchmark table, train and test together."""

    rows: int
    columns: int

    def __str__(self) -> str:
        """Return `1,000 × 51`."""
        return f"{self.rows:,} × {self.columns}"


@dataclass(frozen=True)
class Tool:
    """A tool by the name of its distribution, and what it is asked to do."""

    name: str
    given: str

    @property
    def python(self) -> Path:
        """The interpreter of the tool's own environment; ours is the one that runs this."""
        return Path(sys.executable) if self is DATAAUDIT else ENVIRONMENTS / self.name / "bin" / "python"

    def command(self, train: Path, test: Path, report: Path) -> list[str]:
        """Return the command that checks train and test and writes report."""
        if self is DATAAUDIT:
            options = ["--test", str(test), "--label", LABEL, "--output", str(report), "--fail-on", "never"]
            return [str(self.python.with_name("dataaudit")), "audit", str(train), *options]
        runner = Path(__file__).with_name(f"run_{self.name.replace('-', '_')}.py")
        return [str(self.python), str(runner), str(train), str(test), LABEL, str(report)]

    def versions(self) -> tuple[str, str]:
        """Return the installed version and its Python's; end the program with a hint where there is none."""
        ask = f"import platform, importlib.metadata as m; print(m.version({self.name!r}), platform.python_version())"
        try:
            asked = subprocess.run([self.python, "-c", ask], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            sys.exit(f"error: {self.name} is not installed\nhint: make benchmark sets up every environment")
        version, python = asked.stdout.split()
        return version, python


DATAAUDIT = Tool("dataaudit", "the whole command with all default rules: train, test and the label; HTML")
PEERS = (
    Tool("deepchecks", "the suites data_integrity (train) and train_test_validation (train and test); two HTML files"),
    Tool("evidently", "the data summary and data drift presets, train as reference, test as current data; HTML"),
    Tool("fg-data-profiling", "the minimal profile (once ydata-profiling's) of train; neither test nor label; HTML"),
    Tool(
        "cleanlab",
        "Datalab on train, not test: standardized numeric columns and the probabilities of a logistic regression; text",
    ),
    Tool("leakcheck-ml", "its whole check of train against test with the label; text"),
)

COMMON_COLUMNS = 51
ROWS = (1_000, 10_000, 100_000, 1_000_000)
ROWS_OF_COLUMNS = 10_000
COLUMNS = (11, COMMON_COLUMNS, 201)
TABLES = (
    *(Table(rows, COMMON_COLUMNS) for rows in ROWS),
    *(Table(ROWS_OF_COLUMNS, columns) for columns in COLUMNS if columns != COMMON_COLUMNS),
)
