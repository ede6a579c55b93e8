"""Units dealt to parts, beside scikit-learn's StratifiedGroupKFold on the same data."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedGroupKFold
from tests.resplit.conftest import SAMPLES, dealt_groups

from dataaudit.resplit.balance import deal
from dataaudit.resplit.measures import deviations


def counts_of(y, part_of, n_parts):
    counts = np.zeros((n_parts, y.max() + 1), dtype=np.int64)
    np.add.at(counts, (part_of, y), 1)
    return counts


def theirs(y, groups, n_parts, seed):
    folds = StratifiedGroupKFold(n_parts, shuffle=seed is not None, random_state=seed)
    part_of = np.empty(len(y), dtype=np.int64)
    with warnings.catch_warnings():
        # It warns of classes of fewer rows than folds.
        warnings.simplefilter("ignore")
        for part, (_, test) in enumerate(folds.split(np.zeros(len(y)), y, groups)):
            part_of[test] = part
    return counts_of(y, part_of, n_parts)


def ours(y, groups, n_parts):
    _, place = np.unique(groups, return_inverse=True)
    units = np.zeros((place.max() + 1, y.max() + 1), dtype=np.int64)
    np.add.at(units, (place, y), 1)
    dealt = deal(units, np.full(n_parts, 1 / n_parts), np.random.default_rng(0))
    counts = counts_of(y, dealt.part_of[place], n_parts)
    assert (counts == dealt.counts).all()
    return counts


def never_worse(y, groups, n_parts):
    """No run of theirs is better in shares or in sizes and no worse in the other; shares are within a row of its."""
    shares = np.full(n_parts, 1 / n_parts)
    mine = ours(y, groups, n_parts)
    row = 1 / mine.sum(axis=1).min()
    for seed in (None, 0, 1):
        other = theirs(y, groups, n_parts, seed)
        assert (mine == 0).sum() <= (other == 0).sum()
        if (mine == 0).sum() < (other == 0).sum():
            # To bring a class to every part may cost a little of the others' balance.
            continue
        (my_share, my_size), (their_share, their_size) = deviations(mine, shares), deviations(other, shares)
        assert my_share <= their_share + row
        assert my_share <= their_share or my_size < their_size
        assert my_size <= their_size or my_share < their_share


@pytest.mark.parametrize("seed", range(24))
def test_simulated_groups_are_never_dealt_worse(seed):
    rng = np.random.default_rng(seed)
    n_rows, n_parts, n_classes = int(rng.integers(150, 2_000)), int(rng.choice([2, 3, 5, 10])), int(rng.integers(2, 7))
    groups = dealt_groups(n_rows, int(rng.integers(20, 300)), seed)
    base = rng.dirichlet(np.ones(n_classes))
    # Groups have classes of their own in every other table.
    own = rng.dirichlet(base * 5 + 0.05, size=groups.max() + 1) if seed % 2 else np.tile(base, (groups.max() + 1, 1))
    y = (rng.random(n_rows)[:, None] > np.cumsum(own[groups], axis=1)).sum(axis=1).clip(max=n_classes - 1)
    never_worse(np.unique(y, return_inverse=True)[1], groups, n_parts)


@pytest.mark.parametrize(
    ("name", "label", "group"),
    [
        ("cars_train.csv", "make", ["body", "doors", "colour"]),
        ("clean_train.csv", "approved", ["origin", "process", "altitude_hm"]),
        ("earthquakes_train.parquet", None, None),
    ],
)
@pytest.mark.parametrize("n_parts", [3, 5])
def test_bundled_tables_are_never_dealt_worse(name, label, group, n_parts):
    path = SAMPLES / name
    frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    label = label or frame.columns[-1]
    groups = frame.groupby(group, dropna=False).ngroup().to_numpy() if group else np.arange(len(frame)) // 7
    never_worse(pd.factorize(frame[label])[0], groups, n_parts)


def test_few_units_are_dealt_nearly_as_well_as_can_be():
    rng = np.random.default_rng(0)
    shares = np.array([0.7, 0.3])
    for _ in range(20):
        units = rng.integers(1, 30, (8, 2))
        dealt = deal(units, shares, rng)
        found = max(deviations(dealt.counts, shares))
        best = min(
            max(deviations(np.array([units[np.array(p) == 0].sum(0), units[np.array(p) == 1].sum(0)]), shares))
            for p in itertools.product((0, 1), repeat=8)
            if 0 < sum(p) < 8
        )
        assert found <= best + 0.06


def test_one_huge_unit_leaves_the_others_to_the_rest():
    units = np.array([[600, 0], *[[2, 2]] * 100])
    dealt = deal(units, np.array([0.7, 0.15, 0.15]), np.random.default_rng(0))
    assert dealt.part_of[0] == 0
    assert dealt.counts.sum(axis=1)[1:] == pytest.approx([150, 150], abs=10)


def test_a_class_in_few_units_comes_to_every_part():
    units = np.array([[1, 10], [1, 10], [1, 10], *[[0, 10]] * 60])
    dealt = deal(units, np.array([0.7, 0.15, 0.15]), np.random.default_rng(0))
    assert dealt.counts[:, 0].tolist() == [1, 1, 1]


def test_very_many_units_are_dealt_in_seconds_and_well():
    rng = np.random.default_rng(0)
    units = rng.integers(0, 40, (120_000, 3))
    dealt = deal(units, np.array([0.7, 0.15, 0.15]), rng)
    assert max(deviations(dealt.counts, np.array([0.7, 0.15, 0.15]))) < 1e-4


def test_the_same_seed_deals_the_same():
    units = np.random.default_rng(0).integers(0, 5, (300, 2))
    one, other = (deal(units, np.array([0.5, 0.5]), np.random.default_rng(7)).part_of for _ in range(2))
    assert (one == other).all()


def test_no_units_are_no_deal():
    assert deal(np.zeros((0, 2), dtype=np.int64), np.array([0.5, 0.5]), np.random.default_rng(0)).counts.sum() == 0
