"""LEAK006: a scaler saw the rows of another split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import binomial_tail
from dataaudit.rules.leakage._impact import with_reason
from dataaudit.text import FromData, Text, join_words, show_count, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.preparation.scaling import Scaling, ScalingTry

MOST_COLUMNS = 50
SAME_STEP = 1e-5
OF_MOMENTS = ("standard", "robust")
# What the method leaves behind, as words with the places of both numbers.
SETS = {
    "standard": "mean {0} and standard deviation {1}",
    "robust": "median {0} and quartiles {1} apart",
    "min-max": "the range from {0} to {1}",
    "max-abs": "a largest absolute value of {1}",
}


@dataclass(frozen=True)
class ScalerFittedOnAllRows(Rule):
    """A scaler was fitted before the split: features are scaled over all splits together, and not in train.

    What it does
    ------------
    A fitted scaler leaves its mark: over the rows it saw, the mean is 0 and
    the standard deviation 1 (standard; either degree of freedom), the median
    0 and the quartiles 1 apart (robust), the range exactly [0, 1] or [-1, 1]
    (min-max), the largest absolute value 1 (max-abs). Counted over all rows
    of train and the other splits together, and of train with each of them,
    for every numeric feature with fractions. Found is a feature that carries
    the mark there, within what rounding explains, while train alone misses it
    by far more. Rounding explains 4 r sqrt(sum of f^2 / 3) of a mean, r half
    the distance of neighbouring stored numbers (decimals, significant digits,
    single precision; from a sample) and f the share of rows of each value;
    2 r of a quantile; and 1e-8 (double) or 2e-6 (single precision) of
    computing.

    Why it matters
    --------------
    Whatever was fitted on all rows has seen test. A scaler alone changes a
    score little, but it proves that preparation ran before the split, and
    what else ran there (imputing, encoding, selecting features, resampling)
    can change it wholly.

    Flagged
    -------
    `StandardScaler().fit_transform(X)`, then `train_test_split`: 30 features
    have mean 0.0000000 over train and test, and from -0.04 to 0.05 in train.

    Clean
    -----
    The scaler was fitted on train: there the mean is 0, and over all rows it
    is not. Or no scaler: a measurement with mean 0.02.

    Thresholds
    ----------
    coarsest_half_width : units of the scaled column, default 0.05
        Columns stored more coarsely than in tenths are not judged.
    train_factor : times, default 3.0
        Train must miss the mark by more than this times the tolerance.
    max_chance : probability, default 0.001
        Columns that have mean 0 and standard deviation 1 by nature may meet
        them by chance where numbers are coarse: the probability that so many
        of the columns near them do, and miss in train, lies below this.
    most_rounded : rows, default 0.05
        min-max, max-abs: columns are left out where more rows than this would
        be rounded onto an end if values were spread evenly.
    least_columns : columns, default 2
        min-max, max-abs: an error needs so many columns with the mark.
    least_share : share of the columns, default 0.9
        min-max, max-abs: an error needs the mark in this share of the columns
        within the range; otherwise it is an info.

    Limits
    ------
    How sure: standard and robust, very; a column that was not scaled meets
    the mark to eight digits in fewer than one table of a million. Planted in
    real tables, standard scaling is found in every column in double and nearly
    every one in single precision or with 4 decimals, in about 7 of 10 with 2
    decimals. Min-max and max-abs are sure where several columns agree; one
    column alone may be a share that happens to reach 1 in test only (an
    info). Their leak shows only where train lacks the smallest or largest
    value: about a quarter of the columns, three quarters of the tables.
    Columns of equal steps, such as pixels divided by 255, are left out, and
    so are min-max columns rounded to few decimals (3 at 500 rows). Of robust
    scaling the first 20 columns that may show it are asked.

    Invisible: a scaler fitted on rows that were dropped later, or on
    more files than given; scaling followed by another step (clipping, a
    rotation, filling gaps with 0); centring without scaling; power and
    quantile transforms; scaling of whole-number columns to whole numbers.
    Wrong it would be where test was drawn so that its moments balance those
    of train to eight digits.

    Fix
    ---
    Go back to the unscaled data, split, and fit the scaler on train alone,
    for instance as the first step of a scikit-learn Pipeline.

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Kapoor and Narayanan,
    Patterns 4:100804 (2023), L1.2 preprocessing on all rows.
    """

    code: ClassVar[str] = "LEAK006"
    name: ClassVar[str] = "scaler-fitted-on-all-rows"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    coarsest_half_width: float = 0.05
    train_factor: float = 3.0
    max_chance: float = 0.001
    most_rounded: float = 0.05
    least_columns: int = 2
    least_share: float = 0.9

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per method and group of splits; a column is named in the first only."""
        told: set[str] = set()
        for tried in sorted(facts.preparation.scalings, key=lambda tried: (-self._severity(tried), -len(tried.splits))):
            found = [scaling for scaling in self._clear(tried) if scaling.column not in told]
            if not found:
                continue
            chance = self._chance(tried, found)
            if tried.method in OF_MOMENTS and chance > self.max_chance:
                continue
            told |= {scaling.column for scaling in found}
            finding = self._finding(tried, found, chance)
            yield with_reason(facts, finding, "the data before the preparation are not there")

    def _clear(self, tried: ScalingTry) -> list[Scaling]:
        """Return the columns with the mark over all rows and without it in train, the farthest off first."""
        found = [
            scaling
            for scaling in tried.found
            if scaling.half_width <= self.coarsest_half_width
            and scaling.miss <= scaling.tolerance
            and scaling.miss_train > self.train_factor * scaling.tolerance
            and (tried.method in OF_MOMENTS or self._is_own_range(scaling, tried))
        ]
        return sorted(found, key=lambda scaling: (-scaling.miss_train, scaling.column))

    def _is_own_range(self, scaling: Scaling, tried: ScalingTry) -> bool:
        """Tell a range of the column's own from a grid all columns share, and from values rounded onto its ends."""
        if scaling.half_width * scaling.n_rows > self.most_rounded:
            return False
        common = tried.common_step
        return common is None or abs(scaling.step - common) > SAME_STEP * common

    def _chance(self, tried: ScalingTry, found: list[Scaling]) -> float:
        worst = max(scaling.chance for scaling in found)
        return binomial_tail(len(found), max(len(found), tried.n_near), worst)

    def _severity(self, tried: ScalingTry) -> Severity:
        if tried.method in OF_MOMENTS:
            return Severity.ERROR
        agree = tried.n_exact >= self.least_columns and tried.n_exact >= self.least_share * tried.n_near
        return Severity.ERROR if agree else Severity.INFO

    def _finding(self, tried: ScalingTry, found: list[Scaling], chance: float) -> Finding:
        severity = self._severity(tried)
        worst = found[0]
        others = [split for split in tried.splits if split != "train"]
        sets = SETS[tried.method]
        message = Text(
            "{columns} {have} {mark} over train and {others} together, and not in train alone ({worst}: {in_train}): "
            "{verdict}.",
            {
                "columns": _named(found),
                "have": "has" if len(found) == 1 else "have",
                "mark": sets.format(*(show_rounded(number) for number in tried.target)),
                "others": join_words(others),
                "worst": worst.column,
                "in_train": FromData(sets.format(show_rounded(worst.location_train), show_rounded(worst.spread_train))),
                "verdict": f"a {tried.method} scaler was fitted on all of them"
                if severity is Severity.ERROR
                else f"a {tried.method} scaler may have been fitted on all of them, or they are shares by nature",
            },
        )
        evidence: dict[str, Evidence] = {
            "method": tried.method,
            "n_rows": worst.n_rows,
            "n_train": worst.n_train,
            "n_columns": len(found),
            "n_columns_with_mark": tried.n_exact,
            "n_columns_near": tried.n_near,
            "columns": {scaling.column: _numbers(scaling) for scaling in found[:MOST_COLUMNS]},
        }
        if tried.method in OF_MOMENTS:
            evidence["probability_by_chance"] = chance
        return self.finding(
            severity,
            message,
            columns=[scaling.column for scaling in found[:MOST_COLUMNS]],
            splits=tried.splits,
            evidence=evidence,
            fix=Text(
                "Go back to the unscaled data, split, and fit the scaler on train alone, for instance with "
                "scikit-learn's `make_pipeline(scaler, model).fit(x_train, y_train)`; look for other steps that ran "
                "before the split."
            ),
            identity=(tried.method,),
        )


def _named(found: list[Scaling]) -> str:
    names = join_words([scaling.column for scaling in found])
    return names if len(found) == 1 else f"{show_count(len(found), 'feature')} ({names})"


def _numbers(scaling: Scaling) -> dict[str, Evidence]:
    return {
        "off": scaling.miss,
        "off_in_train": scaling.miss_train,
        "tolerance": scaling.tolerance,
    }
