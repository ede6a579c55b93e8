"""Facts about how the splits and the world differ, beyond one column at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.shifts.power import TestPower
    from dataaudit.measure.shifts.split_rows import SplitRows
    from dataaudit.measure.shifts.split_scalings import SplitScaling
    from dataaudit.measure.shifts.units import UnitChange


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

    @sampled_fact
    def unit_changes(self) -> Mapping[str, Mapping[str, UnitChange]]:
        """Other split, reference included -> feature -> the conversion that makes its numbers of train's."""
        from dataaudit.measure.shifts.units import measure_unit_changes

        return measure_unit_changes(self.facts)

    @sampled_fact
    def split_scalings(self) -> tuple[SplitScaling, ...]:
        """What was scaled in train or another split alone, or in each by its own numbers."""
        from dataaudit.measure.shifts.split_scalings import measure_split_scalings

        return measure_split_scalings(self.facts)

    @property
    def changed_units(self) -> Mapping[str, frozenset[str]]:
        """Other split, reference included -> features in another unit or scaled otherwise there: no drift of theirs."""
        scaled = {
            split: {column.column for one in self.split_scalings if one.split == split for column in one.columns}
            for split in self.unit_changes
        }
        return {split: frozenset({*changes, *scaled[split]}) for split, changes in self.unit_changes.items()}
