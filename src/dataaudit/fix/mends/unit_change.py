"""SPLIT008: numbers that stand in another unit in another split than in train."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.cells import places_of
from dataaudit.fix.converting import show_conversion, swapped_back, turned_back
from dataaudit.fix.edits import AnyEdit, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class UnitChange(Mend):
    """Turn the numbers of a split back into the unit of train, or swap day and month back."""

    codes: ClassVar[tuple[str, ...]] = ("SPLIT008",)
    does: ClassVar[str] = "turn the numbers of a split back into the unit of train"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of each column and split that a finding names."""
        for finding in findings:
            column, split = finding.columns[0], finding.splits[1]
            conversion = facts.shifts.unit_changes[split][column].conversion
            [place] = [place for place in places_of(facts, column) if place.split == split]
            change = swapped_back(place) if conversion.kind == "swap" else turned_back(facts, place, conversion)
            what = f"turned back ({show_conversion(conversion)} undone)"
            yield ReplaceCells("SPLIT008", what, None, column, {split: change})
