"""facts.spread.sureness."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.errors import NotMeasurable
from dataaudit.measure.spread.sureness import MODELS


def line(n_rows: int, seed: int, stretch: float = 1.0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    x = stretch * random.normal(size=n_rows)
    return pd.DataFrame(
        {"x": x, "other": random.normal(size=n_rows), "y": np.where(x + random.normal(size=n_rows) > 0, "p", "q")}
    )


def test_a_logistic_model_grows_sure_far_out_and_a_forest_does_not(measure):
    sure = measure(line(600, 0), test=line(300, 1, stretch=20)).spread.sureness["test"]
    x = np.abs(line(300, 1, stretch=20)["x"])
    far = (x > 15).to_numpy()
    logistic, forest = (sure.by_model[name] for name in MODELS)
    assert logistic[far].mean() > 0.999 > forest[far].mean()
    assert sure.n_rows_trained == 600


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_every_kind_of_column_is_taken_and_probabilities_are_such(measure, task):
    train, test = mixed(300, 0, task=task), mixed(120, 1, task=task)
    train["infinite"], test["infinite"] = np.inf, 1e300
    sure = measure(train, test=test).spread.sureness["test"]
    least = 1 / train["y"].nunique()
    assert sure.rows.tolist() == list(range(120))
    for values in sure.by_model.values():
        assert values.shape == (120,)
        assert least - 1e-9 <= values.min() <= values.max() <= 1
    assert sure.n_rows_trained == train["y"].notna().sum()


def test_numbers_of_any_size_are_standardised(measure):
    train, test = line(300, 0), line(100, 1)
    big = measure(train.assign(x=train["x"] * 1e300), test=test.assign(x=test["x"] * 1e300)).spread.sureness["test"]
    plain = measure(train, test=test).spread.sureness["test"]
    assert np.allclose(big.by_model["logistic model"], plain.by_model["logistic model"], atol=1e-3)


def test_without_classes_or_columns_there_is_nothing_to_be_sure_of(measure):
    regression = measure(mixed(100, task="regression"), test=mixed(50, task="regression"), task="regression")
    constant = measure(line(100, 0).assign(x=1.0, other=2.0), test=line(50, 1))
    for facts in (regression, constant):
        with pytest.raises(NotMeasurable):
            _ = facts.spread.sureness
