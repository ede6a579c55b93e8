"""LABEL003: labels that a model of the features is sure are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.suspects import Suspect, Suspects

Z_ONE_SIDED = 1.645
MOST_QUOTED = 20


@dataclass(frozen=True)
class SuspectedLabelErrors(Rule):
    """Labels that contradict what a model of the other rows is surest of.

    What it does
    ------------
    Trains extremely randomised trees on three quarters of at most 5,000
    training rows, predicts the last quarter, in turn, and looks at the surest quarter of the
    predictions of every class. Where classes overlap, the labels hardly ever
    contradict these; where labels are wrong at random, as often as any other
    prediction, of whatever class. The share that does contradict (of the
    class that is spared, where one clearly is) estimates the share of wrong
    labels, and is judged by its lower 95 % bound (Wilson, one-sided). Rows
    are listed by the probability of their own label, the least first; how
    many of them are likely wrong is the sum of the rows' probabilities at
    that share.

    Why it matters
    --------------
    A wrong label in train teaches the wrong thing, and one in test punishes
    the right answer. Test labels of well-known sets are wrong in 3 % of the
    rows, enough to change which model looks best.

    Flagged
    -------
    The model names 95 % of the rows as labelled, but 6 % of the predictions
    it is surest of are not the label.

    Clean
    -----
    The surest predictions are the labels, however often the others are not.

    Thresholds
    ----------
    info_share : share of the surest predictions, default 0.01
        An info, with the list, from this lower bound on.
    warning_share : share of the surest predictions, default 0.025
        A warning from this lower bound on, if the two next hold too.
    noise_max : share of the surest predictions, default 0.25
        Above it nothing is told: the model may have learnt nothing at all.
    accuracy_min : share of rows, default 0.88
        How often the model would be right if that share of labels were
        corrected, for a warning: a worse model says more about itself.
    precision_min : share of predictions, default 0.7
        The same of every class predicted at least 10 times, two at least.
    usable_accuracy_min : share of rows, default 0.8
        Of a worse model there is no info either,
    usable_precision_min : share of predictions, default 0.5
        nor of one that knows a class worse.

    Limits
    ------
    A list to be looked at, never a proof: rows that the features cannot tell
    apart look alike, and so do outcomes that are partly chance: who leaves,
    who pays. Where the model is not accurate enough for a warning,
    how many are wrong is not estimated. Wrong labels that follow a rule (one
    class always taken for another, one annotator) are learnt and not seen
    (LABEL004); equal rows with unequal labels are LABEL001's. Noise that
    drowns a rare class hides itself, and so does more than `noise_max`.
    Numeric targets: not judged.

    Fix
    ---
    Look at the rows listed, from the first on, and correct or drop the wrong
    labels; where many are wrong, have the rows labelled again.

    References
    ----------
    Northcutt, Jiang and Chuang, Confident learning, JAIR 70 (2021);
    Northcutt, Athalye and Mueller, NeurIPS Datasets and Benchmarks (2021).
    """

    code: ClassVar[str] = "LABEL003"
    name: ClassVar[str] = "suspected-label-errors"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)
    trains_model: ClassVar[bool] = True
    grows_trees: ClassVar[bool] = True

    info_share: float = 0.01
    warning_share: float = 0.025
    noise_max: float = 0.25
    accuracy_min: float = 0.88
    precision_min: float = 0.7
    usable_accuracy_min: float = 0.8
    usable_precision_min: float = 0.5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        found = facts.links.suspects
        lower, upper = wilson(found.n_surest_other, found.n_surest, Z_ONE_SIDED)
        if found.n_suspects > 0 and lower >= self.info_share and self._is_usable(found):
            yield self._finding(facts, found, (lower, upper), trusted=self._is_trusted(found, lower))

    def _is_usable(self, found: Suspects) -> bool:
        """Whether the model knows the classes well enough to contradict a label."""
        knows = found.accuracy_freed >= self.usable_accuracy_min
        return (
            knows and found.share_noise <= self.noise_max and found.least_precision_freed >= self.usable_precision_min
        )

    def _is_trusted(self, found: Suspects, lower: float) -> bool:
        """Whether wrong labels explain what is seen better than classes that overlap."""
        accurate = found.accuracy_freed >= self.accuracy_min and found.least_precision_freed >= self.precision_min
        return accurate and lower >= self.warning_share

    def _finding(self, facts: Facts, found: Suspects, bounds: tuple[float, float], *, trusted: bool) -> Finding:
        quoted = found.listed[:MOST_QUOTED]
        return self.finding(
            Severity.WARNING if trusted else Severity.INFO,
            _message(found, bounds[0], trusted),
            columns=(facts.label,),
            evidence={
                "n_rows_tried": found.n_rows,
                "n_rows_suspected": found.n_suspects,
                "n_rows_likely_wrong": round(found.n_likely_wrong, 1) if trusted else None,
                "n_surest_predictions": found.n_surest,
                "n_surest_contradicted": found.n_surest_other,
                "share_contradicted": found.share_noise,
                "share_contradicted_lower": bounds[0],
                "share_contradicted_upper": bounds[1],
                "accuracy_of_model": found.accuracy,
                "accuracy_if_corrected": found.accuracy_freed,
                "model": "extremely randomised trees, 4 folds",
                "suspects": [_quote(suspect) for suspect in quoted],
            },
            fix=Text(
                "Look at these rows, the first ones first: `frame.iloc[{numbers}]`; correct or drop the labels that "
                "are wrong.",
                {"numbers": str([suspect.row for suspect in quoted])},
            ),
            rows=(shown_rows("train", {suspect.row for suspect in quoted}, found.n_suspects),),
        )


def _message(found: Suspects, lower: float, trusted: bool) -> Text:
    template = (
        "A model that never saw these rows contradicts the label of {n_other} of the {surest} it is surest of "
        "({share}, at least {lower})"
    )
    if trusted:
        template += (
            ": of the {suspected} that look wrong, about {wrong} are likely to be, unless what the label says is "
            "partly chance (who leaves, who pays)."
        )
    else:
        template += (
            "; {suspected} {verb} worth a look. The model is right on {accuracy}: how many are wrong it cannot say."
        )
    return Text(
        template,
        {
            "n_other": f"{found.n_surest_other:,}",
            "surest": show_count(found.n_surest, "training row"),
            "share": show_share(found.share_noise),
            "lower": show_share(lower),
            "suspected": show_count(found.n_suspects, "row"),
            "verb": "is" if found.n_suspects == 1 else "are",
            "wrong": f"{round(found.n_likely_wrong):,}",
            "accuracy": show_share(found.accuracy),
        },
    )


def _quote(suspect: Suspect) -> FromData:
    return FromData(
        f"row {suspect.row}: labelled {suspect.given} ({suspect.probability_given:.0%}), "
        f"predicted {suspect.other} ({suspect.probability_other:.0%})"
    )
