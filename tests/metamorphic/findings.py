"""What must not change: findings as plain tuples, their rows and columns mapped back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.metamorphic.tables import Table

from dataaudit.auditing import audit
from dataaudit.model import AuditResult, Finding, Status


def audited(table: Table, **options: Any) -> AuditResult:
    """Audit a table; no rule may crash."""
    result = audit(**table.splits, **{**table.options, **options})
    assert [(check.code, check.reason) for check in result.checks if check.status is Status.CRASHED] == []
    return result


def about(finding: Finding) -> tuple[Any, ...]:
    """Return code, severity, columns and splits of a finding."""
    return finding.code, finding.severity.label, tuple(sorted(finding.columns)), finding.splits


def findings(result: AuditResult) -> list[tuple[Any, ...]]:
    """Return what every finding is about with its fingerprint, in a fixed order."""
    return sorted((*about(finding), finding.fingerprint) for finding in result.findings)


def sentences(result: AuditResult) -> list[str]:
    """Return every finding's sentences, in a fixed order."""
    return sorted(f"{finding.code} {finding.message} {finding.fix}" for finding in result.findings)


def statuses(result: AuditResult) -> dict[str, Status]:
    """Return what became of each rule."""
    return {check.code: check.status for check in result.checks}


def named_rows(result: AuditResult, name_of: Callable[[str, int], object]) -> Mapping[tuple[Any, ...], set[object]]:
    """Return the rows each finding names, as `name_of(split, number)`; only lists that are not cut short."""
    return {
        (finding.fingerprint, rows.split): {name_of(rows.split, number) for number in rows.numbers}
        for finding in result.findings
        for rows in finding.rows
        if not rows.truncated
    }
