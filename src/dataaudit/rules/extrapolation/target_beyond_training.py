"""RANGE003: the target of a split lies beyond its range in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.figures import RangeStrip
from dataaudit.model import Finding, Kind
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.extrapolation._outside import Outside, Steps, evidence, message
from dataaudit.text import Text

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class TargetBeyondTraining(Rule):
    """Rows of another split have a target beyond its range in train.

    What it does
    ------------
    Counts the rows whose target lies below the smallest or above the largest
    of train, and judges the count as RANGE001 does: by its exact chance in a
    random split, by the share of rows, and by how far they lie out.

    Why it matters
    --------------
    Trees, forests, neighbours and boosting never predict beyond the targets
    they saw: the largest floods, prices and quakes come out too small.

    Flagged
    -------
    5 % of the test houses cost more than any house in train, up to twice as much.

    Clean
    -----
    One test house of 500 a little dearer than all 1,000 training houses.

    Thresholds
    ----------
    alpha : probability, default 0.01
        The chance must lie below this over all splits together (Bonferroni);
        otherwise nothing is said.
    warning_share : share of rows, default 0.01
        A warning if the lower 95 % bound of the share outside reaches this ...
    warning_distance : interquartile ranges of train, default 3
        ... or the furthest target lies so far beyond; else an info.
    error_share : share of rows, default 0.05
        An error if the lower bound of the share reaches this ...
    error_distance : interquartile ranges of train, default 1
        ... and the furthest target lies so far beyond.

    Limits
    ------
    For a numeric target only; classes that train never shows are SPLIT006's.

    Fix
    ---
    Split again so that train holds the extremes, gather more of them, or use
    a model that extrapolates and say how it was checked.

    References
    ----------
    Wilks, Annals of Mathematical Statistics 12:91 (1941).
    """

    code: ClassVar[str] = "RANGE003"
    name: ClassVar[str] = "target-beyond-training"
    needs: ClassVar[tuple[Need, ...]] = (Need.REGRESSION, Need.OTHER_SPLIT)

    alpha: float = 0.01
    warning_share: float = 0.01
    warning_distance: float = 3.0
    error_share: float = 0.05
    error_distance: float = 1.0

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        judged = [_outside(facts, split) for split in facts.other_splits if split in facts.target.n_beyond_train]
        if not judged:
            raise NotMeasurable("no other split has labels")
        for outside in judged:
            chance = outside.chance * len(judged)
            if chance < self.alpha:
                yield self._finding(outside, chance)

    def _finding(self, outside: Outside, chance: float) -> Finding:
        steps = Steps(self.warning_share, self.warning_distance, self.error_share, self.error_distance)
        return self.finding(
            steps.severity(outside),
            message(outside),
            columns=(outside.column,),
            splits=("train", outside.split),
            evidence=evidence(outside, chance),
            fix=Text(
                "Split again so that train holds the extremes of {column}, gather more of them, or use a model that "
                "extrapolates; trees and neighbours never predict beyond train.",
                {"column": outside.column},
            ),
            figure=RangeStrip(
                f"Range of {outside.column}",
                (outside.train_minimum, outside.train_maximum),
                (outside.minimum, outside.maximum),
                outside.split,
                outside.n_below / max(1, outside.n_rows),
                outside.n_above / max(1, outside.n_rows),
            ),
        )


def _outside(facts: Facts, split: str) -> Outside:
    target = facts.target
    below, above = target.n_beyond_train[split]
    return Outside(
        column=facts.label,
        kind=Kind.NUMERIC,
        split=split,
        n_rows=int(target.counts[split].sum()),
        n_below=below,
        n_above=above,
        n_train=int(target.counts["train"].sum()),
        train_minimum=target.minimum["train"],
        train_maximum=target.maximum["train"],
        minimum=target.minimum[split],
        maximum=target.maximum[split],
        iqr_train=target.iqr_train,
    )
