"""LEAK006 scaler-fitted-on-all-rows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from tests.rules.builders import above_info, columns_of, dealt, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.preparation.scaling import Scaling, ScalingTry
from dataaudit.model import Severity
from dataaudit.rules.leakage.scaler_fitted_on_all_rows import ScalerFittedOnAllRows

RULE = ScalerFittedOnAllRows()
SCALERS = (StandardScaler, RobustScaler, MinMaxScaler, MaxAbsScaler)
N_COLUMNS = 12
X = [f"x{i}" for i in range(N_COLUMNS)]


def measured(n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.gamma(3, 10, (n_rows, N_COLUMNS)), columns=X)
    return table.assign(y=random.permutation(np.resize(["cat", "dog"], n_rows)))


def scaled_before(scaler, n_scaled: int = N_COLUMNS, seed: int = 0):
    """Return splits of a table of which so many columns were scaled before the split."""
    table = measured(seed=seed)
    if n_scaled:
        table[X[:n_scaled]] = scaler.fit_transform(table[X[:n_scaled]])
    return dealt(table, 180, seed)


def scaled_after(scaler, seed: int = 0):
    train, test = dealt(measured(seed=seed), 180, seed)
    scaler.fit(train[X])
    return train.assign(**dict(zip(X, scaler.transform(train[X]).T, strict=True))), test.assign(
        **dict(zip(X, scaler.transform(test[X]).T, strict=True))
    )


def scaling(column: str = "x0", **given) -> Scaling:
    known = {
        "location": 0.0,
        "spread": 1.0,
        "location_train": 0.03,
        "spread_train": 1.0,
        "miss": 1e-12,
        "miss_train": 0.03,
        "tolerance": 1e-8,
        "half_width": 0.0,
        "chance": 1e-12,
        "n_rows": 1000,
        "n_train": 700,
    }
    return Scaling(column, **{**known, **given})


def tried(*found: Scaling, **given):
    known = {"method": "standard", "splits": ("train", "test"), "target": (0.0, 1.0)}
    known |= {"n_near": len(found), "n_exact": len(found)}
    return split_facts(preparation=SimpleNamespace(scalings=(ScalingTry(**{**known, "found": found, **given}),)))


@pytest.mark.parametrize("scaler", [StandardScaler, RobustScaler])
def test_flags_every_column_of_a_scaler_fitted_before_the_split(scaler):
    train, test = scaled_before(scaler())
    [finding] = findings_of("LEAK006", train, test=test)
    assert finding.severity is Severity.ERROR
    assert columns_of([finding]) == set(X)
    assert finding.splits == ("train", "test")
    assert "12 features" in str(finding.message)
    assert "over train and test together, and not in train alone" in str(finding.message)


@pytest.mark.parametrize("scaler", [MinMaxScaler, MaxAbsScaler])
def test_flags_a_range_whose_end_train_lacks(scaler):
    train, test = scaled_before(scaler())
    [finding] = findings_of("LEAK006", train, test=test)
    assert finding.severity is Severity.ERROR
    is_max_abs = scaler is MaxAbsScaler
    lacks = {name for name in X if train[name].max() < 0.999999 or (not is_max_abs and train[name].min() > 1e-6)}
    assert columns_of([finding]) == lacks
    assert finding.evidence["n_columns_with_mark"] == N_COLUMNS


@pytest.mark.parametrize("decimals", [3, 4, 7])
def test_flags_rounded_columns(decimals):
    train, test = scaled_before(StandardScaler())
    [finding] = findings_of("LEAK006", train.round(decimals), test=test.round(decimals))
    assert len(finding.columns) >= 0.9 * N_COLUMNS


def test_flags_single_precision():
    train, test = scaled_before(StandardScaler())
    kinds = dict.fromkeys(X, "float32")
    [finding] = findings_of("LEAK006", train.astype(kinds), test=test.astype(kinds))
    assert columns_of([finding]) == set(X)


def test_flags_one_column_among_many():
    train, test = scaled_before(StandardScaler(), 1)
    [finding] = findings_of("LEAK006", train, test=test)
    assert finding.columns == ("x0",)


def test_names_the_splits_that_were_scaled_together():
    train, rest = scaled_before(StandardScaler())
    other = measured(100, seed=9)
    [finding] = findings_of("LEAK006", train, test=rest, validation=other)
    assert finding.splits == ("train", "test")


def test_redacts_numbers():
    train, test = scaled_before(StandardScaler())
    [finding] = findings_of("LEAK006", train, test=test)
    assert "▮▮▮" in str(finding.message.redacted())


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_a_scaler_fitted_on_train(scaler, seed):
    train, test = scaled_after(scaler(), seed)
    assert not findings_of("LEAK006", train, test=test)


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_plain_tables(seed):
    train, test = plain_splits(300, 100, seed)
    assert not findings_of("LEAK006", train, test=test)


@pytest.mark.parametrize("decimals", [None, 4, 2, 1])
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_columns_that_are_standard_by_nature(decimals, seed):
    table = pd.DataFrame(np.random.default_rng(seed).normal(size=(400, N_COLUMNS)), columns=X)
    table["y"] = np.resize([0, 1], 400)
    train, test = dealt(table if decimals is None else table.round(decimals), 120, seed)
    assert not findings_of("LEAK006", train, test=test)


def test_is_silent_on_pixels_divided_by_a_constant():
    random = np.random.default_rng(0)
    pixels = np.minimum(255, random.geometric(0.02, (500, 30)) - 1) / 255
    table = pd.DataFrame(pixels).add_prefix("p").assign(y=np.resize([0, 1], 500))
    train, test = dealt(table, 150)
    assert not findings_of("LEAK006", train, test=test)


def test_is_silent_on_shares_rounded_onto_their_ends():
    random = np.random.default_rng(0)
    for seed in range(10):
        table = pd.DataFrame(random.random((150, 10))).add_prefix("p").round(2).assign(y=np.resize([0, 1], 150))
        train, test = dealt(table, 50, seed)
        assert not findings_of("LEAK006", train, test=test)


def test_a_lone_share_is_an_info():
    found = tried(scaling(), method="min-max", n_near=3, n_exact=1)
    [finding] = judge(RULE, found)
    assert finding.severity is Severity.INFO
    assert "may have been" in str(finding.message)


@pytest.mark.parametrize(("miss", "n_found"), [(1e-8, 1), (1.0001e-8, 0)])
def test_boundary_of_the_tolerance(miss, n_found):
    assert len(judge(RULE, tried(scaling(miss=miss)))) == n_found


@pytest.mark.parametrize(("miss_train", "n_found"), [(0.25, 0), (0.2500001, 1)])
def test_boundary_of_the_miss_of_train(miss_train, n_found):
    rule = replace(RULE, train_factor=1.0)
    assert len(judge(rule, tried(scaling(tolerance=0.25, miss_train=miss_train)))) == n_found


@pytest.mark.parametrize(("half_width", "n_found"), [(0.05, 1), (0.0500001, 0)])
def test_boundary_of_the_half_width(half_width, n_found):
    assert len(judge(RULE, tried(scaling(half_width=half_width)))) == n_found


@pytest.mark.parametrize(("chance", "n_found"), [(0.00099, 1), (0.00101, 0)])
def test_boundary_of_chance(chance, n_found):
    assert len(judge(RULE, tried(scaling(chance=chance)))) == n_found


def test_chance_grows_with_the_columns_near_and_falls_with_those_found():
    many = [scaling(f"x{i}", chance=0.0005) for i in range(3)]
    assert not judge(RULE, tried(many[0], n_near=10))
    assert judge(RULE, tried(*many, n_near=10))


@pytest.mark.parametrize(
    ("n_near", "n_exact", "severity"),
    [(2, 2, Severity.ERROR), (1, 1, Severity.INFO), (10, 9, Severity.ERROR), (10, 8, Severity.INFO)],
)
def test_boundaries_of_a_range(n_near, n_exact, severity):
    facts = tried(scaling(), method="max-abs", n_near=n_near, n_exact=n_exact)
    assert worst(judge(RULE, facts)) == severity


@pytest.mark.parametrize(("half_width", "n_found"), [(0.00005, 1), (0.000051, 0)])
def test_boundary_of_rounding_onto_an_end(half_width, n_found):
    facts = tried(scaling(half_width=half_width), method="min-max", n_near=4, n_exact=4)
    assert len(judge(RULE, facts)) == n_found


@pytest.mark.parametrize(("step", "n_found"), [(1 / 255, 0), (1 / 254, 1)])
def test_boundary_of_the_common_step(step, n_found):
    facts = tried(scaling(step=step), method="min-max", n_near=4, n_exact=4, common_step=1 / 255)
    assert len(judge(RULE, facts)) == n_found


def test_more_scaled_columns_never_score_milder():
    steps = []
    for n_scaled in (0, 1, 3, 12):
        train, test = scaled_before(StandardScaler(), n_scaled)
        found = findings_of("LEAK006", train, test=test)
        assert len(columns_of(above_info(found))) == n_scaled
        steps.append(worst(found))
    assert never_falls(steps)
    assert steps == [0, *[Severity.ERROR] * 3]


def test_says_why_its_impact_is_not_measured():
    train, test = scaled_before(StandardScaler())
    findings = findings_of("LEAK006", train, test=test, measure_impact=True)
    told = " Its impact was not measured: the data before the preparation are not there."
    assert findings
    assert all(str(finding.message).endswith(told) for finding in findings)
    assert not any("impact" in str(finding.message) for finding in findings_of("LEAK006", train, test=test))
