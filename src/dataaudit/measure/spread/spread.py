"""Facts about how the rows of train lie in the space of the features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.spread.conditioning import Conditioning
    from dataaudit.measure.spread.level_units import UnitOfALevel
    from dataaudit.measure.spread.mends import Mends
    from dataaudit.measure.spread.neighbourhoods import Neighbourhoods
    from dataaudit.measure.spread.neighbours import JointDistances
    from dataaudit.measure.spread.residual_units import OddRows
    from dataaudit.measure.spread.rows_beyond import RowsBeyond
    from dataaudit.measure.spread.squeeze import Squeeze
    from dataaudit.measure.spread.sureness import Sureness
    from dataaudit.measure.spread.target_gaps import TargetGap
    from dataaudit.measure.spread.units import UnitMixture
    from dataaudit.measure.spread.zeros import LowPositives, ZerosTogether


class Spread(Part):
    """Conditioning, units within a column, emptiness around rows of other splits."""

    @sampled_fact
    def conditioning(self) -> Conditioning:
        """Which features are linear combinations of others, exactly or nearly."""
        from dataaudit.measure.spread.conditioning import measure_conditioning

        return measure_conditioning(self.facts)

    @sampled_fact
    def neighbourhoods(self) -> Neighbourhoods:
        """Small class -> how many of its rows have rows of their class among the nearest."""
        from dataaudit.measure.spread.neighbourhoods import measure_neighbourhoods

        return measure_neighbourhoods(self.facts)

    def mends(self, column: str) -> Mends:
        """Return what transformations make of a column's tails."""
        from dataaudit.measure.spread.mends import measure_mends

        return self.recall(f"mends of {column}", True, lambda: measure_mends(self.facts, column))

    def squeeze(self, column: str) -> Squeeze:
        """Return how little of a column's range its middle 99 % fill, and the rows far from them."""
        from dataaudit.measure.spread.squeeze import measure_squeeze

        return self.recall(f"squeeze of {column}", True, lambda: measure_squeeze(self.facts, column))

    def low_positives(self, column: str) -> LowPositives | None:
        """Return how densely the smallest positive cells of a column lie; None where none is positive."""
        from dataaudit.measure.spread.zeros import measure_low_positives

        return self.recall(f"low positives of {column}", True, lambda: measure_low_positives(self.facts, column))

    def zeros_together(self, column: str, other: str) -> ZerosTogether:
        """Return how often another column is zero where one is."""
        from dataaudit.measure.spread.zeros import measure_zeros_together

        return self.recall(
            f"zeros of {column} and {other}", True, lambda: measure_zeros_together(self.facts, column, other)
        )

    @sampled_fact
    def joint_extrapolation(self) -> Mapping[str, JointDistances]:
        """Other split -> how far its rows within every training range lie from the rows of train (on a sample)."""
        from dataaudit.measure.spread.neighbours import measure_joint_extrapolation

        return measure_joint_extrapolation(self.facts)

    @sampled_fact
    def sureness(self) -> Mapping[str, Sureness]:
        """Other split -> how sure a logistic model and a forest of train are of its rows (on a sample)."""
        from dataaudit.measure.spread.sureness import measure_sureness

        return measure_sureness(self.facts)

    @sampled_fact
    def mixed_units(self) -> Mapping[str, UnitMixture]:
        """Feature -> the rows that stand in another unit than the rest; features where there are such."""
        from dataaudit.measure.spread.units import measure_mixed_units

        return measure_mixed_units(self.facts)

    @sampled_fact
    def level_units(self) -> tuple[UnitOfALevel, ...]:
        """Levels of categories whose rows stand in another unit than all others of train."""
        from dataaudit.measure.spread.level_units import measure_level_units

        return measure_level_units(self.facts)

    @sampled_fact
    def odd_rows(self) -> Mapping[str, OddRows]:
        """Feature -> rows that are what the other columns predict only in another unit; features that have such."""
        from dataaudit.measure.spread.residual_units import measure_odd_rows

        return measure_odd_rows(self.facts)

    def rows_beyond(self, split: str, column: str) -> RowsBeyond:
        """Return which rows of a split lie beyond the training range of a column."""
        from dataaudit.measure.spread.rows_beyond import measure_rows_beyond

        return self.recall(
            f"rows of {split} beyond {column}", False, lambda: measure_rows_beyond(self.facts, split, column)
        )

    @fact
    def target_gaps(self) -> Mapping[str, tuple[TargetGap, ...]]:
        """Labelled other split -> gaps of the training target that hold rows of it (looked for on samples)."""
        from dataaudit.measure.spread.target_gaps import measure_target_gaps

        return measure_target_gaps(self.facts)
