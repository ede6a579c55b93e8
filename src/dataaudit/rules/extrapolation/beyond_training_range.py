"""RANGE001: rows of a split lie beyond the range of a feature in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Figure, RangeStrip
from dataaudit.model import Finding, Kind, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._figures import split_figure
from dataaudit.rules._folding import fold
from dataaudit.rules.extrapolation._confidence import Confidence, confidence_evidence, confidences, sentence
from dataaudit.rules.extrapolation._outside import Outside, Steps, evidence, message
from dataaudit.text import Text

if TYPE_CHECKING:
    from dataaudit.measure.drift import OutsideRange
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.rows_beyond import RowsBeyond

# Of so many columns, the worst first, models are asked how sure they are of the rows beyond.
MOST_ASKED = 5


@dataclass(frozen=True)
class BeyondTrainingRange(Rule):
    """Rows of another split lie beyond the range of a feature in train.

    What it does
    ------------
    Counts the rows below the smallest and above the largest training value of
    every number and time. In a random split about 2/(n + 1) of the rows do
    so in every column, so the count is judged by its exact chance
    (beta-binomial); then by the share of rows and by how far they lie out. Of
    the worst columns it says how sure a logistic regression and a forest are of
    the rows beyond, which they should not be.

    Why it matters
    --------------
    Beyond its training data a model is a guess: a line goes on for ever, a
    tree stays where it was. Few models say so; most are confident there.

    Flagged
    -------
    6 % of the test windows have a magnitude above 5.2, the largest in train;
    up to 7.9.

    Clean
    -----
    3 of 1,000 test rows a little above the largest of 2,000 training values.

    Thresholds
    ----------
    alpha : probability, default 0.01
        The chance must lie below this over all columns and splits together
        (Bonferroni); otherwise nothing is said.
    warning_share : share of rows, default 0.01
        A warning if the lower 95 % bound of the share outside reaches this ...
    warning_distance : interquartile ranges of train, default 3
        ... or the furthest value lies so far beyond; else an info.
    error_share : share of rows, default 0.05
        An error if the lower bound of the share reaches this ...
    error_distance : interquartile ranges of train, default 1
        ... and the furthest value lies so far beyond.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Looks at one column at a time: a row within every range that is still far
    from all training rows is RANGE002's. Declared times and identifiers are not judged;
    what stands in another unit there (SPLIT008, SCALE006) is not told again.
    A chronological split of a trend lies outside by its nature: that is worth
    knowing, and no fault of the split.

    Fix
    ---
    Gather training rows there; or limit the model's use, and the test, to
    the range it was trained on; or choose a form that extrapolates knowingly.

    References
    ----------
    Wilks, Annals of Mathematical Statistics 12:91 (1941).
    """

    code: ClassVar[str] = "RANGE001"
    name: ClassVar[str] = "beyond-training-range"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)
    trains_model: ClassVar[bool] = True

    alpha: float = 0.01
    warning_share: float = 0.01
    warning_distance: float = 3.0
    error_share: float = 0.05
    error_distance: float = 1.0
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per column and split."""
        steps = Steps(self.warning_share, self.warning_distance, self.error_share, self.error_distance)
        converted = facts.shifts.changed_units
        measured = [
            _outside(facts, fact)
            for split, columns in facts.outside.items()
            for fact in columns.values()
            if fact.column not in converted.get(split, ())
        ]
        found = [(steps.severity(outside), outside) for outside in measured if self._says(outside, len(measured))]
        found.sort(key=lambda one: (-one[0], -one[1].share, one[1].column, one[1].split))
        weighted = []
        for place, (severity, outside) in enumerate(found):
            rows = facts.spread.rows_beyond(outside.split, outside.column) if place < self.most_findings else None
            asked = rows is not None and place < MOST_ASKED and severity > Severity.INFO
            sure = (
                confidences(facts, outside.split, rows.drawn, rows.n_drawn_within) if rows is not None and asked else []
            )
            chance = outside.chance * len(measured)
            weighted.append((outside.share, self._finding(facts, outside, severity, chance, rows, sure)))
        yield from fold(self, weighted, self.most_findings)

    def _says(self, outside: Outside, n_measured: int) -> bool:
        return outside.chance * n_measured < self.alpha

    def _finding(
        self,
        facts: Facts,
        outside: Outside,
        severity: Severity,
        chance: float,
        rows: RowsBeyond | None,
        sure: list[Confidence],
    ) -> Finding:
        return self.finding(
            severity,
            message(outside, sentence(sure)),
            columns=(outside.column,),
            splits=("train", outside.split),
            evidence={**evidence(outside, chance), **confidence_evidence(sure)},
            fix=Text(
                "Gather training rows there, limit the model and its test to the range of train, or do without the "
                "column: `dataaudit audit ... --exclude {column}`.",
                {"column": outside.column},
            ),
            rows=() if rows is None else (shown_rows(outside.split, rows.first, outside.n_outside),),
            figure=_figure(facts, outside),
        )


def _outside(facts: Facts, fact: OutsideRange) -> Outside:
    return Outside(
        column=fact.column,
        kind=facts.info.column(fact.column).kind,
        split=fact.split,
        n_rows=fact.n_rows,
        n_below=fact.n_below,
        n_above=fact.n_above,
        n_train=fact.n_train,
        train_minimum=fact.train_minimum,
        train_maximum=fact.train_maximum,
        minimum=fact.minimum,
        maximum=fact.maximum,
        iqr_train=fact.iqr_train,
    )


def _figure(facts: Facts, outside: Outside) -> Figure | None:
    if outside.kind is Kind.DATETIME:
        return split_figure(facts, outside.column, outside.split)
    return RangeStrip(
        f"Range of {outside.column}",
        (outside.train_minimum, outside.train_maximum),
        (outside.minimum, outside.maximum),
        outside.split,
        outside.n_below / max(1, outside.n_rows),
        outside.n_above / max(1, outside.n_rows),
    )
