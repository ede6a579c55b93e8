"""An earlier report accepts the findings it lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataaudit.model import Severity


def test_accepted_findings_do_not_fail(invoke, fake_audit):
    fake_audit.severities = (Severity.ERROR,)
    assert invoke("audit", "a.csv", "--output", "base.json").exit_code == 1
    result = invoke("audit", "a.csv", "--baseline", "base.json", "--output", "new.json")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "0 errors, 0 warnings, 0 info findings; wrote new.json\n"


def test_other_findings_still_fail(invoke, fake_audit, tmp_path):
    fake_audit.severities = (Severity.ERROR,)
    report = {"schema_version": 1, "findings": [{"fingerprint": "0123456789abcdef", "severity": "error"}]}
    (tmp_path / "base.json").write_text(json.dumps(report))
    assert invoke("audit", "a.csv", "--baseline", "base.json", "--format", "json").exit_code == 1


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        (Severity.INFO, Severity.ERROR, 1),
        (Severity.INFO, Severity.WARNING, 1),
        (Severity.WARNING, Severity.WARNING, 0),
        (Severity.ERROR, Severity.INFO, 0),
    ],
)
def test_a_finding_that_is_worse_than_in_the_baseline_counts(invoke, fake_audit, before, now, code):
    fake_audit.severities = (before,)
    invoke("audit", "a.csv", "--output", "base.json", "--fail-on", "never")
    fake_audit.severities = (now,)
    result = invoke("audit", "a.csv", "--baseline", "base.json", "--fail-on", "info", "--output", "new.json")
    assert result.exit_code == code, result.stderr
    report = json.loads(Path("new.json").read_text(encoding="utf-8"))
    assert (len(report["accepted"]), report["findings"][0]["accepted"]) == (1 - code, code == 0)
    assert report["summary"][now.label] == code


def test_the_configuration_may_name_the_baseline(invoke, fake_audit, tmp_path):
    fake_audit.severities = (Severity.ERROR,)
    invoke("audit", "a.csv", "--output", "base.json")
    (tmp_path / "dataaudit.toml").write_text('baseline = "base.json"\n')
    assert invoke("audit", "a.csv", "--format", "json").exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist"),
        (b"", "is not JSON"),
        (b"<html>", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a report of dataaudit"),
        (b"{}", "is not a report of dataaudit"),
        (b'{"schema_version": 2, "findings": []}', "has schema version 2, not 1"),
        (b'{"schema_version": 1}', "has no list of findings"),
        (b'{"schema_version": 1, "findings": [3]}', "has a finding without a fingerprint"),
        (b'{"schema_version": 1, "findings": [{"code": "X"}]}', "has a finding without a fingerprint"),
        (b'{"schema_version": 1, "findings": [{"fingerprint": "X"}]}', "has a finding without a severity"),
        (
            b'{"schema_version": 1, "findings": [{"fingerprint": "X", "severity": []}]}',
            "has a finding without a severity",
        ),
    ],
)
def test_what_is_no_baseline_is_told_before_the_work(invoke, fake_audit, tmp_path, content, message):
    if content is not None:
        (tmp_path / "base.json").write_bytes(content)
    result = invoke("audit", "a.csv", "--baseline", "base.json")
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert result.stderr.startswith(f"error: the baseline base.json {message}\nhint: ")


def test_a_folder_is_no_baseline(invoke, fake_audit, tmp_path):
    result = invoke("audit", "a.csv", "--baseline", tmp_path)
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert "cannot be read" in result.stderr
