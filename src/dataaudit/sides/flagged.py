"""Which columns the findings say differ between splits."""

from __future__ import annotations

from collections.abc import Iterable

from dataaudit.model import Finding

FAMILIES = ("SPLIT", "RANGE", "SCALE006")
# Says how little a split can tell, not how it differs.
OF_SIZE = "SPLIT007"


def differing_columns(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings that say that a single column differs between splits, per column in their order."""
    differing: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code.startswith(FAMILIES) and finding.code != OF_SIZE and len(finding.columns) == 1:
            differing.setdefault(finding.columns[0], []).append(finding)
    return differing
