"""SCALE001: numeric features live on very different scales."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.measure.conditioning import MOST_TOLD
from dataaudit.model import Finding, Kind, Severity
from dataaudit.rules._base import Rule
from dataaudit.text import Text, show_count, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.conditioning import StepSize
    from dataaudit.measure.facts import Facts

Z = 1.96
# From here on a number is written with a power of ten.
LEAST_BY_POWER = 1e6


@dataclass(frozen=True)
class Spread:
    """A feature's standard deviation and how many cells it came from."""

    column: str
    sd: float
    n_rows: int


@dataclass(frozen=True)
class UnlikeScales(Rule):
    """Numeric features live on very different scales.

    What it does
    ------------
    Divides the largest standard deviation of the numeric features by the
    smallest. Constant columns and columns of two neighbouring whole numbers
    (0 and 1) are left out. Judges the lower end of the ratio's 95 % interval,
    where log sd has a standard error of 1/sqrt(2n). On a sample of rows it
    says the largest step size of gradient descent for a linear model,
    2/lambda_max of X'X/n, and the condition number lambda_max/lambda_min (told
    up to 1e15), as the features are and once standardised. It is info as long as a scaler, a
    standard step, is all it takes, and a warning where training without one
    breaks off or never ends.

    Why it matters
    --------------
    Gradient descent takes steps small enough for the largest feature, and at
    that pace never learns from the small ones. Distances (nearest neighbours,
    k-means, kernels) and penalties (lasso, ridge) see only the large ones.
    Decision trees do not mind.

    Flagged
    -------
    Income with a standard deviation of 40,000 beside a share with one of .1: a
    warning. Prices with one of 4,000 beside carats with one of .5: info.

    Clean
    -----
    Features between .5 and 20; anything standardised.

    Thresholds
    ----------
    info_ratio : largest sd / smallest sd, default 100
        Info beyond it: step sizes fall with the square, here 10,000. Of 17 real
        tables with a label 11 lie beyond it, and 5 beyond the next.
    warning_ratio : largest sd / smallest sd, default 10,000
        A warning beyond it: with a step that the largest feature allows, the
        smallest needs some 100 million.
    error_ratio : largest sd / smallest sd, default 0
        An error beyond it; 0 means never, since a scaler mends it.
    n_rows_min : cells, default 20
        Features with fewer cells are left out.

    Limits
    ------
    A pipeline that scales its input is right and flagged all the same: the
    rule sees the data, not the pipeline. The interval assumes tails like the
    normal's.

    Fix
    ---
    Standardise in the pipeline, fitted on the training rows only:
    `make_pipeline(StandardScaler(), model)`.

    References
    ----------
    LeCun et al., Efficient BackProp (1998), section 4.3; 2/lambda_max: Nesterov,
    Introductory Lectures on Convex Optimization (2004), section 2.1.5.
    """

    code: ClassVar[str] = "SCALE001"
    name: ClassVar[str] = "unlike-scales"

    info_ratio: float = 100.0
    warning_ratio: float = 1e4
    error_ratio: float = 0.0
    n_rows_min: int = 20

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding, for the whole table."""
        spreads = sorted(self._spreads(facts), key=lambda spread: spread.sd)
        if len(spreads) < 2:
            raise NotMeasurable(
                f"needs two numeric features that vary, with {self.n_rows_min} cells each; there are {len(spreads)}"
            )
        smallest, largest = spreads[0], spreads[-1]
        lower = _lower_ratio(smallest, largest)
        severity = self._severity(lower)
        if severity is not None:
            yield self._finding(facts, spreads, lower, severity)

    def _severity(self, lower: float) -> Severity | None:
        if 0 < self.error_ratio < lower:
            return Severity.ERROR
        if lower > self.warning_ratio:
            return Severity.WARNING
        return Severity.INFO if lower > self.info_ratio else None

    def _spreads(self, facts: Facts) -> Iterator[Spread]:
        profiles = facts.profiles["train"]
        for column in facts.features:
            profile = profiles.get(column.name)
            if column.kind is not Kind.NUMERIC or profile is None or profile.absent:
                continue
            if profile.sd is None or not 0 < profile.sd < math.inf or profile.n_present < self.n_rows_min:
                continue
            low, high = profile.minimum, profile.maximum
            two_values = profile.is_integer and low is not None and high is not None and high - low <= 1
            if not two_values:
                yield Spread(column.name, profile.sd, profile.n_present)

    def _finding(self, facts: Facts, spreads: list[Spread], lower: float, severity: Severity) -> Finding:
        smallest, largest = spreads[0], spreads[-1]
        step = facts.step_size
        message = Text(
            "The standard deviations of {features} differ by a factor of {ratio}: "
            "from {sd_smallest} ({smallest}) to {sd_largest} ({largest}).{steps}",
            {
                "features": show_count(len(spreads), "numeric feature"),
                "ratio": show_rounded(largest.sd / smallest.sd),
                "sd_smallest": show_rounded(smallest.sd),
                "smallest": smallest.column,
                "sd_largest": show_rounded(largest.sd),
                "largest": largest.column,
                "steps": _say_steps(step),
            },
        )
        return self.finding(
            severity,
            message,
            columns=(smallest.column, largest.column),
            evidence={
                "n_features": len(spreads),
                "sd_smallest": smallest.sd,
                "sd_largest": largest.sd,
                "ratio_of_sds": largest.sd / smallest.sd,
                "ratio_of_sds_lower": lower,
                "largest_step_size": None if step is None else step.raw,
                "largest_step_size_standardised": None if step is None else step.standardised,
                "condition_number": None if step is None else step.condition_raw,
                "condition_number_standardised": None if step is None else step.condition_standardised,
                "n_rows_of_step_size": None if step is None else step.n_rows,
            },
            fix=Text(
                "Standardise in the pipeline, fitted on the training rows only: "
                "`sklearn.pipeline.make_pipeline(StandardScaler(), model)`. Decision trees need none."
            ),
            identity=("table",),
        )


def _lower_ratio(smallest: Spread, largest: Spread) -> float:
    error = math.sqrt(1 / (2 * smallest.n_rows) + 1 / (2 * largest.n_rows))
    return largest.sd / smallest.sd * math.exp(-Z * error)


def _say_steps(step: StepSize | None) -> str:
    if step is None:
        return ""
    return (
        f" As they are, gradient descent on a linear model diverges at any step size above {_limit(step.raw)}; "
        f"once standardised, only above {_limit(step.standardised)}.{_say_conditions(step)}"
    )


def _say_conditions(step: StepSize) -> str:
    if step.condition_raw is None or step.condition_standardised is None:
        return ""
    return (
        f" Their condition number is {_condition(step.condition_raw)}, "
        f"and {_condition(step.condition_standardised)} once standardised."
    )


def _condition(number: float) -> str:
    """Return a condition number with two digits; from 1e15 on nothing is sure but that it is more.

    >>> _condition(2.634e13), _condition(37.2), _condition(1e15)
    ('2.6e+13', '37', 'over 1e15')
    """
    if number >= MOST_TOLD:
        return "over 1e15"
    return f"{number:.1e}" if number >= LEAST_BY_POWER else show_rounded(number, 2)


def _limit(step_size: float) -> str:
    return show_rounded(step_size, 2)
