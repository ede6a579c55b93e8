"""LEAK012 feature-later-than-label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import split_facts
from tests.rules.frames import findings_of, folded, judge, least_hits, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.lateness import Lateness
from dataaudit.model import Kind, Role, Severity, Status
from dataaudit.rules.leakage.feature_later_than_label import FeatureLaterThanLabel

RULE = FeatureLaterThanLabel()
N_ROWS = 400
HOUR = 3600


def claims(lag_hours: object, n_late: int = N_ROWS, seed: int = 0) -> pd.DataFrame:
    """Return rows an hour and a half apart; in the first ones `closed_at` is later by so many hours, else earlier."""
    random = np.random.default_rng(seed)
    at = pd.Timestamp("2024-01-01 00:30") + pd.to_timedelta(np.arange(N_ROWS) * 1.5, unit="h")
    lag = pd.to_timedelta(np.broadcast_to(np.asarray(lag_hours, dtype=float), N_ROWS), unit="h")
    closed = (at + lag).where(np.arange(N_ROWS) < n_late, at - pd.Timedelta(days=1))
    y = random.permutation(np.resize(["paid", "refused"], N_ROWS))
    return pd.DataFrame({"at": at, "closed_at": closed, "x": random.normal(size=N_ROWS), "y": y})


def found_in(train: pd.DataFrame, **options):
    return findings_of("LEAK012", train, time="at", **options)


def lateness(n_later: int, n_rows: int = 1000, column: str = "closed_at", **given) -> Lateness:
    known = {"n_later_by_clock": 0, "by_day": False, "seconds_least": -1000.0, "seconds_most": 90_000.0}
    known |= {"only_quarters": False, "seconds_median": 86_400.0, "numbers": tuple(range(min(21, n_later)))}
    return Lateness(column, "train", n_rows, n_later, **{**known, **given})


def found(*counted: Lateness, honest: frozenset[str] = frozenset()):
    columns = {**{of.column: Kind.DATETIME for of in counted}, "at": Kind.DATETIME}
    by_column = {of.column: {"train": of} for of in counted}
    return split_facts(columns, roles={"at": Role.TIME}, lateness=by_column, honest=honest)


def test_flags_dates_after_the_row_and_lists_them():
    frame = claims(np.random.default_rng(1).exponential(100, N_ROWS) + 1, n_late=240)
    [finding] = found_in(frame)
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("closed_at", "at")
    assert "closed_at is later than at in 240 of 400 rows (60 %, at least 55.1 %), by" in str(finding.message)
    assert "days in the median" in str(finding.message)
    assert "--exclude closed_at" in str(finding.fix)
    [rows] = finding.rows
    assert (rows.numbers, rows.truncated) == (tuple(range(20)), True)


def test_counts_all_splits_together_and_tells_them_apart():
    [finding] = found_in(claims(30, n_late=40), test=claims(50, n_late=100))
    assert finding.splits == ("train", "test")
    assert finding.evidence["n_rows_later"] == 140
    assert finding.evidence["splits"]["test"] == {"n_rows": 400, "n_rows_later": 100}
    assert [rows.split for rows in finding.rows] == ["train", "test"]


def test_is_silent_on_dates_before_the_row_and_on_missing_ones():
    assert not found_in(claims(-5))
    assert not found_in(claims(-5).assign(opened=pd.NaT))
    assert not found_in(claims(0))


def test_a_moment_of_the_same_day_is_not_later_than_a_day():
    frame = claims(5)
    frame["at"] = frame["at"].dt.floor("D")
    frame["closed_at"] = frame["at"] + pd.Timedelta(hours=20)
    assert not found_in(frame)
    frame["closed_at"] += pd.Timedelta(days=2)
    [finding] = found_in(frame)
    assert finding.severity is Severity.ERROR
    assert "by 2 days in the median" in str(finding.message)
    assert finding.evidence["compared_by_day"]


def test_a_day_is_not_later_than_a_moment_of_it():
    frame = claims(5)
    frame["closed_at"] = frame["at"].dt.floor("D")
    assert not found_in(frame)


@pytest.mark.parametrize(("hours", "severity"), [(2, 1), (5.75, 1), (14, 1), (14.25, 3), (2.1, 3)])
def test_other_time_zones_are_told_only(hours, severity):
    assert worst(found_in(claims(hours))) == severity


def test_summer_and_winter_time_are_one_zone():
    assert worst(found_in(claims(np.resize([1, 2], N_ROWS)))) == Severity.INFO
    assert worst(found_in(claims(np.resize([1, 3], N_ROWS)))) == Severity.ERROR


@pytest.mark.parametrize(("seconds", "severity"), [(0.5, 1), (60, 1), (61, 3)])
def test_clocks_may_differ_by_a_minute(seconds, severity):
    [finding] = found_in(claims(seconds / HOUR))
    assert finding.severity == severity


@pytest.mark.parametrize("name", ["due_date", "contract_expiry", "scheduledAt", "paymentDueDate", "valid_until"])
def test_what_is_planned_ahead_is_told_only(name):
    [finding] = found_in(claims(100).rename(columns={"closed_at": name}))
    assert finding.severity is Severity.INFO
    assert "planned ahead" in str(finding.message)


@pytest.mark.parametrize(
    "name",
    [
        *("plan_cancelled_at", "plan_canceled", "appointment_completed_at", "book_returned_at", "target_reached_at"),
        *("planClosedAt", "next_bill_paid", "actual_due_date", "scheduled_visit_ended", "booked_trip_finished_on"),
    ],
)
def test_what_is_done_was_not_planned_ahead(name):
    [finding] = found_in(claims(100).rename(columns={"closed_at": name}))
    assert finding.severity is Severity.ERROR
    assert "planned ahead" not in str(finding.message)


@pytest.mark.parametrize("name", ["paid_until", "unpaid_due_date", "subscription_paid_until", "next_contact"])
def test_what_is_planned_may_hold_a_word_of_what_is_done(name):
    assert worst(found_in(claims(100).rename(columns={"closed_at": name}))) == Severity.INFO


def test_a_name_is_no_excuse_where_being_later_tells_the_label():
    frame = claims(100).rename(columns={"closed_at": "due_date"})
    frame["due_date"] = frame["due_date"].where(frame["y"] == "refused", frame["at"] - pd.Timedelta(days=1))
    [finding] = found_in(frame)
    assert finding.severity is Severity.ERROR
    assert "being later tells y" in str(finding.message)
    assert "planned ahead" not in str(finding.message)
    assert worst(found_in(frame, honest="due_date")) == Severity.INFO


def test_says_why_its_impact_is_not_measured():
    [finding] = found_in(claims(100, n_late=200), test=claims(100, n_late=200, seed=1), measure_impact=True)
    told = " Its impact was not measured: the plain model does not compare dates with one another."
    assert str(finding.message).endswith(told)
    assert "impact_change" not in finding.evidence


def test_what_is_declared_honest_is_told_only():
    [finding] = found_in(claims(100), honest="closed_at")
    assert finding.severity is Severity.INFO


def test_says_where_being_later_tells_the_label():
    frame = claims(100)
    frame["closed_at"] = frame["closed_at"].where(frame["y"] == "refused")
    [finding] = found_in(frame)
    told = "; being later tells y: so are 100 % of the rows with refused, and 0 % of the others."
    assert str(finding.message).endswith(told)
    assert "refused" not in str(finding.message.redacted())
    assert finding.evidence["share_later_of_others"] == 0
    [finding] = found_in(claims(100, n_late=200))
    assert "tells y" not in str(finding.message)


def test_compares_the_targets_of_regression():
    frame = claims(100, n_late=200).assign(y=np.random.default_rng(0).normal(size=N_ROWS))
    frame.loc[:199, "y"] += 5
    [finding] = found_in(frame)
    means = finding.evidence["target_mean_later"]["train"].value, finding.evidence["target_mean_others"]["train"].value
    assert means[0] - means[1] == pytest.approx(5, abs=0.3)


def test_is_skipped_without_a_declared_time_or_where_it_is_a_number():
    for options in ({}, {"time": "x"}):
        [check] = audit(claims(5), label="y", select=["LEAK012"], **options).checks
        assert check.status is Status.SKIPPED


@pytest.mark.parametrize("share", [0.001, 0.05])
def test_boundaries_of_the_share(share):
    n_later = least_hits(10_000, share)
    below = worst(judge(RULE, found(lateness(n_later - 1, 10_000))))
    assert (below, worst(judge(RULE, found(lateness(n_later, 10_000))))) == (
        (Severity.INFO, Severity.WARNING) if share == 0.001 else (Severity.WARNING, Severity.ERROR)
    )


@pytest.mark.parametrize(("n_later", "severity"), [(2, Severity.INFO), (3, Severity.ERROR)])
def test_boundary_of_the_rows(n_later, severity):
    assert worst(judge(RULE, found(lateness(n_later, 4)))) == severity


@pytest.mark.parametrize(("least", "told"), [(0.17, True), (0.19, False)])
def test_boundary_of_what_tells_the_label(least, told):
    """300 of 500 against 180 of 500: .24 apart, at least .18 by Newcombe."""
    counted = lateness(480, n_by_label={"a": (300, 500), "b": (180, 500)})
    [finding] = judge(replace(RULE, least_label_change=least), found(counted))
    assert ("tells y" in str(finding.message)) is told


def test_more_later_rows_never_score_milder():
    steps = [worst(found_in(claims(30, n_late=n))) for n in (0, 1, 3, 10, 60, 400)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_many_columns_are_folded():
    findings = judge(RULE, found(*(lateness(500, column=f"d{i}") for i in range(60))))
    assert len(findings) == 51
    assert folded(findings).evidence["n_findings"] == 10
