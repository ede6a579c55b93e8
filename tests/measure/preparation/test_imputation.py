from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.preparation.imputation import measure_imputations


def filled(values: np.ndarray, n_filled: int, method: str = "mean") -> np.ndarray:
    """Return the values, the first so many of them set to the mean or median of the others, in another order."""
    values = values.copy()
    values[:n_filled] = getattr(np, method)(values[n_filled:])
    return np.random.default_rng(7).permutation(values)


def facts_of(measure, values: np.ndarray, n_train: int = 280, **given):
    table = pd.DataFrame({"x": values, "y": np.resize([0, 1], len(values))})
    return measure(table[:n_train], test=table[n_train:], **given)


@pytest.mark.parametrize("n_filled", [2, 20, 200])
@pytest.mark.parametrize("decimals", [1, 4, 17])
def test_counts_the_cells_of_every_split(measure, n_filled, decimals):
    values = filled(np.random.default_rng(0).gamma(3, 10, 400).round(decimals), n_filled)
    is_filled = np.abs(values - values.mean()) < 1e-9
    assert is_filled[:280].any()
    [found] = [f for f in measure_imputations(facts_of(measure, values)) if f.method == "mean"]
    assert found.value == pytest.approx(values.mean(), abs=found.tolerance)
    assert found.n_cells == {"train": is_filled[:280].sum(), "test": is_filled[280:].sum()}
    assert found.n_rows == {"train": 280, "test": 120}
    assert found.n_sample == is_filled[:280].sum()
    assert found.fitted_train == pytest.approx(values[:280].mean())
    assert found.grid == "off"
    assert found.numbers["train"] == tuple(np.flatnonzero(is_filled[:280])[:21])


def test_median_has_as_many_cells_above_as_below(measure):
    values = filled(np.random.default_rng(0).gamma(3, 10, 400), 80, "median")
    [found] = measure_imputations(facts_of(measure, values))
    median = np.median(values)
    assert (found.method, found.value, found.fitted) == ("median", median, 0)
    assert found.fitted_train == (values[:280] > median).sum() - (values[:280] < median).sum()


def test_a_column_filled_with_the_mean_of_train_has_no_such_value(measure):
    values = np.random.default_rng(0).gamma(3, 10, 400)
    values[:30] = values[30:280].mean()
    assert measure_imputations(facts_of(measure, values)) == ()


@pytest.mark.parametrize(
    "values",
    [
        np.resize([0.5, 1.5, 1.0], 400),
        np.resize([-1.0, 0.0, 1.0, 2.5, -2.5], 400),
        np.resize(np.arange(9) / 3, 396) * 1.7,
    ],
)
def test_a_mean_on_the_grid_of_the_others_is_none(measure, values):
    values = np.random.default_rng(1).permutation(values)
    assert all(found.grid != "off" for found in measure_imputations(facts_of(measure, values)))


def test_nothing_but_survey_and_sample_is_read_of_ordinary_columns(measure, monkeypatch):
    facts = facts_of(measure, np.random.default_rng(0).gamma(3, 10, 400))
    _ = facts.sample, facts.quantiles

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(facts.dataset.engine, "rows", refuse)
    assert facts.preparation.imputations == ()
