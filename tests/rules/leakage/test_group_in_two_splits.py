"""LEAK003 group-in-two-splits."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.rules.builders import association, plain_splits, split_facts
from tests.rules.frames import findings_of, judge

from dataaudit.auditing import audit
from dataaudit.measure.rows import GroupOverlap
from dataaudit.model import Severity, Status
from dataaudit.rules.leakage.group_in_two_splits import GroupInTwoSplits


def with_stations(n_shared: int):
    """Return 300 train and 100 test rows of ten stations each, so many of which are the same."""
    train, test = plain_splits(300, 100)
    train["station"] = [f"S{row % 10}" for row in range(300)]
    test["station"] = [f"S{row % 10 + 10 - n_shared}" for row in range(100)]
    return train, test


def group_facts(n_rows_shared: int, n_groups_shared: int, **associations):
    found = GroupOverlap("station", "test", 1000, n_rows_shared, 50, n_groups_shared, 200, ("S1", "S2"))
    return split_facts(group_overlaps={"station": {"test": found}}, associations=associations)


def test_flags_stations_in_both_splits_with_rows_and_groups():
    train, test = with_stations(3)
    [finding] = findings_of("LEAK003", train, test=test, group="station")
    assert finding.severity is Severity.ERROR
    assert (
        "30 of the 100 test rows with a station (30 %) belong to one that has rows in train too: 3 of the 10 groups"
        in str(finding.message)
    )
    assert finding.columns == ("station",)
    assert finding.evidence["share_groups_shared"] == pytest.approx(0.3)
    assert "--group station" in str(finding.fix)


def test_is_silent_where_every_station_lies_in_one_split():
    train, test = with_stations(0)
    assert not findings_of("LEAK003", train, test=test, group="station")


def test_is_skipped_without_a_group_or_another_split():
    train, test = with_stations(3)
    for options, reason in [({"test": test}, "group"), ({"group": "station"}, "test or validation")]:
        [check] = audit(train, label="y", select=["LEAK003"], **options).checks
        assert check.status is Status.SKIPPED
        assert reason in check.reason


@pytest.mark.parametrize(("n_shared", "n_found"), [(0, 0), (1, 1)])
def test_boundary_is_a_single_group(n_shared, n_found):
    assert len(judge(GroupInTwoSplits(), group_facts(n_shared, n_shared))) == n_found


def test_any_overlap_is_an_error_however_large():
    found = [judge(GroupInTwoSplits(), group_facts(20 * n, n)) for n in range(51)]
    assert [len(findings) for findings in found] == [0] + [1] * 50
    assert all(finding.severity is Severity.ERROR for findings in found for finding in findings)


def test_says_what_the_group_tells_about_the_label():
    [finding] = judge(GroupInTwoSplits(), group_facts(20, 1, station=association(0.42)))
    assert "The group alone explains 42 % of the label's variance." in str(finding.message)
    assert finding.evidence["share_label_explained"] == 0.42


def test_rows_without_a_group_are_no_group():
    train, test = with_stations(0)
    train.loc[:9, "station"] = None
    test.loc[:9, "station"] = None
    assert not findings_of("LEAK003", train, test=test, group="station")


def test_number_and_share_are_of_the_rows_that_have_a_group():
    train, test = with_stations(10)
    test.loc[:9, "station"] = None
    [finding] = findings_of("LEAK003", train, test=test, group="station")
    assert "90 of the 90 test rows with a station (100 %) belong" in str(finding.message)


def test_the_message_hides_the_groups_when_redacted():
    [finding] = judge(GroupInTwoSplits(), group_facts(20, 1))
    assert "S1" in str(finding.message)
    assert "S1" not in str(finding.message.redacted())


def test_says_that_groups_stand_before_and_after_a_cut_in_time():
    train, test = with_stations(3)
    train["at"] = pd.date_range("2024-01-01", periods=300, freq="h")
    test["at"] = pd.date_range("2024-03-01", periods=100, freq="h")
    [finding] = findings_of("LEAK003", train, test=test, group="station", time="at")
    assert "before and after the cut in time" in str(finding.message)
    assert finding.evidence["n_groups_before_and_after_cut"] == 3
    assert "Keep the cut in time and take out of test every station" in str(finding.fix)


@pytest.mark.parametrize("time", ["at", "name"])
def test_says_nothing_of_a_cut_where_there_is_none(time):
    train, test = with_stations(3)
    train["at"], test["at"] = range(300), range(299, 399)
    train["name"], test["name"] = "a", "b"
    [finding] = findings_of("LEAK003", train, test=test, group="station", time=time)
    assert "cut" not in str(finding.message)
    assert "n_groups_before_and_after_cut" not in finding.evidence
    assert "GroupShuffleSplit" in str(finding.fix)


def test_lists_rows_of_the_split_beside_the_first_training_row_of_their_group():
    train, test = with_stations(3)
    [finding] = findings_of("LEAK003", train, test=test, group="station")
    listed, partners = finding.rows
    assert (listed.split, partners.split) == ("test", "train")
    assert listed.numbers == tuple(row for row in range(100) if row % 10 < 3)[:20]
    assert partners.numbers == tuple(7 + row % 10 for row in listed.numbers)
    assert (listed.truncated, partners.truncated) == (True, True)


def test_few_rows_are_listed_in_full():
    train, test = with_stations(0)
    test.loc[[5, 2], "station"] = ["S4", "S1"]
    [finding] = findings_of("LEAK003", train, test=test, group="station")
    assert [(rows.split, rows.numbers) for rows in finding.rows] == [("test", (2, 5)), ("train", (1, 4))]
    assert not finding.rows[0].truncated
