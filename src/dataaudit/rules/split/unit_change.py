"""SPLIT008: a feature stands in another unit in a split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules._conversions import conversion_words, undoing
from dataaudit.rules._figures import split_figure
from dataaudit.rules._folding import fold
from dataaudit.text import Text, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.units import ConvertedColumn


@dataclass(frozen=True)
class UnitChange(Rule):
    """A number stands in another unit in another split than in train.

    What it does
    ------------
    Takes every number and time, a numeric label too, whose curves in train and
    in the split surely lie far apart (where many cells are 0, those of the
    others), and undoes one conversion after the other: a power of ten
    (1 to 6 and 9), a factor between usual units (miles and km, pounds and kg,
    inches and cm, feet and m, minutes and seconds, ...), °C, °F and kelvins, a
    logarithm or its opposite, a changed sign, day and month of dates swapped.
    Named is one that brings the curves together, with its location and its
    spread, and that no other explains as well. A factor must agree with the
    one measured on the data within 3 standard errors, which must be so narrow
    that hardly another would (ten 6 %, larger powers 35 %, others 3 %), and
    move the column by 1.5 (ten) or 3 (others) standard deviations of its
    logarithm; or its undone values must fall on the decimals that train has.
    Temperatures and logarithms are named where no factor does nearly as well.

    Why it matters
    --------------
    The model reads grams as kilograms. Its score on the split says nothing,
    and no honest drift has happened: the numbers only have to be converted.

    Flagged
    -------
    Weights around 70 in train and around 70,000 in test; temperatures around
    20 and around 68; 3 January where train has 1 March.

    Clean
    -----
    A mean that drifted by half a standard deviation; incomes that grew by
    half; any random split.

    Thresholds
    ----------
    distance_before_min : distance in [0, 1], default 0.2
        Least distance of the curves as they stand.
    distance_after_max : distance in [0, 1], default 0.1
        Greatest distance once undone; in small tables what one random split
        in a hundred exceeds, but never over half of that before, nor over .25
        (factors) or .15 (the others).
    alpha : probability, default 0.005
        The chance of the distance before in a random split, times all columns
        and splits, lies below this.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    The distance after is taken on at most 6,000 rows of each side. Unseen are
    units that change within a split (SCALE005), factors that are not on the
    list, small factors of columns spread wider than a third of the factor
    (unless decimals tell), a sign changed in a symmetric column, days and
    months swapped over whole years, times in another time zone. Columns of
    fewer than three values are not judged.

    Fix
    ---
    Convert the column of one split, then audit again. `dataaudit fix TRAIN
    --test TEST --select SPLIT008` turns it back into train's unit.

    References
    ----------
    Mars Climate Orbiter Mishap Investigation Board, Phase I Report, NASA
    (1999).
    """

    code: ClassVar[str] = "SPLIT008"
    name: ClassVar[str] = "unit-change"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    distance_before_min: float = 0.2
    distance_after_max: float = 0.1
    alpha: float = 0.005
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per column and split; columns that SCALE006 names are left to it."""
        changes = facts.shifts.unit_changes
        scaled = {(one.split, column.column) for one in facts.shifts.split_scalings for column in one.columns}
        told = [
            change
            for split, columns in changes.items()
            for column, change in columns.items()
            if (split, column) not in scaled and self._is_clear(change, len(changes))
        ]
        told.sort(key=lambda change: -change.distance_before)
        weighted = [
            (change.distance_before, self._finding(facts, change, with_figure=place < self.most_findings))
            for place, change in enumerate(told)
        ]
        yield from fold(self, weighted, self.most_findings)

    def _is_clear(self, change: ConvertedColumn, n_splits: int) -> bool:
        chance = change.p_value_before * change.n_columns * n_splits
        most = max(self.distance_after_max, change.noise_after)
        return (
            change.distance_before >= self.distance_before_min and chance < self.alpha and change.distance_after <= most
        )

    def _finding(self, facts: Facts, change: ConvertedColumn, *, with_figure: bool) -> Finding:
        message = Text(
            "{column} in {split} looks like train's {conversion}; undone, the two curves"
            + (" of the cells that are not 0" if change.zeros_left_out else "")
            + " are {after} apart instead of {before}.",
            {
                "column": change.column,
                "split": change.split,
                "conversion": conversion_words(change.conversion),
                "after": show_rounded(change.distance_after, 2),
                "before": show_rounded(change.distance_before, 2),
            },
        )
        return self.finding(
            Severity.ERROR,
            message,
            columns=(change.column,),
            splits=("train", change.split),
            evidence={
                "conversion": change.conversion.name,
                "distance_before": change.distance_before,
                "distance_before_lower": change.distance_before_lower,
                "p_value_before": change.p_value_before,
                "distance_after": change.distance_after,
                "noise_after": change.noise_after,
                "lands_on_decimals_of_train": change.lands_on_grid,
                "zeros_left_out": change.zeros_left_out,
                "n_rows_train": change.n_train,
                "n_rows_other": change.n_other,
                "n_rows_train_seen": change.n_train_seen,
                "n_rows_other_seen": change.n_other_seen,
            },
            fix=Text(
                "Find out which split is right, and convert the other: {how}.",
                {"how": _how(change)},
            ),
            mended=Mended(f"turns {change.split} back into train's unit"),
            figure=split_figure(facts, change.column, change.split)
            if with_figure and change.role == "feature"
            else None,
        )


def _how(change: ConvertedColumn) -> Text:
    """Return code that undoes the conversion in the other split."""
    names = {"split": change.split, "column": repr(change.column)}
    conversion = change.conversion
    if conversion.kind == "swap":
        return Text(
            "read {column} of {split} with the right order, `pandas.to_datetime(..., dayfirst=True)` or `format=`",
            names,
        )
    return Text("`{split}[{column}] = " + undoing(conversion, "{split}[{column}]") + "`", names)
