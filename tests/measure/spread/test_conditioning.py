from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import NotMeasurable
from dataaudit.measure.spread import conditioning


def table(n_rows: int = 600, seed: int = 0, n_columns: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(5, 2, (n_rows, n_columns)).round(3)).add_prefix("x")
    return frame.assign(y=rng.choice(["p", "q"], n_rows))


def test_independent_columns_have_no_relation_and_a_small_index(measure):
    found = measure(table()).spread.conditioning
    assert found.relations == found.near == ()
    correlations = np.corrcoef(table().drop(columns="y").to_numpy(), rowvar=False)
    eigenvalues = np.linalg.eigvalsh(correlations)
    assert found.condition_index == pytest.approx(np.sqrt(eigenvalues[-1] / eigenvalues[0]), rel=1e-6)
    assert (found.n_rows, found.n_columns) == (600, 4)


@pytest.mark.parametrize("seed", range(3))
def test_a_sum_is_written_as_the_sum_of_the_others(measure, seed):
    frame = table(seed=seed)
    frame["total"] = frame["x0"] + 2 * frame["x1"] + 3
    [found] = measure(frame).spread.conditioning.relations
    assert (found.columns, found.weights, found.total) == (("total", "x0", "x1"), (1.0, -1.0, -2.0), 3.0)
    assert (found.n_rows, found.n_rows_off, found.two_valued) == (600, 0, False)
    assert found.unexplained < 1e-12


def test_rows_in_which_it_does_not_hold_are_counted_over_all_rows(measure, monkeypatch):
    from dataaudit.measure.shifts import split_rows

    frame = table(3000)
    frame["total"] = frame["x0"] + frame["x1"]
    monkeypatch.setattr(split_rows, "MAX_ROWS", 500)
    facts = measure(frame)
    seen = set(facts.shifts.split_rows["train"].rows.tolist())
    unseen = [row for row in range(3000) if row not in seen][:7]
    frame.loc[unseen, "total"] += 1
    [found] = measure(frame).spread.conditioning.relations
    assert (found.n_rows, found.n_rows_off) == (3000, 7)


def test_parts_that_sum_to_a_constant_have_weights_of_one_sign(measure):
    rng = np.random.default_rng(0)
    parts = rng.dirichlet([2, 3, 4], 500).round(4)
    parts[:, 2] = (1 - parts[:, 0] - parts[:, 1]).round(4)
    frame = pd.DataFrame(100 * parts, columns=list("abc")).assign(y=rng.choice(["p", "q"], 500))
    [found] = measure(frame).spread.conditioning.relations
    assert (found.columns, found.weights, found.total) == (("a", "b", "c"), (1.0, 1.0, 1.0), 100.0)


def test_indicators_of_a_whole_set_are_two_valued(measure):
    rng = np.random.default_rng(1)
    colour = pd.Series(rng.choice(["red", "green", "blue"], 400))
    for dtype in (int, bool):
        frame = pd.get_dummies(colour, dtype=dtype).assign(y=rng.choice(["p", "q"], 400))
        [found] = measure(frame).spread.conditioning.relations
        assert (found.columns, set(found.weights), found.total) == (("blue", "green", "red"), {1.0}, 1.0)
        assert found.two_valued
        assert (found.n_rows, found.n_rows_off) == (400, 0)
    assert not measure(frame.drop(columns="red")).spread.conditioning.relations


def test_twins_are_left_to_the_rule_of_twins(measure):
    frame = table()
    frame["twice"] = 2 * frame["x0"] + 1
    found = measure(frame).spread.conditioning
    assert found.relations == ()
    assert found.n_columns == 4


@pytest.mark.parametrize("noise", [0.01, 0.001])
def test_a_nearly_determined_column_is_named_with_what_tells_it(measure, noise):
    frame = table()
    frame["total"] = frame["x0"] + frame["x1"] + noise * np.random.default_rng(9).normal(size=600)
    found = measure(frame).spread.conditioning
    assert found.relations == ()
    [near] = found.near
    assert {near.column, *near.told_by} == {"total", "x0", "x1"}
    assert near.condition_index_lower < near.condition_index == found.condition_index
    others = np.column_stack([frame[name] for name in [*(set(frame) - {"y", near.column})]] + [np.ones(600)])
    target = frame[near.column].to_numpy()
    off = target - others @ np.linalg.lstsq(others, target, rcond=None)[0]
    assert near.r_squared == pytest.approx(1 - off.var() / target.var(), abs=1e-9)


def test_missing_cells_leave_rows_out_and_then_columns(measure):
    rng = np.random.default_rng(2)
    frame = table()
    frame["total"] = frame["x0"] + frame["x1"]
    frame.loc[rng.random(600) < 0.3, "total"] = np.nan
    frame["rare"] = np.where(rng.random(600) < 0.02, rng.normal(size=600), np.nan)
    found = measure(frame).spread.conditioning
    assert found.columns_left_out == ("rare",)
    assert found.relations[0].columns == ("total", "x0", "x1")
    assert found.n_rows == found.relations[0].n_rows == int(frame["total"].notna().sum())


def test_few_rows_are_not_measured(measure):
    assert measure(table(50, n_columns=10)).spread.conditioning.n_columns == 10
    assert measure(table(54, n_columns=12)).spread.conditioning.n_columns < 12
    with pytest.raises(NotMeasurable, match="5 rows for each of 4 numeric features"):
        _ = measure(table(49)).spread.conditioning
    with pytest.raises(NotMeasurable, match="two numeric features"):
        _ = measure(table()[["x0", "y"]]).spread.conditioning


def test_too_many_columns_are_not_measured(measure, monkeypatch):
    monkeypatch.setattr(conditioning, "MAX_COLUMNS", 3)
    with pytest.raises(NotMeasurable, match="up to 3 numeric features; there are 4"):
        _ = measure(table()).spread.conditioning


@pytest.mark.parametrize("scale", [1e300, 1e140, 1e-300])
def test_odd_numbers_do_no_harm(measure, scale):
    frame = table()
    frame["odd"] = frame["x0"] * scale + frame["x2"] * scale / 3
    frame["gap"] = np.nan
    frame["always"] = 7.0
    frame.loc[3, "x3"] = np.inf
    found = measure(frame).spread.conditioning
    assert found.n_columns in (4, 5)
    assert np.isfinite(found.condition_index)


@pytest.mark.parametrize("n_rows", [60, 100, 1000])
def test_null_tables_have_no_near_relation(measure, n_rows):
    for seed in range(20):
        found = measure(table(n_rows, seed, n_columns=12)).spread.conditioning
        assert found.relations == found.near == ()
