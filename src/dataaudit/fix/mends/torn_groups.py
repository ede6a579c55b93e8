"""LEAK003: groups that have rows in several splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropRows, MoveRows
from dataaudit.fix.mend import Mend, Wishes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class TornGroups(Mend):
    """Move the rows of each group that lies in several splits to one of them.

    The splits keep about as many rows as they had: those groups go to test, or to validation, that have most of their
    rows there, until the rows are as many as lay there before; the others go to train. Where the split follows train
    in time, moved rows would undo the cut: then the training rows of these groups are dropped.
    """

    codes: ClassVar[tuple[str, ...]] = ("LEAK003",)
    does: ClassVar[str] = "move whole groups to one side (after a cut in time: drop their training rows)"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield what becomes of the groups of one column; those of further columns are the next round's."""
        if not findings:
            return
        column = findings[0].columns[0]
        cell = facts.dataset.sql_name(column)
        own = [finding for finding in findings if finding.columns[0] == column]
        if any("n_groups_before_and_after_cut" in finding.evidence for finding in own):
            for finding in own:
                split = finding.splits[1]
                condition = f"{cell} IN (SELECT {cell} FROM {split} WHERE {cell} IS NOT NULL)"
                what = f"its {column} goes on in {split}, after the cut"
                yield DropRows("LEAK003", what, None, "train", condition)
            return
        splits = [
            "train",
            *(split for split in facts.other_splits if column not in facts.dataset.relations[split].absent),
        ]
        _deal(facts, cell, splits)
        yield MoveRows("LEAK003", f"goes where its {column} is", None, "fix_moves")


def _deal(facts: Facts, cell: str, splits: Sequence[str]) -> None:
    """Create `fix_moves` (split, row, target): the rows that do not lie where their group goes."""
    engine = facts.dataset.engine
    every = " UNION ALL ".join(f"SELECT {cell} AS g, '{split}' AS split FROM {split}" for split in splits)
    counts = ", ".join(f"count_if(split = '{split}') AS n_{split}" for split in splits)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE fix_torn AS SELECT g, count(*) AS n, {counts}, CAST(NULL AS VARCHAR) AS target "
        f"FROM ({every}) WHERE g IS NOT NULL GROUP BY g HAVING count(DISTINCT split) > 1"
    )
    for split in reversed(splits[1:]):
        # Those that have most of their rows there, and among those that have as many, drawn ones.
        order = f"n_{split} / n DESC, md5(CAST(g AS VARCHAR))"
        passed = f"sum(n) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) - n / 2"
        wanted = f"(SELECT sum(n_{split}) FROM fix_torn)"
        chosen = f"SELECT g FROM (SELECT g, {passed} AS passed FROM fix_torn WHERE target IS NULL AND n_{split} > 0)"
        engine.run(f"UPDATE fix_torn SET target = '{split}' WHERE g IN ({chosen} WHERE passed <= {wanted})")
    engine.run("UPDATE fix_torn SET target = 'train' WHERE target IS NULL")
    moves = " UNION ALL ".join(
        f"SELECT '{split}' AS split, row, target FROM {split} JOIN fix_torn ON {cell} = g WHERE target <> '{split}'"
        for split in splits
    )
    engine.run(f"CREATE OR REPLACE TEMP TABLE fix_moves AS {moves}")
