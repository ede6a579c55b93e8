"""SPLIT003: a feature is missing more often in one split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Bars
from dataaudit.intervals import holm
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import change_bounds, share_change_tail
from dataaudit.rules._folding import fold
from dataaudit.text import Text, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile


@dataclass(frozen=True)
class MissingRateShift(Rule):
    """A feature's cells are missing much more, or much less, often than in train.

    What it does
    ------------
    Compares the share of missing cells of every feature in train and in the
    split, with Fisher's exact test and Newcombe's interval of the difference.

    Why it matters
    --------------
    The split was filled in another way: another form, another sensor, another
    year. Imputed values then stand where train had real ones, and a model
    that learnt what a missing cell means has learnt something else.

    Flagged
    -------
    Income is missing in 2 % of 1,000 training rows and 12 % of 500 test rows.

    Clean
    -----
    A random split: 2 % and 3 %.

    Thresholds
    ----------
    change_min : share of rows, default 0.05
        A warning from this difference on (5 percentage points).
    error_change : share of rows, default 0.25
        An error from this difference on, be there a hundred rows or ten million.
    alpha : probability, default 0.005
        Holm's p-value over the features of the split, divided among the
        splits, must lie below this: of 100 random splits at most one is
        flagged in any column.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    A column that a split does not have at all is DATA002's. Sentinels such as
    -999 are not missing cells; see SCALE004.

    Fix
    ---
    Find out how the split was filled in; bring both to the same rules before
    imputing, or do without the column.

    References
    ----------
    Newcombe, Statistics in Medicine 17:873 (1998); Little and Rubin,
    Statistical Analysis with Missing Data (2019).
    """

    code: ClassVar[str] = "SPLIT003"
    name: ClassVar[str] = "missing-rate-shift"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    change_min: float = 0.05
    error_change: float = 0.25
    alpha: float = 0.005
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per shifted column and split."""
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for split in facts.other_splits:
            pairs = list(_pairs(facts, split))
            p_values = holm([_p_value(train, other) for train, other in pairs])
            for (train, other), p_value in zip(pairs, p_values, strict=True):
                change = other.share_missing - train.share_missing
                if round(abs(change), 12) >= self.change_min and p_value * len(facts.other_splits) < self.alpha:
                    yield abs(change), self._finding(split, train, other, p_value)

    def _finding(self, split: str, train: ColumnProfile, other: ColumnProfile, p_value: float) -> Finding:
        lower, upper = change_bounds(train.n_missing, train.n_rows, other.n_missing, other.n_rows)
        change = other.share_missing - train.share_missing
        shares = {"train": (train.share_missing,), split: (other.share_missing,)}
        return self.finding(
            Severity.ERROR if round(abs(change), 12) >= self.error_change else Severity.WARNING,
            Text(
                "{column} is missing in {other} of the rows of {split} and in {train} of train: {points} percentage "
                "points {more} (at least {lower}).",
                {
                    "column": train.column,
                    "other": show_share(other.share_missing),
                    "split": split,
                    "train": show_share(train.share_missing),
                    "points": show_number(round(100 * abs(change), 1)),
                    "more": "more" if change > 0 else "less",
                    "lower": show_number(round(100 * lower, 1)),
                },
            ),
            columns=(train.column,),
            splits=("train", split),
            evidence={
                "n_rows_train": train.n_rows,
                "n_missing_train": train.n_missing,
                "share_missing_train": train.share_missing,
                "n_rows_other": other.n_rows,
                "n_missing_other": other.n_missing,
                "share_missing_other": other.share_missing,
                "share_change_lower": lower,
                "share_change_upper": upper,
                "p_value_holm": p_value,
            },
            fix=Text(
                "Find out how {split} was filled in and treat missing cells of {column} alike in both, "
                "or do without it: `dataaudit audit ... --exclude {column}`.",
                {"split": split, "column": train.column},
            ),
            figure=Bars(f"Missing cells of {train.column}", ("missing",), shares),
        )


def _pairs(facts: Facts, split: str) -> Iterator[tuple[ColumnProfile, ColumnProfile]]:
    for column in facts.features:
        train, other = facts.profiles["train"].get(column.name), facts.profiles[split].get(column.name)
        if train is not None and other is not None and not train.absent and not other.absent:
            yield train, other


def _p_value(train: ColumnProfile, other: ColumnProfile) -> float:
    return share_change_tail(train.n_missing, train.n_rows, other.n_missing, other.n_rows)
