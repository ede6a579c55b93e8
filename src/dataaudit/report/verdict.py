"""What every report says first, and the order in which all of them list the findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dataaudit.model import AuditResult, Check, Finding, Severity, Status
from dataaudit.text import join_words, show_count

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info finding"}
_SCORED_SPLITS = ("test", "validation")


@dataclass(frozen=True)
class Verdict:
    """The first lines of a report.

    Attributes
    ----------
    tone : str
        ``error``, ``warning``, ``info``, ``clean`` or ``incomplete``.
    headline : str
        The verdict, without a full stop.
    details : tuple of str
        Sentences that complete it.
    """

    tone: str
    headline: str
    details: tuple[str, ...]


def verdict(result: AuditResult) -> Verdict:
    """Return the first lines of the report of a result."""
    tone, headline = _headline(result)
    details = [*_lesser_findings(result), *_checks_sentence(result, headline)]
    if accepted := accepted_findings(result):
        were = "is" if len(accepted) == 1 else "are"
        details.append(f"{show_count(len(accepted), 'finding')} accepted by a baseline {were} listed but not counted.")
    if result.redacted:
        details.append("Redacted: every value that came from the data is left out.")
    return Verdict(tone, headline, tuple(details))


def show_severity_count(severity: Severity, count: int) -> str:
    """Return a number of findings of one severity.

    >>> show_severity_count(Severity.ERROR, 1), show_severity_count(Severity.INFO, 2)
    ('1 error', '2 info findings')
    """
    return show_count(count, _NOUNS[severity])


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with the most severe first, then by code; ties keep their order."""
    return sorted(findings, key=lambda finding: (-finding.severity, finding.code))


def ordered_findings(result: AuditResult) -> list[Finding]:
    """Return the findings that count, the most severe first, then by code."""
    return sort_findings(result.open_findings())


def accepted_findings(result: AuditResult) -> list[Finding]:
    """Return the findings that a baseline accepts, in the order of `sort_findings`."""
    return sort_findings(finding for finding in result.findings if finding.fingerprint in result.accepted)


def checks_with(result: AuditResult, status: Status) -> list[Check]:
    """Return the checks of one status, by code."""
    return sorted((check for check in result.checks if check.status is status), key=lambda check: check.code)


def data_source(result: AuditResult) -> str:
    """Return the source of the first split, the name a report goes by."""
    return next((split.source or split.name for split in result.dataset.splits), "no data")


def _headline(result: AuditResult) -> tuple[str, str]:
    worst = result.worst
    if worst is None:
        return _headline_without_findings(result)
    count = show_severity_count(worst, result.count(worst))
    if worst is Severity.ERROR:
        return "error", f"{count}: do not trust a score measured on {_scored_on(result)}"
    if worst is Severity.WARNING:
        which = "it" if result.count(worst) == 1 else "each of them"
        return "warning", f"{count}: decide about {which} before you train"
    return "info", f"No errors and no warnings: {show_count(result.count(worst), 'thing')} worth knowing"


def _headline_without_findings(result: AuditResult) -> tuple[str, str]:
    passed = len(checks_with(result, Status.PASSED))
    if not result.checks:
        return "incomplete", "Nothing was checked: no rule was selected"
    if checks_with(result, Status.CRASHED):
        return "incomplete", "Nothing found, but the audit is not complete"
    if result.findings:
        return "clean", "Nothing new: every finding is accepted by the baseline"
    if not passed:
        return "incomplete", "Nothing was checked: every check was skipped"
    return "clean", f"Nothing found: {show_count(passed, 'check')} passed"


def _scored_on(result: AuditResult) -> str:
    scored = [split.name for split in result.dataset.splits if split.name in _SCORED_SPLITS]
    return f"this {scored[0]} set" if len(scored) == 1 else "these splits" if scored else "this data"


def _lesser_findings(result: AuditResult) -> list[str]:
    worst = result.worst
    lesser = [severity for severity in SEVERITIES if worst is not None and severity < worst and result.count(severity)]
    if not lesser:
        return []
    return [f"There {_be(result.count(lesser[0]))} also {_counts(result, lesser)}."]


def _counts(result: AuditResult, severities: Iterable[Severity]) -> str:
    return join_words([show_severity_count(severity, result.count(severity)) for severity in severities])


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _checks_sentence(result: AuditResult, headline: str) -> list[str]:
    counts = {status: len(checks_with(result, status)) for status in Status}
    ran = counts[Status.PASSED] + counts[Status.FAILED]
    passed = _passed_words(counts[Status.PASSED], ran)
    words = [passed] if ran and passed not in headline else []
    if skipped := counts[Status.SKIPPED]:
        noun = "" if words else " check" if skipped == 1 else " checks"
        words.append(f"{skipped:,}{noun} {'was' if skipped == 1 else 'were'} skipped")
    sentences = [f"{'; '.join(words)}."] if words else []
    if counts[Status.CRASHED]:
        lost = "its answer is" if counts[Status.CRASHED] == 1 else "their answers are"
        sentences.append(f"{show_count(counts[Status.CRASHED], 'check')} crashed, and {lost} missing.")
    return sentences


def _passed_words(n_passed: int, n_ran: int) -> str:
    if n_passed == 0:
        return "No check passed"
    if n_passed == n_ran:
        return f"{show_count(n_passed, 'check')} passed"
    return f"{n_passed:,} of the {show_count(n_ran, 'check')} that ran passed"
