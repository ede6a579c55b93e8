from __future__ import annotations

import numpy as np
import pytest

from dataaudit.rebalance.cells import between_numbers, between_times, decimals_of, heaps_of, number_texts, time_texts
from dataaudit.rebalance.matrix import Synthetic


def between(n_parents: int, n: int = 500, seed: int = 0, low: float = 0.0) -> Synthetic:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, n_parents, n), rng.integers(0, n_parents, n)
    none = np.zeros((n, 0), dtype=np.int64)
    return Synthetic(np.ones(n, dtype=np.int64), first, second, rng.uniform(low, 1, n), none, none)


def everywhere(values):
    return np.ones(len(values), dtype=bool)


def test_whole_numbers_stay_whole_and_between():
    values = np.random.default_rng(0).integers(-(10**6), 10**6, 200)
    made = between(200)
    found, use = between_numbers(values, everywhere(values), made)
    assert found.dtype == np.int64
    low, high = np.minimum(values[made.first], values[made.second]), np.maximum(values[made.first], values[made.second])
    assert ((found >= low) & (found <= high))[use].all()
    assert use.mean() > 0.9


def test_decimals_are_kept():
    values = np.round(np.random.default_rng(0).normal(size=200) * 100, 2)
    found, use = between_numbers(values, everywhere(values), between(200))
    assert decimals_of(found[use]) == 2


def test_numbers_of_any_precision_stay_between():
    values = np.random.default_rng(0).normal(size=200)
    made = between(200)
    found, use = between_numbers(values, everywhere(values), made)
    assert (found >= np.minimum(values[made.first], values[made.second]))[use].all()
    assert (found <= np.maximum(values[made.first], values[made.second]))[use].all()


def test_a_column_of_few_values_takes_no_others():
    values = np.random.default_rng(0).choice([1.0, 2.0, 7.0, 7.5], 100)
    found, use = between_numbers(values, everywhere(values), between(100))
    assert set(found[use]) <= {1.0, 2.0, 7.0, 7.5}


def test_nothing_lies_between_a_sentinel_and_a_number():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(400) < 0.03, -999.0, np.round(rng.normal(50, 10, 400), 1))
    made = between(400)
    found, use = between_numbers(values, everywhere(values), made)
    assert found[use].min() > 0
    assert not use[(values[made.first] == -999) != (values[made.second] == -999)].any()


def test_nothing_lies_between_the_many_zeros_and_a_number():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(400) < 0.8, 0.0, rng.integers(3_000, 9_000, 400))
    found, use = between_numbers(values, everywhere(values), between(400))
    assert found[use].min() >= 3_000


def test_steps_beyond_the_parents_stay_in_the_column():
    values = np.random.default_rng(0).normal(size=300)
    found, use = between_numbers(values, everywhere(values), between(300, low=-0.5))
    assert found[use].min() >= values.min()
    assert found[use].max() <= values.max()
    ends = np.isin(found[use], (values.min(), values.max()))
    assert ends.mean() < 0.02


def test_missing_parents_leave_nothing_between():
    values = np.arange(100.0)
    present = np.arange(100) % 3 != 0
    made = between(100)
    _, use = between_numbers(values, present, made)
    assert not use[~present[made.first] | ~present[made.second]].any()


@pytest.mark.parametrize("scale", [1e300, 1e-300, 1e16])
def test_extreme_numbers_are_finite_and_within(scale):
    values = np.random.default_rng(0).normal(size=100) * scale
    found, use = between_numbers(values, everywhere(values), between(100))
    assert np.isfinite(found[use]).all()
    assert found[use].min() >= values.min()
    assert found[use].max() <= values.max()


def test_whole_numbers_beyond_doubles_are_copied():
    values = 2**60 + np.arange(100)
    _, use = between_numbers(values, everywhere(values), between(100))
    assert not use.any()


def test_heaps():
    assert heaps_of(np.random.default_rng(0).integers(17, 90, 1000)).tolist() == []
    assert heaps_of(np.r_[np.full(6, 99999.0), np.arange(1000.0)]).tolist() == [99999.0]


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us"])
def test_times_are_as_coarse_as_the_parents(unit):
    rng = np.random.default_rng(0)
    stamps = (np.datetime64("2024-03-01", unit) + rng.integers(0, 10**6, 50).astype(f"timedelta64[{unit}]")).astype(
        "datetime64[us]"
    )
    values = stamps.astype(np.int64)
    made = between(50)
    found, use = between_times(values, everywhere(values), made)
    again = found.astype("datetime64[us]").astype(f"datetime64[{unit}]").astype("datetime64[us]").astype(np.int64)
    assert (again == found)[use].all()
    assert (found >= np.minimum(values[made.first], values[made.second]))[use].all()
    assert (found <= np.maximum(values[made.first], values[made.second]))[use].all()


def test_numbers_are_written_as_the_others_are():
    use = np.ones(2, dtype=bool)
    assert number_texts(np.array([1.5, 2.0]), use, ["3", "2.5"]) == ["1.5", "2"]
    assert number_texts(np.array([1.5, 2.0]), use, ["3.0", "2.25"]) == ["1.5", "2.0"]
    assert number_texts(np.array([1, 2]), ~use, ["3", "2"]) == [None, None]


def test_times_are_written_as_the_others_are():
    stamp = np.array(["2024-01-05T10:20:30.123456"], dtype="datetime64[us]").astype(np.int64)
    use = np.ones(1, dtype=bool)
    for model, written in [
        ("2023-12-31", "2024-01-05"),
        ("2023-12-31T23:59:59Z", "2024-01-05T10:20:30Z"),
        ("2023-12-31 23:59:59.123", "2024-01-05 10:20:30.123"),
        ("2023-12-31T23:59:59+01:00", None),
        ("31/12/2023", None),
    ]:
        assert time_texts(stamp, use, [model]) == [written]
