"""DATA002: cells that mean missing, rows and columns that hold nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.cells import places_of
from dataaudit.fix.edits import AnyEdit, Change, DropColumn, DropRows, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Severity
from dataaudit.text import FromData, join_words

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

# Words that may well be an answer: a basement of the kind "none", a cause of death "unknown".
MAY_BE_AN_ANSWER = frozenset(
    {
        *("none", "nil", "void", "unknown", "unk", "not applicable", "not known", "not specified", "not provided"),
        *("not stated", "unspecified", "undefined", "undetermined", "no answer", "tbd"),
    }
)


class MissingValues(Mend):
    """Make missing what means it: "?", "n.a." and their like, infinite cells; drop rows and columns without a cell.

    Words that may be an answer ("none", "unknown") need judgement, and so do columns that are mostly missing, or that
    another split does not have.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA002",)
    does: ClassVar[str] = 'make "?", "n.a." and infinite cells missing; drop rows and columns without a cell'
    also_unsafe: ClassVar[str] = "words that may be answers, and columns missing in most rows or absent from a split"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield an edit per finding, by what it says."""
        for finding in findings:
            kind = finding.identity[0] if finding.identity else ""
            if kind == "disguised":
                yield from _disguised(facts, finding)
            elif kind == "infinite":
                yield _infinite(facts, finding.columns[0])
            elif kind == "empty-rows":
                yield _empty_rows(facts, finding.splits[0])
            elif kind == "absent":
                column, split = finding.columns[0], finding.splits[1]
                judgement = f"can {column} be had for {split}?"
                yield DropColumn("DATA002", f"stands in train but not in {split}", judgement, column)
            elif kind == "missing" and finding.severity > Severity.INFO:
                yield _column(finding)


def _disguised(facts: Facts, finding: Finding) -> Iterator[AnyEdit]:
    values = finding.evidence["values"]
    words = [str(word.value) for word in values if isinstance(word, FromData)] if isinstance(values, list) else []
    answers = [word for word in words if word.strip().casefold() in MAY_BE_AN_ANSWER]
    signs = [word for word in words if word not in answers]
    for said, judgement in ((signs, None), (answers, "may it be an answer?")):
        if said:
            changes = {
                place.split: Change(place.has_text_in(said), "NULL") for place in places_of(facts, finding.columns[0])
            }
            what = f"{join_words([repr(word) for word in said])} becomes missing"
            yield ReplaceCells("DATA002", what, judgement, finding.columns[0], changes)


def _infinite(facts: Facts, column: str) -> AnyEdit:
    changes = {place.split: Change(f"isinf({place.number})", "NULL") for place in places_of(facts, column)}
    return ReplaceCells("DATA002", "infinite cells become missing", None, column, changes)


def _empty_rows(facts: Facts, split: str) -> AnyEdit:
    cells = [facts.dataset.sql_name(column.name) for column in facts.features]
    condition = " AND ".join(f"{cell} IS NULL" for cell in cells)
    return DropRows("DATA002", "has no feature at all", None, split, condition)


def _column(finding: Finding) -> AnyEdit:
    is_empty = finding.evidence["n_missing"] == finding.evidence["n_rows"]
    if is_empty:
        return DropColumn("DATA002", "is missing in all training rows", None, finding.columns[0])
    judgement = "does what is there, or that it is missing, tell something?"
    return DropColumn("DATA002", "is missing in most training rows", judgement, finding.columns[0])
