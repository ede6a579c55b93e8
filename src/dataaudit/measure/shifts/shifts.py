"""Facts about how the splits and the world differ, beyond one column at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.shifts.power import TestPower
    from dataaudit.measure.shifts.split_rows import SplitRows


class Shifts(Part):
    """How the splits and the world differ: jointly, in units, in scale."""

    @sampled_fact
    def split_rows(self) -> Mapping[str, SplitRows]:
        """Split, train and reference included -> at most 6,000 of its rows as numbers."""
        from dataaudit.measure.shifts.split_rows import measure_split_rows

        return measure_split_rows(self.facts)

    @fact
    def powers(self) -> Mapping[str, TestPower]:
        """Other split with labels -> what it can tell of a model; train, in five folds, where there is none."""
        from dataaudit.measure.shifts.power import measure_powers

        return measure_powers(self.facts)
