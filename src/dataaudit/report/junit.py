"""JUnit XML: one test case per check, for CI systems that show test results."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from dataaudit.model import AuditResult, Check, Finding, Severity, Status
from dataaudit.report.labels import show_name, show_rows
from dataaudit.report.verdict import sort_findings
from dataaudit.text import show_count, show_line

MAX_FINDINGS_PER_CHECK = 100
MAX_MESSAGE_LENGTH = 600
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(result: AuditResult, fail_on: Severity | str = Severity.ERROR) -> str:
    """Render one test case per check.

    Parameters
    ----------
    result : AuditResult
    fail_on : Severity or {"error", "warning", "info", "never"}
        A check fails when it has a finding at or above this severity.
        Milder and accepted findings stand in ``system-out``.
    """
    threshold = fail_on if isinstance(fail_on, Severity) else Severity.__members__.get(fail_on.upper())
    suite = ET.Element("testsuite", name="dataaudit", timestamp=_legal(result.created_at))
    cases = [_case(result, check, threshold) for check in sorted(result.checks, key=lambda check: check.code)]
    suite.extend(cases)
    _count(suite, cases)
    suite.set("time", f"{sum(check.seconds for check in result.checks):.3f}")
    root = ET.Element("testsuites", name="dataaudit")
    _count(root, cases)
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(result: AuditResult, check: Check, threshold: Severity | None) -> ET.Element:
    family = check.code.rstrip("0123456789")
    case = ET.Element(
        "testcase",
        classname=_legal(f"dataaudit.{family}"),
        name=_legal(f"{check.code} {check.name}"),
        time=f"{check.seconds:.3f}",
    )
    findings = [finding for finding in sort_findings(result.findings) if finding.code == check.code]
    failing = [finding for finding in findings if _fails(result, finding, threshold)]
    others = [finding for finding in findings if not _fails(result, finding, threshold)]
    if check.status is Status.CRASHED:
        ET.SubElement(case, "error", type="crashed", message=_message(check.reason or "the check crashed"))
    elif check.status is Status.SKIPPED:
        ET.SubElement(case, "skipped", message=_message(check.reason or "skipped"))
    elif failing:
        _add_failure(case, failing)
    _add_others(case, others, result.accepted)
    return case


def _fails(result: AuditResult, finding: Finding, threshold: Severity | None) -> bool:
    return threshold is not None and finding.severity >= threshold and finding.fingerprint not in result.accepted


def _add_failure(case: ET.Element, findings: list[Finding]) -> None:
    first = _message(str(findings[0].message))
    message = first if len(findings) == 1 else f"{show_count(len(findings), 'finding')}, the first: {first}"
    failure = ET.SubElement(case, "failure", type=findings[0].severity.label, message=message)
    failure.text = _listed(findings, frozenset())


def _add_others(case: ET.Element, findings: list[Finding], accepted: frozenset[str]) -> None:
    if findings:
        ET.SubElement(case, "system-out").text = _listed(findings, accepted)


def _listed(findings: list[Finding], accepted: frozenset[str]) -> str:
    blocks = [_words(finding, finding.fingerprint in accepted) for finding in findings[:MAX_FINDINGS_PER_CHECK]]
    if len(findings) > len(blocks):
        blocks.append(f"and {len(findings) - len(blocks):,} more")
    return _legal("\n" + "\n\n".join(blocks) + "\n")


def _words(finding: Finding, accepted: bool) -> str:
    where = [f"columns: {', '.join(show_name(name) for name in finding.columns[:20])}"] if finding.columns else []
    where += [f"rows of {rows.split}: {show_rows(rows)}" for rows in finding.rows if rows.numbers]
    severity = f"{finding.severity.label}, accepted" if accepted else finding.severity.label
    return "\n".join([f"{severity}: {_message(str(finding.message))}", *where, f"fix: {_message(str(finding.fix))}"])


def _message(text: str) -> str:
    return _legal(show_line(text, MAX_MESSAGE_LENGTH))


def _legal(text: str) -> str:
    """Return the text without the characters that XML 1.0 cannot hold."""
    return _ILLEGAL.sub("", text)


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
