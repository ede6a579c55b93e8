"""LEAK007: missing cells were filled with a value that was computed over the rows of another split too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.leakage._impact import with_reason
from dataaudit.text import FromData, Text, join_words, show_count

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.preparation.imputation import Imputation


@dataclass(frozen=True)
class ImputerFittedOnAllRows(Rule):
    """Missing cells were filled before the split, with the mean of all rows instead of that of train.

    What it does
    ------------
    A column whose gaps are filled with its mean keeps that mean. So if cells
    hold the mean over train and the other splits together, to 1e-9 of the
    largest absolute value, and train's own mean is another, the value came
    from an imputer that saw all of them. The value must stick out: it lies
    off the grid on which all other values lie (decimals, or multiples of a
    step); or there is no grid, and the values beside it lie too far apart for
    one to meet the mean by chance and are not symmetric about it; or it fills
    far more cells than they do. Features with
    fractions are looked at, over all splits together and train with each
    other one. Values are found in the sample of train (all of it up to
    100,000 rows), means and cells are counted over all rows. For the median:
    a value that sticks out has as many cells above as below it in all rows,
    and not in train.

    Why it matters
    --------------
    Filled cells carry the mean of test into train. That moves a score
    little where few cells were missing, but it proves that preparation ran
    before the split; what else ran there can change a score wholly.

    Flagged
    -------
    21 cells of `age` hold 29.881137, the mean over train and test together;
    train's mean is 29.70 and all other ages are whole or halves.

    Clean
    -----
    The cells hold train's mean, in test too. Or a temperature of 20.0 that
    happens to be the mean: it lies on the grid of the others.

    Thresholds
    ----------
    least_cells : cells, default 2
        So many cells hold the value, in all splits together.
    train_factor : times, default 3.0
        Train's mean must differ by more than this times the tolerance.
    spike_factor : times, default 5.0
        Where it cannot be told from the others, the value fills at least this times as many cells of
        the sample as any of the 20 values beside it, or it alone stands there
        more than once.
    median_cells : cells, default 5
        So many cells of the sample hold the median.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    How sure: the mean, very (an error). A value on no grid that meets the
    mean of all rows to nine digits, twice, is no coincidence. Found in 98 % of
    the columns with 2 % missing, 99.9 % with 10 %. The median is a guess (an
    info): a natural spike in the middle has as many cells above as below in
    about one table of sqrt(number of rows), and on coarse grids the median of
    train is that of all rows; a quarter of the cases show.

    Invisible: the most frequent value, which is train's too nearly always;
    means per group, models, neighbours; values rounded, or a column scaled,
    shifted by another step or thinned of rows, after filling (scaling before
    or after on the same rows shows); one filled cell; in more than 100,000
    rows, values so rare that the sample has none. Wrong it would be where
    someone put the mean of all rows into cells that were never missing.

    Fix
    ---
    Go back to the data with gaps, split, and fit the imputer on train alone,
    for instance as the first step of a scikit-learn Pipeline.

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Kapoor and Narayanan,
    Patterns 4:100804 (2023), L1.2 preprocessing on all rows.
    """

    code: ClassVar[str] = "LEAK007"
    name: ClassVar[str] = "imputer-fitted-on-all-rows"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    least_cells: int = 2
    train_factor: float = 3.0
    spike_factor: float = 5.0
    median_cells: int = 5
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column: of the mean if it can be, of most splits."""
        clear = [imputation for imputation in facts.preparation.imputations if self._is_clear(imputation)]
        clear.sort(key=lambda imputation: imputation.method)
        first: dict[str, Imputation] = {}
        for imputation in clear:
            first.setdefault(imputation.column, imputation)
        weighted = ((float(imputation.n_all), self._finding(imputation)) for imputation in first.values())
        for finding in fold(self, weighted, self.most_findings):
            yield with_reason(facts, finding, "the data before the preparation are not there")

    def _is_clear(self, imputation: Imputation) -> bool:
        if imputation.n_all < self.least_cells or not self._sticks_out(imputation):
            return False
        difference = abs(imputation.fitted_train - imputation.value)
        if imputation.method == "mean":
            return difference > self.train_factor * imputation.tolerance
        is_middle = imputation.fitted == 0 and imputation.fitted_train != 0
        return is_middle and imputation.n_sample >= self.median_cells

    def _sticks_out(self, imputation: Imputation) -> bool:
        if imputation.grid == "none":
            is_alone = imputation.method == "mean" and imputation.n_neighbour <= 1
            return is_alone or imputation.n_sample >= self.spike_factor * imputation.n_neighbour
        return imputation.grid == "off"

    def _finding(self, imputation: Imputation) -> Finding:
        is_mean = imputation.method == "mean"
        others = [split for split in imputation.splits if split != "train"]
        value = FromData(imputation.value)
        middle = " and not that of train alone, {mean}" if is_mean else ", but not of train alone"
        message = Text(
            "{cells} of {column} hold {value}, the {method} over train and {others} together" + middle + ": an imputer "
            "{verb} fitted on all of them.",
            {
                "cells": show_count(imputation.n_all, "cell"),
                "column": imputation.column,
                "value": value,
                "method": imputation.method,
                "others": join_words(others),
                "mean": FromData(imputation.fitted_train),
                "verb": "was" if is_mean else "may have been",
            },
        )
        return self.finding(
            Severity.ERROR if is_mean else Severity.INFO,
            message,
            columns=(imputation.column,),
            splits=imputation.splits,
            evidence={
                "method": imputation.method,
                "value": value,
                "n_cells": dict(imputation.n_cells),
                "n_rows": dict(imputation.n_rows),
                "mean": FromData(imputation.fitted) if is_mean else None,
                "mean_train": FromData(imputation.fitted_train) if is_mean else None,
                "n_above_less_below": None if is_mean else int(imputation.fitted),
                "n_above_less_below_train": None if is_mean else int(imputation.fitted_train),
                "off_grid": imputation.grid == "off",
                "n_cells_of_neighbour_in_sample": imputation.n_neighbour,
                "n_cells_in_sample": imputation.n_sample,
                "tolerance": imputation.tolerance,
            },
            fix=Text(
                "Go back to the data in which {column} has gaps, split, and fit the imputer on train alone, for "
                "instance with scikit-learn's `make_pipeline(SimpleImputer(), model).fit(x_train, y_train)`.",
                {"column": imputation.column},
            ),
            rows=[shown_rows(split, numbers) for split, numbers in imputation.numbers.items() if numbers],
            identity=(imputation.method,),
        )
