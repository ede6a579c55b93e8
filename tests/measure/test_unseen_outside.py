from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import NAMES, NUMBERS, SEEDS, mixed, present, texts

from dataaudit.measure import keys, sample

ORDERED = (*NUMBERS, "when")


@pytest.fixture(params=SEEDS)
def splits(request):
    return {"train": mixed(150, request.param), "test": mixed(120, request.param + 9, shift=1.5)}


def counted(column):
    return Counter(text for text in texts(column) if text is not None)


def check_unseen(found, train, test):
    unseen = {value: n for value, n in test.items() if value not in train}
    assert found.n_rows == test.total()
    assert found.n_rows_unseen == sum(unseen.values())
    assert found.n_values_unseen == len(unseen)
    assert found.n_rows_commonest == max(unseen.values(), default=0)
    assert found.n_train == train.total()
    assert found.n_once == sum(n == 1 for n in train.values())
    assert found.n_twice == sum(n == 2 for n in train.values())
    assert list(found.examples) == sorted(unseen, key=lambda value: (unseen[value], value), reverse=True)[:5]


def test_unseen_values_and_the_rarity_of_seen_ones(measure, splits):
    found = measure(**splits).unseen["test"]
    assert set(found) == set(NAMES)
    for name in NAMES:
        check_unseen(found[name], *(counted(frame[name]) for frame in splits.values()))
    assert found["code"].n_rows_unseen > 0
    assert found["flag"].n_rows_unseen == 0


def test_unseen_values_are_counted_beyond_the_kept_keys(measure, splits, monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEPT_KEYS", 2)
    check_unseen(measure(**splits).unseen["test"]["code"], *(counted(frame["code"]) for frame in splits.values()))


def test_good_and_turing_expect_what_random_splits_show(measure):
    shown, expected, variance = 0.0, 0.0, 0.0
    for seed in range(6):
        rows = mixed(600, seed)
        found = measure(rows[:400], test=rows[400:]).unseen["test"]["code"]
        share = found.n_once / found.n_train
        shown += found.n_rows_unseen
        expected += found.n_rows * share
        variance += found.n_rows * share * (1 - share)
        variance += (found.n_rows / found.n_train) ** 2 * (found.n_once + 2 * found.n_twice)
    assert abs(shown - expected) < 2.5 * variance**0.5


def test_groups_names_of_rows_and_contexts_are_no_features(measure, splits):
    facts = measure(**splits, group=["code"], context=["level"])
    assert set(facts.unseen["test"]) == {"flag"}


def test_without_named_columns_nothing_is_unseen(measure):
    frame = mixed(50)[["measure", "y"]]
    assert measure(frame, test=frame).unseen == {"test": {}}


def test_an_absent_column_has_no_unseen_value(measure):
    assert "level" not in measure(mixed(50), test=mixed(50, 1).drop(columns="level")).unseen["test"]


def test_long_unseen_values_are_shortened(measure):
    frame = pd.DataFrame({"code": ["a", "b"] * 30, "y": ["m", "n"] * 30})
    found = measure(frame, test=frame.assign(code="z" * 500)).unseen["test"]["code"]
    assert found.examples == ("z" * 80,)


def check_outside(found, train, test):
    assert (found.n_rows, found.n_train) == (len(test), len(train))
    assert (found.n_below, found.n_above) == ((test < train.min()).sum(), (test > train.max()).sum())
    assert (found.train_minimum, found.train_maximum) == (train.min(), train.max())
    assert (found.minimum, found.maximum) == (test.min(), test.max())


def test_rows_beyond_the_training_range(measure, splits):
    facts = measure(**splits)
    assert set(facts.outside["test"]) == set(ORDERED)
    for name in ORDERED:
        train, test = (present(frame[name]) for frame in splits.values())
        check_outside(facts.outside["test"][name], train, test)
        assert facts.outside["test"][name].iqr_train == pytest.approx(np.subtract(*np.quantile(train, [0.75, 0.25])))
    assert facts.outside["test"]["measure"].n_above > 0


def test_rows_beyond_the_range_of_a_sampled_table(measure, splits, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 300)
    facts = measure(**splits)
    assert facts.sample.sampled
    for name in ORDERED:
        check_outside(facts.outside["test"][name], *(present(frame[name]) for frame in splits.values()))


def test_the_end_of_the_range_is_inside(measure):
    frame = pd.DataFrame({"x": [0.1, 0.2, 0.3] * 10, "y": ["a", "b"] * 15})
    test = pd.DataFrame({"x": [0.1, 0.3, np.nextafter(0.1, 0), np.nextafter(0.3, 1)], "y": ["a"] * 4})
    found = measure(frame, test=test).outside["test"]["x"]
    assert (found.n_below, found.n_above) == (1, 1)


def test_a_column_missing_on_one_side_has_no_range(measure):
    frame = mixed(50)
    nothing = frame.assign(measure=np.nan)
    assert "measure" not in measure(frame, test=nothing).outside["test"]
    assert "measure" not in measure(nothing, test=frame).outside["test"]
