"""An evaluation's training parts hold the rows that the command would write of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.evaluating import facts_of
from tests.rebalance.test_sentinels import GAPS, coded
from tests.rebalance.tied import broken, tied

import dataaudit
from dataaudit.rebalance.evaluate import running
from dataaudit.rebalance.evaluate.comparison import Comparison
from dataaudit.rebalance.evaluate.fits import Asked, training_part
from dataaudit.rebalance.evaluate.models import LOGISTIC
from dataaudit.rebalance.evaluate.newcells import find_fold_ties, makes_rows
from dataaudit.rebalance.evaluate.rows import read_rows
from dataaudit.rebalance.plan import Target
from dataaudit.rebalance.sentinels import find_sentinels

ASKED = Asked(Target(), 0.5, (LOGISTIC,), 0)


def trained_on(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Return all rows as a fold would be given them if it were all rows, as a frame of the same columns."""
    with facts_of(frame) as facts:
        rows = read_rows(facts, len(frame), find_sentinels(facts))
    everything = np.arange(rows.n_rows)
    training = training_part(rows, everything, strategy, ASKED, find_fold_ties(rows, everything, 0))
    found = pd.DataFrame(training.cells.numbers, columns=rows.coded.numbers)
    for place, name in enumerate(rows.coded.categories):
        names = np.append(np.unique(frame[name].dropna()).astype(object), np.nan)
        found[name] = names[training.cells.codes[:, place]]
    for name in rows.coded.dates:
        found[name] = pd.to_datetime((found[name] * 1e6).round().astype("int64"), unit="us")
    return found.assign(y=np.array(rows.classes)[training.labels])


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of numbers and texts in an order of their own."""
    plain = frame.apply(
        lambda cells: cells.astype("int64") if cells.dtype.kind == "M" else cells.astype(float, errors="ignore")
    )
    return plain.sort_values(list(plain.columns), ignore_index=True)


@pytest.mark.parametrize("strategy", ["smote", "adasyn", "svm-smote", "smote-tomek"])
@pytest.mark.parametrize("frame", [tied(), coded(category=True), coded(category=False)], ids=["tied", "mixed", "codes"])
def test_of_all_rows_a_training_part_is_what_the_command_writes(frame, strategy):
    # In the order of names, as models are given columns: neighbours as near as one another are told by no other.
    frame = frame[[*sorted(frame.columns.drop("y")), "y"]]
    written = dataaudit.rebalance(frame, label="y", strategy=strategy).frame
    found = trained_on(frame, strategy)[list(frame.columns)]
    pd.testing.assert_frame_equal(in_order(found), in_order(written), check_dtype=False, atol=1e-6)


def test_what_goes_together_does_so_in_a_training_part():
    frame = tied().astype({"is_a": bool, "is_b": bool, "is_c": bool})
    made = trained_on(frame, "smote").iloc[len(frame) :].reset_index(drop=True).astype({"grade_number": int})
    assert len(made) > 200
    assert not broken(frame, made)


def test_no_made_cell_of_a_training_part_lies_beside_a_code():
    frame = coded(category=True)
    made = trained_on(frame, "smote-enn").iloc[len(frame) // 2 :]
    for name, (low, high) in GAPS.items():
        assert not ((made[name] > low) & (made[name] < high)).any()


def test_what_goes_together_is_looked_for_once_in_every_training_part_and_in_no_scored_row(monkeypatch):
    looked_at, folds = [], []
    find, make = running.find_fold_ties, running.make_folds

    def noting(rows, positions, seed):
        looked_at.append(positions)
        return find(rows, positions, seed)

    def dealing(*given):
        folds.extend(make(*given))
        return folds

    monkeypatch.setattr(running, "find_fold_ties", noting)
    monkeypatch.setattr(running, "make_folds", dealing)
    with facts_of(tied()) as facts:
        comparison = Comparison(("random-over", "smote", "smote-tomek"), models=(LOGISTIC,))
        running.evaluate_facts(facts, comparison, lambda _: None)
        assert len(looked_at) == len(folds) > 4
        assert all(np.array_equal(positions, fold.train) for positions, fold in zip(looked_at, folds, strict=True))
        looked_at.clear()
        running.evaluate_facts(facts, replace(comparison, strategies=("random-over", "tomek")), lambda _: None)
    assert not looked_at


def test_which_ways_make_rows():
    assert [makes_rows(way) for way in ("none", "threshold", "weights", "random-over", "tomek", "smote")] == (
        [False] * 5 + [True]
    )
