"""A summary for a pull request comment: verdict, counts, a table of findings, and how to mend them."""

from __future__ import annotations

import re
from itertools import groupby

from dataaudit.model import AuditResult, Check, Finding, Status
from dataaudit.report.labels import show_name, show_names
from dataaudit.report.side_words import show_distance
from dataaudit.report.verdict import (
    SEVERITIES,
    accepted_findings,
    checks_with,
    data_source,
    ordered_findings,
    show_severity_count,
    verdict,
)
from dataaudit.side_figures import Shift
from dataaudit.text import show_count, show_line

# A comment on GitHub holds 65,536 characters; what does not fit is listed more briefly.
MAX_CHARACTERS = 60_000
MOST_LISTED = (40, 20, 10, 5)
MAX_MESSAGE_LENGTH = 400
MOST_SHIFTS = 10
_MARKS = {"error": "🛑", "warning": "⚠️", "info": "ℹ️", "clean": "✅", "incomplete": "❔"}
_SPECIAL = re.compile(r"[\\`*_\[\]|~$!<>&]")
# A zero-width space keeps these from becoming mentions, cross-references and links.
_AUTOLINKS = re.compile(r"@(?=\w)|#(?=\d)|:(?=//)|www(?=\.)|\b(?:GH|gh)(?=-\d)")


def render_markdown(result: AuditResult) -> str:
    """Render a summary that fits a pull request comment; nothing in it mentions, links or runs."""
    for most in MOST_LISTED[:-1]:
        text = _render(result, most)
        if len(text) <= MAX_CHARACTERS:
            return text
    return _render(result, MOST_LISTED[-1])


def _render(result: AuditResult, most: int) -> str:
    parts = [
        _head(result),
        _counts(result),
        _findings(result, most),
        _shifts(result),
        _fixes(result, most),
        _not_run(result, most),
        _accepted(result, most),
        f"<sub>dataaudit {inline(result.version)} · seed {result.seed} · {inline(result.created_at)}</sub>",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def inline(text: str, most: int = MAX_MESSAGE_LENGTH) -> str:
    """Return a text that Markdown and HTML show as it is, on one line.

    >>> inline("a|b <i> *c*")
    'a&#124;b &#60;i&#62; &#42;c&#42;'
    """
    unlinked = _AUTOLINKS.sub(lambda match: f"{match.group()}\u200b", show_line(text, most))
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", unlinked)


def _head(result: AuditResult) -> str:
    said = verdict(result)
    mark = _MARKS[said.tone]
    parts = [f"### {mark} {inline(said.headline)}", inline(" ".join(said.details))]
    return "\n\n".join(part for part in [*parts, f"Data: {_code(data_source(result))}"] if part)


def _counts(result: AuditResult) -> str:
    heads = ["errors", "warnings", "info", "passed", "skipped", "crashed"]
    statuses = (Status.PASSED, Status.SKIPPED, Status.CRASHED)
    counts = [result.count(severity) for severity in SEVERITIES]
    counts += [len(checks_with(result, status)) for status in statuses]
    return _table(heads, [[f"{count:,}" for count in counts]], align="--:")


def _findings(result: AuditResult, most: int) -> str:
    findings = ordered_findings(result)
    if not findings:
        return ""
    lines = [
        [f.severity.label, inline(f.code), ", ".join(_code(name) for name in show_names(f.columns, 3)), _message(f)]
        for f in findings[:most]
    ]
    table = _table(["severity", "check", "columns", "finding"], lines)
    return table + _rest(len(findings) - len(lines), "finding")


def _shifts(result: AuditResult) -> str:
    """Return the columns that are farther apart than chance explains, folded; nothing if there are none."""
    sides = result.sides
    farthest = [] if sides is None else [column for column in sides.columns if column.is_beyond_chance]
    if sides is None or not farthest:
        return ""
    heads = [f"{inline(show_name(one.split))} from {inline(show_name(one.against))}" for one in sides.comparisons]
    lines = [
        [_code(show_name(column.column)), *(_distance(shift) for shift in column.shifts)]
        for column in farthest[:MOST_SHIFTS]
    ]
    table = _table(["column", *heads], lines)
    note = "0 is alike, 1 nothing in common; in brackets 95 % intervals; bold is beyond chance."
    return (
        f"<details><summary>How far the columns are apart</summary>\n\n{table}\n\n{note}"
        + _rest(len(farthest) - len(lines), "column", "HTML report lists")
        + "\n\n</details>"
    )


def _distance(shift: Shift | None) -> str:
    if shift is None:
        return "not compared"
    words = show_distance(shift.distance)
    interval = f"({show_distance(shift.lower)} to {show_distance(shift.upper)})"
    return f"**{words}** {interval}" if shift.is_beyond_chance else f"{words} {interval}"


def _fixes(result: AuditResult, most: int) -> str:
    blocks = [list(group) for _, group in groupby(ordered_findings(result), key=lambda f: (f.severity, f.code))]
    folded = [_fix(block) for block in blocks[: most // 2]]
    return "\n\n".join(folded) + _rest(len(blocks) - len(folded), "rule")


def _fix(findings: list[Finding]) -> str:
    first = findings[0]
    fixes = list(dict.fromkeys(str(finding.fix) for finding in findings))[:3]
    title = f"<b>{inline(first.code)}</b> {inline(first.name)}: how to mend it"
    count = show_severity_count(first.severity, len(findings))
    listed = "\n".join(f"- {_prose(fix)}" for fix in fixes)
    return f"<details><summary>{title} ({count})</summary>\n\n{listed}\n\n</details>"


def _not_run(result: AuditResult, most: int) -> str:
    checks = [*checks_with(result, Status.CRASHED), *checks_with(result, Status.SKIPPED)]
    if not checks:
        return ""
    lines = [f"- {_check_words(check)}" for check in checks[:most]]
    listed = "\n".join(lines) + _rest(len(checks) - len(lines), "check")
    return f"<details><summary>{show_count(len(checks), 'check')} not run</summary>\n\n{listed}\n\n</details>"


def _check_words(check: Check) -> str:
    reason = inline(check.reason or "no reason given")
    return f"{inline(check.code)} {inline(check.name)} ({check.status.value}): {reason}"


def _accepted(result: AuditResult, most: int) -> str:
    accepted = accepted_findings(result)
    if not accepted:
        return ""
    lines = [f"- {inline(finding.code)}: {_message(finding)}" for finding in accepted[:most]]
    listed = "\n".join(lines) + _rest(len(accepted) - len(lines), "finding")
    title = show_count(len(accepted), "accepted finding")
    return f"<details><summary>{title}, not counted</summary>\n\n{listed}\n\n</details>"


def _message(finding: Finding) -> str:
    return inline(str(finding.message))


def _prose(text: str) -> str:
    """Return a sentence whose backticked parts are code, and whose every part is harmless."""
    parts = re.split("`+", show_line(text, 2 * MAX_MESSAGE_LENGTH))
    return "".join(_code(part) if number % 2 else inline(part) for number, part in enumerate(parts) if part)


def _code(text: str) -> str:
    # Not backticks: inside them a pipe still ends a table cell, and an entity is not read.
    return f"<code>{inline(show_name(text) if len(text) < 2 else text)}</code>"


def _rest(count: int, noun: str, where: str = "HTML and JSON reports list") -> str:
    return f"\n\nand {show_count(count, 'more ' + noun)}; the {where} them." if count > 0 else ""


def _table(heads: list[str], lines: list[list[str]], align: str = "---") -> str:
    rows = [heads, [align] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
