"""LEAK009: a column is the mean of the label per category, computed with the rows of another split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules._chance import binomial_tail
from dataaudit.rules._folding import fold
from dataaudit.rules.leakage._impact import with_column_impact
from dataaudit.text import FromData, Text, join_words, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.preparation.encoding import Encoding


@dataclass(frozen=True)
class TargetEncodedOnAllRows(Rule):
    """A feature is the mean of the label per value over all splits, not over train: an encoder saw test's labels.

    What it does
    ------------
    A target encoder replaces a category by the mean of the label in its rows.
    So for every value x of such a column, the mean of the label where the
    column is x is x itself. Numeric features with fractions that repeat their
    values, lie within the label's range and have about its mean are grouped
    by value, over all rows of train and the other labelled splits. Judged are
    the values for which all rows and train alone predict something else: the
    value must be the prediction from all rows, to 1e-6 of the label's
    standard deviation and the rounding of the stored numbers. Predicted is
    the plain mean, the m-estimate (m from the values themselves), and what
    scikit-learn (empirical Bayes) and category_encoders (sigmoid) compute
    by default; in double precision also for up to 30 categories that happen
    to have the same code and so are one value. For classes, the share of every class, or the classes' numbers.

    Why it matters
    --------------
    The feature holds the labels of test. In rare categories it nearly is the
    label, so that a model learns to copy it and its test score is a fiction.

    Flagged
    -------
    `city_encoded` is .3125 in 16 rows, of which 5 have the label 1: 3 of 11
    in train and 2 of 5 in test; likewise for 40 of 40 values.

    Clean
    -----
    `city_encoded` is .2727, which is 3 of the 11 rows in train.

    Thresholds
    ----------
    least_fit : share of the values, default 0.9
        So many of the telling values are the prediction from all rows.
    most_fit_train : share of the values, default 0.5
        Fewer than so many are the prediction from train.
    least_values : values, default 2
        So many telling values are needed.
    max_chance : probability, default 0.001
        The probability that so many values meet the prediction if they lay
        anywhere about it, as far as the one from train, lies below this.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    How sure: very; found in none of 1,022 columns that are no encodings. What
    is missed has few categories whose rows lie in both splits, or is rounded.

    Invisible: encoders fitted across folds (scikit-learn's fit_transform) or
    leaving one out, with noise, with other smoothing; columns scaled
    afterwards; columns whose values hardly repeat; values beyond the 10,000
    commonest, the 20 commonest classes and the first 100 columns like the
    label; splits without labels. Wrong it would be where a column is such a
    mean of the whole population by nature, such as a published rate: it
    still holds the labels.

    Fix
    ---
    Encode after the split, with labels of train alone and across folds, for
    instance with scikit-learn's TargetEncoder inside a Pipeline. Where the
    categories are lost, `dataaudit fix TRAIN --select LEAK009 --unsafe` drops
    the column.

    References
    ----------
    Micci-Barreca, SIGKDD Explorations 3(1):27 (2001); Pargent et al.,
    Computational Statistics 37:2671 (2022); Kaufman, Rosset and Perlich, ACM
    TKDD 6(4) (2012).
    """

    code: ClassVar[str] = "LEAK009"
    name: ClassVar[str] = "target-encoded-on-all-rows"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    least_fit: float = 0.9
    most_fit_train: float = 0.5
    least_values: int = 2
    max_chance: float = 0.001
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column: of the target and the splits that fit best."""
        best: dict[str, Encoding] = {}
        for encoding in facts.preparation.encodings:
            if self._is_clear(encoding):
                known = best.get(encoding.column)
                if known is None or _fit(encoding) > _fit(known):
                    best[encoding.column] = encoding
        weighted = ((float(encoding.n_fit), self._finding(facts, encoding)) for encoding in best.values())
        yield from with_column_impact(facts, fold(self, weighted, self.most_findings))

    def _is_clear(self, encoding: Encoding) -> bool:
        return (
            encoding.n_telling >= self.least_values
            and encoding.share_fit >= self.least_fit
            and encoding.share_fit_train < self.most_fit_train
            and _chance(encoding) <= self.max_chance
        )

    def _finding(self, facts: Facts, encoding: Encoding) -> Finding:
        others = [split for split in encoding.splits if split != "train"]
        of_class = "" if encoding.target is None else " = {target}"
        message = Text(
            "{column} is the {formula} of {label}" + of_class + " per value over train and {others} together, for "
            "{n_fit} of the {n_telling} values that tell ({share}), and not over train alone ({n_fit_train}): a target "
            "encoder saw the labels of {others}.",
            {
                "column": encoding.column,
                "formula": "mean" if encoding.formula == "mean" else f"smoothed mean ({_formula_words(encoding)})",
                "label": facts.label,
                "target": FromData(encoding.target),
                "others": join_words(others),
                "n_fit": f"{encoding.n_fit:,}",
                "n_telling": f"{encoding.n_telling:,}",
                "share": show_share(encoding.share_fit),
                "n_fit_train": f"{encoding.n_fit_train:,}",
            },
        )
        return self.finding(
            Severity.ERROR,
            message,
            columns=(encoding.column,),
            splits=encoding.splits,
            evidence={
                "target": FromData(encoding.target) if encoding.target is not None else None,
                "formula": encoding.formula,
                "smoothing": encoding.smoothing,
                "n_rows": encoding.n_rows,
                "n_values": encoding.n_values,
                "n_values_telling": encoding.n_telling,
                "n_values_fit": encoding.n_fit,
                "n_values_fit_train": encoding.n_fit_train,
                "tolerance": encoding.tolerance,
                "probability_by_chance": _chance(encoding),
            },
            fix=Text(
                "Go back to the categories behind {column} and encode after the split, with labels of train alone and "
                "across folds: scikit-learn's `make_pipeline(TargetEncoder(), model).fit(x_train, y_train)`. Until "
                "then audit and train without it: `dataaudit audit ... --exclude {column}`.",
                {"column": encoding.column},
            ),
            mended=Mended("drops the column", unsafe=True),
        )


def _fit(encoding: Encoding) -> tuple[float, int]:
    return encoding.share_fit, encoding.n_fit


def _chance(encoding: Encoding) -> float:
    within = min(1.0, encoding.tolerance / encoding.spread) if encoding.spread > 0 else 1.0
    return binomial_tail(encoding.n_fit, encoding.n_telling, within)


def _formula_words(encoding: Encoding) -> str:
    if encoding.formula == "m-estimate":
        return f"m = {show_rounded(encoding.smoothing)}"
    return encoding.formula
