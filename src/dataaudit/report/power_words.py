"""What a split can tell of a model, as the lines of a table."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.report.drawing.scale import show_label
from dataaudit.report.side_words import show_points
from dataaudit.side_figures import SplitPower
from dataaudit.text import show_rounded

POINTS = " points"
UNITLESS = ("AUC", "R²")


@dataclass(frozen=True)
class PowerLine:
    """One score: on how many rows, its interval, and the difference between two models that they show.

    `name` belongs to the data where `is_class`.
    """

    name: str
    is_class: bool
    n_rows: str
    half_width: str
    difference: str


@dataclass(frozen=True)
class PowerView:
    """The lines of one split, and what more rows would show."""

    split: str
    n_folds: int | None
    is_regression: bool
    lines: list[PowerLine]
    n_classes_left_out: int
    needed: list[tuple[str, str]]


def power_view(power: SplitPower) -> PowerView:
    """Return the lines of one split: its scores first, then the recall of each class."""
    unit = " % of the error" if power.is_regression else POINTS
    lines = [
        PowerLine(
            name=name[:1].upper() + name[1:],
            is_class=False,
            n_rows=f"{power.n_rows:,}",
            half_width=_half_width(name, width, unit),
            difference=_difference_of(power, name, unit),
        )
        for name, width in power.half_widths.items()
    ]
    lines += [
        PowerLine(
            name=show_label(one.name),
            is_class=True,
            n_rows=f"{one.n_rows:,}",
            half_width=_half_width("recall", one.recall_half_width, POINTS) if one.n_rows else "not known",
            difference=_difference(one.smallest_difference, POINTS),
        )
        for one in power.classes
    ]
    return PowerView(
        split=show_label(power.split),
        n_folds=power.n_folds,
        is_regression=power.is_regression,
        lines=lines,
        n_classes_left_out=power.n_classes_left_out,
        needed=[
            (f"{show_points(difference)}{unit if difference != 0.01 or power.is_regression else ' point'}", f"{n:,}")
            for difference, n in power.n_rows_for_difference.items()
        ],
    )


def _half_width(name: str, width: float, unit: str) -> str:
    return f"± {show_rounded(width, 2)}" if name in UNITLESS else f"± {show_points(width)}{unit}"


def _difference_of(power: SplitPower, name: str, unit: str) -> str:
    """Return the difference that a score shows; nothing where none is worked out."""
    if name == ("mean error" if power.is_regression else "accuracy"):
        return _difference(power.smallest_difference, unit)
    if name != "AUC" or power.smallest_difference_auc is None:
        return ""
    return "none" if power.smallest_difference_auc >= 1 else show_rounded(power.smallest_difference_auc, 2)


def _difference(difference: float, unit: str) -> str:
    return "none" if difference >= 1 else f"{show_points(difference)}{unit}"
