"""Results with splits side by side, made by hand: four splits, a number for a label, hostile names, far too much."""

from __future__ import annotations

from dataclasses import replace

from tests.report.examples import rich_result
from tests.report.extremes import HOSTILE, hostile_result, huge_result

from dataaudit.figures import Histogram
from dataaudit.model import AuditResult, Finding, Severity
from dataaudit.side_figures import (
    ClassPower,
    ColumnPicture,
    ColumnShifts,
    Comparison,
    Share,
    ShareRow,
    ShareTable,
    Shift,
    SplitPower,
    SplitSides,
)
from dataaudit.text import FromData, Text

SPLITS = ("train", "test", "validation", "reference")
COMPARISONS = (
    Comparison("test", "train", 0.034),
    Comparison("validation", "train", 0.041),
    Comparison("test", "reference", 0.038),
)
FAR = Shift(0.52, 0.5, 0.55, 0.034, is_sure=True, missing=(0.02, 0.34), share_outside=0.04, share_unseen=0.11)
NEAR = Shift(0.012, 0.0, 0.04, 0.034)


def drifted(column: str, code: str = "SPLIT002", severity: Severity = Severity.ERROR) -> Finding:
    """Return a finding about one column of test."""
    message = Text("{column} drifts to {value}.", {"column": column, "value": FromData("red")})
    return Finding(code, "feature-drift", severity, (column,), ("train", "test"), message, {}, Text("Split again."))


def shares(*numbers: float) -> tuple[Share, ...]:
    return tuple(Share(number, max(0.0, number - 0.02), min(1.0, number + 0.02)) for number in numbers)


def mileage_picture() -> ColumnPicture:
    series = {split: tuple(0.05 + 0.001 * (step + place) for step in range(16)) for place, split in enumerate(SPLITS)}
    edges = tuple(10_000.0 * step for step in range(17))
    return ColumnPicture(
        "mileage_km", Histogram("mileage_km", edges, series, has_more=True), dict.fromkeys(SPLITS, 0.2)
    )


def colour_picture() -> ColumnPicture:
    rows = (
        ShareRow("red", shares(0.5, 0.1, 0.49, 0.5)),
        ShareRow("teal", shares(0.0, 0.4, 0.0003, 0.0)),
        ShareRow("all others", shares(0.48, 0.3, 0.49, 0.5), from_data=False),
        ShareRow("(missing)", (*shares(0.02, 0.2, 0.02), None), from_data=False),
    )
    return ColumnPicture("colour", ShareTable(SPLITS, rows))


def class_power() -> SplitPower:
    return SplitPower(
        split="test",
        n_rows=16_281,
        n_folds=None,
        is_regression=False,
        half_widths={"accuracy": 0.0046, "AUC": 0.0057},
        smallest_difference=0.00694,
        n_rows_for_difference={0.02: 1960, 0.01: 7847},
        classes=(ClassPower("Ferrari", 0, 0.5, 1.0), ClassPower("Fiat", 16_281, 0.0046, 0.00694)),
        n_classes_left_out=3,
        smallest_difference_auc=0.0061,
    )


def car_sides() -> SplitSides:
    columns = (
        ColumnShifts("mileage_km", (FAR, NEAR, FAR), findings=(drifted("mileage_km").fingerprint,)),
        ColumnShifts("colour", (FAR, None, NEAR), findings=(drifted("colour").fingerprint,)),
        ColumnShifts("model", (NEAR, NEAR, None), is_label=True),
        *(ColumnShifts(f"sensor_{number}", (NEAR, NEAR, NEAR)) for number in range(20)),
    )
    return SplitSides(
        label="model",
        comparisons=COMPARISONS,
        columns=columns,
        n_left_out=40,
        most_left_out=0.0117,
        pictures=(
            mileage_picture(),
            colour_picture(),
            replace(mileage_picture(), column="sensor_1", shares_missing={}),
        ),
        powers=(class_power(),),
    )


def sides_result() -> AuditResult:
    """The rich result with four splits side by side."""
    result = rich_result()
    return replace(result, sides=car_sides(), findings=(*result.findings, drifted("mileage_km"), drifted("colour")))


def price_sides_result() -> AuditResult:
    """One other split, nothing beyond chance, a number for a label."""
    power = SplitPower("test", 13_940, None, True, {"R²": 0.012, "mean error": 0.013}, 0.011, {0.02: 4481, 0.01: 17921})
    sides = SplitSides(
        "price",
        COMPARISONS[:1],
        (ColumnShifts("price", (NEAR,), is_label=True), ColumnShifts("horsepower", (NEAR,))),
        pictures=(replace(mileage_picture(), column="price"),),
        powers=(power,),
    )
    return replace(rich_result(), findings=(), sides=sides)


def hostile_sides_result() -> AuditResult:
    """Columns, values, classes and splits have hostile names."""
    result = hostile_result()
    comparisons = tuple(Comparison(HOSTILE[i], HOSTILE[i + 3], 0.03) for i in range(3))
    columns = tuple(
        ColumnShifts(name, (FAR, None, NEAR), is_label=place == 0, findings=(drifted(name).fingerprint,))
        for place, name in enumerate(HOSTILE)
    )
    tables = tuple(
        ColumnPicture(
            name, ShareTable(HOSTILE[:4], tuple(ShareRow(value, shares(0.1, 0.2, 0.3, 0.4)) for value in HOSTILE))
        )
        for name in HOSTILE[:4]
    )
    histograms = tuple(
        replace(mileage_picture(), column=name, shares_missing=dict.fromkeys(HOSTILE[:4], 0.1)) for name in HOSTILE[4:8]
    )
    powers = tuple(
        replace(class_power(), split=name, classes=tuple(ClassPower(value, 9, 0.1, 0.2) for value in HOSTILE))
        for name in HOSTILE[:3]
    )
    sides = SplitSides(HOSTILE[0], comparisons, columns, pictures=(*tables, *histograms), powers=powers)
    return replace(result, sides=sides, findings=(*result.findings, *(drifted(name) for name in HOSTILE)))


def huge_sides_result(n_columns: int = 10_000) -> AuditResult:
    """Every column is flagged; names, values and classes are as long as can be."""
    result = huge_result(300, 400)
    long = "&<>" * 300
    names = [f"column_{number}_" + "long_name_" * 40 for number in range(n_columns)]
    columns = tuple(
        ColumnShifts(name, (FAR, FAR, FAR), findings=(drifted(name).fingerprint,) * 3) for name in names[:30]
    )
    rows = tuple(ShareRow(long, shares(0.1, 0.2, 0.3, 0.4)) for _ in range(10))
    pictures = tuple(ColumnPicture(name, ShareTable(SPLITS, rows)) for name in names[:8])
    classes = tuple(ClassPower(long, 10**9, 0.123456789, 0.123456789) for _ in range(12))
    powers = tuple(replace(class_power(), split=split, classes=classes) for split in SPLITS[1:])
    sides = SplitSides("y" * 5000, COMPARISONS, columns, 10**6, 0.5, pictures, powers)
    return replace(result, sides=sides, findings=(*result.findings, *(drifted(name) for name in names)))
