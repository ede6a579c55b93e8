from __future__ import annotations

import numpy as np
import pytest

from dataaudit.resplit.targets import fill, whole_targets


@pytest.mark.parametrize("seed", range(30))
def test_classes_are_within_one_row_and_sizes_nearly(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(4, 400, rng.integers(1, 40))
    shares = rng.dirichlet(np.full(rng.integers(2, 5), 20.0))
    targets = whole_targets(shares, counts)
    assert (targets.sum(axis=0) == counts).all()
    exact = np.outer(shares, counts)
    # Where a class is so small that a part would have none, one row is given beyond the share.
    assert (np.abs(targets - exact) < 1 + 1e-9)[exact >= 1].all()
    assert (targets >= 1).all()
    if (exact >= 1).all():
        assert (np.abs(targets.sum(axis=1) - shares * counts.sum()) <= 1.5).all()


def test_of_classes_too_small_for_all_the_first_part_has_a_row_of_each():
    targets = whole_targets(np.array([0.7, 0.15, 0.15]), np.full(40, 2))
    assert targets[0].tolist() == [1] * 40
    assert targets[1:].sum(axis=1).tolist() == [20, 20]


def test_classes_of_one_row_are_shared_out():
    targets = whole_targets(np.array([0.7, 0.15, 0.15]), np.ones(100, dtype=np.int64))
    assert targets.sum(axis=1).tolist() == [70, 15, 15]
    assert targets[:, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("counts", [[1, 1, 1], [2, 2], [3, 1], [2, 1]])
def test_no_part_is_left_empty(counts):
    assert (whole_targets(np.array([0.8, 0.1, 0.1]), np.array(counts)).sum(axis=1) >= 1).all()


def test_folds_take_turns_at_classes_too_small_for_all():
    targets = whole_targets(np.full(5, 0.2), np.array([1, 1, 1, 1, 1]), turns=True)
    assert (targets.sum(axis=1) == 1).all()


def test_equal_counts_are_cut_exactly():
    assert whole_targets(np.array([0.5, 0.5]), np.array([10, 6])).tolist() == [[5, 3], [5, 3]]


@pytest.mark.parametrize("seed", range(30))
def test_filling_uses_every_row_and_is_the_nearest_there_is(seed):
    rng = np.random.default_rng(seed)
    wanted = rng.integers(-4, 6, (3, 1))
    n_rows = int(rng.integers(0, 9))
    filled = fill(wanted, np.array([n_rows]))
    assert filled.sum() == n_rows
    assert (filled >= 0).all()
    tried = [(a, b, n_rows - a - b) for a in range(n_rows + 1) for b in range(n_rows + 1 - a)]
    best = min(int(((np.array(one) - wanted[:, 0]) ** 2).sum()) for one in tried)
    assert int(((filled - wanted) ** 2).sum()) == best
