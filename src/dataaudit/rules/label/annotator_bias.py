"""LABEL004: labels that depend on who labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.measure.links.agreement import EQUAL_FEATURES
from dataaudit.model import Finding, Role, Severity
from dataaudit.rules._annotators import names_annotator
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._contexts import Deviation, deviations
from dataaudit.rules._fineness import is_fine
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.agreement import Agreement
    from dataaudit.measure.links.contexts import ContextEffect

MOST_QUOTED = 20
Z_TWO_SIDED = 1.96


@dataclass(frozen=True)
class AnnotatorBias(Rule):
    """Labels depend on who labelled, or those who labelled the same item disagree.

    What it does
    ------------
    For every context whose name says who labelled (annotator, rater,
    labelled_by, operator, reader, ...) compares the classes each gave with
    those that others gave to like rows: extremely randomised trees predict at
    most 5,000 rows out of fold, and rows of the same twentieth of the
    prediction count as alike. Raw rates are no measure: who gets the hard cases says "sick"
    more often. The difference is judged by its lower bound over all
    annotators and classes.

    Where several of them labelled the same item (rows with equal features,
    and the same --id if one is declared; without one, only where features are
    so fine that rows are not equal by chance), their agreement is
    Krippendorff's alpha: 1 is full agreement, 0 what chance gives. Judged by
    its upper 95 % bound over items.

    Why it matters
    --------------
    A model learns the habits of those who labelled. If they disagree, no
    model can agree with all of them, and the score has a ceiling that no
    amount of training moves.

    Flagged
    -------
    Annotator 7 says "positive" in 40 % of the rows, others in 22 % of like
    rows. Two radiologists with an alpha of .4.

    Clean
    -----
    An annotator with more positives, who got the rows that look positive.

    Thresholds
    ----------
    difference_min : difference of shares, default 0.05
        A warning from this lower bound on.
    alpha : probability, default 0.01
        Over all annotators and classes of a column (Bonferroni).
    agreement_info : Krippendorff's alpha, default 0.8
        An info if the upper bound lies below: conclusions are tentative.
    agreement_warning : Krippendorff's alpha, default 0.667
        A warning if the upper bound lies below: labels are not reliable.
    min_items : items, default 20
        With fewer items labelled by several, agreement is not judged.

    Limits
    ------
    What the features do not show (the annotator saw the patient) can
    explain a difference. Needs 20 rows per annotator in the sample. Which of two
    annotators is right cannot be told.

    Fix
    ---
    Compare how they read the guideline on the rows where they differ, have
    these labelled again, and spread annotators over the splits.

    References
    ----------
    Krippendorff, Content Analysis (2004), chapter 11; Mantel and Haenszel,
    JNCI 22 (1959); Geva, Goldberg and Berant, EMNLP (2019), on annotators.
    """

    code: ClassVar[str] = "LABEL004"
    name: ClassVar[str] = "annotator-bias"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)
    trains_model: ClassVar[bool] = True

    difference_min: float = 0.05
    alpha: float = 0.01
    agreement_info: float = 0.8
    agreement_warning: float = 0.667
    min_items: int = 20

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding on bias and one on agreement per column."""
        columns = [context.name for context in facts.info.with_role(Role.CONTEXT) if names_annotator(context.name)]
        if not columns:
            raise NotMeasurable("needs a column that says who labelled: declare it, --context annotator")
        agreements = facts.links.agreements
        for column in columns:
            if column in agreements and self._are_items(facts, agreements[column]):
                yield from self._disagreement(facts, agreements[column])
        effects = facts.links.context_effects
        for column in columns:
            if column in effects:
                yield from self._bias(facts, effects[column])

    def _are_items(self, facts: Facts, agreement: Agreement) -> bool:
        """Whether several rows of an item are that, and not different things that look alike."""
        return agreement.n_items >= self.min_items and (agreement.item != EQUAL_FEATURES or is_fine(facts))

    def _bias(self, facts: Facts, effect: ContextEffect) -> Iterator[Finding]:
        differing = deviations(effect, self.alpha, self.difference_min)
        if not differing:
            return
        yield self.finding(
            Severity.WARNING,
            _bias_message(facts, effect, differing),
            columns=(effect.column, facts.label),
            evidence={
                "n_rows_compared": effect.n_rows,
                "n_differences_tried": effect.n_tried,
                "largest_difference": differing[0].effect.difference,
                "largest_difference_at_least": differing[0].least,
                "differences": [one.sentence for one in differing[:MOST_QUOTED]],
                "share_left_open_explained": effect.beyond.explained,
            },
            fix=Text(
                "Compare how those named and the others label like rows, and have these rows labelled again: "
                "`frame[frame[{name}].isin([...])]`.",
                {"name": repr(effect.column)},
            ),
            identity=("bias",),
        )

    def _disagreement(self, facts: Facts, found: Agreement) -> Iterator[Finding]:
        half = Z_TWO_SIDED * found.standard_error
        upper = found.alpha + half
        if upper >= self.agreement_info:
            return
        worst = sorted(found.with_others.items(), key=lambda one: (one[1][1], one[0]))[:MOST_QUOTED]
        yield self.finding(
            Severity.WARNING if upper < self.agreement_warning else Severity.INFO,
            Text(
                "{n_items} ({item}) were labelled by several of {column}, who agree with a Krippendorff's alpha of "
                "{alpha} ({lower} to {upper}; 1 is full agreement, 0 chance).",
                {
                    "n_items": show_count(found.n_items, "item"),
                    "item": "rows with equal features" if found.item == EQUAL_FEATURES else f"by {found.item}",
                    "column": found.column,
                    "alpha": f"{found.alpha:.2f}",
                    "lower": f"{found.alpha - half:.2f}",
                    "upper": f"{upper:.2f}",
                },
            ),
            columns=(found.column, facts.label),
            evidence={
                "item": found.item,
                "n_items": found.n_items,
                "n_labels": found.n_labels,
                "krippendorff_alpha": found.alpha,
                "krippendorff_alpha_lower": found.alpha - half,
                "krippendorff_alpha_upper": upper,
                "share_same_label_as_others": [
                    FromData(f"{who}: {share:.0%} of {show_count(n_labels, 'label')}")
                    for who, (n_labels, share) in worst
                ],
            },
            fix=Text(
                "Look at the items on which they differ, settle how they are to be labelled, and keep one label per "
                "item: the majority's, or that of a referee."
            ),
            identity=("agreement",),
        )


def _bias_message(facts: Facts, effect: ContextEffect, differing: list[Deviation]) -> Text:
    n_levels = len({one.effect.level for one in differing})
    return Text(
        "{label} depends on {column} beyond what the features explain: {n_levels} of it {verb} by at least {least}, "
        "most {sentence}.",
        {
            "label": facts.label,
            "column": effect.column,
            "n_levels": show_count(n_levels, "level"),
            "verb": "differs" if n_levels == 1 else "differ",
            "least": show_share(min(one.least for one in differing)),
            "sentence": differing[0].sentence,
        },
    )
