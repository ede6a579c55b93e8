"""DATA008 date-as-text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, made_facts, never_falls, worst

from dataaudit.measure.columns import CellKinds
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.date_as_text import DateAsText


@pytest.fixture
def csv(tmp_path: Path):
    """Write a clean table with this text column as CSV."""

    def write(cells: list[str]) -> Path:
        path = tmp_path / "train.csv"
        clean_frame(len(cells)).assign(day=cells).to_csv(path, index=False)
        return path

    return write


def days(n_rows: int, pattern: str) -> list[str]:
    return pd.date_range("2020-01-01", periods=n_rows, freq="31h").strftime(pattern).tolist()


def judged(n_present: int, n_date: int, **given: object) -> list:
    known = {"stored_as_text": False, "read_as": "VARCHAR", "date_format": "%d.%m.%Y", "odd_examples": ()}
    kinds = CellKinds(
        "x", "train", n_present, n_present, 0, 0, n_date, 0, n_odd=n_present - n_date, **{**known, **given}
    )
    return judge(DateAsText(), made_facts({"x": Kind.TEXT}, cells={"x": {"train": kinds}}))


@pytest.mark.parametrize(
    ("pattern", "ambiguous"), [("%d/%m/%Y", True), ("%m/%d/%Y", True), ("%d.%m.%Y", True), ("%d %b %Y", False)]
)
def test_flags_dates_in_another_format(csv, pattern, ambiguous):
    [finding] = findings_of("DATA008", csv(days(300, pattern)))
    assert finding.severity is Severity.WARNING
    assert f"day holds dates as text: 100 % of its 300 training cells read as {pattern}" in str(finding.message)
    assert finding.evidence["day_and_month_ambiguous"] == ambiguous


def test_says_how_to_read_them(csv):
    [finding] = findings_of("DATA008", csv(days(300, "%d/%m/%Y")))
    assert finding.severity is Severity.WARNING
    assert "Day and month can be mistaken for each other." in str(finding.message)
    assert "pandas.to_datetime(frame['day'], format='%d/%m/%Y')" in str(finding.fix)


def test_iso_dates_stored_as_text_in_a_frame_are_info():
    [finding] = findings_of("DATA008", clean_frame(200).assign(day=days(200, "%Y-%m-%d")))
    assert finding.severity is Severity.INFO
    assert "are ISO 8601 dates" in str(finding.message)


def test_flags_cells_that_are_no_dates(csv):
    cells = days(300, "%Y-%m-%d")
    cells[7] = "last spring"
    [finding] = findings_of("DATA008", csv(cells))
    assert finding.severity is Severity.WARNING
    assert "1 cell does not: last spring (row 7)" in str(finding.message)


def test_is_silent_on_iso_dates_in_a_csv(csv):
    assert not findings_of("DATA008", csv(days(100, "%Y-%m-%d")))


def test_is_silent_on_timestamps():
    frame = clean_frame(200).assign(day=pd.date_range("2020-01-01", periods=200))
    assert not findings_of("DATA008", frame)


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA008", clean_frame(100))


def test_is_silent_on_a_million_dates_that_were_read_as_such():
    assert not judged(1_000_000, 1_000_000, read_as="TIMESTAMP", date_format=None)


@pytest.mark.parametrize(("n_date", "n_found"), [(8999, 0), (9000, 1)])
def test_boundary_of_the_share(n_date, n_found):
    assert len(judged(10_000, n_date)) == n_found


@pytest.mark.parametrize(("n_present", "n_found"), [(8, 0), (9, 1)])
def test_boundary_of_few_cells(n_present, n_found):
    assert len(judged(n_present, n_present)) == n_found


def test_more_cells_that_are_no_dates_never_score_milder():
    steps = [
        worst(judged(1000, 1000 - n_odd, read_as="TIMESTAMP", date_format=None, stored_as_text=True))
        for n_odd in range(101)
    ]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (Severity.INFO, Severity.WARNING)
