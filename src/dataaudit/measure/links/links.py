"""Facts about what hangs together with the label beside the single features."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from dataaudit.measure.recall import sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.out_of_fold import OutOfFold

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
