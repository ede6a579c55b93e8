"""DATA004 duplicate-column."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.frames import category_table, clean_frame, findings_of, folded, judge, made_facts, never_falls, worst

from dataaudit.measure.columns import ColumnTwins
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.duplicate_column import DuplicateColumn


def judged(counts: dict[str, int], n_columns: int = 2) -> list:
    """Facts of two columns that go one-to-one, with these counts."""
    names = [f"x{i}" for i in range(n_columns)]
    twins = ColumnTwins("x0", "x1", "recoded", sum(counts.values()))
    facts = made_facts(
        dict.fromkeys(names, Kind.CATEGORICAL), twins=(twins,), tables={"x0": category_table("x0", counts)}
    )
    return judge(DuplicateColumn(), facts)


def test_flags_equal_columns():
    frame = clean_frame(200)
    [finding] = findings_of("DATA004", frame.assign(again=frame["length"]))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("length", "again")
    assert "length and again are equal, in all 200 training rows" in str(finding.message)
    assert "--exclude again" in str(finding.fix)


def test_flags_another_unit():
    frame = clean_frame(200)
    [finding] = findings_of("DATA004", frame.assign(inches=frame["length"] / 2.54))
    assert finding.evidence["relation"] == "affine"
    assert finding.evidence["slope"] == pytest.approx(1 / 2.54)
    assert "inches is 0.393701 × length" in str(finding.message)


def test_flags_a_recoding():
    frame = clean_frame(200)
    [finding] = findings_of("DATA004", frame.assign(code=frame["colour"].map({"red": 7, "green": 3, "blue": 4})))
    assert finding.evidence["relation"] == "recoded"
    assert str(finding.message).startswith("Each value of colour goes with one value of code and back")


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA004", clean_frame(100))


def test_is_silent_on_a_large_clean_table():
    assert not findings_of("DATA004", clean_frame(50_000))


def test_is_silent_where_one_row_differs():
    frame = clean_frame(200)
    again = frame["length"].copy()
    again[17] += 0.5
    assert not findings_of("DATA004", frame.assign(again=again))


def test_is_silent_on_columns_that_only_hang_together():
    frame = clean_frame(300)
    noise = np.random.default_rng(1).normal(0, 0.01, 300)
    assert not findings_of("DATA004", frame.assign(near=frame["length"] * 2 + noise))


def test_a_twin_of_the_label_is_left_to_leak005():
    frame = clean_frame(200)
    assert not findings_of("DATA004", frame.assign(answer=frame["y"].map({"cat": 1, "dog": 2})))


def test_rare_flags_that_agree_by_chance_are_passed_over():
    """Two flags set in one row of 1,000 each agree once in 1,000 times: of 300 columns many do."""
    assert not judged({"no": 999, "yes": 1}, n_columns=300)


@pytest.mark.parametrize(("n_rows", "n_found"), [(100, 0), (101, 1)])
def test_boundary_of_chance(n_rows, n_found):
    """A flag set in one of n rows agrees with another one once in n times: 1/100 is too often."""
    assert len(judged({"no": n_rows - 1, "yes": 1})) == n_found


def test_three_of_six_is_too_small_to_tell():
    assert not judged({"a": 3, "b": 3})


def test_fewer_differing_rows_never_score_milder():
    frame = clean_frame(300)
    steps = []
    for n_rows in (300, 100, 20, 3, 1, 0):
        again = frame["length"].copy()
        again[:n_rows] += 1 + np.arange(n_rows) ** 2
        steps.append(worst(findings_of("DATA004", frame.assign(again=again))))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_a_feature_that_repeats_a_declared_group_is_the_one_to_leave_out():
    frame = clean_frame(300)
    frame["patient"] = np.random.default_rng(0).integers(0, 40, 300)
    frame["code"] = "p" + frame["patient"].astype(str)
    [finding] = findings_of("DATA004", frame, group="patient")
    assert "--exclude code" in str(finding.fix)


def test_beyond_the_most_findings_the_rest_is_one():
    frame = clean_frame(100)
    frame = frame.assign(**{f"copy{i}": frame["length"] for i in range(9)})
    found = findings_of("DATA004", frame, thresholds={"duplicate-column": {"most_findings": 4}})
    assert len(found) == 5
    assert folded(found).evidence["n_findings"] == 5
