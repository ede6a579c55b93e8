"""LABEL002: rows of a test split stand in train with another label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity, Task, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._fineness import is_fine
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.by_heart import ByHeart
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import RowOverlap


@dataclass(frozen=True)
class ContradictoryAcrossSplits(Rule):
    """Rows of another split stand in train with another label.

    What it does
    ------------
    Finds, exactly, rows of the test and validation splits whose features all
    stand in train too, and compares their label with the commonest one of
    their twins there (the kindest, of several such). What comes out is a
    ceiling: a model that has learnt train by heart, and is right wherever
    train says nothing else, is wrong on these rows and no others.

    For a numeric target the twins say their mean, and the ceiling is an R²:
    1 minus the squared distances from that mean over the split's sum of
    squares. So a number that differs a little counts a little.

    Judges what is missing to 1 by its lower 95 % bound: Wilson's, for the rows
    that the loss rests on, which in regression may be fewer than differ.

    Why it matters
    --------------
    A model that has learnt the training row is marked wrong on the test row.
    One of the two labels is wrong, or a feature that tells them apart is
    missing: either way the test score carries that error.

    Flagged
    -------
    30 of 1,000 test rows stand in train as the other class, so that a model
    which has learnt train by heart is right on 97 % at most: a warning.

    Clean
    -----
    Splits that share no row, or whose shared rows have the same label.

    Thresholds
    ----------
    warning_share : share of the split's rows (or of its variance), default 0.005
        A warning from this lower bound on: half a point of the score. Below
        it info, as every such row is worth a look.
    tiny_share : share of the split's variance, default 0.0001
        For a numeric target nothing is said of a smaller loss: numbers that
        differ by so little contradict nothing.
    fine_share : share of training rows, default 0.9
        Where half of the columns do not tell the rows apart nearly as well as
        all do, rows may meet by chance. A warning then takes at least this
        share of training rows that differ in their features ...
    chance_z : standard errors, default 2.5
        ... and so many standard errors by which the share of rows with a twin
        in train exceeds the share of training rows that have one within it.

    Limits
    ------
    Never an error: the rows can be looked at one by one, and the loss to the
    score is no more than is said. A model that has not learnt train by heart
    may do better on these rows. In a coarse table, training rows stored
    several times hide rows that were copied to the split. Rows in both splits
    with the same label are LEAK001's, contradictions within train LABEL001's.

    Fix
    ---
    Compare the two rows, correct the label that is wrong, and keep the row in
    one split only. `dataaudit fix TRAIN --test TEST --select LABEL002` drops the
    training rows.

    References
    ----------
    Barz and Denzler, Do we train on test data?, Journal of Imaging 6(6) (2020).
    """

    code: ClassVar[str] = "LABEL002"
    name: ClassVar[str] = "contradictory-across-splits"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    warning_share: float = 0.005
    tiny_share: float = 0.0001
    fine_share: float = 0.9
    chance_z: float = 2.5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        overlaps = [overlap for overlap in facts.overlaps.values() if overlap.has_labels]
        if not overlaps:
            raise NotMeasurable("no split beside train has labels")
        least = self.tiny_share if facts.info.task is Task.REGRESSION else 0.0
        for overlap in overlaps:
            by_heart = facts.by_heart[overlap.split]
            if by_heart.n_wrong > 0 and by_heart.lost >= least:
                yield self._finding(facts, overlap, by_heart)

    def _finding(self, facts: Facts, overlap: RowOverlap, by_heart: ByHeart) -> Finding:
        lower, upper = _bounds(by_heart)
        by_chance = self._may_be_chance(facts, overlap)
        return self.finding(
            Severity.INFO if by_chance or lower < self.warning_share else Severity.WARNING,
            _message(overlap, by_heart, facts.info.task is Task.REGRESSION, by_chance),
            columns=(facts.label,),
            splits=("train", overlap.split),
            evidence={
                "n_rows": by_heart.n_rows,
                "n_rows_matched": by_heart.n_matched,
                "n_rows_other_label": by_heart.n_wrong,
                "n_rows_only_other_label": overlap.n_other_label,
                "share_other_label": by_heart.n_wrong / max(1, by_heart.n_rows),
                "ceiling": 1 - by_heart.lost,
                "ceiling_lower": 1 - upper,
                "ceiling_upper": 1 - lower,
                "share_distinct_in_train": overlap.share_distinct_in_train,
                "pairs": [f"{overlap.split} {there} = train {here}" for there, here in by_heart.pairs],
            },
            fix=Text(
                "Compare the pairs listed, correct the label that is wrong, and keep each row in one split only; "
                "`dataaudit fix ... --select LABEL002` drops the training rows."
            ),
            rows=(
                shown_rows(overlap.split, {there for there, _ in by_heart.pairs}, by_heart.n_wrong),
                shown_rows("train", {here for _, here in by_heart.pairs}),
            ),
        )

    def _may_be_chance(self, facts: Facts, overlap: RowOverlap) -> bool:
        """Tell whether coarse rows meet no more often across the splits than within train."""
        if is_fine(facts):
            return False
        is_clear = overlap.excess >= self.chance_z * overlap.standard_error
        return overlap.share_distinct_in_train < self.fine_share or not is_clear


def _bounds(by_heart: ByHeart) -> tuple[float, float]:
    """Return Wilson's bounds of the loss, as if so many rows as it rests on had lost alike."""
    lower, upper = wilson(by_heart.n_effective, by_heart.n_rows)
    per_row = by_heart.lost * by_heart.n_rows / by_heart.n_effective
    return lower * per_row, upper * per_row


def _message(overlap: RowOverlap, by_heart: ByHeart, regression: bool, by_chance: bool) -> Text:
    n_mixed = 0 if regression else by_heart.n_wrong - overlap.n_other_label
    ceiling = 1 - by_heart.lost
    return Text(
        "{rows} ({share}) {verb} in train with another {label}{mixed}; a model that has learnt train by heart "
        "{ceiling} {split}.{coarse}",
        {
            "rows": show_count(by_heart.n_wrong, f"{overlap.split} row"),
            "share": show_share(by_heart.n_wrong / max(1, by_heart.n_rows)),
            "verb": "stands" if by_heart.n_wrong == 1 else "stand",
            "label": "target" if regression else "label",
            "mixed": f" ({n_mixed:,} of them also, but less often, with their own)" if n_mixed else "",
            "ceiling": f"reaches an R² of {ceiling:.3f} at most on"
            if regression
            else f"is right on {show_share(ceiling)} at most of",
            "split": overlap.split,
            "coarse": f" The features are coarse ({show_share(overlap.share_distinct_in_train)} of the training rows "
            "differ in them), so some of this comes by chance."
            if by_chance
            else "",
        },
    )
