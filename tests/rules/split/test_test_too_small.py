"""SPLIT007 test-too-small."""

from __future__ import annotations

import pytest
from tests.rules.builders import MILLION, plain_splits, split_facts
from tests.rules.frames import class_counts, findings_of, judge, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.split import test_too_small
from dataaudit.rules.split.test_too_small import half_width, rows_needed

RULE = test_too_small.TestTooSmall()


def size_facts(*n_test: int):
    names = [f"class {i}" for i in range(len(n_test))]
    return split_facts(classes=class_counts(dict.fromkeys(names, 1000), test=list(n_test)))


def test_flags_the_smallest_class_and_says_how_many_rows_it_takes():
    train, test = plain_splits(600, 300)
    test.loc[:, "y"] = ["cat"] * 288 + ["dog"] * 12
    [finding] = findings_of("SPLIT007", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "test has 12 rows of dog: a recall of 90 % would be known to ± 17.7 percentage points only" in str(
        finding.message
    )
    assert "even without an error 25 % may be wrong" in str(finding.message)
    assert finding.evidence["n_rows_needed"] == 141
    assert finding.evidence["n_classes_too_small"] == 1


def test_is_silent_on_enough_rows_of_every_class():
    train, test = plain_splits(300, 300)
    assert not findings_of("SPLIT007", train, test=test)


def test_a_hundred_rows_are_small_and_a_million_are_not():
    train, test = plain_splits(100, 100)
    assert worst(findings_of("SPLIT007", train, test=test)) == Severity.WARNING
    assert not judge(RULE, size_facts(MILLION, 200))


@pytest.mark.parametrize(
    ("n_rows", "severity"), [(36, Severity.ERROR), (37, Severity.WARNING), (140, Severity.WARNING), (141, 0)]
)
def test_boundaries(n_rows, severity):
    assert worst(judge(RULE, size_facts(5000, n_rows))) == severity


def test_fewer_rows_never_score_milder():
    steps = [worst(judge(RULE, size_facts(5000, n))) for n in range(200, -1, -1)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_the_rows_needed_are_the_least_that_suffice():
    for width in (0.02, 0.05, 0.1, 0.2):
        assert half_width(rows_needed(width)) <= width < half_width(rows_needed(width) - 1)


def test_every_split_is_judged_by_name():
    facts = size_facts(500, 500)
    facts.classes = class_counts({"a": 1000, "b": 1000}, validation=[500, 20], test=[500, 500])
    facts.other_splits = ("validation", "test")
    [finding] = judge(RULE, facts)
    assert finding.splits == ("validation",)
    assert str(finding.message).startswith("validation has 20 rows of b")


def test_a_class_that_occurs_nowhere_is_not_judged():
    facts = size_facts(500, 500)
    facts.classes = class_counts({"a": 1000, "b": 1000, "c": 0}, test=[500, 500, 0])
    assert not judge(RULE, facts)
