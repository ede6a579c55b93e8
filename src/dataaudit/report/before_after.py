"""What a command that writes has changed: the findings before and after it, and where every row went, as one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from dataaudit.model import AuditResult, Finding, Severity
from dataaudit.report.environment import environment
from dataaudit.report.html import HEADINGS, MAX_BYTES, NOUNS
from dataaudit.report.limits import PAGE_LIMITS, Limits
from dataaudit.report.page import group_views
from dataaudit.report.prose import sentence
from dataaudit.report.verdict import SEVERITIES, data_source, show_severity_count, sort_findings
from dataaudit.text import join_words, show_count, without_data

if TYPE_CHECKING:
    from dataaudit.proof.changes import Changes, Remaining
    from dataaudit.write.accounting import RowCounts

MAX_TABLE_LINES = 200
HIDDEN = "train now holds repeated or made-up rows."


@dataclass(frozen=True)
class PageTable:
    """Numbers of a command for its report: a title, the columns' heads, and lines of as many texts.

    The first `n_words` columns hold words, the others figures.
    """

    title: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    n_words: int = 1
    note: str = ""

    def redacted(self) -> PageTable:
        """Return the table without the values of the data that its texts are known to name."""
        lines = tuple(tuple(without_data(cell) for cell in line) for line in self.lines)
        return replace(self, lines=lines, note=without_data(self.note))


@dataclass(frozen=True)
class RowsLine:
    """A line of the table of rows, and what became of those that are not written."""

    split: str
    n_in: int
    n_out: int
    n_kept: int
    went: tuple[tuple[str, int], ...]
    came: tuple[tuple[str, int], ...]


def verdict_words(changes: Changes) -> str:
    """Return what has become of the errors and warnings, as the first line of a report.

    What became worse is counted by itself: it does not merely remain.
    """
    gone = _counts(changes.gone)
    same = _after(changes, worse=False)
    remaining = _counts(same)
    n_worse = len(_grave(_after(changes, worse=True)))
    new = _counts(changes.new)
    first = _counts(changes.judged_first)
    n_expected = len(_expected(changes))
    hidden = _counts(_hidden(changes))
    if not (gone or remaining or n_worse or new or first or n_expected or hidden):
        return "No error and no warning is gone, remains or is new"
    parts = [
        gone and f"{gone} {_be(changes.gone)} gone",
        remaining and f"{remaining} {'remains' if len(_grave(same)) == 1 else 'remain'}",
        f"{n_worse:,} grew worse" if n_worse else "",
        hidden and f"{hidden} can no longer be judged",
        f"{new} {_be(changes.new)} new"
        if new
        else "no new error or warning"
        if not first or gone or remaining or n_worse or hidden
        else "",
        first and f"{first} {_be(changes.judged_first)} seen for the first time",
        f"{n_expected:,} {'is' if n_expected == 1 else 'are'} there on purpose" if n_expected else "",
    ]
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def set_apart(after: AuditResult, changes: Changes) -> AuditResult:
    """Return the audit of what was written, what is there on purpose listed but not counted."""
    return replace(after, accepted=after.accepted | {one.after.fingerprint for one in changes.expected})


def expected_words(changes: Changes) -> list[str]:
    """Return what is there on purpose, a sentence for every reason."""
    sentences = []
    for reason, lines in _purposes(changes):
        counts = Counter((code, severity) for severity, _, code, _ in lines)
        named = [f"{code} ({severity}{f', {n:,} times' if n > 1 else ''})" for (code, severity), n in counts.items()]
        sentences.append(f"{join_words(named)}: {reason}")
    return sentences


def hidden_words(changes: Changes) -> list[str]:
    """Return what can no longer be judged, and why; the page has a section of its own for it."""
    if not changes.hidden:
        return []
    count = show_count(len(changes.hidden), "finding")
    told = f"{count} can no longer be judged, which is no sign of being mended:"
    return [f"{told} {HIDDEN} {' '.join(_reasons_hidden(changes))}"]


def verdict_details(changes: Changes) -> list[str]:
    """Return the sentences that complete the first line."""
    details = []
    worse = [one.after for one in changes.remaining if one.is_worse]
    milder = [one.after for one in changes.remaining if one.is_milder]
    for altered, how in ((worse, "more severe"), (milder, "less severe")):
        if altered:
            details.append(f"{show_count(len(altered), 'finding')} {_plural_be(altered)} {how} than before.")
    changed = [one for one in changes.remaining if one.is_changed]
    if changed:
        details.append(f"{show_count(len(changed), 'finding')} {_plural_be(changed)} about other columns than before.")
    if changes.judged_first:
        details.append(
            f"{show_count(len(changes.judged_first), 'finding')} could not be seen before: "
            "what came in had no such split, or the check could not be run."
        )
    if changes.not_judged_again:
        details.append(
            f"{show_count(len(changes.not_judged_again), 'finding')} of before could not be judged again: "
            "what was written has no such split, or the check could not be run."
        )
    return details


def render_before_after(
    before: AuditResult,
    after: AuditResult,
    changes: Changes,
    rows: Sequence[RowCounts],
    notes: Sequence[str] = (),
    tables: Sequence[PageTable] = (),
    *,
    command: str,
) -> str:
    """Render both audits as one HTML page that needs nothing but itself; what remains stands in full.

    Parameters
    ----------
    before, after : AuditResult
    changes : Changes
    rows : sequence of RowCounts
    notes : sequence of str
        What a reader must know of what was written.
    tables : sequence of PageTable
    command : {"rebalance", "split", "fix"}
    """
    page = ""
    for limits in PAGE_LIMITS:
        page = _render(before, after, changes, rows, notes, tables, command, limits)
        if len(page.encode()) <= MAX_BYTES:
            break
    return page


def rows_line(counts: RowCounts) -> RowsLine:
    """Return where the rows of a file came from and where its own went."""
    went = [(f"dropped: {reason}", n) for reason, n in counts.n_dropped.items() if n]
    went += [(f"moved to {split}", n) for split, n in counts.n_moved_out.items() if n]
    came = [("moved in", counts.n_moved_in), ("repeated", counts.n_repeated), ("synthetic", counts.n_synthetic)]
    return RowsLine(
        counts.split,
        counts.n_in,
        counts.n_out,
        counts.n_kept,
        tuple(went),
        tuple((words, n) for words, n in came if n),
    )


def _render(
    before: AuditResult,
    after: AuditResult,
    changes: Changes,
    rows: Sequence[RowCounts],
    notes: Sequence[str],
    tables: Sequence[PageTable],
    command: str,
    limits: Limits,
) -> str:
    after = set_apart(after, changes)
    groups = group_views(after, limits, {})
    worst = after.worst
    return (
        environment()
        .get_template("before_after.html")
        .render(
            command=command,
            before=before,
            after=after,
            source=data_source(before),
            headline=verdict_words(changes),
            details=verdict_details(changes),
            tone="clean" if worst is None else worst.label,
            severities=SEVERITIES,
            nouns=NOUNS,
            headings=HEADINGS,
            groups={severity: [group for group in groups if group.severity is severity] for severity in SEVERITIES},
            lists=_lists(changes, limits),
            expected=_purposes(changes),
            n_expected=len(changes.expected),
            n_hidden=len(changes.hidden),
            altered=[_altered(one) for one in changes.remaining if one.is_worse or one.is_milder or one.is_changed],
            rows=[rows_line(counts) for counts in rows],
            notes=notes,
            tables=tables,
            limits=limits,
            max_table_lines=MAX_TABLE_LINES,
        )
    )


def _lists(changes: Changes, limits: Limits) -> list[tuple[str, str, str, list[tuple[str, str, str, Markup]], int]]:
    """Return the findings that changed: anchor, title, what to know of them, as many lines as fit, and how many not."""
    known = [
        ("gone", "Gone", "Their checks ran again and found nothing.", changes.gone),
        ("new", "New", "Their checks ran before and found nothing.", changes.new),
        (
            "no-longer-judged",
            "Can no longer be judged",
            f"Their checks ran again and said nothing, but {HIDDEN} {' '.join(_reasons_hidden(changes))}",
            _hidden(changes),
        ),
        (
            "judged-first",
            "Judged for the first time",
            "What came in had no such splits, so these checks could say nothing of them.",
            changes.judged_first,
        ),
        (
            "not-judged",
            "Not judged again",
            "Nothing is known of these: their check could not be run on what was written.",
            changes.not_judged_again,
        ),
    ]
    lists = []
    for anchor, title, about, findings in known:
        shown = sort_findings(findings)[: limits.n_listed]
        lines = [(one.severity.label, one.code, one.name, sentence(one.message)) for one in shown]
        if lines:
            lists.append((anchor, title, about, lines, len(findings) - len(lines)))
    return lists


def _altered(finding: Remaining) -> tuple[str, str, str, str, Markup, Markup]:
    before, after = finding.before, finding.after
    return (
        after.severity.label,
        before.severity.label,
        after.code,
        after.name,
        sentence(after.message),
        sentence(before.message),
    )


def _purposes(changes: Changes) -> list[tuple[str, list[tuple[str, str, str, Markup]]]]:
    """Return the reasons, each with the findings it explains: severity, the one before, code and message."""
    found: dict[str, list[tuple[str, str, str, Markup]]] = {}
    for one in sorted(changes.expected, key=lambda one: (-one.after.severity, one.after.code)):
        was = "" if one.before is None else one.before.severity.label
        line = (one.after.severity.label, was, one.after.code, sentence(one.after.message))
        found.setdefault(one.reason, []).append(line)
    return list(found.items())


def _hidden(changes: Changes) -> list[Finding]:
    return [one.before for one in changes.hidden]


def _reasons_hidden(changes: Changes) -> list[str]:
    """Return why findings can no longer be judged, a sentence for every reason."""
    codes: dict[str, set[str]] = {}
    for one in changes.hidden:
        codes.setdefault(one.reason, set()).add(one.before.code)
    return [f"{join_words(sorted(named))}: {reason}" for reason, named in codes.items()]


def _expected(changes: Changes) -> list[Finding]:
    return _grave(one.after for one in changes.expected)


def _after(changes: Changes, *, worse: bool) -> list[Finding]:
    return [one.after for one in changes.remaining if one.is_worse is worse]


def _grave(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity > Severity.INFO]


def _counts(findings: Iterable[Finding]) -> str:
    """Return how many errors and warnings there are, in words; nothing if there is none."""
    severities = [finding.severity for finding in _grave(findings)]
    return join_words(
        [show_severity_count(level, severities.count(level)) for level in SEVERITIES if level in severities]
    )


def _be(findings: Iterable[Finding]) -> str:
    return _plural_be(_grave(findings))


def _plural_be(findings: Sequence[object]) -> str:
    return "is" if len(findings) == 1 else "are"


def show_rows_line(line: RowsLine) -> str:
    """Return a line of the table of rows as a sentence.

    >>> show_rows_line(RowsLine("train", 10, 9, 7, (("dropped: repeats row 1", 3),), (("repeated", 2),)))
    'train: 10 rows in, 7 kept (dropped: repeats row 1 3), 2 repeated; 9 rows out'
    """
    went = ", ".join(f"{words} {n:,}" for words, n in line.went)
    parts = [f"{show_count(line.n_in, 'row')} in", f"{line.n_kept:,} kept{f' ({went})' if went else ''}"]
    # A part that has come into being has no rows of its own.
    parts = parts if line.n_in else []
    parts += [f"{n:,} {words}" for words, n in line.came]
    return f"{line.split}: {', '.join(parts)}; {show_count(line.n_out, 'row')} out"
