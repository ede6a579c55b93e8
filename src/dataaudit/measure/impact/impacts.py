"""What leaks of one dataset cost: each measured when first asked for, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dataaudit.measure.impact.leaked_rows import (
    measure_column_impact,
    measure_copies_impact,
    measure_group_impact,
    measure_near_impact,
    measure_time_impact,
)

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.impact.scores import Impact


class Impacts:
    """The costs of leaks, by what leaks."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def of_copies(self, split: str) -> Impact:
        """Return what the rows of a split gain from their exact copies in train."""
        facts = self._facts
        return facts.recall(f"impact of copies in {split}", True, lambda: measure_copies_impact(facts, split))

    def of_near_twins(self, split: str) -> Impact:
        """Return what the rows of a split gain from their near twins in train."""
        facts = self._facts
        return facts.recall(f"impact of near twins in {split}", True, lambda: measure_near_impact(facts, split))

    def of_groups(self, split: str, column: str) -> Impact:
        """Return what the rows of a split gain from training rows of their groups."""
        facts = self._facts
        return facts.recall(f"impact of {column} in {split}", True, lambda: measure_group_impact(facts, split, column))

    def of_time(self, split: str, column: str) -> Impact:
        """Return what late rows of a split gain from late training rows."""
        facts, name = self._facts, f"impact of {column} in {split}, by time"
        return facts.recall(name, True, lambda: measure_time_impact(facts, split, column))

    def of_column(self, column: str, without: Sequence[str] = ()) -> Impact:
        """Return what a column gives a model of the others, some left out."""
        facts, name = self._facts, f"impact of {column} without {tuple(without)}"
        return facts.recall(name, True, lambda: measure_column_impact(facts, column, without))
