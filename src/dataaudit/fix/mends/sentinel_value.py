"""SCALE004: codes such as -999 for missing cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.cells import places_of
from dataaudit.fix.edits import AnyEdit, Change, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Severity
from dataaudit.text import FromData, show_number

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class SentinelValue(Mend):
    """Make missing the cells that hold a code such as -999, in every split.

    Zeros that look like missing cells need judgement: they may be measured.
    """

    codes: ClassVar[tuple[str, ...]] = ("SCALE004",)
    does: ClassVar[str] = "make codes such as -999 missing"
    also_unsafe: ClassVar[str] = "zeros"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of every code."""
        for finding in findings:
            value = finding.evidence["value"]
            if not isinstance(value, FromData) or not isinstance(value.value, float | int):
                continue
            code, column = float(value.value), finding.columns[0]
            judgement = "is 0 measured, or missing?" if finding.severity is Severity.INFO else None
            changes = {
                place.split: Change(f"{place.number} = CAST('{code!r}' AS DOUBLE)", "NULL")
                for place in places_of(facts, column)
            }
            yield ReplaceCells("SCALE004", f"{show_number(code)} becomes missing", judgement, column, changes)
