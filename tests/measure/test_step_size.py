from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import NUMBERS, floats, mixed

from dataaudit.measure import conditioning
from dataaudit.measure.conditioning import MOST_TOLD, largest_eigenvalue


def filled(frame):
    columns = []
    for name in NUMBERS:
        values = floats(frame[name])
        columns.append(np.where(np.isnan(values), np.nanmean(values), values))
    return np.column_stack(columns)


def largest(values):
    return np.linalg.eigvalsh(values.T @ values / len(values))[-1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", [(50, 1), (200, 7), (30, 60)])
def test_largest_eigenvalue_against_numpy(seed, shape):
    values = np.random.default_rng(seed).normal(1, 1, shape) * 10.0 ** np.arange(shape[1])[::-1].clip(0, 4)
    assert largest_eigenvalue(values) == pytest.approx(largest(values), rel=1e-6)


def test_eigenvalues_of_nothing_and_of_huge_numbers():
    assert largest_eigenvalue(np.zeros((3, 2))) == 0.0
    assert largest_eigenvalue(np.full((3, 1), 1e150)) == pytest.approx(1e300)


def test_steps_raw_and_standardised(measure):
    frame = mixed(200)
    found = measure(frame).step_size
    raw = filled(frame)
    varying = raw[:, raw.std(axis=0) > 0]
    standardised = (varying - varying.mean(axis=0)) / varying.std(axis=0)
    assert found.raw == pytest.approx(2 / largest(varying), rel=1e-6)
    assert found.standardised == pytest.approx(2 / largest(standardised), rel=1e-6)
    assert found.n_rows == 200
    for values, condition in ((varying, found.condition_raw), (standardised, found.condition_standardised)):
        assert condition == pytest.approx(min(MOST_TOLD, np.linalg.cond(values) ** 2), rel=1e-3)


def test_the_condition_of_dependent_columns_is_the_most_told_and_of_too_many_not_known(measure):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 2)), columns=["a", "b"]).assign(y=np.resize(["p", "q"], 40))
    assert measure(frame).step_size.condition_standardised == pytest.approx(1, abs=1.5)
    assert measure(frame.assign(c=frame["a"] + frame["b"])).step_size.condition_standardised == MOST_TOLD
    wide = pd.DataFrame(rng.normal(size=(30, 40))).add_prefix("x").assign(y=np.resize(["p", "q"], 30))
    assert measure(wide).step_size.condition_raw is None


def test_the_condition_of_scales_far_apart_is_that_of_numpy(measure):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(300, 3)), columns=["a", "b", "c"]) * [5e6, 1.0, 30.0]
    found = measure(frame.assign(y=np.resize(["p", "q"], 300))).step_size
    assert found.condition_raw == pytest.approx(np.linalg.cond(frame.to_numpy()) ** 2, rel=1e-6)
    assert 1e13 < found.condition_raw < 1e14
    assert found.condition_standardised < 2


def test_a_large_table_is_thinned(measure, monkeypatch):
    frame = mixed(900)
    whole = measure(frame).step_size
    monkeypatch.setattr(conditioning, "MAX_CELLS", 900)
    thinned = measure(frame).step_size
    assert thinned.n_rows <= 300
    assert thinned.standardised == pytest.approx(whole.standardised, rel=0.2)


def test_tables_without_a_number_that_varies(measure):
    assert measure(mixed(60)[["level", "when", "y"]]).step_size is None
    assert measure(mixed(60)[["constant", "y"]]).step_size is None
    empty = pd.Series([None] * 60, dtype="float64")
    assert measure(mixed(60)[["level", "y"]].assign(empty=empty)).step_size is None
