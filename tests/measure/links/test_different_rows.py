from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def two_of_each(task):
    random = np.random.default_rng(0)
    x = random.normal(size=300).round(1)
    frame = pd.DataFrame({"x": x, "name": [f"n{int(abs(v) * 3)}" for v in x], "z": random.normal(size=300)})
    frame.loc[::17, "x"] = np.nan
    noise = random.normal(0, 0.1, 300)
    frame["y"] = np.where(x > 0, "up", "down") if task == "binary" else np.abs(x) * 3 + noise
    return frame


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_copies_change_nothing(measure, task):
    frame = two_of_each(task)
    copied = pd.concat([frame, frame, frame.iloc[:100]], ignore_index=True)
    once = measure(frame, task=task).links.of_different_rows
    twice = measure(copied, task=task).links.of_different_rows
    assert once
    assert set(once) <= set(twice)
    for name, found in once.items():
        assert found.n_rows == twice[name].n_rows == 300
        assert twice[name].explained == pytest.approx(found.explained)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_of_rows_that_are_all_different_it_is_what_the_column_tells(measure, task):
    facts = measure(two_of_each(task), task=task)
    for name, found in facts.links.of_different_rows.items():
        # Bins of the same number of rows may be cut one value apart.
        assert found.explained == pytest.approx(facts.associations[name].explained, abs=0.05)


def test_brute_force(measure):
    frame = two_of_each("binary")
    found = measure(frame, task="binary").links.of_different_rows["x"]
    middles = frame["x"].rank(method="average").sub(0.5) / frame["x"].notna().sum()
    keys = np.floor(middles * found.n_bins).clip(upper=found.n_bins - 1).fillna(found.n_bins)
    up = (frame["y"] == "up").to_numpy(float)
    error = 0.0
    for row in range(len(frame)):
        others = (keys == keys[row]).to_numpy() & (np.arange(len(frame)) != row)
        told = (up[others].sum() + found.smoothing * up.mean()) / (others.sum() + found.smoothing)
        error += (up[row] - told) ** 2
    total = ((up - up.mean()) ** 2).sum() * (len(frame) / (len(frame) - 1)) ** 2
    assert found.explained == pytest.approx(1 - error / total)


def test_columns_that_tell_little_are_not_looked_at(measure):
    assert "z" not in measure(two_of_each("binary")).links.of_different_rows
