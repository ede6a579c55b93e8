"""What each test set can tell: half widths of scores at its size, and the differences it could show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.measure import labels
from dataaudit.measure.shifts import detectable
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

DIFFERENCES = (0.01, 0.02, 0.05, 0.1)


@dataclass(frozen=True)
class TestPower:
    """How much one split can tell of a model's scores, and of the difference between two models.

    Attributes
    ----------
    split : str
        The split; `train` where no other one has labels, to be cross-validated.
    n_folds : int or None
        Folds of that cross-validation; every row is predicted once. None for a split of its own.
    n_rows : int
        Labelled rows.
    classes : tuple of str
        Classes with rows in train or in the split; empty in regression, as
        all that is given by class, in this order.
    n_rows_by_class : tuple of int
    n_rows_rarest_per_fold : int or None
        Rows of the rarest class that a fold is sure to hold, dealt evenly.
    recall_half_width_by_class : tuple of float
        Of the 95 % interval of a recall of .9.
    accuracy_half_width : float or None
        Of an accuracy of .9; None in regression, as the other scores of classes.
    accuracy_half_width_no_skill : float or None
        Of the accuracy that the commonest class alone brings.
    auc_half_width : float or None
        Of an area under the ROC curve of .9, the mean over the classes
        against the others if there are more than two.
    smallest_difference_accuracy : float or None
        Between two models, found in 80 of 100 cases, if a tenth of the rows
        are right for one and wrong for the other.
    smallest_difference_recall_by_class : tuple of float
    smallest_difference_auc : float or None
        Between the areas of two models whose scores correlate by .8 within a class.
    r2_half_width : float or None
        Of an R² of .5; None with classes, as the other scores of regression.
    error_half_width : float or None
        Of a mean absolute error, as a share of it.
    smallest_difference_error : float or None
        Between the mean absolute errors of two models, as a share of them.
    n_rows_for_difference : mapping of float to int
        Difference -> rows that show it: of the split for accuracy, of a class
        for its recall; in regression differences are shares of the error.
    """

    split: str
    n_folds: int | None
    n_rows: int
    classes: tuple[str, ...]
    n_rows_by_class: tuple[int, ...]
    n_rows_rarest_per_fold: int | None
    recall_half_width_by_class: tuple[float, ...]
    accuracy_half_width: float | None
    accuracy_half_width_no_skill: float | None
    auc_half_width: float | None
    smallest_difference_accuracy: float | None
    smallest_difference_recall_by_class: tuple[float, ...]
    smallest_difference_auc: float | None
    r2_half_width: float | None
    error_half_width: float | None
    smallest_difference_error: float | None
    n_rows_for_difference: Mapping[float, int]
    sampled: bool = False


def measure_powers(facts: Facts) -> dict[str, TestPower]:
    """Measure every other split that has labels, or train in folds if none has; nothing without a label."""
    if facts.info.label is None:
        return {}
    if facts.info.task is Task.REGRESSION:
        rows = {split: int(counts.sum()) for split, counts in facts.target.counts.items()}
        return {split: regression_power(split, rows[split], n_folds) for split, n_folds in _judged(facts, rows).items()}
    counts = facts.classes.counts
    rows = {split: int(found.sum()) for split, found in counts.items()}
    return {split: class_power(facts.classes, split, n_folds) for split, n_folds in _judged(facts, rows).items()}


def _judged(facts: Facts, rows: Mapping[str, int]) -> dict[str, int | None]:
    """Return the splits with labels that a model is tested on, or train with its folds."""
    tested: dict[str, int | None] = {split: None for split in facts.other_splits if rows.get(split, 0) > 0}
    return tested or {"train": detectable.N_FOLDS}


def class_power(counted: labels.ClassCounts, split: str, n_folds: int | None = None) -> TestPower:
    """Return what a split can tell of classes."""
    occurs = (counted.counts["train"] > 0) | (counted.counts[split] > 0)
    classes = tuple(name for name, here in zip(counted.classes, occurs.tolist(), strict=True) if here)
    sizes = tuple(counted.counts[split][occurs].tolist())
    n_rows = sum(sizes)
    return TestPower(
        split=split,
        n_folds=n_folds,
        n_rows=n_rows,
        classes=classes,
        n_rows_by_class=sizes,
        n_rows_rarest_per_fold=min(sizes, default=0) // n_folds if n_folds else None,
        recall_half_width_by_class=tuple(detectable.half_width(n) for n in sizes),
        accuracy_half_width=detectable.half_width(n_rows),
        accuracy_half_width_no_skill=detectable.half_width(n_rows, max(sizes, default=0) / max(1, n_rows)),
        auc_half_width=detectable.macro_auc_half_width(sizes),
        smallest_difference_accuracy=detectable.smallest_difference(n_rows),
        smallest_difference_recall_by_class=tuple(detectable.smallest_difference(n) for n in sizes),
        smallest_difference_auc=detectable.smallest_difference_of_aucs(sizes),
        r2_half_width=None,
        error_half_width=None,
        smallest_difference_error=None,
        n_rows_for_difference={difference: detectable.rows_for_difference(difference) for difference in DIFFERENCES},
    )


def regression_power(split: str, n_rows: int, n_folds: int | None = None) -> TestPower:
    """Return what so many rows can tell of a numeric target."""
    return TestPower(
        split=split,
        n_folds=n_folds,
        n_rows=n_rows,
        classes=(),
        n_rows_by_class=(),
        n_rows_rarest_per_fold=None,
        recall_half_width_by_class=(),
        accuracy_half_width=None,
        accuracy_half_width_no_skill=None,
        auc_half_width=None,
        smallest_difference_accuracy=None,
        smallest_difference_recall_by_class=(),
        smallest_difference_auc=None,
        r2_half_width=detectable.r2_half_width(n_rows),
        error_half_width=detectable.mean_error_half_width(n_rows),
        smallest_difference_error=detectable.smallest_difference_of_errors(n_rows),
        n_rows_for_difference={
            difference: detectable.rows_for_difference_of_errors(difference) for difference in DIFFERENCES
        },
    )
