"""SPLIT006 class-absent."""

from __future__ import annotations

import pytest
from tests.rules.builders import MILLION, plain_splits, split_facts
from tests.rules.frames import class_counts, findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.model import Severity, Status
from dataaudit.rules.split.class_absent import ClassAbsent


def class_facts(train: dict[str, int], test: list[int]):
    return split_facts(classes=class_counts(train, test=test))


def test_flags_a_class_that_test_does_not_have():
    train, test = plain_splits(1000, 250)
    train.loc[:39, "y"] = "wolf"
    [finding] = findings_of("SPLIT006", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "1 class of train has no row in test: wolf. Of wolf, 40 rows in train let expect about 10 among" in str(
        finding.message
    )
    assert "wolf" not in str(finding.message.redacted())


def test_flags_a_class_that_train_never_shows():
    train, test = plain_splits(300, 100)
    test.loc[:4, "y"] = "wolf"
    [finding] = findings_of("SPLIT006", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "5 rows of test have a class that train never shows (wolf)" in str(finding.message)


def test_both_directions_are_findings_of_their_own():
    train, test = plain_splits(300, 100)
    train.loc[:29, "y"], test.loc[:9, "y"] = "wolf", "Wolf"
    found = findings_of("SPLIT006", train, test=test)
    assert len(found) == 2
    assert len({finding.fingerprint for finding in found}) == 2


@pytest.mark.parametrize("seed", range(4))
def test_is_silent_on_a_random_split_of_100_rows(seed):
    train, test = plain_splits(70, 30, seed)
    assert not findings_of("SPLIT006", train, test=test)


def test_is_silent_on_a_million_rows_with_all_classes():
    assert not judge(ClassAbsent(), class_facts({"a": MILLION, "b": 10}, [250_000, 2]))


@pytest.mark.parametrize(("n_train", "severity"), [(119, Severity.WARNING), (120, Severity.ERROR)])
def test_boundary_is_three_expected_rows(n_train, severity):
    facts = class_facts({"rare": n_train, "common": 4000 - n_train}, [0, 100])
    assert worst(judge(ClassAbsent(), facts)) == severity


@pytest.mark.parametrize(("n_test", "severity"), [(1, Severity.WARNING), (2, Severity.WARNING), (3, Severity.ERROR)])
def test_boundary_is_three_rows_that_train_never_shows(n_test, severity):
    facts = class_facts({"new": 0, "common": 4000}, [n_test, 100])
    assert worst(judge(ClassAbsent(), facts)) == severity


def test_a_larger_absent_class_never_scores_milder():
    steps = [worst(judge(ClassAbsent(), class_facts({"a": n, "b": 4000}, [0, 500]))) for n in range(60)]
    assert never_falls(steps)
    assert (steps[0], steps[1], steps[-1]) == (0, Severity.WARNING, Severity.ERROR)


def test_more_rows_of_a_new_class_never_score_milder():
    steps = [worst(judge(ClassAbsent(), class_facts({"a": 0, "b": 4000}, [n, 500]))) for n in range(9)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_is_skipped_for_a_numeric_target_and_without_labels():
    train, test = plain_splits(100, 50)
    [check] = audit(train, test=test, label="length", task="regression", select=["SPLIT006"]).checks
    assert check.status is Status.SKIPPED
    [check] = audit(train, test=test.drop(columns="y"), label="y", select=["SPLIT006"]).checks
    assert (check.status, check.reason) == (Status.SKIPPED, "no other split has labels")
