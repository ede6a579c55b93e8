"""SPLIT007: a split has too few rows, of a class or at all, for its scores to mean much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.measure.shifts.detectable import (
    rows_for_difference,
    rows_for_difference_of_errors,
    rows_needed,
    rows_needed_r2,
)
from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.split._power import (
    evidence_of_classes,
    evidence_of_target,
    message_of_classes,
    message_of_target,
    show_points,
)
from dataaudit.text import Text, show_count

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.power import TestPower

# Severity, message, rows needed, evidence.
Judged = tuple[Severity, Text, int, dict[str, Evidence]]


@dataclass(frozen=True)
class TestTooSmall(Rule):
    """A split has so few rows, of a class or at all, that a score is hardly known.

    What it does
    ------------
    Takes the half width of Wilson's 95 % interval that the recall of each
    class would have if it were 90 %; of a numeric target, that of an R² of
    one half. Says from which difference on two models could be told apart,
    and how many rows would be needed. The evidence holds the same for
    accuracy and for the area under the ROC curve.

    Why it matters
    --------------
    With 20 rows of a class, a model that finds 18 of them has a recall
    between 70 % and 97 %: two models cannot be told apart. Even without a
    single error among n rows, an error rate of 3/n stays possible.

    Flagged
    -------
    200 test rows of which 8 are "fraud".

    Clean
    -----
    500 test rows of each class.

    Thresholds
    ----------
    warning_half_width : share of rows, default 0.05
        A warning above this (fewer than 141 rows of a class).
    error_half_width : share of rows, default 0.1
        An error above this (fewer than 37 rows of a class).
    warning_half_width_r2 : share of variance, default 0.1
        A warning above this (fewer than 193 rows with a numeric target).
    error_half_width_r2 : share of variance, default 0.2
        An error above this (fewer than 49 rows with a numeric target).
    info_difference : share of rows, default 0.05
        An info if two models' recalls of a class must differ by more to be
        told apart (fewer than 312 rows of it).
    wanted_difference : share of rows, or of the mean error, default 0.02
        The difference between two models for which the evidence says how many
        rows it takes.

    Limits
    ------
    Counts rows as if they were independent; rows of one group or one day tell
    less. Two models are taken to predict the same rows, and of classes to
    disagree on a tenth of them; to be told apart means in 80 of 100 cases, at
    5 %. Errors of a numeric target are taken as normal: heavy tails widen every
    interval. Many classes make small ones likely: then average over classes,
    with its error.

    Fix
    ---
    Hold out more rows of the class, use repeated cross-validation, or gather
    more; and give the interval beside every score.

    References
    ----------
    Wilson, JASA 22:209 (1927); Hanley and Lippman-Hand, JAMA 249:1743 (1983)
    for 3/n; Hanley and McNeil, Radiology 143:29 (1982) for the area; Connor,
    Biometrics 43:207 (1987) for two models on the same rows; Olkin and Finn,
    Psychological Bulletin 118:155 (1995) for R².
    """

    code: ClassVar[str] = "SPLIT007"
    name: ClassVar[str] = "test-too-small"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    warning_half_width: float = 0.05
    error_half_width: float = 0.1
    warning_half_width_r2: float = 0.1
    error_half_width_r2: float = 0.2
    info_difference: float = 0.05
    wanted_difference: float = 0.02

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        powers = [power for power in facts.shifts.powers.values() if power.n_folds is None]
        if not powers:
            raise NotMeasurable("no other split has labels")
        for power in powers:
            found = self._of_classes(power) if power.classes else self._of_target(facts, power)
            if found is not None:
                severity, message, needed, evidence = found
                yield self.finding(
                    severity,
                    message,
                    columns=(facts.label,),
                    splits=(power.split,),
                    evidence=evidence,
                    fix=Text(
                        "Hold out at least {needed}{of_class}, or use repeated cross-validation; until then give the "
                        "interval beside every score.",
                        {"needed": show_count(needed, "row"), "of_class": " of every class" if power.classes else ""},
                    ),
                )

    def _of_classes(self, power: TestPower) -> Judged | None:
        severity = _step(max(power.recall_half_width_by_class), self.warning_half_width, self.error_half_width)
        if severity is not None:
            only, needed, wanted = (
                " only",
                rows_needed(self.warning_half_width),
                f"± {show_points(self.warning_half_width)}",
            )
        elif max(power.smallest_difference_recall_by_class) > self.info_difference:
            severity, only, needed = Severity.INFO, "", rows_for_difference(self.info_difference)
            wanted = f"{show_points(self.info_difference)} points between two models"
        else:
            return None
        evidence = {**evidence_of_classes(power, needed), **self._wanted(rows_for_difference(self.wanted_difference))}
        return severity, message_of_classes(power, needed, wanted, only), needed, evidence

    def _of_target(self, facts: Facts, power: TestPower) -> Judged | None:
        severity = _step(power.r2_half_width or 0.0, self.warning_half_width_r2, self.error_half_width_r2)
        if severity is None:
            return None
        needed = rows_needed_r2(self.warning_half_width_r2)
        rows = rows_for_difference_of_errors(self.wanted_difference)
        evidence = {**evidence_of_target(power, needed), **self._wanted(rows)}
        return severity, message_of_target(power, facts.label, needed, self.warning_half_width_r2), needed, evidence

    def _wanted(self, n_rows: int) -> dict[str, Evidence]:
        return {"wanted_difference": self.wanted_difference, "n_rows_for_wanted_difference": n_rows}


def _step(width: float, warning: float, error: float) -> Severity | None:
    if width > error:
        return Severity.ERROR
    return Severity.WARNING if width > warning else None
