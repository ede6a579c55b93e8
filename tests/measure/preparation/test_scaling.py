from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.preparation.pools import moments_of, pools
from dataaudit.measure.preparation.precision import most_half_widths, stored_precision
from dataaudit.measure.preparation.scaling import chance_of_scale, measure_scalings


def frames(n_rows: int = 500, seed: int = 0) -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"a": random.gamma(2, 3, n_rows), "b": random.normal(5, 2, n_rows)})
    table.loc[::7, "b"] = np.nan
    table["y"] = np.resize([0, 1], n_rows)
    return {"train": table.iloc[:300], "validation": table.iloc[300:380], "test": table.iloc[380:]}


def scaled(method: str, column: pd.Series) -> pd.Series:
    quartiles = np.nanquantile(column, [0.25, 0.5, 0.75])
    return {
        "standard": (column - column.mean()) / column.std(ddof=1),
        "robust": (column - quartiles[1]) / (quartiles[2] - quartiles[0]),
        "min-max": (column - column.min()) / (column.max() - column.min()),
        "max-abs": column / column.abs().max(),
    }[method]


@pytest.mark.parametrize("column", ["a", "b"])
def test_pooled_moments_are_those_of_the_rows_together(measure, column):
    given = frames()
    facts = measure(given["train"], test=given["test"], validation=given["validation"])
    assert pools(facts, column) == [("train", "validation", "test"), ("train", "validation"), ("train", "test")]
    for splits in pools(facts, column):
        values = pd.concat([given[split][column] for split in splits]).dropna()
        moments = moments_of(facts, column, splits)
        assert moments.n == len(values)
        assert (moments.minimum, moments.maximum) == (values.min(), values.max())
        assert moments.mean == pytest.approx(values.mean(), rel=1e-12)
        assert moments.sd(0) == pytest.approx(values.std(ddof=0), rel=1e-12)
        assert moments.sd(1) == pytest.approx(values.std(ddof=1), rel=1e-12)


@pytest.mark.parametrize("method", ["standard", "robust", "min-max", "max-abs"])
def test_finds_the_method_and_the_splits_and_measures_train(measure, method):
    given = frames()
    both = pd.concat([given["train"], given["test"]])
    both["b"] = scaled(method, both["b"])
    # Both ends in test, so that train misses them.
    train, test = both.sort_values("b", key=lambda b: -b.abs()).iloc[20:], both.sort_values("b", key=lambda b: -b.abs())
    test = test.iloc[:20]
    facts = measure(train, test=test)
    [found] = [t for t in measure_scalings(facts) if t.method == method and t.found]
    [scaling] = found.found
    assert (scaling.column, found.splits) == ("b", ("train", "test"))
    assert scaling.miss <= scaling.tolerance < 1e-5 < scaling.miss_train
    values = train["b"].dropna()
    expected = {
        "standard": (values.mean(), values.std()),
        "robust": (values.median(), values.quantile(0.75) - values.quantile(0.25)),
        "min-max": (values.min(), values.max()),
        "max-abs": (0.0, values.abs().max()),
    }[method]
    assert (scaling.location_train, scaling.spread_train) == pytest.approx(expected, rel=1e-3, abs=1e-9)


def test_a_column_that_another_split_lacks_or_leaves_empty_is_not_pooled(measure):
    given = frames()
    facts = measure(
        given["train"], test=given["test"].drop(columns="a"), validation=given["validation"].assign(b=np.nan)
    )
    assert pools(facts, "a") == [("train", "validation")]
    assert pools(facts, "b") == [("train", "test")]


def test_nothing_but_the_survey_is_read_of_ordinary_columns(measure, monkeypatch):
    given = frames()
    facts = measure(given["train"], test=given["test"])
    _ = facts.quantiles

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(facts.dataset.engine, "rows", refuse)
    monkeypatch.setattr(facts.dataset.engine, "arrays", refuse)
    assert facts.preparation.scalings == ()


@pytest.mark.parametrize("digits", [0, 1, 4, 8])
def test_precision_of_decimals(digits):
    values = np.round(np.random.default_rng(0).normal(size=300), digits)
    precision = stored_precision(values)
    assert (precision.decimals, precision.half_width) == (digits, pytest.approx(0.5 * 10.0**-digits))
    assert most_half_widths(values[:, None])[0] >= precision.half_width


@pytest.mark.parametrize("digits", [3, 6, 7])
def test_precision_of_significant_digits(digits):
    values = np.array([float(f"{x:.{digits}g}") for x in np.random.default_rng(0).lognormal(-9, 5, 300)])
    precision = stored_precision(values)
    assert precision.decimals is None
    expected = 0.5 * 10.0 ** (np.floor(np.log10(values)) - digits + 1)
    assert precision.half_width == pytest.approx(math.sqrt(np.mean(expected**2)))
    assert most_half_widths(values[:, None])[0] >= precision.half_width


def test_precision_of_single_and_double():
    values = np.random.default_rng(0).normal(size=300)
    single = stored_precision(values.astype(np.float32).astype(np.float64))
    assert 0 < single.half_width < 1e-7
    assert stored_precision(values).half_width == 0
    assert stored_precision(np.array([np.nan])).half_width == 0
    assert most_half_widths(np.array([[np.nan, 1 / 3], [0.5, 2 / 3]])).tolist() == [0.05, 0.0]


def test_rounding_moves_the_moments_less_than_the_tolerance(measure):
    """Of columns scaled exactly and then rounded, nearly all still meet the mark."""
    random = np.random.default_rng(1)
    values = random.normal(size=(400, 60))
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    table = pd.DataFrame(values.round(3)).add_prefix("x").assign(y=np.resize([0, 1], 400))
    [standard] = [t for t in measure(table[:280], test=table[280:]).preparation.scalings if t.method == "standard"]
    assert standard.n_near == 60
    assert standard.n_exact >= 58


def test_chance_is_that_of_normal_columns():
    """Columns drawn from a standard normal: how many meet the mark to .05 in all rows and miss it in train by .15."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(20_000, 100))
    tolerance = 0.05

    def miss(values: np.ndarray) -> np.ndarray:
        spreads = [np.abs(values.std(axis=1, ddof=ddof) - 1) for ddof in (0, 1)]
        return np.maximum(np.abs(values.mean(axis=1)), np.minimum(*spreads))

    n = int(((miss(rows) <= tolerance) & (miss(rows[:, :50]) > 3 * tolerance)).sum())
    assert n / 20_000 <= chance_of_scale(tolerance, 100, 50) <= 6 * n / 20_000
