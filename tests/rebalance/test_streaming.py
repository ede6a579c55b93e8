from __future__ import annotations

import numpy as np
import pytest

from dataaudit.engine.draw import draw_expression
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.rebalance import streaming
from dataaudit.rebalance.streaming import Classed, class_code, copies_expression, count_classes, plan_copies


@pytest.fixture
def engine():
    opened = DuckDBEngine()
    yield opened
    opened.close()


@pytest.fixture
def rows(engine):
    engine.run(
        "CREATE TABLE t AS SELECT range AS row, CASE WHEN range % 50 = 7 THEN NULL WHEN range % 9 = 0 THEN 'rare' "
        "WHEN range % 1000 = 1 THEN 'it''s' ELSE 'common' END AS y FROM range(20000)"
    )
    return Classed("t", class_code("y", "VARCHAR", ("common", "it's", "rare")))


def written(engine, rows, wanted, seed=0, may_repeat="true"):
    counts = count_classes(engine, rows)
    repeatable = count_classes(engine, rows, may_repeat)
    copies = plan_copies(engine, rows, counts, wanted, seed, may_repeat, repeatable)
    grown = [code for code, n in wanted.items() if n > counts[code]]
    expression = copies_expression(rows, copies, seed, may_repeat, grown)
    found = engine.arrays(f"SELECT row, {rows.code} AS k, {expression} AS n FROM t ORDER BY row")
    return np.ma.filled(found["k"], -1), np.asarray(found["n"])


@pytest.mark.parametrize(
    "wanted",
    [
        {0: 20, 1: 20, 2: 20},
        {0: 17_000, 1: 17_000, 2: 17_001},
        {0: 1, 1: 1, 2: 1},
        {0: 5000, 1: 5000, 2: 5000},
        {0: 17_422, 1: 39, 2: 2_177},
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_counts_are_exact(engine, rows, wanted, seed):
    classes, copies = written(engine, rows, wanted, seed)
    for code, n in wanted.items():
        assert copies[classes == code].sum() == n
    assert (copies[classes == -1] == 1).all()


def test_rows_are_repeated_as_evenly_as_can_be(engine, rows):
    classes, copies = written(engine, rows, {0: 17_200, 1: 50, 2: 5_000})
    for code in (0, 1, 2):
        assert copies[classes == code].max() - copies[classes == code].min() <= 1


def test_rows_of_the_lowest_draws_stay(engine, rows):
    classes, copies = written(engine, rows, {0: 100, 1: 20, 2: 100})
    draws = engine.arrays(f"SELECT {draw_expression(0)} AS d FROM t ORDER BY row")["d"]
    own = classes == 0
    assert set(np.flatnonzero(own & (copies == 1))) == set(np.flatnonzero(own)[np.argsort(draws[own])[:100]])


def test_equal_draws_are_told_apart(engine, rows, monkeypatch):
    monkeypatch.setattr(streaming, "draw_expression", lambda seed: "(row % 3 + 1000000)")
    for n in (1, 100, 6_000, 17_000):
        classes, copies = written(engine, rows, {0: n, 1: 20, 2: 30})
        assert copies[classes == 0].sum() == n


def test_some_rows_may_not_be_repeated(engine, rows):
    classes, copies = written(engine, rows, {0: 100, 1: 500, 2: 4_000}, may_repeat="row % 7 <> 0")
    assert [copies[classes == code].sum() for code in (0, 1, 2)] == [100, 500, 4_000]
    not_repeated = np.arange(len(copies)) % 7 == 0
    assert (copies[not_repeated & np.isin(classes, (1, 2))] == 1).all()


def test_draws_of_different_seeds_take_different_rows(engine, rows):
    wanted = {0: 1000, 1: 20, 2: 1000}
    first, second = (written(engine, rows, wanted, seed)[1] for seed in (0, 1))
    assert (first != second).sum() > 1000


def test_rows_are_drawn_alike_whatever_they_are(engine, rows):
    classes, copies = written(engine, rows, {0: 8_000, 1: 20, 2: 1_000})
    common = np.flatnonzero(classes == 0)
    early = copies[common[: len(common) // 2]].mean() - copies[common[len(common) // 2 :]].mean()
    assert abs(early) < 0.03
