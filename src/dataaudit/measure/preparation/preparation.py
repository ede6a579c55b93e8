"""Facts about what was done to the rows before they were split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.preparation.encoding import Encoding
    from dataaudit.measure.preparation.imputation import Imputation
    from dataaudit.measure.preparation.scaling import ScalingTry
    from dataaudit.measure.resampled.resampling import Resampling


class Preparation(Part):
    """What scaling, imputing, encoding or resampling before the split has left."""

    @fact
    def scalings(self) -> tuple[ScalingTry, ...]:
        """Scalers that explain columns over several splits at once; the stored precision is the sample's."""
        from dataaudit.measure.preparation.scaling import measure_scalings

        return measure_scalings(self.facts)

    @fact
    def imputations(self) -> tuple[Imputation, ...]:
        """Values of the sample that are the mean or median of several splits, counted over all rows."""
        from dataaudit.measure.preparation.imputation import measure_imputations

        return measure_imputations(self.facts)

    @fact
    def encodings(self) -> tuple[Encoding, ...]:
        """Columns near a target's mean per value, over several splits and over train, from all rows."""
        from dataaudit.measure.preparation.encoding import measure_encodings

        return measure_encodings(self.facts)

    @sampled_fact
    def resamplings(self) -> Mapping[str, Resampling]:
        """Class -> its copied rows, counted over all rows, and rows between two others, of those that were asked."""
        from dataaudit.measure.resampled.resampling import measure_resamplings

        return measure_resamplings(self.facts)
