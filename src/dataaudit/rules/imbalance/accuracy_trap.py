"""IMB002: always naming the commonest class scores high."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Bars
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import ClassCounts


@dataclass(frozen=True)
class AccuracyTrap(Rule):
    """Always answering the commonest class is already very accurate.

    What it does
    ------------
    Takes the share of the commonest class among the labelled training rows,
    with its Wilson 95 % interval. That share is the accuracy of a model that
    has learnt nothing.

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
    Do not report accuracy. Use average precision, balanced accuracy or MCC,
    and compare with their no-skill values, which the message gives.

    References
    ----------
    Chicco and Jurman, BMC Genomics 21:6 (2020); Saito and Rehmsmeier, PLOS ONE
    10(3) (2015).
    """

    code: ClassVar[str] = "IMB002"
    name: ClassVar[str] = "accuracy-trap"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)

    warning_share: float = 0.9
    error_share: float = 0.99
    n_rows_min: int = 20

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        classes = facts.classes
        train = classes.counts["train"]
        n_rows = int(train.sum())
        share = float(train.max()) / max(1, n_rows)
        if n_rows < self.n_rows_min or share < self.warning_share:
            return
        severity = Severity.ERROR if share >= self.error_share else Severity.WARNING
        yield self._finding(facts, classes, severity, share, n_rows)

    def _finding(self, facts: Facts, classes: ClassCounts, severity: Severity, share: float, n_rows: int) -> Finding:
        majority = FromData(classes.classes[int(classes.counts["train"].argmax())])
        lower, upper = wilson(share * n_rows, n_rows)
        n_classes = len(classes.classes)
        message = Text(
            "Always answering {majority} is right on {share} of the {rows}; "
            "an accuracy of that size shows no skill. No-skill values: average precision of the "
            "rarest class {prevalence}, balanced accuracy {balanced}, MCC 0.",
            {
                "majority": majority,
                "share": show_share(share),
                "rows": show_count(n_rows, "labelled training row"),
                "prevalence": show_share(float(classes.shares.min())),
                "balanced": show_share(1 / n_classes),
            },
        )
        return self.finding(
            severity,
            message,
            columns=(facts.label,),
            evidence={
                "n_rows": n_rows,
                "majority_class": majority,
                "share_majority": share,
                "share_lower": lower,
                "share_upper": upper,
                "no_skill_average_precision": float(classes.shares.min()),
                "no_skill_balanced_accuracy": 1 / n_classes,
                "no_skill_mcc": 0.0,
            },
            fix=Text("Report average precision, balanced accuracy or MCC beside their no-skill values, not accuracy."),
            figure=Bars("Share of each class in train", classes.classes, {"train": tuple(classes.shares.tolist())}),
        )
