"""What a leak costs, added to its finding where the user asked for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NoReturn

from dataaudit.errors import NotMeasurable
from dataaudit.model import Finding, Severity
from dataaudit.text import Text, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.impact.scores import Impact

MOST_FINDINGS_MEASURED = 5


def with_column_impact(facts: Facts, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings about columns, the first five with what the column does to a model of those nobody suspects.

    A leak beside another one hides it: the model with the other columns of these findings would not miss it.
    """
    listed = list(findings)
    suspected = {name for finding in listed if finding.severity > Severity.INFO for name in finding.columns}
    for place, finding in enumerate(listed):
        if not finding.columns or place >= MOST_FINDINGS_MEASURED:
            yield with_reason(facts, finding, f"only the first {MOST_FINDINGS_MEASURED} columns are")
        elif finding.evidence.get("part_of_column") is not None:
            yield with_reason(facts, finding, "the plain model does not see a part of a text or date by itself")
        else:
            yield _with_column_impact(facts, finding, suspected)


def _with_column_impact(facts: Facts, finding: Finding, suspected: set[str]) -> Finding:
    others = sorted(suspected - set(finding.columns))
    return with_impact(facts, finding, lambda: facts.impact.of_column(finding.columns[0], others))


def with_reason(facts: Facts, finding: Finding, reason: str) -> Finding:
    """Return the finding with why its impact was not measured; an info, or unasked, as it is."""

    def refuse() -> NoReturn:
        raise NotMeasurable(reason)

    return with_impact(facts, finding, refuse)


def with_impact(facts: Facts, finding: Finding, measure: Callable[[], Impact]) -> Finding:
    """Return the finding with the measured impact in its message and evidence; an info, or unasked, as it is."""
    if not facts.measure_impact or finding.severity is Severity.INFO:
        return finding
    try:
        impact = measure()
    except NotMeasurable as skipped:
        message = Text(
            finding.message.template + " Its impact was not measured: {impact_not_measured}.",
            {**finding.message.values, "impact_not_measured": skipped.reason},
        )
        evidence = {**finding.evidence, "impact_not_measured": skipped.reason}
        return dataclasses.replace(finding, message=message, evidence=evidence)
    message = Text(
        finding.message.template + " Measured: a plain model's {impact_score} on {impact_n_rows} drawn test rows is "
        "{impact_with_leak} with this leak and {impact_without_leak} without it (95 % interval of the change "
        "{impact_lower} to {impact_upper}){impact_harms}.",
        {
            **finding.message.values,
            "impact_score": impact.score,
            "impact_n_rows": f"{impact.n_rows:,}",
            "impact_with_leak": show_rounded(impact.with_leak),
            "impact_without_leak": show_rounded(impact.without_leak),
            "impact_lower": show_rounded(impact.lower),
            "impact_upper": show_rounded(impact.upper),
            "impact_harms": ": here it harms, and is a leak all the same" if impact.upper < 0 else "",
        },
    )
    evidence = {
        **finding.evidence,
        "impact_score": impact.score,
        "impact_score_with_leak": impact.with_leak,
        "impact_score_without_leak": impact.without_leak,
        "impact_change": impact.change,
        "impact_change_lower": impact.lower,
        "impact_change_upper": impact.upper,
        "n_rows_impact_test": impact.n_rows,
        "n_rows_impact_train": impact.n_rows_train,
    }
    return dataclasses.replace(finding, message=message, evidence=evidence)
