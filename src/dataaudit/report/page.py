"""What the HTML page shows, in order: findings in groups of one rule, as many in full as fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from dataaudit.model import AuditResult, Finding, Severity, telling_columns
from dataaudit.report.drawing import Drawing, draw
from dataaudit.report.labels import EvidenceRow, evidence_rows, show_names, show_rows, show_seen
from dataaudit.report.limits import Limits, share_out
from dataaudit.report.prose import Paragraph, paragraphs, sentence
from dataaudit.report.verdict import accepted_findings, ordered_findings

MAX_COLUMNS_SHOWN = 8
MAX_EVIDENCE_ROWS = 14
# Findings of one rule on view before the rest folds away.
N_UNFOLDED = 3


@dataclass(frozen=True)
class FindingView:
    """One finding, ready to be drawn; `why` only where the group has no other finding.

    `clue` is the anchor of the block that shows its column's classes.
    """

    anchor: str
    fingerprint: str
    message: Markup
    columns: list[str]
    splits: list[str]
    drawing: Drawing | None
    evidence: list[EvidenceRow]
    n_evidence_left_out: int
    rows: list[tuple[str, str]]
    why: list[Paragraph]
    fix: Markup | None
    clue: str | None


@dataclass(frozen=True)
class GroupView:
    """The findings of one rule at one severity.

    `full` and `folded` are shown in full, `listed` as one line each; `why` and
    a `fix` that the findings share are said once, after all of them.
    """

    anchor: str
    severity: Severity
    code: str
    name: str
    summary: str
    n_findings: int
    full: list[FindingView]
    folded: list[FindingView]
    listed: list[Markup]
    n_left_out: int
    why: list[Paragraph]
    fix: Markup | None
    seen: str | None


@dataclass(frozen=True)
class AcceptedView:
    """The findings a baseline accepts, as one line each."""

    listed: list[tuple[str, Markup]]
    n_left_out: int


def group_views(result: AuditResult, limits: Limits, clues: Mapping[str, str]) -> list[GroupView]:
    """Return the findings that count, grouped by severity and rule, within the limits.

    `clues` maps a column to the anchor of the block that shows its classes.
    """
    groups = [list(group) for _, group in groupby(ordered_findings(result), key=lambda f: (f.severity, f.code))]
    n_full = share_out([len(group) for group in groups], limits.n_full_per_rule, limits.n_full)
    n_rest = [len(group) - full for group, full in zip(groups, n_full, strict=True)]
    n_listed = share_out(n_rest, limits.n_listed, limits.n_listed)
    told = telling_columns(result.open_findings(), result.dataset.label or "")
    of_finding = {f.fingerprint: clues[column] for column, found in told.items() if column in clues for f in found}
    return [
        _group_view(result, group, full, listed, of_finding)
        for group, full, listed in zip(groups, n_full, n_listed, strict=True)
    ]


def accepted_view(result: AuditResult, limits: Limits) -> AcceptedView:
    """Return the accepted findings, at most as many as one severity's list may hold."""
    accepted = accepted_findings(result)
    shown = accepted[: limits.n_listed // 2]
    return AcceptedView([(f.code, sentence(f.message)) for f in shown], len(accepted) - len(shown))


def anchors_by_finding(result: AuditResult, groups: Iterable[GroupView]) -> dict[str, str]:
    """Return where each open finding stands, by its fingerprint; those not shown in full, where their rule does."""
    by_rule = {(group.severity, group.code): group for group in groups}
    anchors = {f.fingerprint: by_rule[f.severity, f.code].anchor for f in result.open_findings()}
    in_full = (view for group in by_rule.values() for view in (*group.full, *group.folded))
    return anchors | {view.fingerprint: view.anchor for view in in_full}


def codes_by_column(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return, for each column with findings, the codes in order of first appearance."""
    codes: dict[str, list[str]] = {}
    for finding in findings:
        for column in finding.columns:
            known = codes.setdefault(column, [])
            if finding.code not in known:
                known.append(finding.code)
    return codes


def _group_view(
    result: AuditResult, group: list[Finding], n_full: int, n_listed: int, clues: Mapping[str, str]
) -> GroupView:
    first = group[0]
    anchor = f"{first.code}-{first.severity.label}"
    doc = result.docs.get(first.code)
    why = paragraphs(doc.sections.get("Why it matters", "")) if doc else []
    alone = len(group) == 1 == n_full
    shares_fix = not alone and len({str(finding.fix) for finding in group[:n_full]}) == 1
    views = [
        _finding_view(
            finding, f"{anchor}-{number}", why if alone else [], clues.get(finding.fingerprint), with_fix=not shares_fix
        )
        for number, finding in enumerate(group[:n_full], start=1)
    ]
    return GroupView(
        anchor=anchor,
        severity=first.severity,
        code=first.code,
        name=first.name,
        summary=doc.summary.removesuffix(".") if doc else "",
        n_findings=len(group),
        full=views[:N_UNFOLDED],
        folded=views[N_UNFOLDED:],
        listed=[sentence(finding.message) for finding in group[n_full : n_full + n_listed]],
        n_left_out=len(group) - n_full - n_listed,
        why=[] if alone else why,
        fix=sentence(first.fix) if shares_fix and str(first.fix) else None,
        seen=_seen(result, first.code),
    )


def _finding_view(
    finding: Finding, anchor: str, why: list[Paragraph], clue: str | None, *, with_fix: bool
) -> FindingView:
    evidence = evidence_rows(finding.evidence)
    return FindingView(
        anchor=anchor,
        fingerprint=finding.fingerprint,
        message=sentence(finding.message),
        columns=show_names(finding.columns, MAX_COLUMNS_SHOWN),
        splits=show_names(finding.splits, MAX_COLUMNS_SHOWN),
        drawing=None if finding.figure is None else draw(finding.figure),
        evidence=evidence[:MAX_EVIDENCE_ROWS],
        n_evidence_left_out=max(0, len(evidence) - MAX_EVIDENCE_ROWS),
        rows=[(rows.split, show_rows(rows)) for rows in finding.rows],
        why=why,
        fix=sentence(finding.fix) if with_fix and str(finding.fix) else None,
        clue=clue,
    )


def _seen(result: AuditResult, code: str) -> str | None:
    for check in result.checks:
        if check.code == code and check.n_rows_seen:
            return show_seen(check.n_rows_seen, check.sampled, sum(split.n_rows for split in result.dataset.splits))
    return None
