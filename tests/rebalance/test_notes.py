"""What a folder and a frame say of what was done: the same, with the numbers of this table."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.tables import every_kind, listed, manifest, numbers_only, write

import dataaudit
from dataaudit.rebalance.notes import advice
from dataaudit.rebalance.strategies import STRATEGIES
from dataaudit.text import without_data

ID_WORDS = "carry the id of a parent"
EARLIER_WORDS = "weights of an earlier run"


def notes_of(frame, strategy, **named):
    return " ".join(dataaudit.rebalance(frame, label="y", strategy=strategy, **named).notes)


def folder_notes(tmp_path, frame, strategy, **named):
    path = write(frame, tmp_path / "given.csv")
    proof = dataaudit.rebalance(
        path, label="y", strategy=strategy, output=tmp_path / "out", audit=False, force=True, **named
    )
    assert manifest(tmp_path / "out")["notes"] == list(proof.notes)
    return " ".join(proof.notes)


def planned(strategy, counts, wanted, *, is_regression=False):
    return SimpleNamespace(
        request=SimpleNamespace(strategy=STRATEGIES[strategy]),
        names=tuple("abcdefghijklmnop"),
        counts=dict(enumerate(counts)),
        wanted=dict(enumerate(wanted)),
        is_regression=is_regression,
    )


@pytest.mark.parametrize("strategy", ["smote", "smote-tomek"])
def test_ids_of_made_up_rows_are_told(tmp_path, strategy):
    said = f"{ID_WORDS} in 'id': give them ids of their own before a join."
    assert said in notes_of(every_kind(), strategy)
    assert said in folder_notes(tmp_path, every_kind(), strategy)
    declared = every_kind().drop(columns="id")
    assert f"{ID_WORDS} in 'income'" in notes_of(declared, strategy, id="income")


def test_ids_are_not_told_where_no_row_is_made_up():
    assert ID_WORDS not in notes_of(every_kind(), "random-over")
    assert ID_WORDS not in notes_of(every_kind(), "enn")
    assert ID_WORDS not in notes_of(every_kind(), "smote", target="cap=50")
    assert ID_WORDS not in notes_of(numbers_only(), "smote")


def test_where_there_was_nothing_to_do_no_made_up_rows_are_spoken_of(tmp_path):
    for said in (
        notes_of(every_kind(), "smote", target="cap=50"),
        folder_notes(tmp_path, every_kind(), "smote", target="cap=50"),
    ):
        assert "nothing to do" in said
        assert "made-up" not in said.lower()
        assert "correct its" not in said
    assert "made-up row" in notes_of(every_kind(), "smote")


@pytest.mark.parametrize("strategy", ["smote", "random-over", "random-under", "weights", "tomek"])
def test_a_frame_is_told_what_a_folder_is(tmp_path, strategy):
    frame = numbers_only()
    train, test = frame.iloc[:140].reset_index(drop=True), frame.iloc[140:].reset_index(drop=True)
    path = write(test, tmp_path / "test.csv")
    of_folder = folder_notes(tmp_path, train, strategy, test=path)
    of_frame = dataaudit.rebalance(train, label="y", strategy=strategy, test=test).notes
    assert of_frame
    for note in of_frame:
        assert note.replace("`weights` holds", "The column 'weight' holds") in of_folder
    assert "correct its probability p of '1'" in " ".join(of_frame)


def test_two_classes_have_the_numbers_of_this_table():
    # Of 180 rows 30 are rare: 1/6 over 1/2, and 5/6 over 1/2.
    said = notes_of(numbers_only(), "smote")
    assert "probability p of '1' to 0.333 p / (0.333 p + 1.67 (1 - p))" in said
    assert "0.333 p / (0.333 p + 1.67 (1 - p))" in notes_of(numbers_only(), "weights")
    # Shares of the trained model come back to the natural ones.
    p, a, b = 0.5, 1 / 3, 5 / 3
    assert a * p / (a * p + b * (1 - p)) == pytest.approx(1 / 6)


def test_more_classes_have_the_general_form():
    plan = planned("random-over", [80, 15, 5], [80, 80, 80])
    (said,) = advice(plan, plan.wanted)
    assert "p_k w_k / sum_j p_j w_j" in said
    assert said.endswith("'c' 0.15, 'b' 0.45 and 'a' 2.4.")
    assert not re.search("'[abc]'", without_data(said))
    many = planned("random-over", range(1, 15), [14] * 14)
    assert "and 4 more" in advice(many, many.wanted)[0]


def test_a_correction_names_no_class_where_none_may_be_shown():
    plan = planned("random-under", [90, 10], [10, 10])
    (said,) = advice(plan, plan.wanted)
    assert "'b'" in said
    assert "'b'" not in without_data(said)
    assert "0.2 p / (0.2 p + 1.8 (1 - p))" in without_data(said)


def test_nothing_to_correct():
    same = planned("weights", [50, 50], [50, 50])
    assert advice(same, same.counts) == ["Every row weighs 1: there was nothing to do."]
    number = planned("random-over", [50, 5], [50, 5], is_regression=True)
    assert advice(number, number.counts) == [
        "Every region of the target has as many rows as before: there was nothing to do."
    ]
    grown = planned("random-over", [50, 5], [50, 50], is_regression=True)
    assert advice(grown, grown.wanted) == []


def test_regions_are_no_classes(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600), "y": rng.gamma(1.5, 10, 600).round(3)})
    said = notes_of(frame.iloc[:400], "random-over", test=frame.iloc[400:])
    assert "No row of a growing region is near a held-out row." in said
    assert "class" not in said


def test_why_a_row_is_gone(tmp_path):
    path = write(numbers_only(), tmp_path / "given.csv")
    for strategy in ("random-under", "near-miss"):
        out = tmp_path / strategy
        proof = dataaudit.rebalance(path, label="y", strategy=strategy, output=out, audit=False)
        assert list(proof.rows[0].n_dropped) == [f"left out by {strategy}"]
        assert set(listed(out, "dropped")["reason"]) == {f"left out by {strategy}"}


def test_written_weights_are_to_be_left_out_of_an_audit(tmp_path):
    assert "--exclude weight." in folder_notes(tmp_path, numbers_only(), "weights")
    assert "--exclude 'my weight'." in folder_notes(tmp_path, numbers_only(), "weights", weight_column="my weight")
    written = pd.read_csv(tmp_path / "out" / "train.csv")
    audited = dataaudit.audit(written, label="y", exclude="my weight")
    assert not [finding for finding in audited.findings if "my weight" in finding.columns]


@pytest.mark.parametrize("strategy", ["weights", "smote", "random-over"])
def test_weights_of_an_earlier_run_are_told(tmp_path, strategy):
    frame = numbers_only()
    twice = frame.assign(weight=frame["y"].map({0: 0.6, 1: 3.0}))
    said = f"'weight' has one number for each class, as {EARLIER_WORDS}"
    assert said in notes_of(twice, strategy)
    assert said in folder_notes(tmp_path, twice, strategy)
    both = twice.assign(row_weight=twice["weight"])
    assert "'weight' and 'row_weight' have one number" in notes_of(both, strategy)


def test_other_weights_are_not_taken_for_those_of_an_earlier_run():
    frame = numbers_only()
    rng = np.random.default_rng(0)
    twice = frame.assign(weight=frame["y"].map({0: 0.6, 1: 3.0}))
    assert EARLIER_WORDS not in notes_of(frame.assign(weight=rng.uniform(40, 90, len(frame))), "weights")
    assert EARLIER_WORDS not in notes_of(frame.assign(weight=1), "weights")
    assert EARLIER_WORDS not in notes_of(frame.assign(weight=None), "weights")
    assert EARLIER_WORDS not in notes_of(twice, "weights", exclude="weight")
    assert EARLIER_WORDS not in notes_of(twice.rename(columns={"weight": "dose"}), "weights")


def test_a_name_for_weights_that_a_frame_does_not_get_is_told():
    frame = numbers_only()
    assert "No column 'w' is added to a frame" in notes_of(frame, "weights", weight_column="w")
    assert "is added" not in notes_of(frame, "weights")


def test_a_rebalanced_frame_is_shown_in_a_line():
    frame = numbers_only()
    assert repr(dataaudit.rebalance(frame, label="y", strategy="smote")) == (
        "<Rebalanced: 300 rows (180 kept, 120 synthetic)>"
    )
    assert repr(dataaudit.rebalance(frame, label="y", strategy="random-under")) == (
        "<Rebalanced: 60 rows (60 kept, 120 dropped)>"
    )
    assert repr(dataaudit.rebalance(frame, label="y", strategy="weights")) == (
        "<Rebalanced: 180 rows (180 kept), with weights>"
    )
