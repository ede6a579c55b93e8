from __future__ import annotations

from dataclasses import replace

from dataaudit.model import AuditResult, Check, DatasetInfo, Finding, Severity, SplitInfo, Status, Task
from dataaudit.proof.changes import Blindness, Expectation, compare
from dataaudit.text import Text


def finding(code, severity=Severity.WARNING, splits=("train",), identity=(), columns=()):
    return Finding(
        code, "a-name", severity, columns, splits, Text("It is so."), {}, Text("Mend it."), identity=identity
    )


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


def test_a_finding_that_lost_or_gained_columns_is_changed_neither_gone_nor_new():
    before = finding("SCALE001", columns=("a", "b", "c"))
    after = finding("SCALE001", Severity.ERROR, columns=("b", "c", "d"))
    changes = compare(audited(before), audited(after))
    assert changes.gone + changes.new == ()
    [one] = changes.remaining
    assert (one.before, one.after, one.is_changed, one.is_worse) == (before, after, True, True)
    same = compare(audited(before), audited(before)).remaining[0]
    assert not same.is_changed


def test_other_columns_splits_or_values_are_another_finding():
    before = finding("SCALE001", columns=("a", "b"), identity=("high",))
    for other in (
        replace(before, columns=("c", "d")),
        replace(before, columns=()),
        replace(before, columns=("a",), splits=("test",)),
        replace(before, columns=("a",), identity=("low",)),
        replace(before, columns=("a",), code="DATA001"),
    ):
        changes = compare(audited(before), audited(other, finding("SCALE001", splits=("other",))))
        assert before not in [one.before for one in changes.remaining], other
        assert before in changes.gone


def test_findings_with_most_columns_in_common_go_together():
    wide, narrow = finding("DATA004", columns=("a", "b", "c", "d")), finding("DATA004", columns=("d", "e"))
    same_wide, same_narrow = finding("DATA004", columns=("a", "b", "c")), finding("DATA004", columns=("d", "e", "f"))
    for after in ((same_narrow, same_wide), (same_wide, same_narrow)):
        remaining = compare(audited(wide, narrow), audited(*after)).remaining
        assert {(one.before.columns, one.after.columns) for one in remaining} == {
            (wide.columns, same_wide.columns),
            (narrow.columns, same_narrow.columns),
        }
    one_left = compare(audited(wide, narrow), audited(same_narrow))
    assert [one.before for one in one_left.remaining] == [narrow]
    assert one_left.gone == (wide,)


def test_the_findings_of_further_columns_are_changed_where_these_are_others():
    before, after = (finding("SPLIT002", identity=("folded", digest)) for digest in ("abc", "def"))
    changes = compare(audited(before), audited(after))
    assert changes.gone + changes.new == ()
    assert [one.before for one in changes.remaining] == [before]


def test_what_is_worse_on_purpose_in_other_columns_is_set_apart():
    mild = finding("SPLIT001", Severity.INFO, columns=("a", "b"))
    grave = finding("SPLIT001", columns=("a",))
    changes = compare(audited(mild), audited(grave), [SHIFT])
    assert [(one.before, one.after) for one in changes.expected] == [(mild, grave)]
    assert changes.gone + changes.new + changes.remaining == ()


BLIND = Blindness("LABEL003", "copies vouch for a row.")


def test_what_a_check_can_see_no_more_is_not_gone():
    seen, other = finding("LABEL003"), finding("LABEL003", splits=("test",))
    changes = compare(
        audited(seen, other, finding("LEAK001")), audited(finding("LABEL003", splits=("x",))), (), [BLIND]
    )
    assert [(one.before, one.reason) for one in changes.hidden] == [(seen, BLIND.reason)]
    assert changes.gone == (other, finding("LEAK001"))
    assert changes.not_judged_again == ()


def test_what_a_blinded_check_sees_all_the_same_remains():
    changes = compare(audited(finding("LABEL003")), audited(finding("LABEL003")), (), [BLIND])
    assert (changes.hidden, changes.gone, len(changes.remaining)) == ((), (), 1)


def test_a_blinded_check_that_did_not_run_again_is_told_as_that():
    changes = compare(audited(finding("LABEL003")), audited(skipped=("LABEL003",)), (), [BLIND])
    assert (changes.hidden, len(changes.not_judged_again)) == ((), 1)
