from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from dataaudit.measure import time_order
from dataaudit.measure.time_order import kappa, rank_correlation


def series(n_rows: int, seed: int, task: str = "regression") -> pd.DataFrame:
    random = np.random.default_rng(seed)
    hours = random.integers(0, 300, n_rows)
    value = np.round(np.sin(hours / 40) + random.normal(0, 0.4, n_rows), 1)
    frame = pd.DataFrame({"at": pd.Timestamp("2024-01-01") + pd.to_timedelta(hours, unit="h"), "x": 1.5})
    frame["y"] = value if task == "regression" else np.where(value > 0, "up", "down")
    frame.loc[random.random(n_rows) < 0.1, "at"] = pd.NaT
    return frame


@pytest.mark.parametrize("seed", range(3))
def test_auc_and_its_interval_against_scikit_learn_and_the_formula(measure, seed):
    train, test = series(150, seed), series(90, seed + 10)
    found = measure(train, test=test).time_orders["at"]["test"]
    times = [frame["at"].dropna().astype("int64").to_numpy() for frame in (train, test)]
    is_test = np.repeat([0, 1], [len(of) for of in times])
    assert (found.n_rows_train, found.n_rows) == (len(times[0]), len(times[1]))
    assert found.auc == pytest.approx(roc_auc_score(is_test, np.concatenate(times)))
    later = (np.sign(times[1][:, None] - times[0][None, :]) + 1) / 2
    variance = later.mean(axis=1).var(ddof=1) / len(times[1]) + later.mean(axis=0).var(ddof=1) / len(times[0])
    assert found.auc_upper - found.auc == pytest.approx(1.96 * math.sqrt(variance))


def test_the_nearest_training_row_against_brute_force(measure):
    train, test = series(150, 0), series(90, 1)
    train["at"], test["at"] = train["at"] + pd.to_timedelta(np.arange(150), unit="s"), test["at"]
    found = measure(train, test=test).time_orders["at"]["test"]
    known = train.dropna(subset="at")
    pairs = []
    for at, y in test.dropna(subset="at")[["at", "y"]].itertuples(index=False):
        apart = (known["at"] - at).abs()
        pairs.append((y, known["y"].iloc[apart.argmin()], apart.min().total_seconds()))
    first, second, apart = (np.array(values) for values in zip(*pairs, strict=True))
    assert found.n_pairs == len(pairs)
    assert found.seconds_apart == pytest.approx(np.median(apart))
    assert found.agreement == pytest.approx(stats.spearmanr(first, second).statistic)
    assert -1 < found.agreement_lower < found.agreement


def test_agreement_of_classes_is_kappa(measure):
    train, test = series(150, 0, "binary"), series(90, 1, "binary")
    found = measure(train, test=test).time_orders["at"]["test"]
    assert 0.3 < found.agreement < 0.9
    random = np.random.default_rng(0)
    first, second = random.integers(0, 3, 200).astype(float), random.integers(0, 4, 200).astype(float)
    assert kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))
    assert rank_correlation(first, second) == pytest.approx(stats.spearmanr(first, second).statistic)


def test_rows_of_one_time_are_paired_with_different_rows_of_train(measure):
    """Of ten days, each with as many labels of both kinds in both splits, no row of train speaks for its day."""
    days = pd.date_range("2024-01-01", periods=40)
    frame = pd.DataFrame({"at": np.repeat(days, 20), "x": 1.5, "y": np.tile(np.repeat(["p", "q"], 10), 40)})
    found = measure(frame, test=frame).time_orders["at"]["test"]
    assert found.seconds_apart == 0
    assert found.n_times == 40
    assert abs(found.agreement) < 0.15


def test_the_interval_covers_the_truth_where_stretches_of_time_are_alike(measure):
    """Independent labels per block of 30 hours: of 40 tables the lower bound may exceed the mean in few."""
    lowers, agreements = [], []
    for seed in range(40):
        random = np.random.default_rng(seed)
        hours = np.arange(900)
        y = random.normal(size=30)[hours // 30] + random.normal(0, 1, 900)
        frame = pd.DataFrame({"at": pd.Timestamp("2024-01-01") + pd.to_timedelta(hours, unit="h"), "y": y, "x": 1.5})
        order = random.permutation(900)
        found = measure(frame.iloc[order[300:]], test=frame.iloc[order[:300]]).time_orders["at"]["test"]
        lowers.append(found.agreement_lower)
        agreements.append(found.agreement)
    assert np.mean(np.array(lowers) > np.mean(agreements)) <= 0.1


def test_few_stretches_of_time_have_no_bound(measure):
    frame = pd.DataFrame({"at": pd.to_datetime(np.repeat(["2024-01-01", "2024-02-01"], 60)), "x": 1.5})
    frame["y"] = np.repeat(["p", "q"], 60)
    found = measure(frame, test=frame).time_orders["at"]["test"]
    assert (found.agreement, found.agreement_lower) == (1.0, -1.0)


def test_samples_say_so_and_say_nearly_the_same(measure, monkeypatch):
    train, test = series(3000, 0), series(2500, 1)
    whole = measure(train, test=test).time_orders["at"]["test"]
    monkeypatch.setattr(time_order, "MAX_ROWS", 800)
    part = measure(train, test=test).time_orders["at"]["test"]
    assert (whole.sampled, part.sampled) == (False, True)
    assert 600 < part.n_rows < 1000
    assert part.agreement == pytest.approx(whole.agreement, abs=0.08)


def test_splits_without_labels_or_times_are_left_out(measure):
    train, test = series(60, 0), series(40, 1)
    assert measure(train, test=test.drop(columns="y")).time_orders == {"at": {}}
    assert measure(train, test=test.assign(at=pd.NaT)).time_orders == {"at": {}}
    assert measure(train.drop(columns="at"), test=test.drop(columns="at")).time_orders == {}


def test_one_slip_among_many_that_agree_is_no_upheaval(measure):
    """Leaving out the stretch of the only slip leaves perfect agreement, which on Fisher's scale is infinitely far."""
    frame = pd.DataFrame({"at": pd.date_range("2024-01-01", periods=400, freq="h"), "x": 1.5})
    frame["y"] = np.where(np.arange(400) // 100 % 2, "up", "down")
    other = frame.copy()
    other.loc[217, "y"] = "up"
    found = measure(frame, test=other).time_orders["at"]["test"]
    assert 0.9 < found.agreement_lower < found.agreement < 1
