from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.measure.shifts.within_groups import alikeness


def grouped(n_groups, size, correlation, seed):
    """Return rows of groups that share so much of the variance of x."""
    random = np.random.default_rng(seed)
    middle = np.repeat(random.normal(0, np.sqrt(correlation), n_groups), size)
    x = middle + random.normal(0, np.sqrt(1 - correlation), n_groups * size)
    return pd.DataFrame(
        {
            "x": x,
            "alone": random.normal(size=len(x)),
            "sex": np.repeat(random.choice(["f", "m"], n_groups), size),
            "y": random.choice(["a", "b"], len(x)),
            "who": [f"{seed} {i}" for i in np.repeat(np.arange(n_groups), size)],
        }
    )


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_the_correlation_of_numbers_is_that_of_their_making(correlation):
    frame = grouped(2000, 5, correlation, 0)
    groups = np.repeat(np.arange(2000), 5)
    assert alikeness(frame["x"].to_numpy(), groups, is_number=True) == pytest.approx(correlation, abs=0.06)


def test_names_are_alike_as_kappa_says():
    groups = np.repeat(np.arange(300), 4)
    constant = np.repeat(np.random.default_rng(0).integers(0, 3, 300), 4).astype(float)
    assert alikeness(constant, groups, is_number=False) == pytest.approx(1)
    drawn = np.random.default_rng(0).integers(0, 3, 1200).astype(float)
    assert alikeness(drawn, groups, is_number=False) == pytest.approx(0, abs=0.05)


def test_no_pairs_no_values():
    assert alikeness(np.arange(5.0), np.arange(5), is_number=True) == 0
    assert alikeness(np.ones(6), np.repeat([0, 1], 3), is_number=True) == 0
    assert alikeness(np.full(6, np.nan), np.repeat([0, 1], 3), is_number=False) == 0


def test_rows_of_a_group_count_as_few_draws(measure):
    facts = measure(grouped(30, 20, 0.9, 0), test=grouped(15, 20, 0.9, 1), group=("who",))
    per_draw = facts.shifts.rows_per_draw
    assert set(per_draw) == {"train", "test"}
    assert per_draw["test"]["sex"] == pytest.approx(20)
    assert 14 < per_draw["train"]["x"] < 20
    assert per_draw["train"]["alone"] < 2
    assert per_draw["train"]["y"] < 2
    assert facts.drifts["test"]["sex"].n_train == 30
    assert facts.drifts["test"]["sex"].n_other == 15


def test_without_a_group_every_row_is_a_draw(measure):
    facts = measure(mixed(100), test=mixed(50))
    assert facts.shifts.rows_per_draw == {}
    assert facts.drifts["test"]["constant"].n_train == 100


def test_splits_by_group_are_rarely_flagged(measure):
    """Of splits that leave whole groups out, hardly any has a column with a small p-value."""
    small = 0
    for seed in range(25):
        facts = measure(grouped(16, 25, 0.6, seed), test=grouped(8, 25, 0.6, seed + 100), group=("who",))
        small += any(facts.drifts["test"][name].p_value < 0.005 for name in ("x", "sex", "alone"))
    assert small <= 1
