"""SCALE006: one split was scaled and another was not, or each by its own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.text import FromData, Text, join_words, show_count, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.split_scalings import ScaledColumn, SplitScaling

MOST_COLUMNS = 50
# What a scaler leaves, in words with the places of centre and spread.
LEAVES = {"standard": "mean {0} and standard deviation {1}", "min-max": "a range that starts at {0} and is {1} wide"}
DONE = {"standard": "standardised", "min-max": "scaled to 0 and 1"}
SETS = {"standard": "mean 0 and standard deviation 1", "min-max": "the range from 0 to 1"}


@dataclass(frozen=True)
class SplitsScaledDifferently(Rule):
    """One split was scaled and another was not, or each by its own numbers.

    What it does
    ------------
    Standardised columns have mean 0 and standard deviation 1, min-max scaled
    ones the range from 0 to 1: exactly where the scaler was fitted on the
    same rows, nearly where on others. Compared is every number of train with
    the same one of every other split, moments over all rows. An error says
    that columns are (nearly) so on one side, far from it on the other, surely
    differ, and have the same shape once that is undone; a warning that they
    are so on both sides exactly, each by its own mean and standard deviation,
    or each by its own range.

    Why it matters
    --------------
    A model trained on scaled numbers and tested on raw ones, or the other way
    round, is asked about rows it has never seen anything like. Scaled each by
    its own numbers, the same value means something else in every split, test
    takes part in its own preparation, and any drift between the splits has
    been wiped out before it could be measured.

    Flagged
    -------
    30 features with means near 0 in train and from 0.06 to 880 in test.

    Clean
    -----
    A scaler fitted on train and applied to both; no scaler; two of thirty
    standardised features that drifted. A scaler fitted on both together is
    LEAK006's.

    Thresholds
    ----------
    least_columns : columns, default 2
        So many must agree, and half of those that look scaled; a single one
        counts if no other looks scaled and it carries the exact mark of its
        own scaler.
    least_columns_range : columns, default 3
        So many for the warning of ranges: some shares end at 0 and 1 by nature.
    distance_after_max : distance in [0, 1], default 0.1
        Greatest distance of the shapes once the scaling is undone; in small
        tables what one random split in a hundred exceeds.

    Limits
    ------
    Shapes are compared on at most 6,000 rows of each side, and where values
    may be off by a tenth of a standard deviation. What was not scaled must
    have a mean of 3 or more, or a spread three times smaller or larger than 1.
    The warning needs values stored with three decimals or more (ranges: none
    rounded onto an end). Robust and max-abs scaling are not looked for.

    Fix
    ---
    Fit one scaler on the raw rows of train, and apply that to every split.

    References
    ----------
    Kapoor and Narayanan, Patterns 4:100804 (2023), on preparation of test.
    """

    code: ClassVar[str] = "SCALE006"
    name: ClassVar[str] = "splits-scaled-differently"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    least_columns: int = 2
    least_columns_range: int = 3
    distance_after_max: float = 0.1

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per split and method; what one side alone explains comes first."""
        told: set[tuple[str, str]] = set()
        for scaling in sorted(facts.shifts.split_scalings, key=lambda one: (len(one.scaled), -len(one.columns))):
            columns = [column for column in scaling.columns if (scaling.split, column.column) not in told]
            if not self._are_enough(scaling, columns):
                continue
            told |= {(scaling.split, column.column) for column in columns}
            columns.sort(key=lambda column: (-column.distance_before, column.column))
            yield self._one_sided(scaling, columns) if len(scaling.scaled) == 1 else self._own(scaling, columns)

    def _are_enough(self, scaling: SplitScaling, columns: list[ScaledColumn]) -> bool:
        if len(scaling.scaled) == 2 and scaling.method == "min-max":
            return len(columns) >= self.least_columns_range
        is_alone = scaling.n_marked == 1 and any(column.is_exact for column in columns)
        return bool(columns) and (is_alone or len(columns) >= self.least_columns)

    def _one_sided(self, scaling: SplitScaling, columns: list[ScaledColumn]) -> Finding:
        [scaled] = scaling.scaled
        raw = scaling.split if scaled == "train" else "train"
        worst = columns[0]
        leaves = LEAVES[scaling.method]
        is_both = all(column.is_other_scaled for column in columns)
        other_method = "min-max" if scaling.method == "standard" else "standard"
        how = (
            f"{DONE[scaling.method]} in {{scaled}} and {DONE[other_method]}"
            if is_both
            else "scaled in {scaled} and not"
        )
        there = leaves.format(show_rounded(worst.centre_other, 2), show_rounded(worst.spread_other, 2))
        message = Text(
            f"{{columns}} {{look}} {how} in {{raw}} "
            "({worst}: {here}, against {there}): the same "
            "shapes, {after} apart once that is undone, as they stand up to {before}.",
            {
                "columns": _named(columns),
                "look": "looks" if len(columns) == 1 else "look",
                "scaled": scaled,
                "raw": raw,
                "worst": worst.column,
                "here": FromData(leaves.format(show_rounded(worst.centre, 2), show_rounded(worst.spread, 2))),
                "there": FromData(SETS[other_method] if is_both else there),
                "after": show_rounded(max(column.distance_after for column in columns), 2),
                "before": show_rounded(worst.distance_before, 2),
            },
        )
        return self._finding(Severity.ERROR, message, scaling, columns)

    def _own(self, scaling: SplitScaling, columns: list[ScaledColumn]) -> Finding:
        message = Text(
            "{columns} {have} exactly {mark} in train and again in {split}: each split was scaled by its own numbers, "
            "so that one value means different things in both and any drift between them is gone.",
            {
                "columns": _named(columns),
                "have": "has" if len(columns) == 1 else "have",
                "mark": SETS[scaling.method],
                "split": scaling.split,
            },
        )
        return self._finding(Severity.WARNING, message, scaling, columns)

    def _finding(
        self, severity: Severity, message: Text, scaling: SplitScaling, columns: list[ScaledColumn]
    ) -> Finding:
        return self.finding(
            severity,
            message,
            columns=[column.column for column in columns[:MOST_COLUMNS]],
            splits=("train", scaling.split),
            evidence={
                "method": scaling.method,
                "scaled": list(scaling.scaled),
                "n_columns": len(columns),
                "n_columns_that_look_scaled": scaling.n_marked,
                "n_columns_compared": scaling.n_columns,
                "n_rows_train": scaling.n_train,
                "n_rows_other": scaling.n_other,
                "columns": {column.column: _numbers(column) for column in columns[:MOST_COLUMNS]},
            },
            fix=Text(
                "Go back to the unscaled data, fit one scaler on train alone, and apply it to {split} too, for "
                "instance with scikit-learn's `make_pipeline(scaler, model).fit(x_train, y_train)`.",
                {"split": scaling.split},
            ),
            identity=(scaling.method, *scaling.scaled),
        )


def _named(columns: list[ScaledColumn]) -> str:
    names = join_words([column.column for column in columns])
    return names if len(columns) == 1 else f"{show_count(len(columns), 'feature')} ({names})"


def _numbers(column: ScaledColumn) -> dict[str, Evidence]:
    return {
        "centre": FromData(column.centre),
        "spread": FromData(column.spread),
        "centre_other": FromData(column.centre_other),
        "spread_other": FromData(column.spread_other),
        "exact": column.is_exact,
        "distance_before": column.distance_before,
        "distance_after": column.distance_after,
    }
