"""LABEL002 contradictory-across-splits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, least_hits, made_facts, never_falls, worst

from dataaudit.errors import NotMeasurable
from dataaudit.measure.rows import RowOverlap
from dataaudit.model import Severity
from dataaudit.rules.label.contradictory_across_splits import ContradictoryAcrossSplits

FLIPPED = {"cat": "dog", "dog": "cat"}


def with_flipped(train: pd.DataFrame, n_flipped: int, n_rows: int = 400) -> pd.DataFrame:
    """A clean split whose first rows stand in train with the other label."""
    flipped = train.iloc[:n_flipped].assign(y=train["y"].iloc[:n_flipped].map(FLIPPED))
    return pd.concat([flipped, clean_frame(n_rows - n_flipped, seed=1)], ignore_index=True)


def overlap(n_rows: int, n_other: int, share_distinct: float = 1.0, *, has_labels: bool = True) -> RowOverlap:
    pairs = ((0, 5),) if n_other else ()
    return RowOverlap("test", n_rows, n_other, 0, n_other, 10_000, 0.0, 0.0, share_distinct, pairs, pairs, has_labels)


def judged(*arguments: float, **options: bool) -> list:
    facts = made_facts(overlaps={"test": overlap(*arguments, **options)})
    return judge(ContradictoryAcrossSplits(), facts)


def test_flags_test_rows_that_stand_in_train_with_another_label():
    train = clean_frame(800)
    [finding] = findings_of("LABEL002", train, test=with_flipped(train, 20))
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == "20 test rows (5 %) stand in train with another label."
    assert [(rows.split, rows.numbers[:3]) for rows in finding.rows] == [("test", (0, 1, 2)), ("train", (0, 1, 2))]


def test_one_such_row_is_worth_a_look():
    train = clean_frame(800)
    [finding] = findings_of("LABEL002", train, test=with_flipped(train, 1))
    assert finding.severity is Severity.INFO
    assert str(finding.message) == "1 test row (0.25 %) stands in train with another label."


def test_is_silent_on_clean_splits():
    assert not findings_of("LABEL002", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_on_rows_shared_with_their_label():
    train = clean_frame(300)
    assert not findings_of("LABEL002", train, test=train.iloc[:50].reset_index(drop=True))


def test_is_silent_on_a_million_rows_that_differ():
    assert not judged(1_000_000, 0)


def test_boundary_lies_at_the_lower_bound():
    n_other = least_hits(10_000, 0.005)
    assert worst(judged(10_000, n_other)) == Severity.WARNING
    assert worst(judged(10_000, n_other - 1)) == Severity.INFO


@pytest.mark.parametrize(("share_distinct", "severity"), [(0.9, Severity.WARNING), (0.8999, Severity.INFO)])
def test_boundary_of_a_coarse_table(share_distinct, severity):
    [finding] = judged(1000, 100, share_distinct)
    assert finding.severity is severity
    assert ("by chance" in str(finding.message)) == (severity is Severity.INFO)


def test_a_coarse_table_is_never_more_than_info():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.integers(0, 3, 900), "y": random.choice(["cat", "dog"], 900)})
    train, test = frame.iloc[:600], frame.iloc[600:].reset_index(drop=True)
    train = train[~((train["a"] == 0) & (train["y"] == "dog"))].reset_index(drop=True)
    [finding] = findings_of("LABEL002", train, test=test)
    assert finding.severity is Severity.INFO


def test_more_flipped_rows_never_score_milder():
    train = clean_frame(500)
    steps = [worst(findings_of("LABEL002", train, test=with_flipped(train, n))) for n in (0, 1, 3, 10, 60, 200)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_without_labels_in_the_other_split_it_is_skipped():
    with pytest.raises(NotMeasurable, match="no split beside train has labels"):
        judged(1000, 0, has_labels=False)
