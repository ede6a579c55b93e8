from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.measure.small import NUMBERS, SEEDS, mixed, present

from dataaudit.measure import sample
from dataaudit.measure.columns import LEVELS


def named_rows(n_rows=100, **columns):
    return mixed(n_rows)[["measure", "y"]].assign(**columns)


@pytest.mark.parametrize(
    ("name", "cells", "consecutive", "rising", "suggests"),
    [
        ("serial", np.arange(5, 105), True, True, False),
        ("serial", np.arange(100)[::-1], True, False, False),
        ("patient_id", np.random.default_rng(0).permutation(10**6)[:100], False, False, True),
        ("PatientId", np.arange(0, 200, 2), False, True, True),
        ("code", [f"{i:04d}" for i in range(100)], False, True, False),
        ("idea", [f"{i:04d}" for i in range(100)][::-1], False, False, False),
    ],
)
def test_shapes_of_identifiers(measure, name, cells, consecutive, rising, suggests):
    found = measure(named_rows(**{name: cells})).identifiers[name]
    assert (found.n_rows, found.n_present, found.n_distinct) == (100, 100, 100)
    assert (found.consecutive, found.sorted_by_row, found.name_suggests) == (consecutive, rising, suggests)


def test_columns_short_of_nearly_unique_are_left_out(measure):
    cells = {f"times{n}": np.maximum(np.arange(100), n) for n in (4, 6)}
    found = measure(named_rows(**cells)).identifiers
    assert set(found) == {"times4"}
    assert (found["times4"].n_distinct, found["times4"].consecutive) == (96, False)


def test_missing_cells_of_an_identifier(measure):
    cells = pd.array(np.arange(100), dtype="Int64")
    cells[[3, 50]] = pd.NA
    found = measure(named_rows(serial=cells)).identifiers["serial"]
    assert (found.n_present, found.n_distinct, found.consecutive, found.sorted_by_row) == (98, 98, False, True)


def test_floats_dates_and_flags_are_no_identifiers(measure):
    assert measure(mixed(100)[["measure", "huge", "when", "flag", "y"]]).identifiers == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_extremes_against_sorted_values(measure, seed):
    frame = mixed(200, seed)
    frame.loc[:30, "tenth"] = -99.0
    frame.loc[40:50, "count"] = 9999
    frame.loc[60, "huge"] = 1e14
    found = measure(frame).extremes
    assert set(found) == {"tenth", "count", "huge"}, "an end of each is a whole number"
    for name in found:
        values = present(frame[name])
        ends = np.unique(values)
        extremes = found[name]
        assert extremes.n_present == len(values)
        assert (extremes.low.value, extremes.low.n_rows) == (ends[0], (values == ends[0]).sum())
        assert (extremes.high.value, extremes.high.n_rows) == (ends[-1], (values == ends[-1]).sum())
        assert extremes.low.next_value == (ends[1] if len(ends) > 1 else None)
        assert extremes.high.next_value == (ends[-2] if len(ends) > 1 else None)


@pytest.mark.parametrize("seed", SEEDS)
def test_quantiles_and_skew_against_numpy(measure, seed):
    frame = mixed(300, seed).assign(price=lambda rows: np.exp(rows["measure"]))
    found = measure(frame).quantiles
    assert set(found) == {*NUMBERS, "price", "when"}
    for name, quantiles in found.items():
        values = present(frame[name])
        assert quantiles.n_rows == len(values)
        assert quantiles.values == pytest.approx(np.quantile(values, LEVELS), rel=1e-12)
        assert quantiles.at(0.5) == pytest.approx(np.median(values), rel=1e-12)
        if name != "constant":
            assert quantiles.skew == pytest.approx(stats.skew(values), rel=1e-6, abs=1e-9)
        assert not quantiles.sampled
    assert found["constant"].skew == 0.0


def test_skew_after_a_logarithm_and_positive_values(measure):
    frame = mixed(300).assign(price=lambda rows: np.exp(rows["measure"]))
    found = measure(frame).quantiles
    price = present(frame["price"])
    assert found["price"].skew_after_log == pytest.approx(stats.skew(np.log1p(price)), rel=1e-6)
    assert found["measure"].skew_after_log is None
    counts = present(frame["count"])
    assert found["count"].positive_p1 == pytest.approx(np.quantile(counts[counts > 0], 0.01))
    assert found["count"].positive_median == pytest.approx(np.median(counts[counts > 0]))


def test_a_level_between_two_is_interpolated(measure):
    frame = named_rows(101, x=np.arange(101.0))
    assert measure(frame).quantiles["x"].at(0.125) == pytest.approx(12.5)


def test_columns_without_a_positive_or_present_value(measure):
    found = measure(named_rows(x=-np.arange(100) * 0.5 - 1, none=pd.Series([None] * 100, dtype="float64"))).quantiles
    assert (found["x"].positive_p1, found["x"].positive_median) == (None, None)
    assert "none" not in found


def test_quantiles_of_a_sample_say_so(measure, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 500)
    frame = mixed(400)
    facts = measure(frame)
    for quantiles in facts.quantiles.values():
        assert quantiles.sampled
        assert quantiles.n_rows < 200
    assert facts.quantiles["measure"].at(0.5) == pytest.approx(frame["measure"].median(), abs=0.5)


def test_the_largest_doubles_have_quantiles_and_ends(measure):
    largest = np.finfo(np.float64).max
    found = measure(named_rows(60, x=np.resize([-largest, -1.0, 0.5, largest], 60)))
    assert (found.extremes["x"].low.value, found.extremes["x"].high.value) == (-largest, largest)
    assert np.isfinite(found.quantiles["x"].skew)
    assert found.quantiles["x"].values[[0, -1]].tolist() == [-largest, largest]
