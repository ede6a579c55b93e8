"""From facts and findings to the numbers of the report's section on what gives the label away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dataaudit.clues.flagged import why_no_mix
from dataaudit.clues.label import LabelClasses, label_classes
from dataaudit.clues.mixes import Draft, class_mix, draft_mix, shown_classes
from dataaudit.clues.ranking import rank_columns
from dataaudit.figures import LabelClues
from dataaudit.model import Check, Finding, Status, asks_what_tells_label, telling_columns

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_MIXES = 8


def gather_clues(facts: Facts, findings: Sequence[Finding], checks: Iterable[Check]) -> LabelClues | None:
    """Return what gives the label away, or None if no rule has asked.

    Parameters
    ----------
    facts : Facts
    findings : sequence of Finding
        The most severe first.
    checks : iterable of Check
        What became of the rules.
    """
    asked = any(
        asks_what_tells_label(check.code) and check.status in (Status.PASSED, Status.FAILED) for check in checks
    )
    if facts.info.label is None or not asked or not facts.has("tables"):
        return None
    label = label_classes(facts)
    drafts, without_mix = _drafts(facts, label, telling_columns(findings, facts.label))
    shown = shown_classes(label, drafts)
    tells, n_left_out = rank_columns(facts)
    if not drafts and not without_mix and not tells:
        return None
    return LabelClues(
        label=facts.label,
        classes=tuple(label.classes[place] for place in shown),
        is_ordered=label.is_ordered,
        mixes=tuple(class_mix(draft, shown) for draft in drafts),
        without_mix=without_mix,
        tells=tells,
        n_tells_left_out=n_left_out,
    )


def _drafts(
    facts: Facts, label: LabelClasses, flagged: Mapping[str, Sequence[Finding]]
) -> tuple[list[Draft], dict[str, str]]:
    """Return the first mixes, and why the columns before the last of them have none."""
    drafts: list[Draft] = []
    without: dict[str, str] = {}
    for column, findings in flagged.items():
        if len(drafts) == MOST_MIXES:
            break
        table = facts.tables.get(column)
        reason = why_no_mix(table, findings)
        if table is None or reason is not None:
            without[column] = str(reason)
            continue
        draft = draft_mix(facts, label, table, findings)
        if draft is not None:
            drafts.append(draft)
    return drafts, without
