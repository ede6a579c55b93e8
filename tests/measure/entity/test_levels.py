from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.entity.levels import count_levels, expected_shared


def table(n_rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "site": random.choice(["a", "b", "c", None], n_rows),
            "number": pd.array(random.integers(0, 30, n_rows), dtype="Int64"),
            "y": random.choice(["p", "q"], n_rows),
        }
    )
    frame.loc[random.random(n_rows) < 0.1, "number"] = None
    return frame


@pytest.mark.parametrize("columns", [("site",), ("number",), ("site", "number")])
def test_levels_of_columns_and_pairs_against_pandas(measure, columns):
    train, test = table(120, 0), table(50, 1)
    [found] = count_levels(measure(train, test=test), [columns])
    of_train = train.dropna(subset=list(columns)).groupby(list(columns)).size()
    of_test = test.dropna(subset=list(columns)).groupby(list(columns)).size()
    assert (found.n_rows, found.n_levels, found.n_largest) == (of_train.sum(), len(of_train), of_train.max())
    shared = of_test[of_test.index.isin(of_train.index)]
    overlap = found.overlaps["test"]
    assert (overlap.n_rows, overlap.n_levels) == (of_test.sum(), len(of_test))
    assert (overlap.n_rows_shared, overlap.n_levels_shared) == (shared.sum(), len(shared))


def test_rows_expected_to_share_a_level_against_every_way_to_deal_them():
    levels = np.array([0, 0, 0, 1, 1, 2, 3, 3])
    shared = [
        sum(level in np.delete(levels, list(rows)) for level in levels[list(rows)])
        for rows in itertools.combinations(range(len(levels)), 3)
    ]
    size, n_levels = np.unique(np.bincount(levels), return_counts=True)
    assert expected_shared(size.astype(float), n_levels.astype(float), 3) == pytest.approx(np.mean(shared))


def test_a_random_split_shares_about_what_is_expected(measure):
    frame = pd.DataFrame({"pair": np.arange(600) // 2, "y": np.resize(["p", "q"], 600)})
    counted = []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(600)
        [found] = count_levels(measure(frame.iloc[order[180:]], test=frame.iloc[order[:180]]), [("pair",)])
        counted.append(found.overlaps["test"].n_rows_shared)
    assert found.overlaps["test"].n_rows_expected == pytest.approx(180 * 420 / 599)
    assert np.mean(counted) == pytest.approx(180 * 420 / 599, rel=0.03)


def test_a_split_without_the_column_is_left_out(measure):
    [found] = count_levels(measure(table(40, 0), test=table(30, 1).drop(columns="site")), [("site", "number")])
    assert found.overlaps == {}
