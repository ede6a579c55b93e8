"""What became of the findings: gone, remaining, new; and what cannot be told: a check ran only once, or is blinded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dataaudit.model import AuditResult, Finding, Severity, Status

_RAN = (Status.PASSED, Status.FAILED)
# What a rule's last finding, of all further columns, has in its identity.
FOLDED = "folded"


@dataclass(frozen=True)
class Remaining:
    """A finding that was there before and is there after, if not of the same columns."""

    before: Finding
    after: Finding

    @property
    def is_changed(self) -> bool:
        """Whether it is about other columns than before."""
        return set(self.after.columns) != set(self.before.columns)

    @property
    def is_worse(self) -> bool:
        """Whether it is more severe than it was."""
        return self.after.severity > self.before.severity

    @property
    def is_milder(self) -> bool:
        """Whether it is less severe than it was."""
        return self.after.severity < self.before.severity


@dataclass(frozen=True)
class Expectation:
    """What a command brings about on purpose: findings of a rule that name train, up to a severity, and why."""

    code: str
    reason: str
    most: Severity = Severity.ERROR

    def explains(self, finding: Finding) -> bool:
        """Return whether the finding is such a one."""
        return finding.code == self.code and finding.severity <= self.most and "train" in finding.splits


@dataclass(frozen=True)
class OnPurpose:
    """A finding that is new or worse because that was the purpose; `before` is None where it is new."""

    before: Finding | None
    after: Finding
    reason: str


@dataclass(frozen=True)
class Blindness:
    """What a command makes a rule unable to see: findings that name train, and why a silent check is no good news."""

    code: str
    reason: str

    def hides(self, finding: Finding) -> bool:
        """Return whether the finding is such a one."""
        return finding.code == self.code and "train" in finding.splits


@dataclass(frozen=True)
class Hidden:
    """A finding that its check does not see any more, which says nothing of whether it is still there."""

    before: Finding
    reason: str


@dataclass(frozen=True)
class Changes:
    """The findings of two audits, told apart by their fingerprints.

    Attributes
    ----------
    gone : tuple of Finding
        Of the first audit; their check ran again and found them no more.
    not_judged_again : tuple of Finding
        Of the first audit, where the check was not run again or a split they name is no longer there: nothing is
        known of them.
    remaining : tuple of Remaining
    new : tuple of Finding
        Of the second audit; their check ran before and did not find them.
    judged_first : tuple of Finding
        Of the second audit, where the check could not be run before or a split they name was not there.
    expected : tuple of OnPurpose
        New or worse, and on purpose: they are in none of the others.
    hidden : tuple of Hidden
        Of the first audit; their check ran again, but cannot judge them by the rows there are now. Not in `gone`.
    """

    gone: tuple[Finding, ...]
    not_judged_again: tuple[Finding, ...]
    remaining: tuple[Remaining, ...]
    new: tuple[Finding, ...]
    judged_first: tuple[Finding, ...]
    expected: tuple[OnPurpose, ...] = ()
    hidden: tuple[Hidden, ...] = ()


def compare(
    before: AuditResult,
    after: AuditResult,
    expectations: Sequence[Expectation] = (),
    blindnesses: Sequence[Blindness] = (),
) -> Changes:
    """Return what became of the findings of `before` in `after`, in the order of the audits.

    A finding is the same if its fingerprint is; where a split has come in or gone, if its rule, columns and value are.
    What is left of one rule, splits and value is the same finding, changed, if it has columns in common.
    What is new or worse and explained by an expectation is set apart, and so is what a check can see no more.
    """
    pairs = _pairs(before.findings, after.findings)
    matched = {id(finding) for finding in pairs.values()}
    lost = [finding for finding in before.findings if id(finding) not in matched]
    found = [finding for finding in after.findings if id(finding) not in pairs]
    expected = tuple(
        OnPurpose(pairs.get(id(one)), one, known.reason)
        for one in after.findings
        if id(one) not in pairs or one.severity > pairs[id(one)].severity
        for known in [known for known in expectations if known.explains(one)][:1]
    )
    apart = {id(one.after) for one in expected}
    found = [finding for finding in found if id(finding) not in apart]
    missed = [finding for finding in lost if _could_be_found(finding, after)]
    hidden = {id(one): known.reason for one in missed for known in blindnesses if known.hides(one)}
    return Changes(
        gone=tuple(finding for finding in missed if id(finding) not in hidden),
        not_judged_again=tuple(finding for finding in lost if not _could_be_found(finding, after)),
        remaining=tuple(
            Remaining(pairs[id(one)], one) for one in after.findings if id(one) in pairs and id(one) not in apart
        ),
        new=tuple(finding for finding in found if _could_be_found(finding, before)),
        judged_first=tuple(finding for finding in found if not _could_be_found(finding, before)),
        expected=expected,
        hidden=tuple(Hidden(finding, hidden[id(finding)]) for finding in missed if id(finding) in hidden),
    )


def _pairs(before: Sequence[Finding], after: Sequence[Finding]) -> dict[int, Finding]:
    """Return, for the findings of `after` that were there before, what they were, by their identity as objects."""
    exact = {finding.fingerprint: finding for finding in before}
    pairs = {id(finding): exact.pop(finding.fingerprint) for finding in after if finding.fingerprint in exact}
    rest: dict[object, list[Finding]] = {}
    for finding in exact.values():
        rest.setdefault(_about(finding), []).append(finding)
    for finding in after:
        alike = rest.get(_about(finding), []) if id(finding) not in pairs else []
        same = next((one for one in alike if _is_wider(one, finding)), None)
        if same is not None:
            alike.remove(same)
            pairs[id(finding)] = same
    return pairs | _changed(
        [finding for alike in rest.values() for finding in alike],
        [finding for finding in after if id(finding) not in pairs],
    )


def _changed(lost: list[Finding], found: Sequence[Finding]) -> dict[int, Finding]:
    """Return, for findings of other columns than before, what they were; those with most in common go together."""
    common = [
        (len(set(one.columns) & set(other.columns)) / max(1, len(set(one.columns) | set(other.columns))), i, j)
        for j, other in enumerate(found)
        for i, one in enumerate(lost)
        if _subject(one) == _subject(other)
        and (set(one.columns) & set(other.columns) or not (one.columns or other.columns))
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(common, key=lambda each: (-each[0], each[2], each[1])):
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    return {id(found[j]): lost[i] for j, i in pairs.items()}


def _subject(finding: Finding) -> object:
    # A finding of the columns that are not reported one by one is told by a digest of their names, which change.
    identity = FOLDED if FOLDED in finding.identity else tuple(sorted(finding.identity))
    return finding.code, frozenset(finding.splits), identity


def _about(finding: Finding) -> object:
    return finding.code, tuple(sorted(finding.columns)), tuple(sorted(finding.identity))


def _is_wider(one: Finding, other: Finding) -> bool:
    """Return whether the splits of one are among the other's."""
    ours, theirs = set(one.splits), set(other.splits)
    return ours <= theirs or theirs <= ours


def _could_be_found(finding: Finding, result: AuditResult) -> bool:
    ran = any(check.code == finding.code and check.status in _RAN for check in result.checks)
    splits = {split.name for split in result.dataset.splits}
    return ran and splits.issuperset(finding.splits)
