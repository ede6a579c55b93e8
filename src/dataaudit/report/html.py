"""The report as one self-contained HTML page: no script, no request, under a megabyte whatever the data."""

from __future__ import annotations

from html import escape

from dataaudit.model import AuditResult, ColumnInfo, Severity, Status
from dataaudit.report.clues import block_anchors, clues_view
from dataaudit.report.environment import environment
from dataaudit.report.labels import show_seen
from dataaudit.report.limits import NOTEBOOK_LIMITS, PAGE_LIMITS, Limits
from dataaudit.report.page import accepted_view, anchors_by_finding, codes_by_column, group_views
from dataaudit.report.sides import sides_view
from dataaudit.report.verdict import SEVERITIES, checks_with, data_source, ordered_findings, verdict

MAX_BYTES = 950_000
MAX_SPLITS = 12
MAX_NOTES = 30
NOTEBOOK_HEIGHT = 720
HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Worth knowing"}
NOUNS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "info"}
_OUTCOMES = {"passed": "passed", "failed": "found something", "skipped": "skipped", "crashed": "crashed"}


def render_html(result: AuditResult) -> str:
    """Render the result as one HTML page that needs nothing but itself.

    A page that would exceed `MAX_BYTES` is rendered again with fewer
    findings in full; it then says how many it leaves out.
    """
    return _render_within(result, PAGE_LIMITS)


def render_notebook(result: AuditResult) -> str:
    """Render the same page, shorter, in a frame of its own so that it does not touch the notebook's styles."""
    page = _render_within(result, NOTEBOOK_LIMITS)
    return (
        f'<iframe title="Data audit report" sandbox width="100%" height="{NOTEBOOK_HEIGHT}" frameborder="0" '
        f'srcdoc="{escape(page)}"></iframe>'
    )


def _render_within(result: AuditResult, limits: tuple[Limits, ...]) -> str:
    for limit in limits[:-1]:
        page = _render(result, limit)
        if len(page.encode()) <= MAX_BYTES:
            return page
    return _render(result, limits[-1])


def _render(result: AuditResult, limits: Limits) -> str:
    findings = ordered_findings(result)
    codes = codes_by_column(findings)
    columns = _columns_shown(result, codes, limits.n_columns)
    groups = group_views(result, limits, block_anchors(result, limits))
    finding_anchors = anchors_by_finding(result, groups)
    return (
        environment()
        .get_template("page.html")
        .render(
            show_seen=show_seen,
            headings=HEADINGS,
            nouns=NOUNS,
            outcomes=_OUTCOMES,
            MAX_SPLITS=MAX_SPLITS,
            MAX_NOTES=MAX_NOTES,
            result=result,
            dataset=result.dataset,
            verdict=verdict(result),
            source=data_source(result),
            severities=SEVERITIES,
            groups={severity: [group for group in groups if group.severity is severity] for severity in SEVERITIES},
            accepted=accepted_view(result, limits),
            clues=clues_view(result, limits, finding_anchors),
            sides=sides_view(result, limits, finding_anchors),
            checks={status.value: checks_with(result, status) for status in Status},
            limits=limits,
            columns=columns,
            codes=codes,
            anchors={group.code: group.anchor for group in reversed(groups)},
        )
    )


def _columns_shown(result: AuditResult, codes: dict[str, list[str]], most: int) -> list[ColumnInfo]:
    columns = result.dataset.columns
    if len(columns) <= most:
        return list(columns)
    # When not all fit, those with findings are the ones to keep.
    return sorted(columns, key=lambda column: column.name not in codes)[:most]
