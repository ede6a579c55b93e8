"""The facts of one dataset: each computed when first read, and only then.

Every attribute marked `@fact` is exact over all rows; `@sampled_fact` runs on
the bounded sample. The record of what was read while a rule judged is how the
report can say how many rows that rule saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from dataaudit.engine.dataset import Dataset
from dataaudit.measure.recall import Recall, fact, sampled_fact
from dataaudit.model import ColumnInfo, DatasetInfo, Role

if TYPE_CHECKING:
    from dataaudit.measure.association import Ablation, Association
    from dataaudit.measure.by_heart import ByHeart
    from dataaudit.measure.columns import Cells, ColumnTwins, Extremes, IdentifierShape, Quantiles
    from dataaudit.measure.conditioning import StepSize
    from dataaudit.measure.drift import Drift, OutsideRange, UnseenValues
    from dataaudit.measure.entity.entities import Entity
    from dataaudit.measure.gains import GainBreak
    from dataaudit.measure.hashes import AlikeRows
    from dataaudit.measure.impact.impacts import Impacts
    from dataaudit.measure.inside_cells.class_texts import ClassTexts
    from dataaudit.measure.keys import KeyCounts
    from dataaudit.measure.labels import ClassCounts, TargetSummary
    from dataaudit.measure.lateness import Lateness
    from dataaudit.measure.links.links import Links
    from dataaudit.measure.near_rows.overlaps import NearOverlap
    from dataaudit.measure.preparation.preparation import Preparation
    from dataaudit.measure.profiles import ColumnProfile, RowCompleteness
    from dataaudit.measure.rows import Contradictions, GroupOverlap, RowOverlap, RowRepeats, TimeOverlap
    from dataaudit.measure.sample import Sample
    from dataaudit.measure.shifts.shifts import Shifts
    from dataaudit.measure.spread.spread import Spread
    from dataaudit.measure.tables import ValueTable
    from dataaudit.measure.target_regions import TargetRegions
    from dataaudit.measure.target_shape import TargetShape
    from dataaudit.measure.time_order import TimeOrder

Value = TypeVar("Value")
BySplit = Mapping[str, Value]
ByColumn = Mapping[str, Value]


class Facts(Recall):
    """Numbers about a dataset, with no verdict.

    Parameters
    ----------
    dataset : Dataset
    seed : int
        Seeds the sample and the models.
    honest : frozenset of str
        Columns the user declared to be honestly strong features.
    time_mode : {"chronological", "random"}
    measure_impact : bool
        Whether rules ask what a leak costs, which trains models.
    asked : frozenset of str, optional
        Codes of the rules that judge; all by default. A column is left to another rule only if that one is asked.
    """

    def __init__(
        self,
        dataset: Dataset,
        *,
        seed: int = 0,
        honest: frozenset[str] = frozenset(),
        time_mode: str = "chronological",
        measure_impact: bool = False,
        asked: frozenset[str] | None = None,
    ) -> None:
        super().__init__()
        self.dataset = dataset
        self.seed = seed
        self.honest = honest
        self.time_mode = time_mode
        self.measure_impact = measure_impact
        self.asked = asked

    @property
    def info(self) -> DatasetInfo:
        """The dataset's description."""
        return self.dataset.info

    @property
    def cells(self) -> Cells:
        """Column -> split -> what the cells of a text column parse as (noted while loading)."""
        return self.dataset.cells

    @property
    def features(self) -> tuple[ColumnInfo, ...]:
        """Columns a model would be trained on."""
        return self.info.with_role(Role.FEATURE)

    @property
    def other_splits(self) -> tuple[str, ...]:
        """Splits judged against train: validation and test, as far as given."""
        return tuple(split.name for split in self.info.splits if split.name in ("validation", "test"))

    @cached_property
    def impact(self) -> Impacts:
        """What leaks cost a plain model, each measured when asked for."""
        from dataaudit.measure.impact.impacts import Impacts

        return Impacts(self)

    @cached_property
    def links(self) -> Links:
        """What hangs together with the label beside the single features: row order, contexts, pairs, models."""
        from dataaudit.measure.links.links import Links

        return Links(self)

    @cached_property
    def preparation(self) -> Preparation:
        """Traces of scaling, imputing, encoding or resampling before the split."""
        from dataaudit.measure.preparation.preparation import Preparation

        return Preparation(self)

    @cached_property
    def shifts(self) -> Shifts:
        """How the splits and the world differ beyond single columns: jointly, in units, in scale."""
        from dataaudit.measure.shifts.shifts import Shifts

        return Shifts(self)

    @cached_property
    def spread(self) -> Spread:
        """How the rows of train lie in the space of the features: conditioning, units, emptiness around test rows."""
        from dataaudit.measure.spread.spread import Spread

        return Spread(self)

    @property
    def label(self) -> str:
        """The label's name; read it only where the rule needs a label."""
        if self.info.label is None:
            raise LookupError("no label")
        return self.info.label

    @fact
    def profiles(self) -> BySplit[ByColumn[ColumnProfile]]:
        """Split -> column -> counts, range and moments; label included."""
        from dataaudit.measure.profiles import measure_profiles

        return measure_profiles(self.dataset)

    @fact
    def completeness(self) -> BySplit[RowCompleteness]:
        """Split -> rows that are whole, rows that are empty, over the features."""
        from dataaudit.measure.profiles import measure_completeness

        return measure_completeness(self.dataset)

    @fact
    def classes(self) -> ClassCounts:
        """Rows per class and split (classification)."""
        from dataaudit.measure.labels import measure_classes

        return measure_classes(self.dataset)

    @fact
    def target(self) -> TargetSummary:
        """The numeric target per split (regression)."""
        from dataaudit.measure.labels import measure_target

        return measure_target(self)

    @sampled_fact
    def target_shape(self) -> TargetShape:
        """The numeric target's ends over all rows, and its round numbers (of a sample, if it has many values)."""
        from dataaudit.measure.target_shape import measure_target_shape

        return measure_target_shape(self)

    @sampled_fact
    def target_regions(self) -> TargetRegions:
        """The numeric target by tenths of its range, and the variance that its outermost rows hold."""
        from dataaudit.measure.target_regions import measure_target_regions

        return measure_target_regions(self.target_shape)

    @fact
    def key_counts(self) -> KeyCounts:
        """Grouped counts of the categorical columns, kept in the engine."""
        from dataaudit.measure.keys import measure_key_counts

        return measure_key_counts(self)

    @fact
    def tables(self) -> ByColumn[ValueTable]:
        """Column -> value x class counts, for features, groups, contexts and ids."""
        from dataaudit.measure.tables import measure_tables

        return measure_tables(self)

    @fact
    def associations(self) -> ByColumn[Association]:
        """Column -> explained label variance P in train; empty without a label."""
        from dataaudit.measure.association import measure_associations

        return measure_associations(self)

    @sampled_fact
    def derived_associations(self) -> ByColumn[Association]:
        """Date or text feature -> P of the part of it (hour, length, a word, ...) that tells most."""
        from dataaudit.measure.inside_cells.derived import measure_derived_associations

        return measure_derived_associations(self)

    @fact
    def missing_associations(self) -> ByColumn[Association]:
        """Column -> P of its missing indicator in train, where cells are missing."""
        from dataaudit.measure.association import measure_missing_associations

        return measure_missing_associations(self)

    @fact
    def gain_breaks(self) -> BySplit[ByColumn[GainBreak]]:
        """Other split -> feature -> gain in train and there; splits with labels only."""
        from dataaudit.measure.gains import measure_gain_breaks

        return measure_gain_breaks(self)

    @fact
    def drifts(self) -> BySplit[ByColumn[Drift]]:
        """Other split -> feature -> distance from train."""
        from dataaudit.measure.drift import measure_drifts

        return measure_drifts(self)

    @fact
    def label_drifts(self) -> BySplit[Drift]:
        """Other split -> distance of the label's distribution from train's."""
        from dataaudit.measure.drift import measure_label_drifts

        return measure_label_drifts(self)

    @fact
    def unseen(self) -> BySplit[ByColumn[UnseenValues]]:
        """Other split -> categorical feature -> rows with categories train never shows."""
        from dataaudit.measure.drift import measure_unseen

        return measure_unseen(self)

    @fact
    def outside(self) -> BySplit[ByColumn[OutsideRange]]:
        """Other split -> numeric feature -> rows beyond the training range."""
        from dataaudit.measure.drift import measure_outside

        return measure_outside(self)

    @fact
    def row_hashes(self) -> BySplit[str]:
        """Split -> content fingerprint; the hashes themselves stay in the engine."""
        from dataaudit.measure.hashes import measure_row_hashes

        return measure_row_hashes(self)

    @fact
    def alike_rows(self) -> AlikeRows:
        """Rows whose features stand more than once, set apart in the engine."""
        from dataaudit.measure.hashes import measure_alike_rows

        return measure_alike_rows(self)

    @fact
    def repeats(self) -> BySplit[RowRepeats]:
        """Split -> rows that repeat within it."""
        from dataaudit.measure.rows import measure_repeats

        return measure_repeats(self)

    @fact
    def overlaps(self) -> BySplit[RowOverlap]:
        """Other split -> rows whose features stand in train too."""
        from dataaudit.measure.rows import measure_overlaps

        return measure_overlaps(self)

    @fact
    def by_heart(self) -> BySplit[ByHeart]:
        """Labelled other split -> what the labels of its twins in train make of its rows."""
        from dataaudit.measure.by_heart import measure_by_heart

        return measure_by_heart(self)

    @fact
    def near_overlaps(self) -> BySplit[NearOverlap]:
        """Split, train included -> rows that nearly agree with a row of train; large coarse tables in part."""
        from dataaudit.measure.near_rows.overlaps import measure_near_overlaps

        return measure_near_overlaps(self)

    @fact
    def contradictions(self) -> Contradictions:
        """Equal features with unequal labels in train."""
        from dataaudit.measure.rows import measure_contradictions

        return measure_contradictions(self)

    @fact
    def group_overlaps(self) -> ByColumn[BySplit[GroupOverlap]]:
        """Declared group column -> other split -> groups that stand in train too."""
        from dataaudit.measure.groups import measure_group_overlaps

        return measure_group_overlaps(self.dataset)

    @fact
    def time_overlaps(self) -> BySplit[TimeOverlap]:
        """Other split -> rows at or before the last training time of the declared column."""
        from dataaudit.measure.groups import measure_time_overlaps

        return measure_time_overlaps(self)

    @sampled_fact
    def entities(self) -> Mapping[tuple[str, ...], Entity]:
        """Columns and pairs that look like an entity; levels are counted over all rows, signs on a sample."""
        from dataaudit.measure.entity.entities import measure_entities

        return measure_entities(self)

    @sampled_fact
    def time_orders(self) -> ByColumn[BySplit[TimeOrder]]:
        """Time column -> other split -> which is later, and the label of the training row nearest in time."""
        from dataaudit.measure.time_order import measure_time_orders

        return measure_time_orders(self)

    @fact
    def lateness(self) -> ByColumn[BySplit[Lateness]]:
        """Date feature -> split -> rows later than the declared time, where any is."""
        from dataaudit.measure.lateness import measure_lateness

        return measure_lateness(self)

    @fact
    def twins(self) -> tuple[ColumnTwins, ...]:
        """Pairs of columns that say the same in train."""
        from dataaudit.measure.twins import measure_twins

        return measure_twins(self)

    @fact
    def identifiers(self) -> ByColumn[IdentifierShape]:
        """Column -> how much it looks like a row's name; only columns nearly unique in train."""
        from dataaudit.measure.columns import measure_identifiers

        return measure_identifiers(self)

    @fact
    def extremes(self) -> ByColumn[Extremes]:
        """Numeric feature -> the values and counts at both ends, in train."""
        from dataaudit.measure.columns import measure_extremes

        return measure_extremes(self)

    @sampled_fact
    def quantiles(self) -> ByColumn[Quantiles]:
        """Numeric feature -> quantiles in train, from the sample."""
        from dataaudit.measure.columns import measure_quantiles

        return measure_quantiles(self)

    @sampled_fact
    def sample(self) -> Sample:
        """A bounded, seeded sample of train as arrays."""
        from dataaudit.measure.sample import measure_sample

        return measure_sample(self)

    @sampled_fact
    def step_size(self) -> StepSize | None:
        """Largest stable step of gradient descent, raw and standardised; None without numbers."""
        from dataaudit.measure.conditioning import measure_step_size

        return measure_step_size(self)

    def ablation(self, column: str) -> Ablation:
        """Return P of a column beside what all other features reach together (a model on a sample)."""
        from dataaudit.measure.ablation import measure_ablation

        return self.recall(f"ablation of {column}", True, lambda: measure_ablation(self, column))

    def class_texts(self, column: str) -> ClassTexts | None:
        """Return how often the cells of a text column hold the text of their row's class (on a sample)."""
        from dataaudit.measure.inside_cells.class_texts import measure_class_texts

        return self.recall(f"class texts in {column}", True, lambda: measure_class_texts(self, column))
