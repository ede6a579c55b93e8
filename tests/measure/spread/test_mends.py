from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.spread.mends import longer_tail, yeo_johnson


def one_column(values) -> pd.DataFrame:
    return pd.DataFrame({"x": values, "y": np.resize(["p", "q"], len(values))})


def named(mends):
    return {mend.name: mend for mend in mends.after}


def test_a_logarithm_mends_a_lognormal(measure):
    values = np.random.default_rng(0).lognormal(3, 2, 5000)
    mends = measure(one_column(values)).spread.mends("x")
    assert mends.after[0].name == "log"
    assert mends.after[0].tail == pytest.approx(longer_tail(np.log(values)))
    assert mends.before.tail == pytest.approx(longer_tail(values))
    assert abs(named(mends)["Yeo-Johnson"].skew) < 0.5
    assert named(mends)["ranks"].tail == pytest.approx(2, abs=0.02)


def test_zeros_take_log1p_and_negatives_no_logarithm(measure):
    values = np.random.default_rng(1).lognormal(3, 2, 2000)
    values[:5] = 0
    assert measure(one_column(values)).spread.mends("x").after[0].name == "log1p"
    values[5] = -1
    assert measure(one_column(values)).spread.mends("x").after[0].name == "Yeo-Johnson"


def test_of_a_column_that_is_mostly_zero_the_positives_are_looked_at(measure):
    rng = np.random.default_rng(2)
    values = np.where(rng.random(4000) < 0.7, 0.0, rng.lognormal(2, 1, 4000))
    mends = measure(one_column(values)).spread.mends("x")
    assert mends.of_positives
    assert mends.n_rows == int((values > 0).sum())


@pytest.mark.parametrize("seed", range(3))
def test_the_power_is_near_the_likeliest(seed):
    from sklearn.preprocessing import PowerTransformer

    values = np.random.default_rng(seed).gamma(1 + seed, 3, 1000) - seed
    expected = PowerTransformer().fit(values.reshape(-1, 1)).lambdas_[0]
    power, made = yeo_johnson(values)
    assert abs(power - expected) <= 0.13
    assert (np.diff(made[np.argsort(values)]) >= 0).all()


@pytest.mark.parametrize("values", [np.full(50, 3.0), np.array([1e300, -1e300] * 30), np.array([0.0, 1.0] * 30)])
def test_odd_columns_do_no_harm(measure, values):
    mends = measure(one_column(values)).spread.mends("x")
    assert all(np.isfinite(mend.skew) for mend in mends.after)
