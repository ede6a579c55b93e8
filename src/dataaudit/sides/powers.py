"""What each split can tell of a model, with as many classes as a reader takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.model import Task
from dataaudit.side_figures import ClassPower, SplitPower
from dataaudit.sides.counted import in_order
from dataaudit.text import show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.power import TestPower

MOST_CLASSES = 12
DIFFERENCES = (0.02, 0.01)


def split_powers(facts: Facts) -> tuple[SplitPower, ...]:
    """Return what the splits that have labels can tell; nothing if no rule has asked for the label's counts.

    Where the splits are compared, it costs nothing more.
    """
    counted = "target" if facts.info.task is Task.REGRESSION else "classes"
    if not facts.has("powers") and not (facts.has("drifts") and facts.has(counted)):
        return ()
    powers = facts.shifts.powers
    return tuple(_power(facts, powers[split]) for split in in_order(powers))


def _power(facts: Facts, power: TestPower) -> SplitPower:
    half_widths = {
        "accuracy": power.accuracy_half_width,
        "AUC": power.auc_half_width,
        "R²": power.r2_half_width,
        "mean error": power.error_half_width,
    }
    is_regression = facts.info.task is Task.REGRESSION
    smallest = power.smallest_difference_error if is_regression else power.smallest_difference_accuracy
    classes = sorted(
        (
            ClassPower(show_value(name), n_rows, width, difference)
            for name, n_rows, width, difference in zip(
                power.classes,
                power.n_rows_by_class,
                power.recall_half_width_by_class,
                power.smallest_difference_recall_by_class,
                strict=True,
            )
        ),
        key=lambda one: one.n_rows,
    )
    return SplitPower(
        split=power.split,
        n_rows=power.n_rows,
        n_folds=power.n_folds,
        is_regression=is_regression,
        half_widths={name: width for name, width in half_widths.items() if width is not None},
        smallest_difference_auc=power.smallest_difference_auc,
        smallest_difference=1.0 if smallest is None else smallest,
        n_rows_for_difference={difference: power.n_rows_for_difference[difference] for difference in DIFFERENCES},
        classes=tuple(classes[:MOST_CLASSES]),
        n_classes_left_out=max(0, len(classes) - MOST_CLASSES),
    )
