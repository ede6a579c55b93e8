"""LEAK001, LEAK002, LABEL002: take out of train what stands in another split, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropRows
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Severity
from dataaudit.rules._fineness import is_fine

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

# From here on rows that are alike are no coincidence; below, those that are so by chance would go with the copies.
SHARE_DISTINCT = 0.9
COARSE = "the columns are coarse: rows that are alike by chance would go with the copies"


class SharedRows(Mend):
    """Drop the training rows that stand in another split with the same features.

    The other split stays as it is, so that scores measured on it before can be compared. Safe where the columns are
    so fine that chance makes no rows alike, or the training rows nearly all differ; in coarse tables rows alike by
    chance would go, too, and with them the commonest kinds of rows.
    """

    codes: ClassVar[tuple[str, ...]] = ("LEAK001",)
    does: ClassVar[str] = "drop the training rows that stand in another split, too"
    also_unsafe: ClassVar[str] = "where the columns are coarse"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the training rows whose twins each finding tells of."""
        _ = facts.alike_rows
        for finding in findings:
            split = finding.splits[1]
            judgement = _is_coarse(facts, finding)
            if finding.severity is Severity.INFO and not is_fine(facts):
                judgement = judgement or "so few may be alike by chance"
            condition = f"row IN (SELECT row FROM alike_train WHERE shared IN (SELECT shared FROM alike_{split}))"
            yield DropRows("LEAK001", f"stands in {split}, too", judgement, "train", condition, _instead(split))


class NearSharedRows(Mend):
    """Drop the training rows that a row of another split nearly agrees with.

    Somebody must look at some pairs first: alike is not the same.
    """

    codes: ClassVar[tuple[str, ...]] = ("LEAK002",)
    does: ClassVar[str] = "drop the training rows that rows of another split nearly agree with"
    needs_judgement: ClassVar[bool] = True

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the nearest training row of every row that has a near twin; the next round finds further ones."""
        _ = facts.near_overlaps
        for finding in findings:
            if finding.severity is Severity.INFO or len(finding.splits) < 2:
                continue
            split = finding.splits[1]
            condition = f"row IN (SELECT twin FROM near_pairs_{split})"
            judgement = "look at some pairs: are they one thing?"
            yield DropRows(
                "LEAK002", f"nearly agrees with a row of {split}", judgement, "train", condition, _instead(split)
            )


class OtherLabelAcross(Mend):
    """Drop the training rows that stand in another split with another label.

    One of the two labels is wrong; the row stays where it is measured. Safe where the rows of train that stand in
    another split are.
    """

    codes: ClassVar[tuple[str, ...]] = ("LABEL002",)
    does: ClassVar[str] = "drop the training rows that stand in another split with another label"
    also_unsafe: ClassVar[str] = "where the columns are coarse"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the training rows that contradict a row of the split."""
        _ = facts.alike_rows
        for finding in findings:
            split = finding.splits[1]
            contradicted = (
                f"SELECT t.row FROM alike_train AS t JOIN (SELECT DISTINCT shared, y FROM alike_{split} "
                "WHERE y IS NOT NULL) AS o ON t.shared = o.shared AND t.y <> o.y"
            )
            what = f"stands in {split} with another label"
            yield DropRows(
                "LABEL002",
                what,
                _is_coarse(facts, finding),
                "train",
                f"row IN ({contradicted})",
                instead=_instead(split),
            )


def _instead(split: str) -> str:
    return f"{split} holds the rows of train: split all rows anew with dataaudit split"


def _is_coarse(facts: Facts, finding: Finding) -> str | None:
    share = finding.evidence["share_distinct_in_train"]
    nearly_all_differ = isinstance(share, float | int) and share >= SHARE_DISTINCT
    return None if nearly_all_differ or is_fine(facts) else COARSE
