"""What a leak costs, added to its finding where the user asked for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from dataaudit.errors import NotMeasurable
from dataaudit.model import Finding, Severity
from dataaudit.text import Text, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.impact import Impact


MOST_FINDINGS_MEASURED = 5


def with_column_impact(facts: Facts, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings about columns, the first five with what leaving the column out does to a model."""
    for place, finding in enumerate(findings):
        if finding.columns and place < MOST_FINDINGS_MEASURED:
            yield _with_column_impact(facts, finding)
        else:
            yield finding


def _with_column_impact(facts: Facts, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact_of_columns(*finding.columns))


def with_impact(facts: Facts, finding: Finding, measure: Callable[[], Impact]) -> Finding:
    """Return the finding with the measured impact in its message and evidence; an info, or unasked, as it is."""
    if not facts.measure_impact or finding.severity is Severity.INFO:
        return finding
    try:
        impact = measure()
    except NotMeasurable as skipped:
        evidence = {**finding.evidence, "impact_not_measured": skipped.reason}
        return dataclasses.replace(finding, evidence=evidence)
    message = Text(
        finding.message.template + " Measured: a plain model's {impact_score} on {impact_n_rows} drawn test rows is "
        "{impact_with_leak} with this leak and {impact_without_leak} without it (95 % interval of the change "
        "{impact_lower} to {impact_upper}).",
        {
            **finding.message.values,
            "impact_score": impact.score,
            "impact_n_rows": f"{impact.n_rows:,}",
            "impact_with_leak": show_rounded(impact.with_leak),
            "impact_without_leak": show_rounded(impact.without_leak),
            "impact_lower": show_rounded(impact.lower),
            "impact_upper": show_rounded(impact.upper),
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
