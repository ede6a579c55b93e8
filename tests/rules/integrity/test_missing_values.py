"""DATA002 missing-values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import (
    clean_frame,
    findings_of,
    folded,
    judge,
    least_hits,
    made_facts,
    never_falls,
    numeric_profile,
    severities,
    worst,
)

from dataaudit.measure.profiles import RowCompleteness
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.missing_values import MissingValues


def with_missing(n_rows: int, n_missing: int) -> pd.DataFrame:
    frame = clean_frame(n_rows)
    frame.loc[: n_missing - 1, "weight"] = np.nan
    return frame


def judged(n_rows: int, n_missing: int) -> list:
    facts = made_facts(
        {"x": Kind.NUMERIC},
        profiles={"train": {"x": numeric_profile("x", n_rows, n_missing=n_missing)}},
        completeness={"train": RowCompleteness(n_rows, n_rows - n_missing, 0)},
    )
    return judge(MissingValues(), facts)


def test_a_tenth_missing_is_worth_knowing():
    [finding] = findings_of("DATA002", with_missing(1000, 100))
    assert finding.severity is Severity.INFO
    assert str(finding.message) == "weight is missing in 100 of 1,000 training rows (10 %)."


def test_flags_a_column_that_is_mostly_missing():
    [finding] = findings_of("DATA002", with_missing(1000, 700))
    assert finding.severity is Severity.WARNING
    assert "--exclude weight" in str(finding.fix)


def test_flags_a_column_that_is_all_missing():
    [finding] = findings_of("DATA002", with_missing(30, 30))
    assert finding.severity is Severity.WARNING
    assert "missing in all 30 training rows" in str(finding.message)


def test_a_column_that_test_does_not_have_is_an_error():
    [finding] = findings_of("DATA002", clean_frame(200), test=clean_frame(100, seed=1).drop(columns="time"))
    assert finding.severity is Severity.ERROR
    assert str(finding.message).startswith("time stands in train but not in test")
    assert finding.splits == ("train", "test")


def test_flags_infinite_cells():
    frame = clean_frame(200)
    frame.loc[[3, 7], "length"] = np.inf
    [finding] = findings_of("DATA002", frame)
    assert finding.severity is Severity.WARNING
    assert "length is infinite in 2 train rows (1 %)" in str(finding.message)


def test_infinite_cells_are_not_told_twice():
    frame = clean_frame(200)
    frame.loc[:99, "length"] = np.inf
    [finding] = findings_of("DATA002", frame)
    assert finding.evidence["n_infinite"] == 100


@pytest.mark.parametrize("word", ["?", "-", "unknown", "Missing", "n.a.", "None", " ? "])
def test_names_words_that_mean_missing(word):
    frame = clean_frame(200)
    frame.loc[:19, "colour"] = word
    [finding] = findings_of("DATA002", frame)
    assert finding.severity is Severity.INFO
    assert finding.evidence["n_rows_disguised"] == 20
    assert word.strip() in str(finding.message)
    assert word.strip() not in str(finding.message.redacted()).replace("colour", "").split()


def test_a_word_that_fills_most_of_the_column_is_a_warning():
    frame = clean_frame(200)
    frame.loc[:159, "colour"] = "?"
    assert severities(findings_of("DATA002", frame)) == [Severity.WARNING]


def test_names_rows_without_a_feature():
    frame = clean_frame(400)
    frame = frame.drop(columns="wet")
    frame.loc[[5], ["length", "weight", "time", "colour"]] = None
    [finding] = findings_of("DATA002", frame)
    assert finding.severity is Severity.INFO
    assert str(finding.message) == "1 train row (0.25 %) has no feature at all."


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA002", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_on_few_missing_cells():
    assert not findings_of("DATA002", with_missing(100, 4))


def test_is_silent_on_a_million_whole_rows():
    assert not judged(1_000_000, 0)


@pytest.mark.parametrize(("share", "severity"), [(0.05, Severity.INFO), (0.5, Severity.WARNING)])
def test_boundaries_lie_at_the_lower_bound(share, severity):
    n_missing = least_hits(10_000, share)
    assert worst(judged(10_000, n_missing)) == severity
    assert worst(judged(10_000, n_missing - 1)) == severity - 1


def test_more_missing_cells_never_score_milder():
    steps = [worst(judged(300, n)) for n in range(0, 301, 5)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_more_disguised_cells_never_score_milder():
    steps = []
    for n_rows in (0, 1, 10, 80, 150, 190):
        frame = clean_frame(200)
        frame.loc[: n_rows - 1, "colour"] = "?"
        steps.append(worst(findings_of("DATA002", frame)))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_beyond_fifty_columns_the_rest_is_one_finding_with_the_least_missing():
    names = [f"x{i}" for i in range(80)]
    facts = made_facts(
        dict.fromkeys(names, Kind.NUMERIC),
        profiles={"train": {name: numeric_profile(name, 1000, n_missing=100 + i) for i, name in enumerate(names)}},
        completeness={},
    )
    found = judge(MissingValues(), facts)
    assert len(found) == 51
    assert found[0].columns == ("x79",)
    assert folded(found).evidence["columns"] == [f"x{i}" for i in range(29, -1, -1)]
    assert folded(found).severity is Severity.INFO
