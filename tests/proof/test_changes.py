from __future__ import annotations

from dataclasses import replace

from dataaudit.model import AuditResult, Check, DatasetInfo, Finding, Severity, SplitInfo, Status, Task
from dataaudit.proof.changes import Expectation, compare
from dataaudit.text import Text


def finding(code, severity=Severity.WARNING, splits=("train",), identity=()):
    return Finding(code, "a-name", severity, (), splits, Text("It is so."), {}, Text("Mend it."), identity=identity)


def audited(*findings, skipped=(), splits=("train", "test")):
    codes = {one.code for one in findings} | {"LEAK001", "DATA001", *skipped}
    checks = tuple(
        Check(
            code,
            "a-name",
            Status.SKIPPED if code in skipped else Status.FAILED if findings else Status.PASSED,
            None,
            10,
            False,
            0.0,
        )
        for code in sorted(codes)
    )
    info = DatasetInfo(Task.BINARY, "y", tuple(SplitInfo(name, "a.csv", 10, 2) for name in splits), ())
    return AuditResult("1", "2026-01-01T00:00:00+00:00", 0, info, findings, checks, {}, {})


def test_an_audit_and_itself_have_nothing_gone_and_nothing_new():
    result = audited(finding("LEAK001"), finding("DATA001"))
    changes = compare(result, result)
    assert not changes.gone + changes.new + changes.judged_first + changes.not_judged_again
    assert [one.after.code for one in changes.remaining] == ["LEAK001", "DATA001"]
    assert not any(one.is_worse or one.is_milder for one in changes.remaining)


def test_a_finding_of_a_check_that_ran_again_is_gone():
    assert [one.code for one in compare(audited(finding("LEAK001")), audited()).gone] == ["LEAK001"]


def test_a_finding_of_a_check_that_did_not_run_again_is_not_gone():
    changes = compare(audited(finding("LEAK001")), audited(skipped=("LEAK001",)))
    assert changes.gone == ()
    assert [one.code for one in changes.not_judged_again] == ["LEAK001"]


def test_a_finding_of_a_split_that_is_no_longer_there_is_not_gone():
    changes = compare(audited(finding("LEAK001", splits=("test",))), audited(splits=("train",)))
    assert (changes.gone, len(changes.not_judged_again)) == ((), 1)


def test_a_check_that_ran_before_finds_something_new():
    assert [one.code for one in compare(audited(), audited(finding("DATA001"))).new] == ["DATA001"]


def test_what_could_not_be_judged_before_is_not_new():
    before = audited(skipped=("LEAK001",), splits=("train",))
    after = audited(finding("LEAK001"), finding("DATA001", splits=("test",)))
    changes = compare(before, after)
    assert changes.new == ()
    assert [one.code for one in changes.judged_first] == ["LEAK001", "DATA001"]


def test_milder_and_worse_go_by_the_severity():
    before = finding("LEAK001", Severity.WARNING)
    worse = compare(audited(before), audited(replace(before, severity=Severity.ERROR))).remaining[0]
    milder = compare(audited(before), audited(replace(before, severity=Severity.INFO))).remaining[0]
    assert (worse.is_worse, worse.is_milder, milder.is_worse, milder.is_milder) == (True, False, False, True)


def test_a_finding_of_train_is_the_same_where_another_split_confirms_it():
    before = audited(finding("SPUR001", identity=("red",)), splits=("train",))
    after = audited(finding("SPUR001", splits=("train", "test"), identity=("red",)))
    changes = compare(before, after)
    assert not changes.gone + changes.new + changes.judged_first
    assert changes.remaining[0].after.splits == ("train", "test")


def test_a_finding_of_another_value_is_another():
    changes = compare(audited(finding("SPUR001", identity=("red",))), audited(finding("SPUR001", identity=("blue",))))
    assert (len(changes.gone), len(changes.new), changes.remaining) == (1, 1, ())


def test_a_finding_of_another_split_is_another():
    before = audited(finding("DATA001", splits=("test",)), finding("DATA001", splits=("train",)))
    after = audited(finding("DATA001", splits=("train",)))
    changes = compare(before, after)
    assert [one.splits for one in changes.gone] == [("test",)]
    assert [one.before.splits for one in changes.remaining] == [("train",)]


SHIFT = Expectation("SPLIT001", "the shares were changed.", Severity.WARNING)


def test_what_is_new_or_worse_on_purpose_is_set_apart():
    mild = finding("SPLIT001", Severity.INFO, splits=("train", "test"))
    grave = replace(mild, severity=Severity.WARNING)
    for before in (audited(skipped=("SPLIT001",)), audited(mild)):
        changes = compare(before, audited(grave), [SHIFT])
        assert [(one.after, one.reason) for one in changes.expected] == [(grave, SHIFT.reason)]
        assert changes.expected[0].before == (mild if before.findings else None)
        assert changes.new + changes.judged_first + changes.remaining == ()


def test_what_is_graver_than_expected_or_not_of_train_is_not_on_purpose():
    grave = finding("SPLIT001", Severity.ERROR, splits=("train", "test"))
    elsewhere = finding("SPLIT001", splits=("test",))
    changes = compare(audited(skipped=("SPLIT001",)), audited(grave, elsewhere), [SHIFT])
    assert changes.expected == ()
    assert changes.judged_first == (grave, elsewhere)


def test_what_stays_as_grave_as_it_was_remains():
    known = finding("SPLIT001", splits=("train", "test"))
    changes = compare(audited(known), audited(known), [SHIFT])
    assert [one.after for one in changes.remaining] == [known]
    assert changes.expected == ()
