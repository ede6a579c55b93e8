"""Facts about what hangs together with the label beside the single features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from dataaudit.measure.recall import fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.gaps import GapPattern
    from dataaudit.measure.links.order import RowOrder
    from dataaudit.measure.links.out_of_fold import OutOfFold
    from dataaudit.measure.links.pairs import PairLink

Value = TypeVar("Value")


class Links:
    """A part of the facts, kept and noted where the others are."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def recall(self, name: str, sampled: bool, measure: Callable[[], Value]) -> Value:
        """Return a value by name, measuring it the first time."""
        return self.facts.recall(name, sampled, measure)

    @sampled_fact
    def out_of_fold(self) -> OutOfFold:
        """What a model of all features says of sampled rows of train that it was not trained on."""
        from dataaudit.measure.links.out_of_fold import measure_out_of_fold

        return measure_out_of_fold(self.facts)

    @fact
    def row_orders(self) -> Mapping[str, RowOrder]:
        """Split with labels -> what the number of a row tells of its label."""
        from dataaudit.measure.links.order import measure_row_orders

        return measure_row_orders(self.facts)

    @sampled_fact
    def identifier_parts(self) -> Mapping[str, Mapping[str, Association]]:
        """Column that names the row -> way of reading it -> what tells most of the label, read so."""
        from dataaudit.measure.links.identifiers import measure_identifier_parts

        return measure_identifier_parts(self.facts)

    @sampled_fact
    def gap_pattern(self) -> GapPattern | None:
        """What the missing cells of a row, taken together, tell; None where less than two features miss cells."""
        from dataaudit.measure.links.gaps import measure_gap_pattern

        return measure_gap_pattern(self.facts)

    @sampled_fact
    def pairs(self) -> Mapping[tuple[str, str], PairLink]:
        """Two features -> what they tell together, for pairs that stand out in sampled rows of train."""
        from dataaudit.measure.links.pairs import measure_pairs

        return measure_pairs(self.facts)
