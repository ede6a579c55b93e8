from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.shifts.conversions import AFFINES, FACTORS, LOGS, TENS
from dataaudit.measure.shifts.curves import curve_distance, distance_within, snapped
from dataaudit.measure.shifts.fits import with_day_and_month_swapped


def weights(n_rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(70, 8, n_rows)


def changes(measure, train, test, **given):
    frames = [pd.DataFrame({"x": values, "y": np.resize(["p", "q"], len(values))}) for values in (train, test)]
    return measure(frames[0], test=frames[1], **given).shifts.unit_changes["test"]


def named(measure, train, test):
    found = changes(measure, train, test)
    return found["x"].conversion.name if found else None


def test_every_factor_is_named(measure):
    converted = {one.name: weights(500, 1) * one.factor for one in (*TENS, *FACTORS)}
    assert all_named(measure, {name: weights(900, 0) for name in converted}, converted)


def test_every_scale_of_temperature_is_named(measure):
    low = {"°C": 20, "°F": 68, "K": 293}
    train, test = (
        {one.name: np.random.default_rng(seed).normal(low[one.units[0]], 6, 700) for one in AFFINES} for seed in (0, 1)
    )
    assert all_named(measure, train, {one.name: one.factor * test[one.name] + one.offset for one in AFFINES})


def test_every_logarithm_is_named(measure):
    train, test = {}, {}
    for one in LOGS:
        ours, theirs = (np.random.default_rng(seed).gamma(3, 1.5, 2000) + 0.2 for seed in (0, 1))
        logs = [np.log(values + one.offset) / np.log(one.factor) for values in (ours, theirs)]
        train[one.name], test[one.name] = (ours, logs[1]) if one.kind == "log" else (logs[0], theirs)
    assert all_named(measure, train, test)


def test_a_changed_sign_is_named_of_one_sided_and_of_skewed_columns(measure):
    rng = np.random.default_rng(0)
    assert named(measure, weights(500, 0), -weights(300, 1)) == "sign"
    skewed = [rng.gamma(1, 1, 1000) - 1 for _ in range(2)]
    assert named(measure, skewed[0], -skewed[1]) == "sign"


def test_a_mean_that_crosses_zero_is_no_changed_sign(measure):
    rng = np.random.default_rng(0)
    assert named(measure, rng.normal(0.4, 1, 2000), rng.normal(-0.4, 1, 2000)) is None


def test_swapped_days_and_months_are_named(measure):
    days = [np.random.default_rng(seed).integers(0, 90, 600) for seed in (0, 1)]
    train, test = (pd.Timestamp("2023-01-01") + pd.to_timedelta(one, unit="D") for one in days)
    assert changes(measure, train, test) == {}
    swapped = [day if day.day > 12 else day.replace(day=day.month, month=day.day) for day in test]
    assert named(measure, train, swapped) == "day and month"


def all_named(measure, train, test):
    """Tell whether every column's conversion is the one that the column is called after."""
    frames = [pd.DataFrame(columns).assign(y=lambda frame: np.resize([0, 1], len(frame))) for columns in (train, test)]
    found = measure(frames[0], test=frames[1]).shifts.unit_changes["test"]
    return {name: one.conversion.name for name, one in found.items()} == {name: name for name in train}


@pytest.mark.parametrize("shift", [0.5, 1.0, 3.0])
def test_a_mean_that_drifted_is_no_unit(measure, shift):
    assert named(measure, weights(2000, 0), weights(2000, 1) + 8 * shift) is None


@pytest.mark.parametrize("factor", [1.6, 2.5, 2.54, 3.3])
def test_a_widely_spread_column_whose_mean_grew_is_no_unit(measure, factor):
    rng = np.random.default_rng(0)
    incomes = [rng.lognormal(3, 0.8, 3000) for _ in range(2)]
    assert named(measure, incomes[0], incomes[1] * factor) is None


def test_decimals_prove_a_factor_that_spread_hides(measure):
    rng = np.random.default_rng(0)
    incomes = [rng.lognormal(3, 0.8, 3000).round(1) for _ in range(2)]
    found = changes(measure, incomes[0], incomes[1] * 2.54)["x"]
    assert (found.conversion.name, found.lands_on_grid) == ("x 2.54", True)


@pytest.mark.parametrize("factor", [1.9, 5.0, 14.0, 47.0, 230.0])
def test_a_factor_of_no_unit_is_not_named(measure, factor):
    assert named(measure, weights(2000, 0), weights(2000, 1) * factor) is None


@pytest.mark.parametrize("factor", [0.09, 0.11, 9.3, 11.0])
def test_a_factor_near_ten_is_not_ten(measure, factor):
    for draw in (lambda rng: rng.uniform(0, 10, 800), lambda rng: rng.gamma(2, 3, 800)):
        train, test = (draw(np.random.default_rng(seed)) for seed in (0, 1))
        assert named(measure, train, test * factor) is None


def test_few_rows_of_a_wide_column_need_their_decimals_to_tell_ten(measure):
    train, test = (np.random.default_rng(seed).gamma(4, 25, 200) for seed in (0, 1))
    assert named(measure, train, test * 10) is None
    assert named(measure, train.round(1), test.round(1) * 10) == "x 10"
    assert named(measure, train.round(), test.round() * 10) == "x 10"
    assert named(measure, train.round(), (test * 9.3).round()) is None


def test_a_test_divided_by_its_maximum_or_ranked_is_not_divided_by_ten(measure):
    train, test = (np.random.default_rng(seed).uniform(0, 10, 800) for seed in (0, 1))
    assert named(measure, train, test / test.max()) is None
    assert named(measure, train, (test.argsort().argsort() + 1) / 800) is None


@pytest.mark.parametrize("seed", range(4))
def test_where_any_factor_does_as_well_no_logarithm_is_named(measure, seed):
    rng = np.random.default_rng(seed)
    assert named(measure, rng.lognormal(0, 0.3, 800), rng.lognormal(0, 0.3, 300) * 2.6) is None


def test_whole_numbers_rounded_on_the_way_are_named(measure):
    train, test = (weights(800, seed).round() for seed in (0, 1))
    assert named(measure, train, (test * 2.2046).round()) == "x 2.205"


def test_distances_are_those_of_the_undone_column(measure):
    train, test = weights(300, 0), weights(200, 1)
    found = changes(measure, train, test * 1000)["x"]
    assert found.distance_before == 1.0
    assert found.distance_after == pytest.approx(curve_distance(train, test), abs=1e-9)
    assert (found.n_train, found.n_other, found.sampled) == (300, 200, False)


def test_a_reference_is_compared_too(measure):
    frames = [pd.DataFrame({"x": weights(300, seed), "y": np.resize(["p", "q"], 300)}) for seed in range(3)]
    frames[2]["x"] /= 1000
    found = measure(frames[0], test=frames[1], reference=frames[2]).shifts
    assert found.changed_units == {"test": frozenset(), "reference": frozenset({"x"})}
    assert found.unit_changes["reference"]["x"].conversion.name == "/ 1,000"


@pytest.mark.parametrize(("asked", "left"), [({"SPLIT002"}, set()), ({"SPLIT002", "SPLIT008"}, {"x"}), (None, {"x"})])
def test_a_column_is_left_to_the_rule_of_units_only_where_that_is_asked(measure, asked, left):
    frames = [pd.DataFrame({"x": weights(300, seed), "y": np.resize(["p", "q"], 300)}) for seed in range(2)]
    frames[1]["x"] /= 1000
    facts = measure(frames[0], test=frames[1])
    facts.asked = asked
    assert facts.shifts.changed_units == {"test": left}


@pytest.mark.parametrize("seed", range(8))
def test_random_splits_name_nothing(measure, seed):
    rng = np.random.default_rng(seed)
    whole = pd.DataFrame(
        {
            "normal": rng.normal(0, 1, 150),
            "wide": rng.lognormal(0, 3, 150),
            "count": rng.poisson(2, 150),
            "share": rng.random(150),
            "y": rng.choice(["p", "q"], 150),
        }
    )
    found = measure(whole[:100], test=whole[100:].reset_index(drop=True)).shifts
    assert (found.unit_changes, found.split_scalings) == ({"test": {}}, ())


def test_odd_columns_are_passed_over(measure):
    n = 60
    train = pd.DataFrame(
        {"constant": 5.0, "huge": np.linspace(1, 9, n) * 1e299, "gone": np.nan, "flag": True}, range(n)
    )
    train = train.assign(
        two=np.resize([1.0, 2.0], n), infinite=np.resize([np.inf, 1.0, 2.0], n), y=np.resize([0, 1], n)
    )
    test = train.assign(constant=5000.0, huge=train["huge"] / 1e6, gone=1.0, flag=False, two=train["two"] * 1000)
    assert set(measure(train, test=test).shifts.unit_changes["test"]) == {"huge"}
    one_row = measure(train, test=test[:1]).shifts
    assert one_row.unit_changes == {"test": {}}


def test_values_are_moved_as_far_as_rounding_explains():
    assert snapped(np.array([1.2, 2.6]), np.array([1.0, 2.0, 3.0]), 0.3).tolist() == [1.0, 2.6]


def test_distance_within_forgives_a_small_shift_only():
    values = np.arange(10.0)
    assert distance_within(values, values + 0.1, 0.2) == 0
    assert distance_within(values, values + 3, 0.2) == pytest.approx(0.3)


def test_swapping_twice_gives_the_dates_back():
    seconds = np.arange(0, 3 * 365) * 86_400.0 + 3_600
    assert np.array_equal(with_day_and_month_swapped(with_day_and_month_swapped(seconds)), seconds)


def test_a_numeric_label_in_another_unit_is_named(measure):
    frames = [pd.DataFrame({"x": np.arange(300) % 7, "y": weights(300, seed)}) for seed in (0, 1)]
    frames[1]["y"] *= 1000
    one = measure(frames[0], test=frames[1], task="regression").shifts.unit_changes["test"]["y"]
    assert (one.conversion.name, one.role) == ("x 1,000", "label")


def test_swapped_days_of_a_declared_time_are_named(measure):
    frames = []
    for seed in (0, 1):
        days = np.random.default_rng(seed).integers(0, 90, 600)
        when = pd.Series(pd.Timestamp("2023-01-01") + pd.to_timedelta(days, unit="D"))
        frames.append(pd.DataFrame({"when": when, "x": np.arange(600) % 7, "y": np.resize(["p", "q"], 600)}))
    assert measure(frames[0], test=frames[1], time="when").shifts.unit_changes == {"test": {}}
    frames[1]["when"] = [
        day if day.day > 12 else day.replace(day=day.month, month=day.day) for day in frames[1]["when"]
    ]
    found = measure(frames[0], test=frames[1], time="when").shifts.unit_changes["test"]
    assert {name: one.role for name, one in found.items()} == {"when": "time"}


def test_many_zeros_do_not_hide_another_unit(measure):
    def gains(seed):
        rng = np.random.default_rng(seed)
        return np.where(rng.random(4000) < 0.9, 0, rng.lognormal(8, 0.8, 4000))

    assert changes(measure, gains(0), gains(1)) == {}
    one = changes(measure, gains(0), gains(1) * 1000)["x"]
    assert (one.conversion.name, one.zeros_left_out) == ("x 1,000", True)
    assert one.n_train < 600
