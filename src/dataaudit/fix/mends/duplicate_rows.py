"""DATA001: keep the first of equal rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropRows
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

WHAT = "repeats an earlier row"


class DuplicateRows(Mend):
    """Drop the rows of a split that repeat an earlier one in all features and the label.

    Safe where the rule says that chance has no room, and the copies agree in their group, time and context as well.
    Elsewhere rows may be alike by chance, or one thing measured twice.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA001",)
    does: ClassVar[str] = "drop the copies of a row within a split, the first stays"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the copies of every split that has a finding."""
        _ = facts.alike_rows
        others = [facts.dataset.sql_name(c.name) for c in facts.info.with_role(Role.GROUP, Role.TIME, Role.CONTEXT)]
        for finding in findings:
            [split] = finding.splits
            by_chance = None if finding.evidence["chance_unlikely"] else "the columns are coarse: rows repeat by chance"
            yield DropRows("DATA001", WHAT, by_chance, split, _copies(split, others))
            if others:
                apart = "these copies differ in their group, time or context"
                yield DropRows("DATA001", WHAT, by_chance or apart, split, _copies(split, []))


def _copies(split: str, others: Sequence[str]) -> str:
    keys = ", ".join(["features", "y", *others])
    turns = f"row_number() OVER (PARTITION BY {keys} ORDER BY row) AS turn"
    return f"row IN (SELECT row FROM (SELECT row, {turns} FROM alike_{split} JOIN {split} USING (row)) WHERE turn > 1)"
