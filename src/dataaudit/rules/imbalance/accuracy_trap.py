"""IMB002: always naming the commonest class scores high."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.imbalance._classes import ClassSize, NoSkill, class_bars, class_sizes, no_skill
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class AccuracyTrap(Rule):
    """Always answering the commonest class is already very accurate.

    What it does
    ------------
    Takes the share of the commonest class among the labelled training rows,
    with its Wilson 95 % interval. That share is the accuracy of a model that
    has learnt nothing. Says what such a model scores by other measures: it
    answers the commonest class, and the classes' shares as probabilities
    (average precision: the share of the rarest class; balanced accuracy 1/K;
    macro F1 2s/(1 + s)/K for a largest share s; MCC 0; ROC AUC .5; log loss
    their entropy; Brier p(1 - p), of more than two classes summed).

    Why it matters
    --------------
    If 99.9 % of the windows are noise, "always noise" is 99.9 % accurate. A
    model can reach that figure without ever finding the class you want.

    Flagged
    -------
    990 rows of noise and 10 earthquakes: 99 % accuracy for free.

    Clean
    -----
    600 rows of one class and 400 of the other.

    Thresholds
    ----------
    warning_share : share of rows, default 0.9
        A warning from this share on.
    error_share : share of rows, default 0.99
        An error from this share on.
    n_rows_min : rows, default 20
        Below this the share says too little.

    Limits
    ------
    Says nothing about whether the rare class can be learnt; see IMB001.

    Fix
    ---
    Do not report accuracy. Use average precision, balanced accuracy or MCC, or
    the log loss and Brier score of probabilities, and compare with their
    no-skill values, which the message gives.

    References
    ----------
    Chicco and Jurman, BMC Genomics 21:6 (2020); Saito and Rehmsmeier, PLOS ONE
    10(3) (2015); Brier, Monthly Weather Review 78 (1950).
    """

    code: ClassVar[str] = "IMB002"
    name: ClassVar[str] = "accuracy-trap"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)

    warning_share: float = 0.9
    error_share: float = 0.99
    n_rows_min: int = 20

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        sizes = class_sizes(facts.classes)
        n_rows = sum(size.n_rows for size in sizes)
        if n_rows < self.n_rows_min or sizes[-1].share < self.warning_share:
            return
        severity = Severity.ERROR if sizes[-1].share >= self.error_share else Severity.WARNING
        yield self._finding(facts.label, sizes, severity, n_rows)

    def _finding(self, label: str, sizes: list[ClassSize], severity: Severity, n_rows: int) -> Finding:
        majority, chance = sizes[-1], no_skill(sizes)
        lower, upper = wilson(majority.n_rows, n_rows)
        message = Text(
            "Always answering {majority} is right on {share} of the {rows}; "
            "an accuracy of that size shows no skill. No-skill values: average precision of the "
            "rarest class {prevalence}, balanced accuracy {balanced}, macro F1 {f1}, MCC 0, ROC AUC .5, "
            "log loss {log_loss}, Brier score {brier}.",
            {
                "majority": FromData(majority.name),
                "share": show_share(majority.share),
                "rows": show_count(n_rows, "labelled training row"),
                "prevalence": show_share(chance.average_precision_of_rarest),
                "balanced": show_share(chance.balanced_accuracy),
                "f1": show_share(chance.macro_f1),
                "log_loss": show_rounded(chance.log_loss),
                "brier": show_rounded(_brier(chance, len(sizes))),
            },
        )
        return self.finding(
            severity,
            message,
            columns=(label,),
            evidence={
                "n_rows": n_rows,
                "majority_class": FromData(majority.name),
                "share_majority": majority.share,
                "share_lower": lower,
                "share_upper": upper,
                "no_skill_average_precision": chance.average_precision_of_rarest,
                "no_skill_balanced_accuracy": chance.balanced_accuracy,
                "no_skill_macro_f1": chance.macro_f1,
                "no_skill_mcc": 0.0,
                "no_skill_roc_auc": 0.5,
                "no_skill_log_loss": chance.log_loss,
                "no_skill_brier": _brier(chance, len(sizes)),
            },
            fix=Text(
                "Report average precision, balanced accuracy or MCC beside their no-skill values, not accuracy; of "
                "probabilities the log loss or the Brier score, beside what the shares of the classes alone score."
            ),
            figure=class_bars(sizes),
        )


def _brier(chance: NoSkill, n_classes: int) -> float:
    """Return the score as it is usual: of the one probability where there are two classes."""
    return chance.brier / 2 if n_classes == 2 else chance.brier
