from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import NAMES, NUMBERS, SEEDS, floats, mixed, texts

from dataaudit.measure import bin_counts, keys
from dataaudit.measure.tables import MISSING, OTHER

ORDERED = (*NUMBERS, "when")


@pytest.fixture(autouse=True, params=[0, 10_000], ids=["in the engine", "in memory"])
def way_of_counting(request, monkeypatch):
    monkeypatch.setattr(bin_counts, "MAX_ROWS_IN_MEMORY", request.param)


def random_splits(seed, task):
    return {
        "train": mixed(300, seed, task=task),
        "validation": mixed(40, seed + 50, task=task),
        "test": mixed(90, seed + 100, shift=1.5, task=task),
    }


@pytest.fixture(params=SEEDS)
def splits(request):
    return random_splits(request.param, "multiclass")


def key_numbers(table, frame):
    """Return the number of each row's key, counted without the engine."""
    column = frame[table.column]
    if table.edges is None:
        place = {key: i for i, key in enumerate(table.keys[: table.other_key])}
        place.pop(MISSING, None)
        return [table.missing_key if text is None else place.get(text, table.other_key) for text in texts(column)]
    values = floats(column)
    return np.where(np.isnan(values), table.missing_key, np.searchsorted(table.edges, values)).tolist()


def class_numbers(facts, frame):
    if facts.info.task == "regression":
        values = floats(frame["y"])
        return np.where(np.isnan(values), -1, np.searchsorted(facts.target.edges, values)).tolist()
    return [-1 if pd.isna(name) else facts.dataset.classes.index(name) for name in frame["y"]]


def check_counts(facts, frames):
    for table in facts.tables.values():
        for split, frame in frames.items():
            numbers = key_numbers(table, frame)
            n_by_class = np.zeros(table.n_by_class[split].shape, dtype=int)
            for key, label in zip(numbers, class_numbers(facts, frame), strict=True):
                if label >= 0:
                    n_by_class[key, label] += 1
            assert table.n[split].tolist() == np.bincount(numbers, minlength=len(table.keys)).tolist()
            assert table.n_by_class[split].tolist() == n_by_class.tolist()
        assert table.n_rows == sum(map(len, frames.values()))


def test_every_cell_of_every_table_against_a_loop(measure, splits):
    facts = measure(**splits)
    assert set(facts.tables) == {*ORDERED, *NAMES}
    check_counts(facts, splits)


@pytest.mark.parametrize("seed", SEEDS)
def test_regression_counts_bins_of_the_target_and_its_sums(measure, seed):
    frames = random_splits(seed, "regression")
    facts = measure(**frames)
    check_counts(facts, frames)
    centre = frames["train"]["y"].mean()
    for table in facts.tables.values():
        for split, frame in frames.items():
            target = np.nan_to_num(floats(frame["y"]) - centre)
            numbers = key_numbers(table, frame)
            n_keys = len(table.keys)
            assert table.target_sum[split] == pytest.approx(np.bincount(numbers, target, n_keys), abs=1e-9)
            assert table.target_sum_squares[split] == pytest.approx(np.bincount(numbers, target**2, n_keys), abs=1e-9)


def test_ordered_columns_have_bins_and_others_do_not(measure, splits):
    found = measure(**splits).tables
    for name in ORDERED:
        assert found[name].is_bin
        assert len(found[name].keys) == len(found[name].edges) + 2
    for name in NAMES:
        assert not found[name].is_bin
    assert all(table.keys[table.missing_key] == MISSING for table in found.values())


def test_the_outer_bins_are_empty_in_train_and_hold_what_lies_beyond(measure, splits):
    found = measure(**splits).tables
    for name in ORDERED:
        train, test = floats(splits["train"][name]), floats(splits["test"][name])
        assert found[name].n["train"][0] == found[name].n["train"][-2] == 0
        assert found[name].n["test"][0] == (test < np.nanmin(train)).sum()
        assert found[name].n["test"][-2] == (test > np.nanmax(train)).sum()


def test_names_are_ordered_by_count_over_all_splits_and_then_by_text(measure, splits):
    table = measure(**splits).tables["level"]
    everywhere = sum(table.n.values())
    named = [(-int(n), key) for n, key in zip(everywhere[:-1], table.keys[:-1], strict=True)]
    assert named == sorted(named)
    assert table.other_key is None


def test_values_beyond_the_commonest_share_a_key(measure, splits, monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEPT_KEYS", 4)
    facts = measure(**splits)
    table = facts.tables["code"]
    assert (len(table.keys), table.other_key, table.keys[4]) == (6, 4, OTHER)
    assert facts.tables["flag"].other_key is None
    counts = pd.concat(splits)["code"].value_counts()
    assert counts[list(table.keys[:4])].tolist() == counts.tolist()[:4]
    check_counts(facts, splits)


def test_a_column_of_two_thousand_and_one_values_has_the_other_key(measure):
    frame = pd.DataFrame({"code": [f"v{i}" for i in range(2001)] * 2, "y": ["a", "b"] * 2001})
    frame["code"] = frame["code"].astype("category")
    table = measure(frame).tables["code"]
    assert (len(table.keys), table.other_key) == (2002, 2000)
    assert table.n["train"][2000] == 2


def test_a_column_of_two_thousand_values_has_not(measure):
    frame = pd.DataFrame({"code": [f"v{i}" for i in range(2000)] * 2, "y": ["a", "b"] * 2000})
    assert measure(frame).tables["code"].other_key is None


def test_values_that_train_never_shows_have_their_own_key_and_no_row_of_train(measure):
    train = pd.DataFrame({"code": ["a", "b", None] * 20, "y": ["n", "m"] * 30})
    table = measure(train, test=pd.DataFrame({"code": ["a", "z", "q"], "y": ["n"] * 3})).tables["code"]
    assert tuple(table.keys) == ("a", "b", "q", "z", MISSING)
    assert table.n["test"].tolist() == [1, 0, 1, 1, 0]
    assert table.n["train"].tolist() == [20, 20, 0, 0, 20]


def test_a_split_without_label_or_column_still_counts(measure):
    test = mixed(30, 1).drop(columns=["y", "level", "measure"])
    found = measure(mixed(100), test=test).tables
    assert found["tenth"].n["test"].sum() == 30
    assert found["tenth"].n_by_class["test"].sum() == 0
    for name in ("level", "measure"):
        assert found[name].n["test"][-1] == 30


def test_a_number_missing_everywhere_has_one_bin(measure):
    frame = mixed(50).assign(empty=pd.Series([None] * 50, dtype="float64"))
    table = measure(frame, test=frame.assign(empty=1.0)).tables["empty"]
    assert (tuple(table.keys), table.n["train"].tolist(), table.n["test"].tolist()) == (
        ("any", MISSING),
        [0, 50],
        [50, 0],
    )


def test_more_columns_than_a_statement_takes(measure, monkeypatch, splits):
    monkeypatch.setattr(bin_counts, "COLUMNS_PER_STATEMENT", 2)
    monkeypatch.setattr(bin_counts, "COLUMNS_PER_FETCH", 2)
    monkeypatch.setattr(keys, "COLUMNS_PER_STATEMENT", 2)
    check_counts(measure(**splits), splits)


def test_the_largest_doubles_have_bins(measure):
    largest = np.finfo(np.float64).max
    frame = pd.DataFrame({"x": [-largest, -1.0, 0.0, 1.0, largest, None] * 5, "y": ["a", "b"] * 15})
    check_counts(measure(frame), {"train": frame})


def test_whole_numbers_beyond_the_doubles_are_counted(measure):
    frame = pd.DataFrame({"x": [2**62, -(2**62), 5, 7] * 5, "y": ["a", "b"] * 10})
    check_counts(measure(frame), {"train": frame})
