from __future__ import annotations

import numpy as np
import pytest

from dataaudit.measure.spread.islands import Islands, find_islands


def brute(points: np.ndarray, is_own: np.ndarray) -> list[int]:
    """Link every pair, and walk from row to row."""
    own, others = points[is_own], points[~is_own]
    nearest = [min(float(((row - other) ** 2).sum()) for other in others) for row in own]
    left, sizes = set(range(len(own))), []
    while left:
        walk, group = [left.pop()], 1
        while walk:
            here = walk.pop()
            near = {i for i in left if float(((own[here] - own[i]) ** 2).sum()) < min(nearest[here], nearest[i])}
            left -= near
            walk += near
            group += len(near)
        sizes.append(group)
    return sorted(sizes, reverse=True)


@pytest.mark.parametrize("shift", [0.0, 1.5, 3.0, 9.0])
def test_against_brute_force(shift):
    random = np.random.default_rng(0)
    points = random.normal(size=(200, 3))
    points[:40, 0] += shift
    is_own = np.arange(200) < 40
    assert list(find_islands(points, is_own, 1.0).sizes) == brute(points, is_own)


def test_equal_rows_count_once_and_order_changes_nothing():
    random = np.random.default_rng(1)
    points = random.normal(size=(120, 2))
    points[:30] = points[:10].repeat(3, axis=0)
    is_own = np.arange(120) < 30
    order = random.permutation(120)
    found = find_islands(points, is_own, 1.0)
    assert found.n_rows == 10
    assert found == find_islands(points[order], is_own[order], 1.0)


def test_small_islands_have_three_to_nine_rows_of_train():
    assert Islands((40, 10, 9, 3, 2, 1)).small == (9, 3)
    assert Islands((40, 10, 9, 4, 3, 2, 1), share_of_train=0.4).small == (3,)
    assert Islands((5,) * 20, share_of_train=0.01).small == ()
    assert Islands(()).share_in_small == 0.0


def test_one_row_and_no_other_class():
    points = np.arange(6.0).reshape(3, 2)
    assert find_islands(points, np.array([True, False, False]), 1.0).sizes == (1,)
    assert find_islands(points, np.array([True, True, True]), 1.0).sizes == (3,)
