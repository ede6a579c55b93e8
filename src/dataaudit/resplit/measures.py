"""How far off a deal is: three measures, the same that it is compared with scikit-learn's by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Off:
    """How far off a deal is.

    Attributes
    ----------
    n_missing : int
        Classes that a part lacks, over all parts.
    shares : float
        The largest deviation of a class's share within a part from its share in all rows. The balance of a split is
        judged by this one: it is what a metric on the part depends on.
    sizes : float
        The largest deviation of a part's share of all rows from the one that it is to have.
    spread : float
        What scikit-learn's StratifiedGroupKFold lowers, see `spread`.
    """

    n_missing: int
    shares: float
    sizes: float
    spread: float


def measure(counts: IntArray, shares: FloatArray) -> Off:
    """Return how far off are the rows of every class in every part."""
    n_missing = int(((counts == 0) & (counts.sum(axis=0) > 0)).sum())
    return Off(n_missing, *deviations(counts, shares), spread(counts, shares))


def deviations(counts: IntArray, shares: FloatArray) -> tuple[float, float]:
    """Return the largest deviation of a class's share within a part from its share in all rows, and of a part's size.

    >>> deviations(np.array([[6, 2], [1, 1]]), np.array([0.75, 0.25]))
    (0.2, 0.05)
    """
    n_rows = max(1, int(counts.sum()))
    sizes = counts.sum(axis=1)
    have = counts / np.maximum(sizes, 1)[:, None]
    share_off = np.abs(have - counts.sum(axis=0) / n_rows).max(initial=0)
    size_off = np.abs(sizes / n_rows - shares).max(initial=0)
    return float(share_off.round(12)), float(size_off.round(12))


def spread(counts: IntArray, shares: FloatArray) -> float:
    """Return the mean over classes of the standard deviation over parts of the share of its rows that a part has.

    What scikit-learn's StratifiedGroupKFold lowers from group to group (`_find_best_fold`), for folds; of parts that
    are to be unequal, a part's share of the class is divided by the share it is to have.

    >>> spread(np.array([[3, 2], [1, 2]]), np.array([0.5, 0.5]))
    0.125
    """
    totals = counts.sum(axis=0)
    have = counts[:, totals > 0] / totals[totals > 0] / (shares[:, None] * len(shares))
    off = np.sqrt(((have - 1 / len(shares)) ** 2).mean(axis=0))
    return float(off.mean().round(12)) if len(off) else 0.0
