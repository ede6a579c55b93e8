"""LABEL005 missing-label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import class_counts, clean_frame, findings_of, judge, least_hits, made_facts, never_falls, worst

from dataaudit.model import Severity, Task
from dataaudit.rules.label.missing_label import MissingLabel


def without_labels(n_rows: int, n_unlabelled: int, seed: int = 0) -> pd.DataFrame:
    frame = clean_frame(n_rows, seed)
    frame.loc[: n_unlabelled - 1, "y"] = None
    return frame


def judged(n_rows: int, n_unlabelled: int, n_test: int | None = None, n_unlabelled_test: int = 0) -> list:
    unlabelled = {"train": n_unlabelled}
    others, splits = {}, {}
    if n_test is not None:
        unlabelled["test"], others["test"], splits["test"] = n_unlabelled_test, [1, 1], n_test
    facts = made_facts(
        n_rows=n_rows, splits=splits, classes=class_counts({"a": 1, "b": 1}, n_unlabelled=unlabelled, **others)
    )
    return judge(MissingLabel(), facts)


def test_flags_rows_without_a_label():
    [finding] = findings_of("LABEL005", without_labels(1000, 80))
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == "80 of 1,000 train rows (8 %) have no label."


def test_three_rows_are_worth_knowing():
    [finding] = findings_of("LABEL005", without_labels(1000, 3))
    assert finding.severity is Severity.INFO


def test_regression_targets_count_too():
    frame = clean_frame(500)
    frame["y"] = np.where(np.arange(500) < 100, np.nan, frame["length"])
    [finding] = findings_of("LABEL005", frame, task="regression")
    assert finding.severity is Severity.WARNING
    assert finding.evidence["n_rows_unlabelled"] == 100


def test_names_the_split_that_differs():
    found = findings_of("LABEL005", clean_frame(1000), test=without_labels(500, 100, seed=1))
    assert [(finding.severity, finding.splits) for finding in found] == [(Severity.WARNING, ("train", "test"))]
    assert "In train it is 0 %" in str(found[0].message)


def test_is_silent_where_every_row_has_a_label():
    assert not findings_of("LABEL005", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_where_test_has_no_label_column():
    assert not findings_of("LABEL005", clean_frame(300), test=clean_frame(100, seed=1).drop(columns="y"))


def test_is_silent_on_a_million_labelled_rows():
    assert not judged(1_000_000, 0, 1_000_000, 0)


def test_boundary_of_info_is_a_single_row():
    assert [worst(judged(10_000, n)) for n in (0, 1)] == [0, Severity.INFO]


def test_boundary_of_a_warning_lies_at_the_lower_bound():
    n_unlabelled = least_hits(10_000, 0.05)
    assert worst(judged(10_000, n_unlabelled - 1)) == Severity.INFO
    assert worst(judged(10_000, n_unlabelled)) == Severity.WARNING


@pytest.mark.parametrize(("n_unlabelled", "severity"), [(500, Severity.INFO), (501, Severity.WARNING)])
def test_boundary_of_the_difference_between_splits(n_unlabelled, severity):
    """A twentieth of 10,000 test rows; the lower bound of the share alone is still below it."""
    [finding] = judged(10_000, 0, 10_000, n_unlabelled)
    assert finding.severity is severity


def test_one_of_ten_test_rows_is_not_yet_a_difference():
    [finding] = judged(10, 0, 10, 1)
    assert finding.severity is Severity.INFO


def test_more_missing_labels_never_score_milder():
    steps = [worst(judged(1000, n)) for n in range(0, 1000, 9)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_reads_the_target_in_regression():
    facts = made_facts(n_rows=100, task=Task.REGRESSION, target=class_counts({"a": 1}, n_unlabelled={"train": 30}))
    assert worst(judge(MissingLabel(), facts)) == Severity.WARNING
