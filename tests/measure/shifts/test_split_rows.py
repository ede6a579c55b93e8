from __future__ import annotations

import numpy as np
from tests.measure.small import floats, mixed

from dataaudit.measure.shifts import split_rows

FEATURES = ["code", "constant", "count", "flag", "huge", "level", "measure", "tenth", "when"]


def test_every_split_that_fits_is_taken_whole_with_its_numbers(measure):
    frames = {"train": mixed(150), "test": mixed(60, seed=1), "reference": mixed(80, seed=2)}
    found = measure(frames["train"], test=frames["test"], reference=frames["reference"]).shifts.split_rows
    assert sorted(found) == sorted(frames)
    for split, frame in frames.items():
        assert found[split].rows.tolist() == list(range(len(frame)))
        assert (found[split].n_rows_split, found[split].sampled) == (len(frame), False)
        assert set(found[split].cells) <= set(FEATURES)
        for name in ("measure", "tenth", "count", "huge", "when"):
            assert np.array_equal(found[split].cells[name], floats(frame[name]), equal_nan=True)


def test_a_category_has_one_number_in_all_splits_whatever_the_order_of_rows(measure):
    train, test = mixed(150), mixed(60, seed=1)
    found = measure(train, test=test).shifts.split_rows
    again = measure(train[::-1].reset_index(drop=True), test=test[::-1].reset_index(drop=True)).shifts.split_rows
    numbers = {}
    for split, frame in {"train": train, "test": test}.items():
        values = found[split].cells["level"]
        assert np.array_equal(values, again[split].cells["level"][::-1], equal_nan=True)
        assert np.isnan(values).tolist() == frame["level"].isna().tolist()
        for name, number in zip(frame["level"].dropna(), values[~np.isnan(values)], strict=True):
            assert numbers.setdefault(name, number) == number
    assert len(set(numbers.values())) == len(numbers)


def test_a_large_split_is_drawn(measure, monkeypatch):
    monkeypatch.setattr(split_rows, "MAX_ROWS", 100)
    train, test = mixed(150), mixed(3000, seed=1)
    found = measure(train, test=test).shifts.split_rows["test"]
    assert found.sampled
    assert 60 < found.n_rows < 140
    assert np.array_equal(found.cells["measure"], floats(test["measure"])[found.rows], equal_nan=True)


def test_a_column_that_a_split_lacks_is_missing_there(measure):
    found = measure(mixed(150), test=mixed(60, seed=1).drop(columns="count")).shifts.split_rows["test"]
    assert np.isnan(found.cells["count"]).all()
