"""LABEL002: rows of a test split stand in train with another label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import RowOverlap


@dataclass(frozen=True)
class ContradictoryAcrossSplits(Rule):
    """Rows of another split stand in train with another label.

    What it does
    ------------
    Finds, exactly, rows of the test and validation splits whose features all
    stand in train too, and counts those whose label differs from the one
    there. Judges their share by its lower Wilson 95 % bound.

    Why it matters
    --------------
    A model that has learnt the training row is marked wrong on the test row.
    One of the two labels is wrong, or a feature that tells them apart is
    missing: either way the test score carries that error.

    Flagged
    -------
    30 of 1,000 test rows stand in train as the other class: a warning.

    Clean
    -----
    Splits that share no row, or whose shared rows have the same label.

    Thresholds
    ----------
    warning_share : share of the split's rows, default 0.005
        A warning from this lower bound on: half a point of the score. Below
        it info, as every such row is worth a look.
    fine_share : share of training rows, default 0.9
        Least share of training rows that differ in their features for a
        warning; in a coarser table such matches come by chance: info.

    Limits
    ------
    Never an error: the rows can be looked at one by one, and the loss to the
    score is no more than their share. Train rows stored several times make
    train look coarse (DATA001 names them). Rows in both splits with the same
    label are LEAK001's, contradictions within train LABEL001's.

    Fix
    ---
    Compare the two rows, correct the label that is wrong, and keep the row in
    one split only.

    References
    ----------
    Barz and Denzler, Do we train on test data?, Journal of Imaging 6(6) (2020).
    """

    code: ClassVar[str] = "LABEL002"
    name: ClassVar[str] = "contradictory-across-splits"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    warning_share: float = 0.005
    fine_share: float = 0.9

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        overlaps = [overlap for overlap in facts.overlaps.values() if overlap.has_labels]
        if not overlaps:
            raise NotMeasurable("no split beside train has labels")
        for overlap in overlaps:
            if overlap.n_other_label > 0:
                yield self._finding(facts, overlap)

    def _finding(self, facts: Facts, overlap: RowOverlap) -> Finding:
        lower, upper = wilson(overlap.n_other_label, overlap.n_rows)
        fine = overlap.share_distinct_in_train >= self.fine_share
        message = Text(
            "{rows} ({share}) {verb} in train with another label.{coarse}",
            {
                "rows": show_count(overlap.n_other_label, f"{overlap.split} row"),
                "share": show_share(overlap.n_other_label / overlap.n_rows),
                "verb": "stands" if overlap.n_other_label == 1 else "stand",
                "coarse": ""
                if fine
                else f" Only {show_share(overlap.share_distinct_in_train)} of the training rows differ in their "
                "features, so some of this comes by chance.",
            },
        )
        pairs = overlap.pairs_other_label
        return self.finding(
            Severity.WARNING if fine and lower >= self.warning_share else Severity.INFO,
            message,
            columns=(facts.label,),
            splits=("train", overlap.split),
            evidence={
                "n_rows": overlap.n_rows,
                "n_rows_matched": overlap.n_matched,
                "n_rows_other_label": overlap.n_other_label,
                "share_other_label": overlap.n_other_label / overlap.n_rows,
                "share_lower": lower,
                "share_upper": upper,
                "share_distinct_in_train": overlap.share_distinct_in_train,
                "pairs": [f"{overlap.split} {there} = train {here}" for there, here in pairs],
            },
            fix=Text("Compare the pairs listed, correct the label that is wrong, and keep each row in one split only."),
            rows=(
                shown_rows(overlap.split, {there for there, _ in pairs}, overlap.n_other_label),
                shown_rows("train", {here for _, here in pairs}),
            ),
        )
