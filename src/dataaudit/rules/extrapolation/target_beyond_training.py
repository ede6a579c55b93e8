"""RANGE003: the target of a split lies where train has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.figures import RangeStrip
from dataaudit.intervals import wilson
from dataaudit.model import Evidence, Finding, Kind, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.extrapolation._outside import Outside, Steps, evidence, message
from dataaudit.rules.extrapolation._tail import longest_run_tail
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.target_gaps import TargetGap


@dataclass(frozen=True)
class TargetBeyondTraining(Rule):
    """Rows of another split have a target beyond its range in train, or in a gap of it.

    What it does
    ------------
    Counts the rows whose target lies below the smallest or above the largest
    of train, and judges the count as RANGE001 does: by its exact chance in a
    random split, by the share of rows, and by how far they lie out. Likewise
    the rows between two neighbouring training values, where such a gap is
    wide: so many rows of a split without one of train between them have a
    chance that is known too.

    Why it matters
    --------------
    Trees, forests, neighbours and boosting never predict beyond the targets
    they saw: the largest floods, prices and quakes come out too small. In a
    gap a model joins what it knows of both sides, and nobody has seen how.

    Flagged
    -------
    5 % of the test houses cost more than any house in train, up to twice as
    much; or 4 % of the test quakes have magnitudes between 4 and 5, and no
    training quake does.

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
        ... and the furthest target lies so far beyond. For a gap, its width
        stands for the distance in both.
    gap_width : interquartile ranges of train, default 0.25
        A gap that is less wide is none.

    Limits
    ------
    For a numeric target only; classes that train never shows, numbers too, are
    SPLIT006's. Of the gaps the one with most rows is told, and one with a
    single training row in it is two. Where train has more than 100,000 rows,
    gaps are looked for on a sample and counted over all rows.

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
    gap_width: float = 0.25

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most two findings per split: one beyond the range, one within it."""
        judged = [_outside(facts, split) for split in facts.other_splits if split in facts.target.n_beyond_train]
        if not judged:
            raise NotMeasurable("no other split has labels")
        converted = {split for split, names in facts.shifts.changed_units.items() if facts.label in names}
        for outside in judged:
            # Another unit is SPLIT008's.
            if outside.split in converted:
                continue
            chance = outside.chance * len(judged)
            if chance < self.alpha:
                yield self._finding(outside, chance)
        for split, gaps in facts.spread.target_gaps.items():
            if split in converted:
                continue
            wide = [gap for gap in gaps if _width(facts, gap) >= self.gap_width]
            if wide:
                yield from self._in_gap(facts, wide[0], len(judged))

    def _in_gap(self, facts: Facts, gap: TargetGap, n_splits: int) -> Iterator[Finding]:
        chance = n_splits * longest_run_tail(gap.n_rows_between, gap.n_rows, gap.n_train)
        if chance < self.alpha:
            lower, width = wilson(gap.n_rows_between, gap.n_rows)[0], _width(facts, gap)
            yield self.finding(
                self._steps.of(lower, width),
                _gap_message(facts, gap, width),
                columns=(facts.label,),
                splits=("train", gap.split),
                evidence=_gap_evidence(gap, width, chance),
                fix=Text(
                    "Split again so that train shows {label} between these values too, or gather rows there; until "
                    "then score these rows of {split} apart.",
                    {"label": facts.label, "split": gap.split},
                ),
                rows=(shown_rows(gap.split, gap.first_rows, gap.n_rows_between),),
                identity=("gap",),
            )

    @property
    def _steps(self) -> Steps:
        return Steps(self.warning_share, self.warning_distance, self.error_share, self.error_distance)

    def _finding(self, outside: Outside, chance: float) -> Finding:
        return self.finding(
            self._steps.severity(outside),
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


def _width(facts: Facts, gap: TargetGap) -> float:
    """Return a gap's width in interquartile ranges of train; in its whole range, where half of its rows are equal."""
    target = facts.target
    unit = target.iqr_train if target.iqr_train > 0 else target.maximum["train"] - target.minimum["train"]
    return gap.high / unit - gap.low / unit if unit > 0 else 0.0


def _gap_message(facts: Facts, gap: TargetGap, width: float) -> Text:
    return Text(
        "Between {low} and {high} train has no {label}; {split} has {rows} ({share}) there. The gap is {width} "
        "interquartile ranges wide, within the range of train.",
        {
            "low": FromData(gap.low),
            "high": FromData(gap.high),
            "label": facts.label,
            "split": gap.split,
            "rows": show_count(gap.n_rows_between, "row"),
            "share": show_share(gap.n_rows_between / max(1, gap.n_rows)),
            "width": show_rounded(width, 2),
        },
    )


def _gap_evidence(gap: TargetGap, width: float, chance: float) -> dict[str, Evidence]:
    return {
        "n_rows": gap.n_rows,
        "n_rows_in_gap": gap.n_rows_between,
        "share_in_gap": gap.n_rows_between / max(1, gap.n_rows),
        "share_in_gap_lower": wilson(gap.n_rows_between, gap.n_rows)[0],
        "n_rows_train": gap.n_train,
        "gap_low": FromData(gap.low),
        "gap_high": FromData(gap.high),
        "width_iqr": width,
        "p_value_bonferroni": min(1.0, chance),
    }
