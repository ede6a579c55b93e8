from __future__ import annotations

import numpy as np
import pytest
from tests.measure.small import floats, mixed

from dataaudit.measure import sample
from dataaudit.measure.sample import rows_to_sample

ORDERED = ["measure", "tenth", "count", "constant", "huge", "when"]


@pytest.fixture
def small_samples(monkeypatch):
    """Let samples hold about 100 rows of `mixed`."""
    monkeypatch.setattr(sample, "MAX_ROWS", 100)
    monkeypatch.setattr(sample, "MAX_ROWS_TAKEN_WHOLE", 50)


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


def test_cells_and_characters_bound_the_sample(measure, monkeypatch):
    facts = measure(mixed(60))
    assert rows_to_sample(facts) == sample.MAX_ROWS
    monkeypatch.setattr(sample, "MAX_CELLS", 500)
    assert rows_to_sample(facts) == 500 // len(facts.info.columns)
    monkeypatch.setattr(sample, "MAX_CHARACTERS", 50)
    lengths = [profile.mean_length or 0.0 for profile in facts.profiles["train"].values()]
    assert rows_to_sample(facts) == int(50 / sum(lengths))


@pytest.mark.usefixtures("small_samples")
def test_fewer_rows_of_the_sample_are_part_of_it(measure):
    facts = measure(mixed(2000))
    engine = facts.dataset.engine
    every = {row for (row,) in engine.rows(f"SELECT row FROM {facts.sample.relation}")}
    some = {row for (row,) in engine.rows(f"SELECT row FROM {facts.sample.some_rows(20)}")}
    assert 5 < len(some) < len(every)
    assert some < every
    assert facts.sample.some_rows(2000) == facts.sample.relation == "sample_train"
