"""Facts about how the splits and the world differ, beyond one column at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.shifts.joint import JointDrift
    from dataaudit.measure.shifts.power import TestPower
    from dataaudit.measure.shifts.split_rows import SplitRows
    from dataaudit.measure.shifts.split_scalings import SplitScaling
    from dataaudit.measure.shifts.units import ConvertedColumn
    from dataaudit.measure.shifts.world import PriorMix, World


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

    @fact
    def rows_per_draw(self) -> Mapping[str, Mapping[str, float]]:
        """Split -> column, label included -> rows that count as one draw; empty where no group is declared."""
        from dataaudit.measure.shifts.within_groups import measure_rows_per_draw

        return measure_rows_per_draw(self.facts)

    @fact
    def matched_drifts(self) -> Mapping[str, Mapping[str, Drift]]:
        """Other split with classes -> feature -> distance from train, which is weighted to the split's classes."""
        from dataaudit.measure.shifts.matched import measure_matched_drifts

        return measure_matched_drifts(self.facts)

    @fact
    def world(self) -> World | None:
        """The features of test (else validation, else train) against the reference; None without one."""
        from dataaudit.measure.shifts.world import measure_world

        return measure_world(self.facts)

    @fact
    def world_labels(self) -> Mapping[str, Drift]:
        """Split, train included -> distance of its label from the reference's; empty if the reference has none."""
        from dataaudit.measure.shifts.world import measure_world_label_drifts

        return measure_world_label_drifts(self.facts)

    @fact
    def prior_mixes(self) -> Mapping[str, PriorMix]:
        """Split, train included -> its classes beside the shares declared for the world; empty if none were."""
        from dataaudit.measure.shifts.world import measure_prior_mixes

        return measure_prior_mixes(self.facts)

    @sampled_fact
    def world_joint_drift(self) -> JointDrift | None:
        """How well a model tells test (else validation, else train) from the reference; None without one."""
        from dataaudit.measure.shifts.joint import joint_drift
        from dataaudit.measure.shifts.world import REFERENCE, judged_split

        has_world = REFERENCE in self.facts.dataset.relations
        return joint_drift(self.facts, REFERENCE, judged_split(self.facts)) if has_world else None

    @sampled_fact
    def joint_drifts(self) -> Mapping[str, JointDrift]:
        """Other split -> how well a model tells its rows from those of train; splits of enough rows."""
        from dataaudit.measure.shifts.joint import measure_joint_drifts

        return measure_joint_drifts(self.facts)

    @sampled_fact
    def unit_changes(self) -> Mapping[str, Mapping[str, ConvertedColumn]]:
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
        """Other split, reference included -> columns that SPLIT008 or SCALE006 is asked to tell: no drift of theirs."""
        asked = self.facts.asked
        found: dict[str, set[str]] = {split.name: set() for split in self.facts.info.splits if split.name != "train"}
        if asked is None or "SPLIT008" in asked:
            for split, changes in self.unit_changes.items():
                found[split].update(changes)
        if asked is None or "SCALE006" in asked:
            for one in self.split_scalings:
                found[one.split].update(column.column for column in one.columns)
        return {split: frozenset(names) for split, names in found.items()}
