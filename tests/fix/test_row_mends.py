"""Rows that are dropped or moved: which, how many, and which stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import ConfigError
from dataaudit.fix.edits import DropRows


def test_the_first_of_equal_rows_stays(mend, frame):
    table = pd.concat([frame, frame.iloc[:20]], ignore_index=True)
    mended = mend(table, "DATA001")
    pd.testing.assert_frame_equal(mended.train, frame)
    assert mended.dropped["row"].tolist() == list(range(300, 320))
    assert set(mended.dropped["reason"]) == {"repeats an earlier row"}


def test_equal_rows_of_coarse_columns_stay_unless_somebody_says_so(mend):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({f"q{i}": rng.choice(["yes", "no"], 300) for i in range(4)}).assign(y=rng.integers(0, 2, 300))
    assert len(mend(table, "DATA001").train) == 300
    assert len(mend(table, "DATA001", unsafe=True).train) == len(table.drop_duplicates())


def test_copies_at_another_time_need_judgement(mend, frame):
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(320), unit="h")
    table = pd.concat([frame, frame.iloc[:20]], ignore_index=True).assign(at=at)
    kept = mend(table, "DATA001", time="at")
    assert len(kept.train) == 320
    assert any("differ in their group, time or context" in line for line in kept.done)
    assert len(mend(table, "DATA001", time="at", unsafe=True).train) == 300


def test_rows_of_test_leave_train_and_test_stays_as_it_is(mend, frame, other):
    table = pd.concat([frame, other.iloc[:30]], ignore_index=True)
    mended = mend(table, "LEAK001", test=other)
    pd.testing.assert_frame_equal(mended.train, frame)
    pd.testing.assert_frame_equal(mended.test, other)


def test_rows_of_coarse_columns_that_stand_in_test_stay_in_train(plan):
    rng = np.random.default_rng(0)
    train, test = (
        pd.DataFrame({f"q{i}": rng.choice(["yes", "no"], n) for i in range(5)}).assign(y=rng.integers(0, 2, n))
        for n in (300, 150)
    )
    found = plan(train, "LEAK001", test=test)
    assert found.edits == []
    assert all(one.is_unsafe for one in found.held_back)


def test_near_twins_leave_train_only_with_judgement(mend, frame, other):
    near = other.iloc[:40].assign(x0=other["x0"][:40] + 1e-4)
    table = pd.concat([frame, near], ignore_index=True)
    assert len(mend(table, "LEAK002", test=other).train) == 340
    assert len(mend(table, "LEAK002", test=other, unsafe=True).train) == 300


@pytest.fixture
def contradicted(frame) -> pd.DataFrame:
    """Twenty rows again with the other label, ten of them once more with their own."""
    other = frame.iloc[:20].assign(y=np.where(frame["y"][:20] == "yes", "no", "yes"))
    return pd.concat([frame, other, frame.iloc[:10]], ignore_index=True)


def test_rows_that_contradict_one_another_go(mend, frame, contradicted):
    pd.testing.assert_frame_equal(mend(contradicted, "LABEL001").train, frame.iloc[20:])


def test_the_majority_of_contradicting_rows_stays(mend, frame, contradicted):
    # The first ten stand twice with their own label and once with the other; the next ten once with each.
    mended = mend(contradicted, "LABEL001", conflicts="majority")
    expected = pd.concat([frame.iloc[:10], frame.iloc[20:], frame.iloc[:10]])
    assert mended.train.to_numpy().tolist() == expected.to_numpy().tolist()


def test_rows_that_lost_and_rows_that_tie_are_told_apart(mend, contradicted):
    mended = mend(contradicted, "LABEL001", conflicts="majority")
    assert mended.dropped["reason"].value_counts().to_dict() == {
        "is alike to as many rows of another label, so that no majority says which is right": 20,
        "is alike to rows of a commoner label": 10,
    }


def oversampled(seed: int = 0) -> pd.DataFrame:
    table = pd.DataFrame(np.random.default_rng(seed).normal(size=(300, 4)).round(6), columns=list("abcd"))
    table["y"] = np.where(table.index % 10 == 0, "rare", "often")
    rare = table[table["y"] == "rare"]
    return pd.concat([table, rare.sample(200, replace=True, random_state=1)], ignore_index=True)


def test_copies_of_rarer_classes_only_need_judgement(mend):
    kept = mend(oversampled(), "DATA001")
    assert len(kept.train) == 500
    assert kept.done[0] == "Nothing safe to mend; 1 mend needs --unsafe."
    assert "commonest class has 90 % of the rows instead of 54 %" in kept.done[1]
    assert len(mend(oversampled(), "DATA001", unsafe=True).train) == 300


def test_copies_of_the_commonest_class_are_dropped(mend):
    table = oversampled().iloc[:300]
    often = table[table["y"] == "often"]
    table = pd.concat([table, often.iloc[:50]], ignore_index=True)
    assert len(mend(table, "DATA001").train) == 300


def test_few_copies_of_a_rarer_class_are_dropped(mend):
    table = oversampled().iloc[:300]
    rare = table[table["y"] == "rare"]
    # Of two copies, chance spares the class of nine tenths once in a hundred times.
    table = pd.concat([table, rare.iloc[:2]], ignore_index=True)
    assert len(mend(table, "DATA001").train) == 300


@pytest.mark.parametrize("code", ["LEAK001", "DATA001,LEAK001,LABEL001"])
def test_where_test_is_train_it_says_what_to_do(mend, frame, code):
    mended = mend(frame, *code.split(","), test=frame)
    assert mended.done[0] == "Nothing could be mended."
    assert "no row of train would be left; test holds the rows of train: split all rows anew" in mended.done[1]
    assert "with dataaudit split" in mended.done[1]


def test_there_is_no_majority_of_numbers(mend, frame):
    table = pd.concat([frame, frame.iloc[:30]], ignore_index=True).assign(y=np.random.default_rng(0).normal(size=330))
    with pytest.raises(ConfigError, match="of which there is no majority"):
        mend(table, "LABEL001", conflicts="majority")


def test_rows_with_another_label_in_test_leave_train(mend, frame, other):
    wrong = other.iloc[:30].assign(y=np.where(other["y"][:30] == "yes", "no", "yes"))
    mended = mend(pd.concat([frame, wrong], ignore_index=True), "LABEL002", test=other)
    pd.testing.assert_frame_equal(mended.train, frame)


def test_rows_without_a_label_go_but_not_from_a_reference(mend, frame, other):
    train, test, world = (table.assign(y=table["y"].where(table.index % 10 > 0)) for table in (frame, other, other))
    mended = mend(train, "LABEL005", test=test, reference=world)
    assert (len(mended.train), len(mended.test), len(mended.reference)) == (270, 135, 150)


def test_a_test_split_without_any_label_keeps_its_rows(mend, frame, other):
    mended = mend(frame, "LABEL005", test=other.assign(y=None))
    assert len(mended.test) == 150


def test_rows_whose_target_is_a_code_go(mend, frame):
    target = np.random.default_rng(1).normal(20, 3, 300).round(3)
    target[::50] = -999.0
    mended = mend(frame.assign(y=target), "LABEL006")
    assert len(mended.train) == 294
    assert mended.train["y"].min() > 0


def test_rows_without_a_feature_go(mend, frame):
    table = frame.copy()
    table.iloc[5:8, :4] = np.nan
    assert mend(table, "DATA002").dropped["row"].tolist() == [5, 6, 7]


def test_a_class_is_never_lost(plan, frame):
    table = pd.concat([frame, frame.iloc[:1].assign(y="maybe")], ignore_index=True)
    # The only row of its class contradicts another one.
    table = pd.concat(
        [table, *[frame.iloc[20:22].assign(y="no"), frame.iloc[20:22].assign(y="yes")]], ignore_index=True
    )
    found = plan(table, "LABEL001")
    assert found.edits == []
    assert [one.reason for one in found.held_back] == ["train would lose all rows of a class"]


def test_what_takes_more_than_half_of_a_split_needs_judgement(plan, frame):
    table = pd.concat([frame.iloc[:100]] * 3, ignore_index=True)
    [held] = plan(table, "DATA001").held_back
    assert held.is_unsafe
    assert "66.7 % of train" in held.reason
    assert len(plan(table, "DATA001", unsafe=True).edits) == 1


class TestGroups:
    @pytest.fixture
    def torn(self, frame, other):
        who = np.random.default_rng(3)
        train = frame.assign(patient=who.integers(0, 60, 300))
        # 30 patients have rows in both, 20 in test alone.
        return train, other.assign(patient=who.integers(30, 80, 150))

    def test_each_group_lies_in_one_split_and_no_row_is_lost(self, mend, torn):
        train, test = torn
        mended = mend(train, "LEAK003", test=test, group="patient")
        assert not set(mended.train["patient"]) & set(mended.test["patient"])
        both = pd.concat([mended.train, mended.test]).sort_values(list(train.columns), ignore_index=True)
        came = pd.concat([train, test]).sort_values(list(train.columns), ignore_index=True)
        pd.testing.assert_frame_equal(both, came)

    def test_the_splits_keep_their_sizes(self, mend, torn):
        train, test = torn
        mended = mend(train, "LEAK003", test=test, group="patient")
        assert abs(len(mended.train) - 300) <= 10

    def test_one_torn_group_goes_where_most_of_its_rows_are(self, mend, frame, other):
        train = frame.assign(patient=np.arange(300) // 6)
        test = other.assign(patient=np.where(np.arange(150) == 0, 3, 100 + np.arange(150) // 5))
        mended = mend(train, "LEAK003", test=test, group="patient")
        assert (len(mended.train), len(mended.test)) == (301, 149)
        assert (mended.train["patient"] == 3).sum() == 7

    def test_a_validation_split_is_kept_apart_too(self, mend, torn, frame):
        train, test = torn
        validation = frame.iloc[:80].assign(patient=np.arange(80))
        mended = mend(train, "LEAK003", test=test, validation=validation, group="patient")
        sets = [set(part["patient"]) for part in (mended.train, mended.validation, mended.test)]
        assert not sets[0] & sets[1]
        assert not sets[0] & sets[2]
        assert not sets[1] & sets[2]

    def test_after_a_cut_in_time_the_training_rows_go(self, mend, frame, other):
        start = pd.Timestamp("2024-01-01")
        train = frame.assign(patient=np.arange(300) // 5, at=start + pd.to_timedelta(np.arange(300), unit="h"))
        test = other.assign(
            patient=50 + np.arange(150) // 5, at=start + pd.to_timedelta(300 + np.arange(150), unit="h")
        )
        mended = mend(train, "LEAK003", test=test, group="patient", time="at")
        assert len(mended.test) == 150
        assert sorted(set(mended.train["patient"])) == list(range(50))

    def test_rows_of_one_table_that_are_moved_say_where_they_now_are(self, mend, torn):
        train, test = torn
        table = pd.concat([train.assign(part="train"), test.assign(part="test")], ignore_index=True)
        mended = mend(table, "LEAK003", split_column="part", group="patient")
        assert set(mended.train["part"]) == {"train"}
        assert set(mended.test["part"]) == {"test"}
        assert len(mended.train) + len(mended.test) == 450


def test_edits_are_data(plan, frame):
    [edit] = plan(pd.concat([frame, frame.iloc[:20]], ignore_index=True), "DATA001").edits
    assert isinstance(edit, DropRows)
    assert (edit.code, edit.split, edit.judgement) == ("DATA001", "train", None)
