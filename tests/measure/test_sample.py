from __future__ import annotations

import numpy as np
import pytest
from tests.measure.small import floats, mixed

from dataaudit.measure import sample
from dataaudit.measure.sample import sample_condition

ORDERED = ["measure", "tenth", "count", "constant", "huge", "when"]


@pytest.fixture
def small_samples(monkeypatch):
    """Let samples hold about 100 rows of the six ordered columns of `mixed`."""
    monkeypatch.setattr(sample, "MAX_CELLS", 600)


def test_a_small_table_is_its_own_sample(measure):
    frame = mixed(150)
    found = measure(frame).sample
    assert (found.n_rows, found.n_rows_train, found.sampled) == (150, 150, False)
    assert sorted(found.numeric) == sorted(ORDERED)
    for name in ORDERED:
        assert np.array_equal(found.numeric[name], floats(frame[name]), equal_nan=True)


@pytest.mark.usefixtures("small_samples")
def test_a_large_table_is_cut_to_about_the_size_allowed(measure):
    frame = mixed(2000)
    found = measure(frame).sample
    assert found.sampled
    assert 60 < found.n_rows < 140
    assert found.n_rows_train == 2000
    assert {len(values) for values in found.numeric.values()} == {found.n_rows}


@pytest.mark.usefixtures("small_samples")
def test_every_column_holds_the_same_rows_in_file_order(measure):
    frame = mixed(2000).assign(constant=np.arange(2000))
    numeric = measure(frame).sample.numeric
    rows = numeric["constant"].astype(int)
    assert np.all(np.diff(rows) > 0)
    for name in ("measure", "when"):
        assert np.array_equal(numeric[name], floats(frame[name])[rows], equal_nan=True)


@pytest.mark.usefixtures("small_samples")
def test_the_same_seed_draws_the_same_rows_and_another_seed_others(measure):
    frame = mixed(2000).assign(constant=np.arange(2000))
    drawn = [measure(frame, seed=seed).sample.numeric["constant"].tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.usefixtures("small_samples")
def test_the_sample_is_spread_over_the_file(measure):
    frame = mixed(4000).assign(constant=np.arange(4000))
    rows = np.concatenate([measure(frame, seed=seed).sample.numeric["constant"] for seed in range(5)])
    assert np.histogram(rows, bins=4, range=(0, 4000))[0].min() > 0.15 * len(rows)


def test_a_regression_label_is_sampled_with_the_features(measure):
    frame = mixed(80, task="regression")
    assert np.array_equal(measure(frame).sample.numeric["y"], floats(frame["y"]), equal_nan=True)


def test_rows_and_cells_bound_the_sample(monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 1000)
    assert sample_condition(100, 10, seed=0, max_rows=100) == "true"
    assert sample_condition(101, 10, seed=0, max_rows=1000).endswith(f"< {round(1_000_000 * 100 / 101)}")
    assert sample_condition(1000, 1, seed=0, max_rows=10).endswith("< 10000")
    assert sample_condition(5, 0, seed=0, max_rows=10) == "true"
