"""LEAK004 splits-overlap-in-time."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.rules.builders import plain_splits
from tests.rules.frames import findings_of, worst

from dataaudit.auditing import audit
from dataaudit.model import Severity, Status

HOUR = pd.Timedelta(hours=1)
START = pd.Timestamp("2024-01-01")


def with_times(n_overlapping: int, n_train: int = 300, n_test: int = 100):
    """Return splits by the hour; test starts so many rows before the end of train."""
    train, test = plain_splits(n_train, n_test)
    train["at"] = [START + HOUR * row for row in range(n_train)]
    test["at"] = [START + HOUR * (n_train - n_overlapping + row) for row in range(n_test)]
    return train, test


def test_flags_rows_before_the_end_of_train_and_lists_them():
    train, test = with_times(30)
    [finding] = findings_of("LEAK004", train, test=test, time="at")
    assert finding.severity is Severity.ERROR
    assert "30 rows of test (30 %) are not later than the last training row" in str(finding.message)
    assert "2024-01-13" in str(finding.message)
    assert "2024" not in str(finding.message.redacted())
    [rows] = finding.rows
    assert rows.numbers == tuple(range(20))
    assert rows.truncated


@pytest.mark.parametrize(("n_overlapping", "n_found"), [(0, 0), (1, 1)])
def test_boundary_is_one_row_at_the_last_training_time(n_overlapping, n_found):
    train, test = with_times(n_overlapping)
    assert len(findings_of("LEAK004", train, test=test, time="at")) == n_found


def test_a_random_split_is_an_error_unless_it_was_meant():
    train, test = with_times(100)
    assert worst(findings_of("LEAK004", train, test=test, time="at")) == Severity.ERROR
    assert not findings_of("LEAK004", train, test=test, time="at", time_mode="random")


def test_numbers_order_rows_too():
    train, test = with_times(0)
    train["at"], test["at"] = range(300), range(290, 390)
    [finding] = findings_of("LEAK004", train, test=test, time="at")
    assert finding.evidence["n_rows_overlapping"] == 10


def test_every_overlap_is_an_error_and_its_share_grows():
    shares = []
    for n_overlapping in (1, 10, 60, 100):
        train, test = with_times(n_overlapping)
        [finding] = findings_of("LEAK004", train, test=test, time="at")
        assert finding.severity is Severity.ERROR
        shares.append(finding.evidence["share_overlapping"])
    assert shares == pytest.approx([0.01, 0.1, 0.6, 1.0])


def test_is_skipped_without_a_declared_time():
    train, test = with_times(10)
    [check] = audit(train, test=test, label="y", select=["LEAK004"]).checks
    assert check.status is Status.SKIPPED
    assert "--time" in check.reason
