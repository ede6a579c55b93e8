"""DATA001 duplicate-rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, least_hits, made_facts, never_falls, severities, worst

from dataaudit.measure.rows import RowRepeats
from dataaudit.measure.sample import Sample
from dataaudit.model import Kind, Severity
from dataaudit.rules._fineness import Grain, count_distinct, grain
from dataaudit.rules.integrity.duplicate_rows import DuplicateRows


def with_copies(n_rows: int, n_copies: int) -> pd.DataFrame:
    frame = clean_frame(n_rows)
    copied = np.arange(n_copies) % n_rows
    return pd.concat([frame, frame.iloc[copied]], ignore_index=True)


def yes_and_no(n_rows: int, n_columns: int = 4) -> pd.DataFrame:
    answers = np.random.default_rng(0).integers(0, 2, (n_rows, n_columns + 1))
    return pd.DataFrame(answers, columns=[*(f"q{i}" for i in range(n_columns)), "y"])


def judged(n_rows: int, n_repeated: int, *, fine: bool = True) -> list:
    repeats = RowRepeats("train", n_rows, n_rows - n_repeated, n_rows - n_repeated, 2, ())
    values = np.random.default_rng(0).random((2, 1000)) if fine else np.resize([0.0, 1.0], (2, 1000))
    return judge(
        DuplicateRows(),
        made_facts(
            {"a": Kind.NUMERIC, "b": Kind.NUMERIC},
            n_rows=n_rows,
            repeats={"train": repeats},
            sample=Sample({"a": values[0], "b": values[1]}, "train", "row", 1000, n_rows),
        ),
    )


def test_flags_copies_of_measured_rows():
    [finding] = findings_of("DATA001", with_copies(950, 50))
    assert finding.severity is Severity.WARNING
    assert "50 train rows of 1,000 (5 %) repeat an earlier row" in str(finding.message)
    assert "these are copies" in str(finding.message)
    [rows] = finding.rows
    assert all(number + 950 in rows.numbers for number in rows.numbers if number < 950)


def test_flags_copies_within_test_alone():
    found = findings_of("DATA001", clean_frame(500), test=with_copies(300, 60))
    assert [(finding.severity, finding.splits) for finding in found] == [(Severity.WARNING, ("test",))]


def test_one_copy_of_a_measured_row_is_worth_knowing():
    assert severities(findings_of("DATA001", with_copies(999, 1))) == [Severity.INFO]


def test_a_coarse_table_repeats_by_chance():
    [finding] = findings_of("DATA001", yes_and_no(500))
    assert finding.severity is Severity.INFO
    assert "coarse tables repeat by chance" in str(finding.message)


def rounded(n_rows: int, n_copies: int) -> pd.DataFrame:
    """A table of two measures in steps, which tell most rows apart and leave chance some room."""
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, 400, (n_rows, 2)), columns=["a", "b"])
    frame = frame.assign(y=np.resize([0, 1], n_rows)).drop_duplicates()
    return pd.concat([frame, frame.iloc[:n_copies]], ignore_index=True)


@pytest.mark.parametrize("n_copies", [1, 5, 300])
def test_any_repeat_is_told_where_most_rows_differ(n_copies):
    [finding] = findings_of("DATA001", rounded(400, n_copies))
    assert finding.severity is Severity.INFO
    assert "these may be copies" in str(finding.message)


def test_a_repeat_that_leaves_chance_some_room_is_never_more_than_info():
    steps = [worst(findings_of("DATA001", rounded(400, n))) for n in (0, 1, 5, 40, 399)]
    assert steps == [0, 1, 1, 1, 1]


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA001", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_on_a_now_and_then_in_a_coarse_table():
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.integers(0, 9, (300, 4)), columns=list("abcd")).assign(y=np.resize([0, 1], 300))
    assert frame.duplicated().any()
    assert not findings_of("DATA001", frame)


def test_is_silent_on_a_million_different_rows():
    assert not judged(1_000_000, 0)


@pytest.mark.parametrize(("fine", "below", "above"), [(True, 1, 2), (False, 0, 1)])
def test_boundary_lies_at_the_lower_bound(fine, below, above):
    n_repeated = least_hits(10_000, 0.01)
    assert worst(judged(10_000, n_repeated - 1, fine=fine)) == below
    assert worst(judged(10_000, n_repeated, fine=fine)) == above


def test_more_copies_never_score_milder():
    steps = [worst(findings_of("DATA001", with_copies(300, n))) for n in (0, 1, 4, 12, 60, 300, 1500)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_more_copies_in_a_sampled_table_never_score_milder():
    """Of a table too large for the sample only a part is seen; half of its rows may be one row."""
    steps = []
    for n_copies in (0, 20, 3000, 30_000, 80_000):
        random = np.random.default_rng(0)
        values = random.normal(size=(2, 100_000))
        values[:, :n_copies] = values[:, :1]
        repeats = RowRepeats("train", 500_000, 500_000 - 5 * n_copies, 500_000 - 5 * n_copies, 1, ())
        sample = Sample({"a": values[0], "b": values[1]}, "train", "row", 100_000, 500_000)
        columns = {"a": Kind.NUMERIC, "b": Kind.NUMERIC}
        steps.append(worst(judge(DuplicateRows(), made_facts(columns, repeats={"train": repeats}, sample=sample))))
    assert steps == [0, 1, 2, 2, 2]


def grain_of(frame: pd.DataFrame) -> Grain:
    n_distinct = len(frame.drop_duplicates())
    return grain(
        made_facts(  # type: ignore[arg-type]
            dict.fromkeys(frame.columns, Kind.NUMERIC),
            repeats={"train": RowRepeats("train", len(frame), n_distinct, n_distinct, 1, ())},
            sample=Sample(
                {name: frame[name].to_numpy(float) for name in frame}, "train", "row", len(frame), len(frame)
            ),
        )
    )


@pytest.mark.parametrize("n_columns", [1, 2, 5])
def test_measured_columns_are_fine(n_columns):
    assert grain_of(pd.DataFrame(np.random.default_rng(0).normal(size=(500, n_columns)))) is Grain.FINE


def test_many_coarse_columns_are_fine_together():
    assert grain_of(pd.DataFrame(np.random.default_rng(0).integers(0, 17, (2000, 64)))) is Grain.FINE


@pytest.mark.parametrize(("n_values", "n_columns"), [(2, 4), (70, 1), (10, 3), (3, 9)])
def test_few_coarse_columns_are_coarse(n_values, n_columns):
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, n_values, (2000, n_columns)))
    assert grain_of(frame) is Grain.COARSE


@pytest.mark.parametrize(("n_values", "n_columns"), [(2000, 2), (40, 5)])
def test_columns_whose_half_tells_most_rows_apart_are_in_between(n_values, n_columns):
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, n_values, (2000, n_columns)))
    assert grain_of(frame) is Grain.MEDIUM


def test_count_distinct_counts_rows_with_missing_cells_and_signed_zeros():
    columns = [np.array([0.0, -0.0, np.nan, np.nan, 1.0]), np.array([1.0, 1.0, 2.0, 2.0, 1.0])]
    assert count_distinct(columns) == 3
    assert count_distinct([]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_count_distinct_agrees_with_pandas(seed):
    values = np.random.default_rng(seed).integers(-3, 4, (5000, 5)).astype(float)
    assert count_distinct(list(values.T)) == len(pd.DataFrame(values).drop_duplicates())
