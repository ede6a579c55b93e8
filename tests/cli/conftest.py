"""An audit that never happens: the command line is tested apart from what it calls."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import click.testing
import pytest
from click.testing import CliRunner

from dataaudit.cli import cli
from dataaudit.config import Settings
from dataaudit.model import (
    AuditResult,
    Check,
    ColumnInfo,
    DatasetInfo,
    Finding,
    Kind,
    Role,
    Severity,
    SplitInfo,
    Status,
    Task,
)
from dataaudit.text import FromData, Text


def make_finding(severity: Severity) -> Finding:
    return Finding(
        code="SPUR001",
        name="shortcut-value",
        severity=severity,
        columns=("colour",),
        splits=("train",),
        message=Text("{column} = {value} gives the class away", {"column": "colour", "value": FromData("crimson")}),
        evidence={"value": FromData("crimson"), "n_rows": 20},
        fix=Text("Drop {column}.", {"column": "colour"}),
        identity=("crimson",),
    )


@dataclass
class FakeAudit:
    """Remembers how it was called and returns a result with these severities."""

    severities: tuple[Severity, ...] = ()
    error: Exception | None = None
    crashed: tuple[str, ...] = ()
    calls: list[SimpleNamespace] = field(default_factory=list)

    @property
    def call(self) -> Any:
        assert len(self.calls) == 1
        return self.calls[0]

    def run(self, sources: Any, settings: Settings, progress: Any = None, command: str | None = None) -> AuditResult:
        self.calls.append(SimpleNamespace(sources=sources, settings=settings, progress=progress, command=command))
        if self.error is not None:
            raise self.error
        columns = (ColumnInfo("colour", Kind.CATEGORICAL, Role.FEATURE), ColumnInfo("y", Kind.CATEGORICAL, Role.LABEL))
        return AuditResult(
            version="0",
            created_at="2024-01-01T00:00:00+00:00",
            seed=settings.seed,
            dataset=DatasetInfo(Task.BINARY, "y", (SplitInfo("train", "train.csv", 100, 2),), columns),
            findings=tuple(make_finding(severity) for severity in self.severities),
            checks=tuple(
                Check(code, f"rule-{code}", Status.CRASHED, "ValueError: odd", 100, False, 0.0) for code in self.crashed
            ),
            timings={},
            docs={},
            command=command,
        )


@pytest.fixture
def fake_audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setitem(sys.modules, "dataaudit.auditing", SimpleNamespace(run=fake.run))
    return fake


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Run a command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: Any) -> click.testing.Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments])

    return run
