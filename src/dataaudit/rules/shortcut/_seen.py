"""What tells a shortcut from an honest strong feature, as far as the data show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dataaudit.errors import NotMeasurable
from dataaudit.model import Evidence, Finding
from dataaudit.rules.shortcut._candidates import Candidate, kappa_above_of
from dataaudit.text import FromData, Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_ABLATIONS = 5
MOST_LEVELS_NAMED = 10
MOSTLY = 0.5
REST = "share_label_explained_without_value"


@dataclass(frozen=True)
class Failure:
    """A level of a context in which a value does not stand for the class."""

    context: str
    level: str
    n_value: int
    n_both: int


@dataclass(frozen=True)
class Seen:
    """What was looked at beside the value itself; of a value that is no full shortcut, nothing.

    `rest_explained` is the share of the label's variance that the column
    explains in the rows without the value.
    """

    fails_in_splits: tuple[str, ...] = ()
    fails_in_contexts: tuple[Failure, ...] = ()
    rest_explained: float | None = None
    mostly_missing_in: tuple[str, ...] = ()

    def evidence(self) -> dict[str, Evidence]:
        """Return what was seen, for the finding."""
        if self.rest_explained is None:
            return {}
        return {
            "fails_in_splits": list(self.fails_in_splits),
            "fails_in_contexts": [
                FromData(f"{one.context} = {one.level}: {one.n_both:,} of {one.n_value:,}")
                for one in self.fails_in_contexts[:MOST_LEVELS_NAMED]
            ],
            REST: self.rest_explained,
            "mostly_missing_in": list(self.mostly_missing_in),
        }

    def added_to(self, message: Text) -> Text:
        """Return the message with what was seen."""
        if self.fails_in_contexts:
            worst = self.fails_in_contexts[0]
            message = _with_sentence(
                message,
                " Where {context} = {level}, only {share_there} of the rows with it are.",
                context=worst.context,
                level=FromData(worst.level),
                share_there=show_share(worst.n_both / worst.n_value),
            )
        if self.mostly_missing_in:
            message = _with_sentence(
                message,
                " In {missing_in} its cells are mostly missing: it may not be known when it is needed.",
                missing_in=" and ".join(self.mostly_missing_in),
            )
        return message


def contexts_that_fail(
    facts: Facts, candidate: Candidate, column: str, z: float, kappa_holds: float
) -> tuple[Failure, ...]:
    """Return the levels of declared contexts where kappa lies below `kappa_holds` for certain, the lowest first."""
    found = []
    for (name, context), table in facts.links.tables_by_context.items():
        if name != column:
            continue
        for level, counts in zip(table.levels, table.counts, strict=True):
            has_value = counts[candidate.first : candidate.last + 1].sum(axis=0)
            failure = Failure(context, level, int(has_value.sum()), int(has_value[candidate.label]))
            if failure.n_value and kappa_above_of(candidate, counts, z) < kappa_holds:
                found.append(failure)
    return tuple(sorted(found, key=lambda one: (one.n_both / one.n_value, one.context, one.level)))


def mostly_missing(facts: Facts, column: str) -> tuple[str, ...]:
    """Return the other splits in which most cells of a column are missing that mostly are not in train."""
    profiles = facts.profiles

    def share(split: str) -> float:
        profile = profiles[split][column]
        return 0.0 if profile.absent else profile.share_missing

    if share("train") >= MOSTLY:
        return ()
    return tuple(split for split in facts.other_splits if share(split) >= MOSTLY)


def with_dominance(facts: Facts, weighted: Iterable[tuple[float, Finding]]) -> list[tuple[float, Finding]]:
    """Add to the clearest shortcuts what all other features explain together."""
    ranked = sorted(weighted, key=lambda one: (-one[1].severity, -one[0], one[1].columns))
    compared: dict[str, float | None] = {}
    found = []
    for weight, finding in ranked:
        column = finding.columns[0]
        if REST not in finding.evidence or (column not in compared and len(compared) >= MOST_ABLATIONS):
            found.append((weight, finding))
            continue
        if column not in compared:
            compared[column] = _explained_by_others(facts, column)
        found.append((weight, _compared(finding, facts.label, compared[column])))
    return found


def _explained_by_others(facts: Facts, column: str) -> float | None:
    try:
        return facts.ablation(column).others_explained
    except NotMeasurable:
        return None


def _compared(finding: Finding, label: str, others: float | None) -> Finding:
    evidence = {**finding.evidence, "share_label_explained_by_others": others}
    if others is None:
        return replace(finding, evidence=evidence)
    message = _with_sentence(
        finding.message,
        " {explaining} explains {own} of the variance of {label} alone, {rest} in the rows without this value; "
        "all other features together explain {others}.",
        explaining=finding.columns[0],
        label=label,
        own=_share(finding.evidence["share_label_explained_by_column"]),
        rest=_share(finding.evidence[REST]),
        others=_share(others),
    )
    return replace(finding, message=message, evidence=evidence)


def _with_sentence(message: Text, template: str, **values: object) -> Text:
    return Text(message.template + template, {**message.values, **values})


def _share(value: Evidence) -> str:
    return show_share(max(0.0, value)) if isinstance(value, float) else "nothing"
