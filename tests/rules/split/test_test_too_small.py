"""SPLIT007 test-too-small."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.rules.builders import MILLION, plain_splits, split_facts
from tests.rules.frames import class_counts, findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.shifts.detectable import half_width, rows_needed
from dataaudit.measure.shifts.power import class_power, regression_power
from dataaudit.model import Severity, Status
from dataaudit.rules.split import test_too_small

RULE = test_too_small.TestTooSmall()


def facts_of(*powers):
    return split_facts(shifts=SimpleNamespace(powers={power.split: power for power in powers}))


def size_facts(*n_test: int):
    names = [f"class {i}" for i in range(len(n_test))]
    return facts_of(class_power(class_counts(dict.fromkeys(names, 1000), test=list(n_test)), "test"))


def target_facts(n_test: int):
    return facts_of(regression_power("test", n_test))


def test_flags_the_smallest_class_and_says_how_many_rows_it_takes():
    train, test = plain_splits(600, 300)
    test.loc[:, "y"] = ["cat"] * 288 + ["dog"] * 12
    [finding] = findings_of("SPLIT007", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "test has 12 rows of dog: a recall of 90 % would be known to ± 17.7 percentage points only" in str(
        finding.message
    )
    assert "even without an error 25 % may be wrong; two models' recalls must lie 53.5" in str(finding.message)
    assert finding.evidence["n_rows_needed"] == 141
    assert finding.evidence["n_classes_too_small"] == 1


def test_is_silent_on_enough_rows_of_every_class():
    train, test = plain_splits(300, 640)
    assert not findings_of("SPLIT007", train, test=test)


def test_a_hundred_rows_are_small_and_a_million_are_not():
    train, test = plain_splits(100, 100)
    assert worst(findings_of("SPLIT007", train, test=test)) == Severity.WARNING
    assert not judge(RULE, size_facts(MILLION, 312))


@pytest.mark.parametrize(
    ("n_rows", "severity"),
    [
        (36, Severity.ERROR),
        (37, Severity.WARNING),
        (140, Severity.WARNING),
        (141, Severity.INFO),
        (311, Severity.INFO),
        (312, 0),
    ],
)
def test_boundaries(n_rows, severity):
    assert worst(judge(RULE, size_facts(5000, n_rows))) == severity


def test_fewer_rows_never_score_milder():
    steps = [worst(judge(RULE, size_facts(5000, n))) for n in range(400, -1, -1)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_the_rows_needed_are_the_least_that_suffice():
    for width in (0.02, 0.05, 0.1, 0.2):
        assert half_width(rows_needed(width)) <= width < half_width(rows_needed(width) - 1)


@pytest.mark.parametrize(
    ("n_rows", "severity"), [(48, Severity.ERROR), (49, Severity.WARNING), (192, Severity.WARNING), (193, 0)]
)
def test_boundaries_of_a_numeric_target(n_rows, severity):
    assert worst(judge(RULE, target_facts(n_rows))) == severity


def test_fewer_rows_with_a_numeric_target_never_score_milder():
    steps = [worst(judge(RULE, target_facts(n))) for n in range(300, -1, -1)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_says_what_a_numeric_target_of_few_rows_tells():
    train, test = plain_splits(600, 100)
    train["y"], test["y"] = train["income"], test["income"]
    [finding] = findings_of("SPLIT007", train, test=test, task="regression")
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == (
        "test has 100 rows with y: an R² of 0.5 would be known to ± 0.14 only, a mean error to ± 14.8 % of it; two "
        "models' mean errors must lie 13.4 % of it apart to be told apart. 193 rows bring R² to ± 0.1."
    )
    assert finding.evidence["n_rows_for_wanted_difference"] == 4481


def test_an_info_says_from_which_difference_two_models_are_told_apart():
    [finding] = judge(RULE, size_facts(5000, 200))
    assert "two models' recalls must lie 6.2 points apart to be told apart" in str(finding.message)
    assert "1 of 2 classes has fewer than the 312 rows that bring it to 5 points between two models." in str(
        finding.message
    )


def test_the_evidence_holds_every_class_and_the_rows_for_a_wanted_difference():
    [finding] = judge(RULE, size_facts(300, 20, 90))
    assert finding.evidence["n_rows_by_class"] == [20, 90, 300]
    assert finding.evidence["half_width_recall_by_class"] == [half_width(n) for n in (20, 90, 300)]
    assert finding.evidence["n_rows_for_wanted_difference"] == 1960
    assert finding.evidence["half_width_auc"] > finding.evidence["half_width_accuracy"]
    [other] = judge(test_too_small.TestTooSmall(wanted_difference=0.05), size_facts(300, 20, 90))
    assert other.evidence["n_rows_for_wanted_difference"] == 312
    assert "class 1" not in str(finding.message.redacted())


def test_is_skipped_without_labels_in_other_splits():
    train, test = plain_splits(100, 50)
    [check] = audit(train, test=test.drop(columns="y"), label="y", select=["SPLIT007"]).checks
    assert (check.status, check.reason) == (Status.SKIPPED, "no other split has labels")


def test_every_split_is_judged_by_name():
    counted = class_counts({"a": 1000, "b": 1000}, validation=[500, 20], test=[500, 500])
    [finding] = judge(RULE, facts_of(class_power(counted, "validation"), class_power(counted, "test")))
    assert finding.splits == ("validation",)
    assert str(finding.message).startswith("validation has 20 rows of b")


def test_a_class_that_occurs_nowhere_is_not_judged():
    counted = class_counts({"a": 1000, "b": 1000, "c": 0}, test=[500, 500, 0])
    assert not judge(RULE, facts_of(class_power(counted, "test")))


def test_a_class_that_the_split_lacks_tells_no_models_apart():
    [finding] = judge(RULE, size_facts(500, 0))
    assert finding.severity is Severity.ERROR
    assert "test has 0 rows of class 1" in str(finding.message)
    assert "no two models can be told apart by it" in str(finding.message)
    assert all(np.isfinite(value) for value in finding.evidence["half_width_recall_by_class"])
