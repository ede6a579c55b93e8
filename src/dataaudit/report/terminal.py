"""The report in a terminal, or in a pipe: plain words first, colour only on top of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.text import Text as Line

from dataaudit.model import AuditResult, Check, Finding, Severity, Status
from dataaudit.report.labels import show_name, show_names
from dataaudit.report.verdict import (
    SEVERITIES,
    accepted_findings,
    checks_with,
    data_source,
    ordered_findings,
    show_severity_count,
    verdict,
)
from dataaudit.text import show_count, show_line

WIDTH = 80
MAX_PER_RULE = 3
MAX_GROUPS = 40
MAX_CHECKS = 12
MAX_MESSAGE_LENGTH = 600
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
_TONES = {"error": "bold red", "warning": "bold yellow", "info": "bold blue", "clean": "bold green"}
_WHERE = ": --output report.html lists all"
_INDENT = "  "
_BULLET = "- "
_START = re.compile(rf" *(?:{_BULLET})?")


def print_terminal(result: AuditResult, console: Console | None = None, width: int | None = None) -> None:
    """Print the result.

    Parameters
    ----------
    result : AuditResult
    console : rich.console.Console, optional
        Where to; by default stdout.
    width : int, optional
        In characters; by default as wide as the console.
    """
    console = console or Console()
    wide = min(width or console.width, console.width)
    for block in _blocks(result):
        for line in _wrapped(block, wide, console):
            console.print(line, soft_wrap=True, highlight=False)


def render_terminal(result: AuditResult, width: int = WIDTH) -> str:
    """Return what `print_terminal` prints, without colour."""
    text = io.StringIO()
    print_terminal(result, Console(file=text, width=width, no_color=True, force_terminal=False))
    return text.getvalue()


def _wrapped(block: Line, width: int, console: Console) -> Iterator[Line]:
    """Yield the lines of a block, all hanging under its first word.

    rich's own padding would fill every line with spaces to the end.
    """
    start = _START.match(block.plain)
    margin = start.end() if start else 0
    lead = block[:margin]
    for line in block[margin:].wrap(console, max(width - margin, 20), overflow="fold") or [Line()]:
        line.rstrip()
        yield lead.append_text(line)
        lead = Line(" " * margin)


def _blocks(result: AuditResult) -> Iterator[Line]:
    said = verdict(result)
    yield Line(said.headline, style=_TONES.get(said.tone, "bold"))
    for detail in said.details:
        yield Line(detail)
    yield Line(_data_words(result), style="dim")
    yield from _finding_blocks(result)
    yield from _check_blocks("Crashed", checks_with(result, Status.CRASHED))
    yield from _check_blocks("Skipped", checks_with(result, Status.SKIPPED))
    yield from _accepted_blocks(result)
    if result.findings:
        yield Line()
        yield Line(_counts(result), style="bold")


def _data_words(result: AuditResult) -> str:
    splits = [f"{show_name(split.name)} {show_count(split.n_rows, 'row')}" for split in result.dataset.splits]
    label = [] if result.dataset.label is None else [f"label {show_name(result.dataset.label)}"]
    columns = show_count(len(result.dataset.columns), "column")
    return " · ".join([show_name(data_source(result)), *splits[:6], columns, *label])


def _counts(result: AuditResult) -> str:
    counts = [show_severity_count(severity, result.count(severity)) for severity in SEVERITIES]
    statuses = (Status.PASSED, Status.SKIPPED, Status.CRASHED)
    return " · ".join([*counts, *(f"{len(checks_with(result, status)):,} {status.value}" for status in statuses)])


def _finding_blocks(result: AuditResult) -> Iterator[Line]:
    groups = [list(group) for _, group in groupby(ordered_findings(result), key=lambda f: (f.severity, f.code))]
    for group in groups[:MAX_GROUPS]:
        yield Line()
        yield _head(group)
        yield from _findings(group)
    if len(groups) > MAX_GROUPS:
        yield Line()
        yield Line(f"and {show_count(len(groups) - MAX_GROUPS, 'more rule')} with findings{_WHERE}")


def _head(group: list[Finding]) -> Line:
    first = group[0]
    line = Line()
    line.append(first.severity.label, style=_STYLES[first.severity])
    line.append(f" {first.code} ", style="bold")
    line.append(first.name)
    if len(group) > 1:
        line.append(f" · {show_count(len(group), 'finding')}", style="dim")
    return line


def _findings(group: list[Finding]) -> Iterator[Line]:
    shown = group[:MAX_PER_RULE]
    bullet = _BULLET if len(group) > 1 else ""
    for place, finding in enumerate(shown):
        message = show_line(str(finding.message), MAX_MESSAGE_LENGTH)
        yield _indented(Line(bullet + (_with_columns(finding, message) if bullet else message)))
        # A fix that the next finding repeats is said once, after the last of them.
        following = shown[place + 1] if place + 1 < len(shown) else None
        if str(finding.fix) and (following is None or str(following.fix) != str(finding.fix)):
            fix = show_line(str(finding.fix).replace("`", ""), MAX_MESSAGE_LENGTH)
            yield _indented(Line(f"{' ' * len(bullet)}fix: {fix}", style="dim"))
    if len(group) > MAX_PER_RULE:
        yield _indented(Line(f"{_BULLET}and {len(group) - MAX_PER_RULE:,} more{_WHERE}", style="dim"))


def _with_columns(finding: Finding, message: str) -> str:
    names = show_names(finding.columns, 4)
    return message if not names or any(name in message for name in names) else f"{', '.join(names)}: {message}"


def _check_blocks(title: str, checks: list[Check]) -> Iterator[Line]:
    if not checks:
        return
    yield Line()
    yield Line(title, style="bold")
    for check in checks[:MAX_CHECKS]:
        reason = show_line(check.reason or "no reason given", MAX_MESSAGE_LENGTH)
        yield _indented(Line.assemble(f"{check.code} {check.name}: ", (reason, "dim")))
    if len(checks) > MAX_CHECKS:
        yield _indented(Line(f"and {len(checks) - MAX_CHECKS:,} more{_WHERE}", style="dim"))


def _accepted_blocks(result: AuditResult) -> Iterator[Line]:
    groups = [list(group) for _, group in groupby(accepted_findings(result), key=lambda f: (f.severity, f.code))]
    if not groups:
        return
    yield Line()
    yield Line("Accepted by the baseline", style="bold")
    for group in groups[:MAX_CHECKS]:
        count = show_severity_count(group[0].severity, len(group))
        yield _indented(Line(f"{group[0].code} {group[0].name}: {count}", style="dim"))
    if len(groups) > MAX_CHECKS:
        yield _indented(Line(f"and {len(groups) - MAX_CHECKS:,} more{_WHERE}", style="dim"))


def _indented(line: Line) -> Line:
    return Line(_INDENT).append_text(line)
