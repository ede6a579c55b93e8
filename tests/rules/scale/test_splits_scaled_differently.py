"""SCALE006 splits-scaled-differently."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from tests.rules.builders import split_facts
from tests.rules.frames import findings_of, judge, severities

from dataaudit.auditing import audit
from dataaudit.measure.shifts.split_scalings import ScaledColumn, SplitScaling
from dataaudit.model import Severity
from dataaudit.rules.scale.splits_scaled_differently import SplitsScaledDifferently

NUMBERS = ["height", "mass", "age", "pressure"]


def splits(n_train: int = 600, n_test: int = 300, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    n_rows = n_train + n_test
    frame = pd.DataFrame(
        {
            "height": rng.normal(170, 9, n_rows),
            "mass": rng.gamma(20, 3.5, n_rows),
            "age": rng.integers(18, 80, n_rows).astype(float),
            "pressure": rng.normal(1013, 8, n_rows),
            "y": rng.choice(["a", "b"], n_rows),
        }
    )
    return frame[:n_train].copy(), frame[n_train:].reset_index(drop=True)


def scaled(scaler, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**dict(zip(NUMBERS, scaler.transform(frame[NUMBERS]).T, strict=True)))


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
def test_one_side_that_was_scaled_is_an_error(make):
    train, test = splits()
    by_train, by_test = make().fit(train[NUMBERS]), make().fit(test[NUMBERS])
    for ours, theirs, side in (
        (train, scaled(by_train, test), "test and not in train"),
        (train, scaled(by_test, test), "test and not in train"),
        (scaled(by_train, train), test, "train and not in test"),
    ):
        [finding] = findings_of("SCALE006", ours, test=theirs)
        assert finding.severity is Severity.ERROR
        assert set(finding.columns) == set(NUMBERS)
        assert f"scaled in {side}" in str(finding.message)


def test_sides_that_were_scaled_in_two_ways_are_both_named():
    train, test = splits()
    by = [make().fit(frame[NUMBERS]) for make, frame in ((StandardScaler, train), (MinMaxScaler, test))]
    [finding] = findings_of("SCALE006", scaled(by[0], train), test=scaled(by[1], test))
    message = str(finding.message)
    assert "look standardised in train and scaled to 0 and 1 in test" in message
    assert "against the range from 0 to 1" in message


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
def test_each_by_its_own_numbers_is_a_warning(make):
    train, test = splits()
    ours, theirs = (scaled(make().fit(frame[NUMBERS]), frame) for frame in (train, test))
    [finding] = findings_of("SCALE006", ours, test=theirs)
    assert finding.severity is Severity.WARNING
    assert set(NUMBERS) - set(finding.columns) <= {"age"}
    assert not findings_of("LEAK006", ours, test=theirs)


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
@pytest.mark.parametrize("seed", range(4))
def test_one_scaler_for_both_is_clean(make, seed):
    train, test = splits(seed=seed)
    scaler = make().fit(train[NUMBERS])
    assert not findings_of("SCALE006", scaled(scaler, train), test=scaled(scaler, test))
    on_all = make().fit(pd.concat([train, test])[NUMBERS])
    assert not findings_of("SCALE006", scaled(on_all, train), test=scaled(on_all, test))
    assert not findings_of("SCALE006", train, test=test)


def test_copied_rows_are_not_scaled_twice():
    train, _ = splits()
    ours = scaled(StandardScaler().fit(train[NUMBERS]), train)
    assert not findings_of("SCALE006", ours, test=ours)


def test_two_of_many_standardised_features_that_drifted_are_not_unscaled():
    rng = np.random.default_rng(0)
    train, test = (pd.DataFrame(rng.normal(size=(n, 12))).add_prefix("x") for n in (500, 300))
    test[["x0", "x1"]] *= 5
    for frame in (train, test):
        frame["y"] = np.resize(["a", "b"], len(frame))
    assert not findings_of("SCALE006", train, test=test)


def test_columns_in_another_unit_each_by_the_same_factor_are_left_to_split008():
    rng = np.random.default_rng(0)
    train, test = (pd.DataFrame(rng.normal(size=(n, 4)), columns=NUMBERS) for n in (500, 300))
    train["y"], test["y"] = np.resize(["a", "b"], 500), np.resize(["a", "b"], 300)
    test[NUMBERS] *= 1000
    found = audit(train, test=test, label="y", select=["SPLIT008", "SCALE006"]).findings
    assert {finding.code for finding in found} == {"SPLIT008"}


def test_scaled_columns_are_told_once():
    train, test = splits()
    test = scaled(StandardScaler().fit(train[NUMBERS]), test)
    found = audit(train, test=test, label="y", select=["SPLIT", "SCALE006", "RANGE001"]).findings
    assert {finding.code for finding in found if set(finding.columns) & set(NUMBERS)} == {"SCALE006"}


def scaling_facts(n_columns: int, *, after=0.05, sides=("test",), method="standard", n_marked=None, exact=False):
    columns = tuple(ScaledColumn(f"x{i}", 0, 1, 50, 9, exact, 0.9, after) for i in range(n_columns))
    one = SplitScaling("test", method, sides, columns, n_columns if n_marked is None else n_marked, 9, 600, 300)
    return split_facts(shifts=SimpleNamespace(split_scalings=(one,)))


@pytest.mark.parametrize(
    ("n_columns", "given", "expected"),
    [
        (2, {}, [Severity.ERROR]),
        (1, {"n_marked": 2}, []),
        (1, {}, []),
        (1, {"exact": True}, [Severity.ERROR]),
        (2, {"sides": ("train", "test")}, [Severity.WARNING]),
        (3, {"sides": ("train", "test"), "method": "min-max"}, [Severity.WARNING]),
        (2, {"sides": ("train", "test"), "method": "min-max"}, []),
    ],
)
def test_boundaries_of_the_columns(n_columns, given, expected):
    assert severities(judge(SplitsScaledDifferently(), scaling_facts(n_columns, **given))) == expected


def test_odd_splits_are_passed_over():
    train, test = splits()
    assert not findings_of("SCALE006", train, test=test[:1])
    assert not findings_of("SCALE006", train.assign(mass=np.nan, age=5.0), test=test.assign(height=np.inf, age=7.0))
