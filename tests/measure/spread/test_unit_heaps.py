from __future__ import annotations

import numpy as np
import pytest

from dataaudit.measure.spread.unit_heaps import two_heaps

DRAWS = {
    "lognormal": lambda rng, n: rng.lognormal(0, rng.uniform(0.2, 4), n),
    "pareto": lambda rng, n: rng.pareto(rng.uniform(0.5, 3), n) + 1,
    "cauchy": lambda rng, n: np.abs(rng.standard_cauchy(n)),
    "gamma": lambda rng, n: rng.gamma(rng.uniform(0.2, 2), 1, n),
    "counts": lambda rng, n: rng.negative_binomial(rng.uniform(0.1, 2), 0.01, n) + 1.0,
    "every size": lambda rng, n: 10 ** rng.uniform(0, 6, n),
}


@pytest.mark.parametrize("name", DRAWS)
def test_one_curve_is_hardly_ever_two_heaps(name):
    rng = np.random.default_rng(0)
    found = [two_heaps(DRAWS[name](rng, int(10 ** rng.uniform(2, 3.7)))) for _ in range(200)]
    assert sum(one is not None for one in found) <= 1


@pytest.mark.parametrize("spread", [0.1, 0.4, 0.8])
@pytest.mark.parametrize("power", [2, 3, 6])
@pytest.mark.parametrize("share", [0.03, 0.3, 0.9])
def test_two_units_are_told_by_gap_or_valley(spread, power, share):
    rng = np.random.default_rng(1)
    values = rng.lognormal(4, spread, 3000)
    is_other = rng.random(3000) < share
    heaps = two_heaps(np.where(is_other, values * 10.0**power, values))
    if spread == 0.8 and power == 2:
        assert heaps is None or heaps.power == 2
        return
    assert (heaps.power, heaps.is_larger) == (power, share < 0.5)
    n_above = int((np.where(is_other, values * 10.0**power, values) > heaps.cut).sum())
    assert abs(n_above - int(is_other.sum())) <= 3


def test_factors_between_the_powers_are_none():
    rng = np.random.default_rng(2)
    values = rng.lognormal(4, 0.2, 2000)
    for factor in (10, 20, 300, 5000, 50_000):
        assert two_heaps(np.where(rng.random(2000) < 0.1, values * factor, values)) is None


def test_few_rows_and_few_values_say_nothing():
    assert two_heaps(np.array([1.0] * 50 + [1000.0] * 50)) is None
    assert two_heaps(np.linspace(1, 2, 30)) is None
    assert two_heaps(np.zeros(0)) is None
