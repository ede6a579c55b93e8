"""Facts about what hangs together with the label beside the single features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.measure.recall import Part, fact, sampled_fact

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.links.agreement import Agreement
    from dataaudit.measure.links.by_context import ContextBreak, TableByContext
    from dataaudit.measure.links.contexts import ContextEffect
    from dataaudit.measure.links.files import FileOrigins
    from dataaudit.measure.links.gaps import GapPattern
    from dataaudit.measure.links.order import RowOrder
    from dataaudit.measure.links.out_of_fold import OutOfFold
    from dataaudit.measure.links.pairs import PairLink
    from dataaudit.measure.links.suspects import Suspects


class Links(Part):
    """What hangs together with the label beside the single features."""

    @sampled_fact
    def out_of_fold(self) -> OutOfFold:
        """What a model of all features says of sampled rows of train that it was not trained on."""
        from dataaudit.measure.links.out_of_fold import measure_out_of_fold

        return measure_out_of_fold(self.facts)

    @sampled_fact
    def suspects(self) -> Suspects:
        """Rows whose label the out-of-fold predictions contradict, and what explains them."""
        from dataaudit.measure.links.suspects import measure_suspects

        return measure_suspects(self.out_of_fold)

    @sampled_fact
    def tables_by_context(self) -> Mapping[tuple[str, str], TableByContext]:
        """Feature and declared context -> rows by level, value and class, of the most telling features."""
        from dataaudit.measure.links.by_context import measure_tables_by_context

        return measure_tables_by_context(self.facts)

    @sampled_fact
    def context_breaks(self) -> tuple[ContextBreak, ...]:
        """What every telling feature gains in each level of a context, learnt from the others."""
        from dataaudit.measure.links.by_context import measure_context_breaks

        return measure_context_breaks(self.facts)

    @fact
    def agreements(self) -> Mapping[str, Agreement]:
        """Declared context -> how far its levels agree on the items that several of them labelled."""
        from dataaudit.measure.links.agreement import measure_agreements

        return measure_agreements(self.facts)

    @fact
    def reverse_associations(self) -> Mapping[str, Association]:
        """Declared context -> how much of it the class explains."""
        from dataaudit.measure.links.contexts import measure_reverse_associations

        return measure_reverse_associations(self.facts)

    @sampled_fact
    def context_effects(self) -> Mapping[str, ContextEffect]:
        """Declared context -> how the labels of its levels differ from those of like rows; nothing of one level."""
        from dataaudit.measure.links.contexts import measure_context_effects

        return measure_context_effects(self.facts)

    @fact
    def row_orders(self) -> Mapping[str, RowOrder]:
        """Split with labels -> what the number of a row tells of its label."""
        from dataaudit.measure.links.order import measure_row_orders

        return measure_row_orders(self.facts)

    @fact
    def file_origins(self) -> FileOrigins | None:
        """What the file a row of train came from tells of its label; None where there are not several."""
        from dataaudit.measure.links.files import measure_file_origins

        return measure_file_origins(self.facts)

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
    def of_different_rows(self) -> Mapping[str, Association]:
        """Column that tells much of the label -> what it tells among rows of which none repeats another."""
        from dataaudit.measure.links.different_rows import measure_of_different_rows

        return measure_of_different_rows(self.facts)

    @sampled_fact
    def pairs(self) -> Mapping[tuple[str, str], PairLink]:
        """Two features -> what they tell together, for pairs that stand out in sampled rows of train."""
        from dataaudit.measure.links.pairs import measure_pairs

        return measure_pairs(self.facts)
