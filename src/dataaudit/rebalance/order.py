"""Where rows stand in the written file: kept ones in their order, the others spread among them.

Behind one another at the end of the file, added rows would let a row's place tell its class (SPUR004), and a model that
is trained on one batch after the other would meet one class at a time.
"""

from __future__ import annotations

import numpy as np

from dataaudit.rebalance.matrix import IntArray

# More rows are written as they stream by, copies beside one another.
MOST_ROWS_TO_SPREAD = 2_000_000


def spread(n_kept: int, n_added: int, seed: int) -> IntArray:
    """Return the places of kept rows, which stay in their order, and of added ones, which lie anywhere among them.

    >>> places = spread(4, 2, seed=0)
    >>> sorted(places.tolist()), places[:4].tolist() == sorted(places[:4].tolist())
    ([0, 1, 2, 3, 4, 5], True)
    """
    kept = (np.arange(n_kept) + 0.5) / max(1, n_kept)
    added = np.random.default_rng(seed).random(n_added)
    places = np.empty(n_kept + n_added, dtype=np.int64)
    places[np.argsort(np.concatenate([kept, added]), kind="stable")] = np.arange(n_kept + n_added)
    return places
