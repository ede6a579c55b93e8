"""DATA004: two columns that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropColumn
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class DuplicateColumn(Mend):
    """Drop the second of two columns that are equal in every row of every split.

    Where one is only recoded from the other, or a straight line of it, or they differ in another split, somebody must
    say which of the two is to stay.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA004",)
    does: ClassVar[str] = "drop the second of two equal columns"
    also_unsafe: ClassVar[str] = "recoded ones, and those that differ in another split"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield one column of each pair, of pairs that share a column one at a time."""
        features = {column.name for column in facts.info.with_role(Role.FEATURE)}
        touched: set[str] = set()
        for finding in findings:
            first, second = finding.columns
            if {first, second} & touched:
                continue
            dropped, kept = (second, first) if second in features else (first, second)
            judgement = None
            if finding.evidence["relation"] != "equal":
                judgement = f"{first} and {second} are told apart by their codes or units: which is to stay?"
            elif not _are_equal_everywhere(facts, first, second):
                judgement = f"{first} and {second} differ in another split"
            touched.add(dropped)
            yield DropColumn("DATA004", f"says the same as {kept}", judgement, dropped)


def _are_equal_everywhere(facts: Facts, first: str, second: str) -> bool:
    a, b = facts.dataset.sql_name(first), facts.dataset.sql_name(second)
    counts = " UNION ALL ".join(
        f"SELECT count_if({a} IS DISTINCT FROM {b}) AS n FROM {split}" for split in facts.dataset.relations
    )
    return not facts.dataset.engine.rows(f"SELECT sum(n) FROM ({counts})")[0][0]
