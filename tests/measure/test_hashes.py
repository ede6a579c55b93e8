from __future__ import annotations

import pandas as pd
import pytest
from tests.measure.small import SEEDS, coarse, mixed, rows_alike

from dataaudit.measure import hashes


def hashed(facts, split):
    assert facts.row_hashes
    return facts.dataset.engine.rows(f"SELECT features, y FROM hash_{split} ORDER BY row")


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_hash_alike_if_and_only_if_their_features_are_alike(measure, seed):
    frames = {"train": coarse(200, seed), "test": coarse(100, seed + 9)}
    facts = measure(**frames)
    rows = [row for frame in frames.values() for row in rows_alike(frame, "abc")]
    numbers = [features for split in frames for features, _ in hashed(facts, split)]
    assert len(set(zip(rows, numbers, strict=True))) == len(set(rows)) == len(set(numbers))


def test_labels_are_kept_beside_the_hashes(measure):
    for task in ("binary", "regression"):
        frame = coarse(60, 0, task)
        kept = [y for _, y in hashed(measure(frame, task=task), "train")]
        assert kept == [None if pd.isna(y) else y for y in frame["y"]]


def test_many_columns_are_hashed_in_parts(measure, monkeypatch):
    monkeypatch.setattr(hashes, "COLUMNS_PER_HASH", 1)
    frame = coarse(200, 3)
    rows, numbers = rows_alike(frame, "abc"), [features for features, _ in hashed(measure(frame), "train")]
    assert len(set(zip(rows, numbers, strict=True))) == len(set(rows)) == len(set(numbers))


def test_columns_that_swap_their_cells_hash_differently(measure, monkeypatch):
    frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "y": ["m", "n", "m", "n"]})
    for size in (100, 1):
        monkeypatch.setattr(hashes, "COLUMNS_PER_HASH", size)
        assert len({features for features, _ in hashed(measure(frame), "train")}) == 4


def test_both_zeros_are_alike(measure):
    frame = pd.DataFrame({"a": [0.0, -0.0, 1.0, 1.0], "y": ["m", "n", "m", "n"]})
    assert len({features for features, _ in hashed(measure(frame), "train")}) == 2


def test_the_fingerprint_ignores_the_order_of_rows_and_columns(measure):
    frame = mixed(80)
    shuffled = frame.sample(frac=1, random_state=0)[list(reversed(frame.columns))]
    assert measure(frame).row_hashes == measure(shuffled).row_hashes


def test_the_fingerprint_sees_a_changed_cell_label_and_repeat(measure):
    frame = mixed(80)
    changed = [frame.copy() for _ in range(3)]
    changed[0].loc[0, "constant"] = 8.5
    changed[1].loc[0, "y"] = "ant" if frame.loc[0, "y"] != "ant" else "bee"
    changed[2] = pd.concat([frame, frame.iloc[:1]])
    found = [measure(table).row_hashes["train"] for table in (frame, *changed)]
    assert len(set(found)) == 4
    assert all(len(fingerprint) == 16 for fingerprint in found)


def test_a_split_without_the_label_is_hashed_too(measure):
    for task in ("binary", "regression"):
        facts = measure(coarse(60, 0, task), test=coarse(20, 1).drop(columns="y"), task=task)
        assert {y for _, y in hashed(facts, "test")} == {None}
