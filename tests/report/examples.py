"""Audit results made by hand: cars in which red means Ferrari, with every kind of picture and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dataaudit.figures import Bars, Crosstab, Histogram, RangeStrip
from dataaudit.model import (
    AuditResult,
    Check,
    ColumnInfo,
    DatasetInfo,
    Finding,
    Kind,
    Role,
    Rows,
    RuleDoc,
    Severity,
    SplitInfo,
    Status,
    Task,
)
from dataaudit.text import FromData, Text

_WHY = {
    "LEAK001": "A row the model has seen is a question it has already been told the answer to. The score then\n"
    "measures memory, not learning, and it falls as soon as the model meets new rows.",
    "SPUR001": "A network learns whatever the data lets it learn. If every red car in the training set is a Ferrari,\n"
    "red means Ferrari, and the next red bus is one too.\n\nThings to ask:\n\n- would the value be known at the time"
    "\n  of prediction?\n- does the pattern hold outside this file?",
    "IMB002": 'If 99.9 % of the windows are noise, "always noise" is 99.9 % accurate. A model can reach that figure\n'
    "without ever finding the class you want.",
    "SPLIT002": "A score is a promise about the rows to come. If the test rows differ from the training rows, it is\n"
    "a promise about something else.",
    "RANGE001": "A model that has never seen a value can only guess there. Trees repeat their last answer; networks\n"
    "follow a straight line into nowhere.",
    "SCALE001": "The widest column decides the step size: the rest then learns a thousand times slower.",
    "DATA002": "An empty cell is a decision somebody has to make: drop the row, fill it, or let the model see it.",
}


def doc(code: str, name: str, summary: str) -> RuleDoc:
    why = _WHY.get(code, "A sentence about why this matters.")
    return RuleDoc(code, name, summary, {"What it does": "Counts.", "Why it matters": why, "Fix": "Mend it."})


def columns() -> tuple[ColumnInfo, ...]:
    return (
        ColumnInfo("model", Kind.CATEGORICAL, Role.LABEL, declared=True),
        ColumnInfo("colour", Kind.CATEGORICAL, Role.FEATURE),
        ColumnInfo("horsepower", Kind.NUMERIC, Role.FEATURE),
        ColumnInfo("mileage_km", Kind.NUMERIC, Role.FEATURE),
        ColumnInfo("price_eur", Kind.NUMERIC, Role.FEATURE),
        ColumnInfo("first_registered", Kind.DATETIME, Role.TIME, declared=True),
        ColumnInfo("dealer", Kind.CATEGORICAL, Role.GROUP, declared=True),
        ColumnInfo("description", Kind.TEXT, Role.FEATURE),
        ColumnInfo("listing_id", Kind.NUMERIC, Role.ID),
        ColumnInfo("convertible", Kind.BOOLEAN, Role.FEATURE),
    )


def dataset() -> DatasetInfo:
    return DatasetInfo(
        task=Task.MULTICLASS,
        label="model",
        splits=(
            SplitInfo("train", "cars_train.csv", 12_400, 10, "8f1c4b7a90d2e635"),
            SplitInfo("test", "cars_test.csv", 3_100, 10, "d07be1f2a4c95836"),
        ),
        columns=columns(),
        notes=("cars_train.csv was read as UTF-8 with a byte order mark.",),
    )


def shared_rows() -> Finding:
    return Finding(
        code="LEAK001",
        name="rows-shared-between-splits",
        severity=Severity.ERROR,
        columns=(),
        splits=("train", "test"),
        message=Text(
            "{shared} ({share}) also stand in train, {same} of them with the same label; "
            "by chance it would be {chance}.",
            {"shared": "217 test rows", "share": "7 %", "same": "209", "chance": "0.4 %"},
        ),
        evidence={
            "n_test_rows_matched": 217,
            "share_matched": 0.07,
            "share_within_train": 0.004,
            "n_same_label": 209,
            "n_other_label": 8,
            "z": 21.48,
        },
        rows=(Rows("test", (17, 42, 88, 91, 130, 131, 207, 256, 311, 312, 400, 415), truncated=True),),
        fix=Text(
            "Drop the repeated rows from train: `dataaudit fix cars_train.csv --test cars_test.csv --select LEAK001`"
        ),
    )


def shortcut() -> Finding:
    counts = {
        "train": ((612, 33, 0), (18, 2210, 1904), (0, 2874, 4749)),
        "test": ((61, 109, 92), (70, 501, 466), (22, 690, 1089)),
    }
    return Finding(
        code="SPUR001",
        name="shortcut-value",
        severity=Severity.ERROR,
        columns=("colour",),
        splits=("train", "test"),
        message=Text(
            "{share} of the rows with {column} = {value} are {klass}, and {recall} of the {klass} rows have it; "
            "in test it is {test}.",
            {
                "share": "94.9 %",
                "column": "colour",
                "value": FromData("red"),
                "klass": FromData("Ferrari"),
                "recall": "97.1 %",
                "test": "23.3 %",
            },
        ),
        evidence={
            "value": FromData("red"),
            "label_class": FromData("Ferrari"),
            "n_rows": 645,
            "share_of_value": {"train": 0.949, "test": 0.2328},
            "share_lower": 0.917,
            "share_recall": 0.971,
            "gain": 0.9123,
        },
        rows=(),
        fix=Text(
            "Collect red cars that are no {klass}, or leave the column out: `--exclude colour`.",
            {"klass": FromData("Ferrari")},
        ),
        identity=("red", "Ferrari"),
        figure=Crosstab(
            "Rows by colour and model", "colour", ("red", "black", "silver"), ("Ferrari", "Fiat", "Ford"), counts
        ),
    )


def accuracy_trap() -> Finding:
    return Finding(
        code="IMB002",
        name="accuracy-trap",
        severity=Severity.WARNING,
        columns=("model",),
        splits=("train",),
        message=Text(
            "Always answering {majority} is right on {share} of the {rows}; an accuracy of that size shows no skill.",
            {"majority": FromData("Ford"), "share": "92.5 %", "rows": "12,400 labelled training rows"},
        ),
        evidence={"n_rows": 12_400, "majority_class": FromData("Ford"), "share_majority": 0.9249, "no_skill_mcc": 0.0},
        fix=Text("Report average precision, balanced accuracy or MCC beside their no-skill values, not accuracy."),
        figure=Bars(
            "Share of each class",
            ("Ford", "Fiat", "Ferrari", "Fisker"),
            {"train": (0.9249, 0.0702, 0.0047, 0.0002), "test": (0.9011, 0.0899, 0.009, 0.0)},
        ),
    )


def drift(column: str, severity: Severity, shift: int) -> Finding:
    train = (0.01, 0.02, 0.05, 0.09, 0.13, 0.16, 0.15, 0.13, 0.1, 0.07, 0.04, 0.025, 0.015, 0.005, 0.003, 0.002)
    return Finding(
        code="SPLIT002",
        name="feature-drift",
        severity=severity,
        columns=(column,),
        splits=("train", "test"),
        message=Text(
            "{column} differs between train and test: the two distributions are {distance} apart "
            "(95 % interval from {lower}).",
            {"column": column, "distance": "0.31", "lower": "0.27"},
        ),
        evidence={"ks": 0.3127, "share_lower": 0.27, "p_adjusted": 3.2e-41, "n_rows": {"train": 12_400, "test": 3_100}},
        fix=Text(
            "Find out what changed between the two files, or draw the test set again: "
            "`dataaudit split cars.csv --label model`."
        ),
        figure=Histogram(
            f"{column} in train and test",
            tuple(float(10 * step) for step in range(17)),
            {"train": train, "test": (*(0.0,) * shift, *train[: 16 - shift])},
        ),
    )


def beyond_range() -> Finding:
    return Finding(
        code="RANGE001",
        name="beyond-training-range",
        severity=Severity.WARNING,
        columns=("mileage_km",),
        splits=("train", "test"),
        message=Text(
            "{share} of the test rows have {column} beyond every training row, "
            "up to {distance} interquartile ranges away.",
            {"share": "2.1 %", "column": "mileage_km", "distance": FromData(3.4)},
        ),
        evidence={
            "share_above": 0.021,
            "share_below": 0.0,
            "n_above": 65,
            "highest_in_train": FromData(198_000.0),
            "highest_in_test": FromData(412_350.0),
        },
        rows=(Rows("test", (5, 909, 1_204)),),
        fix=Text(
            "Collect training rows there, or let the model refuse an answer beyond {edge} km.",
            {"edge": FromData(198_000.0)},
        ),
        figure=RangeStrip(
            "mileage_km: where test leaves the range of train", (0.0, 198_000.0), (120.0, 412_350.0), "test", 0.0, 0.021
        ),
    )


def missing(column: str) -> Finding:
    return Finding(
        code="DATA002",
        name="missing-values",
        severity=Severity.INFO,
        columns=(column,),
        splits=("train",),
        message=Text("{share} of the cells of {column} are empty.", {"share": "4.2 %", "column": column}),
        evidence={"share_missing": 0.042, "n_missing": 521},
        fix=Text("Decide whether an empty cell means something; impute inside the training folds only."),
    )


def checks() -> tuple[Check, ...]:
    def check(
        code: str, name: str, status: Status, reason: str | None = None, *, n: int = 15_500, sampled: bool = False
    ) -> Check:
        return Check(code, name, status, reason, n, sampled, 0.0421)

    passed = (
        ("IMB001", "class-imbalance"), ("LEAK004", "splits-overlap-in-time"), ("LEAK005", "target-leak"),
        ("SPLIT001", "label-shift"), ("SPLIT003", "missing-rate-shift"), ("SPLIT004", "unseen-category"),
        ("SPLIT006", "class-absent"), ("SPUR003", "missingness-tells-label"), ("SCALE003", "heavy-tail"),
        ("SCALE004", "sentinel-value"), ("LABEL001", "contradictory-labels"), ("LABEL005", "missing-label"),
        ("DATA001", "duplicate-rows"), ("DATA003", "constant-column"), ("DATA007", "spelling-variants"),
    )  # fmt: skip
    failed = (
        ("LEAK001", "rows-shared-between-splits"), ("SPUR001", "shortcut-value"), ("IMB002", "accuracy-trap"),
        ("SPLIT002", "feature-drift"), ("RANGE001", "beyond-training-range"), ("DATA002", "missing-values"),
    )  # fmt: skip
    return (
        *(check(code, name, Status.PASSED) for code, name in passed),
        *(check(code, name, Status.FAILED) for code, name in failed),
        check("LEAK002", "near-duplicates-between-splits", Status.PASSED, n=6_000, sampled=True),
        check("RANGE003", "target-beyond-training", Status.SKIPPED, "needs a numeric target", n=0),
        check(
            "SPLIT007",
            "test-too-small",
            Status.SKIPPED,
            "class Fisker has 0 rows in test; fewer than 35 show nothing narrower than 10 points",
            n=0,
        ),
        check("SCALE001", "unlike-scales", Status.CRASHED, "ValueError: the matrix is not finite", n=0),
    )


def docs() -> Mapping[str, RuleDoc]:
    summaries = {
        "LEAK001": "Rows of one split also stand in another.",
        "SPUR001": "One value of one feature gives a class away.",
        "IMB002": "Always answering the commonest class is already very accurate.",
        "SPLIT002": "A feature is distributed differently in two splits.",
        "RANGE001": "Test rows lie beyond anything the training rows show.",
        "DATA002": "Cells are empty.",
    }
    return {check.code: doc(check.code, check.name, summaries.get(check.code, "A check.")) for check in checks()}


def rich_result() -> AuditResult:
    return AuditResult(
        version="0.1.0",
        created_at="2025-03-04T10:30:00+00:00",
        seed=0,
        dataset=dataset(),
        findings=(
            missing("description"),
            accuracy_trap(),
            shortcut(),
            drift("price_eur", Severity.WARNING, 3),
            drift("horsepower", Severity.WARNING, 2),
            beyond_range(),
            *(drift(f"sensor_{number}", Severity.WARNING, 1) for number in range(4)),
            shared_rows(),
        ),
        checks=checks(),
        timings={"load": 0.412, "measure": 1.93, "judge": 0.087, "render": 0.0},
        docs=docs(),
        command="dataaudit audit cars_train.csv --test cars_test.csv --label model --output report.html",
        thresholds={"shortcut-value": {"min_support": 50}},
    )


def accepted_result() -> AuditResult:
    result = rich_result()
    return replace(
        result, accepted=frozenset(f.fingerprint for f in result.findings if f.code in ("LEAK001", "DATA002"))
    )


def clean_result() -> AuditResult:
    passed = tuple(replace(check, status=Status.PASSED, reason=None) for check in checks())
    return replace(rich_result(), findings=(), checks=passed)
