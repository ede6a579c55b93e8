"""The report as data: JSON, schema version 1."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from numbers import Integral, Real

from dataaudit.model import AuditResult, Check, DatasetInfo, Finding, Rows
from dataaudit.report.verdict import SEVERITIES, sort_findings
from dataaudit.text import FromData

SCHEMA_VERSION = 1


def render_json(result: AuditResult) -> str:
    """Render the result as JSON, schema version 1; pictures are left out.

    Numbers that JSON does not know (NaN, infinities) become null.
    """
    report = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "dataaudit", "version": result.version},
        "created_at": result.created_at,
        "seed": result.seed,
        "command": result.command,
        "redacted": result.redacted,
        "dataset": _dataset(result.dataset),
        "summary": {severity.label: result.count(severity) for severity in SEVERITIES},
        "findings": [_finding(finding, result.accepted) for finding in sort_findings(result.findings)],
        "accepted": sorted(result.accepted),
        "checks": [_check(check) for check in sorted(result.checks, key=lambda check: check.code)],
        "thresholds": _plain(result.thresholds),
        "timings": _plain(result.timings),
    }
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A name read from a broken encoding may hold half a character; \udcxx is how JSON spells that.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _dataset(dataset: DatasetInfo) -> dict[str, object]:
    return {
        "task": None if dataset.task is None else dataset.task.value,
        "label": dataset.label,
        "splits": [
            {
                "name": split.name,
                "source": split.source,
                "n_rows": split.n_rows,
                "n_columns": split.n_columns,
                "fingerprint": split.fingerprint,
            }
            for split in dataset.splits
        ],
        "columns": [
            {"name": column.name, "kind": column.kind.value, "role": column.role.value, "declared": column.declared}
            for column in dataset.columns
        ],
        "notes": list(dataset.notes),
    }


def _finding(finding: Finding, accepted: frozenset[str]) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "fingerprint": finding.fingerprint,
        "accepted": finding.fingerprint in accepted,
        "columns": list(finding.columns),
        "splits": list(finding.splits),
        "message": str(finding.message),
        "evidence": _plain(finding.evidence),
        "rows": _rows(finding.rows),
        "fix": str(finding.fix),
    }


def _rows(rows: tuple[Rows, ...]) -> dict[str, object]:
    listed: dict[str, object] = {part.split: [int(number) for number in part.numbers] for part in rows}
    return {**listed, "truncated": any(part.truncated for part in rows)}


def _check(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "name": check.name,
        "status": check.status.value,
        "reason": check.reason,
        "n_rows_seen": int(check.n_rows_seen),
        "sampled": bool(check.sampled),
        "seconds": _plain(check.seconds),
    }


def _plain(value: object) -> object:
    """Return a value as JSON knows it; the numeric tower covers numpy's numbers too."""
    if isinstance(value, FromData):
        return _plain(value.value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    # A date or another scalar that slipped into the evidence is still worth its words.
    return str(value)
