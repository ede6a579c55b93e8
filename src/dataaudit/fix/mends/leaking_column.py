"""LEAK005, LEAK009, LEAK012, DATA005: columns that a model must not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropColumn
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Role, Severity

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

WHAT = {
    "LEAK005": "gives the label away",
    "LEAK009": "was encoded by the label of all rows",
    "LEAK012": "is known only after the label",
}


class LeakingColumn(Mend):
    """Drop the columns that give the label away.

    A feature may honestly be as strong: somebody must say when it becomes known. Columns declared honest stay.
    """

    codes: ClassVar[tuple[str, ...]] = tuple(WHAT)
    does: ClassVar[str] = "drop the columns that give the label away"
    needs_judgement: ClassVar[bool] = True

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the column of every finding that is more than an info."""
        for finding in findings:
            if finding.severity > Severity.INFO:
                column = finding.columns[0]
                judgement = f"when does {column} become known?"
                yield DropColumn(finding.code, WHAT[finding.code], judgement, column)


class IdentifierColumn(Mend):
    """Drop the columns that name the row.

    They may be needed to join the table with others, so somebody must decide. `--id COLUMN` keeps one out of training.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA005",)
    does: ClassVar[str] = "drop the columns that name the row"
    needs_judgement: ClassVar[bool] = True

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the columns that nobody declared as an id."""
        for finding in findings:
            [column] = finding.columns
            info = facts.info.column(column)
            if not (info.declared and info.role is Role.ID):
                judgement = f"is {column} needed to join the rows with others?"
                yield DropColumn("DATA005", "names the row", judgement, column)
