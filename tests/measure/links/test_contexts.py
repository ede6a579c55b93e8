from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.links.contexts import MAX_LEVELS, _compared


def clinic(n_rows: int = 1200, seed: int = 0, habit: float = 0.0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    age, site = random.normal(size=n_rows), random.choice(["north", "south", "west"], n_rows)
    sick = (age + random.normal(0, 0.5, n_rows) > 0) | ((site == "west") & (random.random(n_rows) < habit))
    return pd.DataFrame({"age": age, "site": site, "y": np.where(sick, "sick", "well")})


def test_sums_of_strata_are_those_of_a_loop():
    random = np.random.default_rng(0)
    values, strata, codes = random.random(200), random.integers(0, 4, 200), random.integers(0, 3, 200)
    observed, expected, spread, variance, left = _compared(values, strata, codes, 3)
    for level in range(3):
        o = e = s = v = 0.0
        for stratum in range(4):
            inside = strata == stratum
            here, n = inside & (codes == level), inside.sum()
            o += values[here].sum()
            e += here.sum() * values[inside].mean()
            s += here.sum() * (1 - here.sum() / n)
            v += here.sum() * (1 - here.sum() / n) * values[inside].var(ddof=1)
        assert (observed[level], expected[level]) == pytest.approx((o, e))
        assert (spread[level], variance[level]) == pytest.approx((s, v))
    np.testing.assert_allclose(left, values - pd.Series(values).groupby(strata).transform("mean"))


def test_the_standard_error_is_that_of_dealing_levels_at_random():
    random = np.random.default_rng(0)
    values, strata = (random.random(300) < 0.3).astype(float), random.integers(0, 3, 300)
    codes = np.resize([0, 0, 1], 300)
    drawn = []
    for _ in range(2000):
        for stratum in range(3):
            inside = np.flatnonzero(strata == stratum)
            codes[inside] = random.permutation(codes[inside])
        observed, expected, spread, variance, _ = _compared(values, strata, codes, 2)
        drawn.append((observed[1] - expected[1]) / spread[1])
    assert np.sqrt(variance[1]) / spread[1] == pytest.approx(np.std(drawn), rel=0.06)


def test_a_habit_is_the_difference_of_its_level(measure):
    found = measure(clinic(4000, habit=0.5), context=["site"]).links.context_effects["site"]
    by_level = {one.level: one for one in found.levels}
    assert set(by_level) == {"north", "south", "west"}
    assert {one.label_class for one in found.levels} == {"well"}
    assert by_level["west"].difference == pytest.approx(-0.25, abs=0.08)
    assert abs(by_level["west"].difference) > 8 * by_level["west"].standard_error
    assert found.beyond.lower > 0.02


def test_no_habit_is_no_difference(measure):
    found = measure(clinic(), context=["site"]).links.context_effects["site"]
    assert all(abs(one.difference) < 4 * one.standard_error for one in found.levels)
    assert found.beyond.explained < 0.01


def test_a_numeric_target_is_compared_by_its_place(measure):
    random = np.random.default_rng(0)
    site = random.choice(["north", "south"], 1000)
    frame = pd.DataFrame({"age": random.normal(size=1000), "site": site, "y": random.normal(size=1000)})
    frame["y"] += np.where(site == "north", 1e6, 0)
    found = measure(frame, context=["site"], task="regression").links.context_effects["site"]
    assert {one.level: round(one.difference, 1) for one in found.levels} == {"north": 0.5, "south": -0.5}


def test_missing_cells_and_rare_levels_are_levels(measure):
    frame = clinic(3000)
    random = np.random.default_rng(1)
    frame["site"] = pd.Series([f"site {i}" for i in random.zipf(1.3, 3000).clip(max=400)])
    frame.loc[:99, "site"] = None
    found = measure(frame, context=["site"]).links.context_effects["site"]
    levels = {one.level for one in found.levels}
    assert {"(missing)", "(other levels)", "site 1"} <= levels
    assert len(levels) <= MAX_LEVELS + 1


def test_numbers_name_levels_as_they_are_written(measure):
    frame = clinic().assign(camera=np.random.default_rng(0).integers(1, 4, 1200))
    found = measure(frame, context=["camera"]).links.context_effects["camera"]
    assert {one.level for one in found.levels} == {"1", "2", "3"}


def test_a_context_of_one_level_has_no_effect(measure):
    assert measure(clinic().assign(site="north"), context=["site"]).links.context_effects == {}
    assert measure(clinic()).links.context_effects == {}


def test_what_the_class_tells_of_the_context(measure):
    random = np.random.default_rng(0)
    place = random.integers(0, 6, 900)
    frame = pd.DataFrame({"x": random.normal(size=900), "site": place % 2, "y": [f"c{i}" for i in place]})
    found = measure(frame, context=["site"]).links.reverse_associations["site"]
    assert found.explained > 0.99
    shuffled = frame.assign(site=random.permutation(frame["site"]))
    assert measure(shuffled, context=["site"]).links.reverse_associations["site"].explained < 0.02
