"""Leaks whose cost no plain model can tell: their findings say why, where the user asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from dataaudit.errors import NotMeasurable
from dataaudit.rules.leakage._impact import with_impact

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


def with_reason(facts: Facts, finding: Finding, reason: str) -> Finding:
    """Return the finding with why its impact was not measured; an info, or unasked, as it is."""

    def refuse() -> NoReturn:
        raise NotMeasurable(reason)

    return with_impact(facts, finding, refuse)
