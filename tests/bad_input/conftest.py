"""Ways to audit a bad file by the command line and by the API, and to see that nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import dataaudit
from dataaudit.cli import cli
from dataaudit.errors import DataAuditError

Fails = Callable[..., str]
Audits = Callable[..., dict[str, Any]]


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder in which all temporary folders are made while the test runs."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def fails(tmp_path, temporary) -> Fails:
    """Audit a source by the command and by the API: one error, the same in both, nothing left behind; return it."""

    def expect_failure(source: str | Path, *options: str, label: str | None = "y") -> str:
        output = tmp_path / "report.html"
        named = ("--label", label) if label else ()
        result = CliRunner().invoke(cli, ["audit", str(source), *named, *options, "--output", str(output)])
        assert result.exit_code == 2, result.output
        lines = result.stderr.splitlines()
        assert [line.partition(":")[0] for line in lines] == ["error", "hint"], result.output
        assert result.stdout == ""
        assert "unexpected" not in lines[0]
        assert not output.exists()
        assert list(temporary.iterdir()) == []
        if not options:
            with pytest.raises(DataAuditError) as caught:
                dataaudit.audit(source, label=label)
            assert lines[0] == f"error: {caught.value.message}"
        return lines[0].removeprefix("error: ")

    return expect_failure


@pytest.fixture
def audits(tmp_path, temporary) -> Audits:
    """Audit sources by the command, every check of it whole; return the JSON report."""

    def expect_report(source: str | Path, *options: str, label: str = "y") -> dict[str, Any]:
        paths = [tmp_path / f"report.{ending}" for ending in ("json", "html", "md", "xml", "txt")]
        outputs = [word for path in paths for word in ("--output", str(path))]
        command = ["audit", str(source), "--label", label, *options, *outputs, "--fail-on", "never", "--force"]
        result = CliRunner().invoke(cli, command)
        assert (result.exit_code, result.stderr) == (0, "")
        assert list(temporary.iterdir()) == []
        assert all(path.stat().st_size for path in paths)
        report: dict[str, Any] = json.loads(paths[0].read_text(encoding="utf-8"))
        assert [check for check in report["checks"] if check["status"] == "crashed"] == []
        return report

    return expect_report


@pytest.fixture
def write(tmp_path) -> Callable[..., Path]:
    """Write a file of text or bytes and return its path."""

    def write_it(content: str | bytes, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_it
