"""Histograms on common edges and shares of categories, against numpy and pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.intervals import wilson
from dataaudit.sides.counted import CountedColumn, counted_feature
from dataaudit.sides.outlines import MOST_STEPS, outline
from dataaudit.sides.shares import MOST_CATEGORIES, share_table

rng = np.random.default_rng(11)


def frame(values, n_classes: int = 2) -> pd.DataFrame:
    return pd.DataFrame({"x": values, "y": rng.integers(0, n_classes, len(values)).astype(str)})


def counted(measure, train, test=None, **options) -> CountedColumn:
    facts = measure(frame(train), test=None if test is None else frame(test), **options)
    return counted_feature(facts, "x")


def test_whole_numbers_are_counted_exactly_between_round_edges(measure):
    train, test = rng.integers(17, 78, 3000), rng.integers(30, 100, 1000)
    figure = outline(counted(measure, train, test))
    edges = np.array(figure.edges)
    assert (edges % 5 == 0).all()
    for split, values in (("train", train), ("test", test)):
        expected = np.histogram(values, edges)[0] / len(values)
        # Beyond the range of train only the ends of test's rows are known.
        inside = edges[1:] <= 77
        assert np.array(figure.series[split])[inside] == pytest.approx(expected[inside], abs=1e-9)
        assert sum(figure.series[split]) == pytest.approx(1)


def test_continuous_numbers_are_nearly_as_counted(measure):
    train, test = rng.normal(size=4000), rng.normal(0.5, 1, 2000)
    figure = outline(counted(measure, train, test))
    edges = np.array(figure.edges)
    assert np.allclose(edges / np.diff(edges)[0], np.round(edges / np.diff(edges)[0]))
    for split, values in (("train", train), ("test", test)):
        beyond = np.clip(values, edges[0], edges[-1])
        assert np.array(figure.series[split]) == pytest.approx(np.histogram(beyond, edges)[0] / len(values), abs=0.02)


def test_far_tails_share_the_outermost_steps(measure):
    train = np.concatenate([rng.normal(size=3000), [1e6]])
    figure = outline(counted(measure, train))
    assert figure.has_more
    assert not figure.has_less or figure.edges[0] < 0
    assert figure.edges[-1] < 10
    assert sum(figure.series["train"]) == pytest.approx(1)
    assert figure.series["train"][-1] >= 1 / 3001


def test_a_split_beyond_train_lies_where_its_rows_do(measure):
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(900), unit="D")
    facts = measure(frame(days[:400]), validation=frame(days[500:600]), test=frame(days[600:900]))
    figure = outline(counted_feature(facts, "x"))
    assert figure.is_time
    middle = {
        split: float(np.dot(np.array(figure.edges[:-1]) + np.diff(figure.edges) / 2, shares))
        for split, shares in figure.series.items()
    }
    start = pd.Timestamp("2024-01-01").timestamp()
    found = {split: (seconds - start) / 86400 for split, seconds in middle.items()}
    assert found["train"] == pytest.approx(200, abs=20)
    assert found["validation"] == pytest.approx(550, abs=20)
    assert found["test"] == pytest.approx(750, abs=20)


@pytest.mark.parametrize("values", [[1e300, -1e300] * 20, [1e308, -1e308] * 20, [1e15 + i for i in range(40)]])
def test_huge_numbers_have_ascending_edges_or_no_picture(measure, values):
    figure = outline(counted(measure, np.array(values)))
    if figure is not None:
        assert (np.diff(figure.edges) > 0).all()
        assert len(figure.edges) <= MOST_STEPS + 1
        assert np.isfinite(figure.edges).all()


def test_shares_are_those_of_pandas_with_wilsons_interval(measure):
    train = pd.Series(rng.choice(["a", "b", None], 500, p=[0.6, 0.3, 0.1]))
    test = pd.Series(rng.choice(["a", "b", "c"], 200, p=[0.3, 0.5, 0.2]))
    table = share_table(counted(measure, train, test))
    assert [row.name for row in table.rows] == ["a", "b", "c", "(missing)"]
    assert table.splits == ("train", "test")
    for row in table.rows:
        for values, share in zip((train, test), row.shares, strict=True):
            n_hits = int(values.isna().sum() if row.name == "(missing)" else (values == row.name).sum())
            assert share.share == n_hits / len(values)
            assert (share.lower, share.upper) == wilson(n_hits, len(values))
    assert [row.from_data for row in table.rows] == [True, True, True, False]


def test_a_rare_category_that_changed_most_keeps_its_line():
    n_train = np.array([*[1000 - 10 * place for place in range(20)], 0])
    n_test = np.array([*[500 - 5 * place for place in range(20)], 60])
    keys = tuple(f"k{place}" for place in range(21))
    column = CountedColumn("x", keys, None, {"train": n_train, "test": n_test}, {"train": 0, "test": 0})
    rows = share_table(column).rows
    assert len(rows) == MOST_CATEGORIES + 1
    names = [row.name for row in rows]
    assert "k20" in names
    assert names[:4] == ["k0", "k1", "k2", "k3"]
    assert names[-1] == "all others"
    for place in range(2):
        assert sum(row.shares[place].share for row in rows) == pytest.approx(1)


def test_few_numbers_are_drawn_value_by_value_in_their_order(measure):
    facts = measure(frame(rng.integers(1, 5, 300)), test=frame(rng.integers(3, 7, 200)))
    assert facts.drifts
    from dataaudit.sides.gather import gather_sides

    sides = gather_sides(facts, [])
    table = next(picture.picture for picture in sides.pictures if picture.column == "x")
    assert [row.name for row in table.rows] == ["1", "2", "3", "4", "over 4"]


def test_an_empty_split_has_no_share():
    column = CountedColumn("x", ("a",), None, {"train": np.array([3]), "test": np.array([0])}, {"train": 0, "test": 0})
    assert share_table(column).splits == ("train",)
    nothing = CountedColumn("x", ("a",), None, {"train": np.array([0])}, {"train": 0})
    assert share_table(nothing) is None
    assert outline(nothing) is None
