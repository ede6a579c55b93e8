"""DATA001: keep the first of equal rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropRows
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Role, Task
from dataaudit.text import show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

# Copies of rows drawn at random would spare the commonest class less often.
BY_CHANCE = 0.001
WHAT = "repeats an earlier row"


class DuplicateRows(Mend):
    """Drop the rows of a split that repeat an earlier one in all features and the label.

    Safe where the rule says that chance has no room, and the copies agree in their group, time and context as well.
    Elsewhere rows may be alike by chance, or one thing measured twice. Where only rarer classes of train are repeated,
    somebody may have oversampled them on purpose: without the copies the classes are imbalanced again.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA001",)
    does: ClassVar[str] = "drop the copies of a row within a split, the first stays"
    also_unsafe: ClassVar[str] = "where chance or oversampling made them, or their group or time differs"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the copies of every split that has a finding."""
        _ = facts.alike_rows
        others = [facts.dataset.sql_name(c.name) for c in facts.info.with_role(Role.GROUP, Role.TIME, Role.CONTEXT)]
        for finding in findings:
            [split] = finding.splits
            judgement = _oversampled(facts) if split == "train" else None
            if not finding.evidence["chance_unlikely"]:
                judgement = "the columns are coarse: rows repeat by chance"
            yield DropRows("DATA001", WHAT, judgement, split, _copies(split, others))
            if others:
                apart = "these copies differ in their group, time or context"
                yield DropRows("DATA001", WHAT, judgement or apart, split, _copies(split, []))


def _oversampled(facts: Facts) -> str | None:
    """Return what to judge where no row of the commonest class is repeated, and chance does not explain that."""
    if facts.info.task not in (Task.BINARY, Task.MULTICLASS):
        return None
    counts = facts.dataset.engine.rows(
        "SELECT sum(n), count(*) FROM (SELECT y, features, count(*) AS n FROM hash_train WHERE y IS NOT NULL "
        "GROUP BY y, features) GROUP BY y ORDER BY count(*) DESC"
    )
    n_rows, n_distinct = (sum(int(count[i]) for count in counts) for i in (0, 1))
    commonest, once = (int(n) for n in counts[0])
    n_copies = n_rows - n_distinct
    if commonest > once or (1.0 - once / n_distinct) ** n_copies > BY_CHANCE:
        return None
    return (
        "only rarer classes are repeated, as if oversampled: without the copies the commonest class has "
        f"{show_share(once / n_distinct)} of the rows instead of {show_share(commonest / n_rows)}"
    )


def _copies(split: str, others: Sequence[str]) -> str:
    keys = ", ".join(["features", "y", *others])
    turns = f"row_number() OVER (PARTITION BY {keys} ORDER BY row) AS turn"
    return f"row IN (SELECT row FROM (SELECT row, {turns} FROM alike_{split} JOIN {split} USING (row)) WHERE turn > 1)"
