from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import NUMBERS, SEEDS, mixed, present

from dataaudit.model import Kind

MOMENTS = ("minimum", "maximum", "mean", "sd")


@pytest.fixture(params=SEEDS)
def splits(request):
    return {"train": mixed(200, request.param), "test": mixed(70, request.param + 100, shift=1)}


def test_counts_of_every_column_and_split(measure, splits):
    facts = measure(**splits)
    for split, frame in splits.items():
        assert set(facts.profiles[split]) == set(frame.columns)
        for name, profile in facts.profiles[split].items():
            assert profile.column == name
            assert profile.n_rows == len(frame)
            assert profile.n_missing == frame[name].isna().sum()
            assert profile.n_present == frame[name].notna().sum()
            assert profile.share_missing == frame[name].isna().mean()
            assert not profile.absent
            assert not profile.sampled


def test_ranges_and_moments_of_numbers(measure, splits):
    facts = measure(**splits)
    for split, frame in splits.items():
        for name in NUMBERS:
            profile, values = facts.profiles[split][name], present(frame[name])
            assert (profile.minimum, profile.maximum) == (values.min(), values.max())
            assert profile.mean == pytest.approx(values.mean(), rel=1e-12)
            assert profile.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
            assert profile.is_integer == bool((values == np.trunc(values)).all())
            assert profile.n_zero == (values == 0).sum()
            assert profile.mean_length is None


def test_range_of_datetimes_in_seconds(measure, splits):
    profile = measure(**splits).profiles["train"]["when"]
    values = present(splits["train"]["when"])
    assert profile.kind is Kind.DATETIME
    assert (profile.minimum, profile.maximum) == (values.min(), values.max())
    assert (profile.mean, profile.sd) == (None, None)


def test_names_have_a_length_and_no_moments(measure, splits):
    facts = measure(**splits)
    for name in ("level", "code", "y"):
        profile = facts.profiles["train"][name]
        assert profile.mean_length == pytest.approx(splits["train"][name].dropna().str.len().mean(), rel=1e-12)
        assert [getattr(profile, moment) for moment in MOMENTS] == [None] * 4
    assert facts.profiles["train"]["flag"].mean_length is None


def test_a_column_missing_everywhere_has_no_range(measure):
    frame = mixed(60).assign(empty=pd.Series([None] * 60, dtype="float64"))
    profile = measure(frame).profiles["train"]["empty"]
    assert (profile.n_missing, profile.n_present, profile.share_missing) == (60, 0, 1.0)
    assert [getattr(profile, moment) for moment in MOMENTS] == [None] * 4


def test_infinite_cells_count_as_missing_and_are_told(measure):
    frame = mixed(60)
    frame.loc[[3, 4], "measure"] = [np.inf, -np.inf]
    profile = measure(frame).profiles["train"]["measure"]
    values = frame["measure"].replace([np.inf, -np.inf], np.nan).dropna()
    assert profile.n_infinite == 2
    assert profile.n_present == len(values)
    assert (profile.minimum, profile.maximum) == (values.min(), values.max())


def test_the_largest_doubles_do_not_overflow(measure):
    frame = mixed(60)
    frame.loc[:1, "measure"] = [1.7e308, -1.7e308]
    profile = measure(frame).profiles["train"]["measure"]
    assert (profile.minimum, profile.maximum) == (-1.7e308, 1.7e308)
    assert profile.mean == pytest.approx(present(frame["measure"][2:]).mean())


def test_a_column_that_a_split_lacks_is_absent_and_missing(measure):
    profile = measure(mixed(60), test=mixed(30, 1).drop(columns="level")).profiles["test"]["level"]
    assert (profile.absent, profile.n_rows, profile.n_missing) == (True, 30, 30)


def test_whole_and_empty_rows(measure, splits):
    for frame in splits.values():
        features = [name for name in frame.columns if name != "y"]
        frame.loc[5:7, features] = None
    completeness = measure(**splits).completeness
    for split, frame in splits.items():
        missing = frame.drop(columns="y").isna()
        assert completeness[split].n_rows == len(frame)
        assert completeness[split].n_complete == (~missing.any(axis=1)).sum()
        assert completeness[split].n_empty == missing.all(axis=1).sum() == 3


def test_more_columns_than_one_statement_holds(measure):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 9, (30, 450)), columns=[f"n{i}" for i in range(450)]).assign(y=["a", "b"] * 15)
    profiles = measure(frame).profiles["train"]
    assert [profiles[f"n{i}"].mean for i in range(450)] == pytest.approx(frame.drop(columns="y").mean().tolist())
