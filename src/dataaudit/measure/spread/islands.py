"""Whether a class's rows form one group or many small ones with rows of other classes in between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_LINKS = 10
SMALLEST = 3
ROWS_OF_A_LARGE_GROUP = 10


@dataclass(frozen=True)
class Islands:
    """The groups into which the sampled rows of a class fall; equal rows count once.

    Two rows are linked if they are nearer to each other than either is to any
    row of another class; a group is what links hold together. A row between
    rows of other classes is a group of its own: of overlapping classes nearly
    all rows are. Small islands are groups of 3 to 9 rows: where rows were left
    out, of so few rows that all of train would have fewer than ten there.

    Attributes
    ----------
    sizes : tuple of int
        Rows of every group, the largest first.
    share_of_train : float
        Of the rows of train, in the sample.
    """

    sizes: tuple[int, ...]
    share_of_train: float = 1.0

    @property
    def n_rows(self) -> int:
        """Different rows of the class."""
        return sum(self.sizes)

    @property
    def small(self) -> tuple[int, ...]:
        """Rows of every small island."""
        most = ROWS_OF_A_LARGE_GROUP * min(1.0, self.share_of_train)
        return tuple(size for size in self.sizes if SMALLEST <= size < most)

    @property
    def share_in_small(self) -> float:
        """Share of the class's rows in small islands."""
        return sum(self.small) / max(1, self.n_rows)


def find_islands(points: FloatArray, is_own: NDArray[np.bool_], share_of_train: float) -> Islands:
    """Return the groups of a class, each row linked to ten of its class at most, the nearest."""
    own, others = np.unique(points[is_own], axis=0), points[~is_own]
    if len(own) < 2 or not len(others):
        return Islands((len(own),) if len(own) else (), share_of_train)
    apart = squared_distances(own, own)
    np.fill_diagonal(apart, np.inf)
    to_others = squared_distances(own, others).min(axis=1)
    n_links = min(MOST_LINKS, len(own) - 1)
    nearest = np.argpartition(apart, n_links - 1, axis=1)[:, :n_links]
    first, second = np.repeat(np.arange(len(own)), n_links), nearest.ravel()
    linked = apart[first, second] < np.minimum(to_others[first], to_others[second])
    return Islands(_sizes(len(own), first[linked], second[linked]), share_of_train)


def squared_distances(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the squares of the distances between points: shape (n_first, n_second)."""
    found = (first**2).sum(axis=1)[:, None] - 2 * first @ second.T
    found += (second**2).sum(axis=1)
    return np.asarray(found, dtype=np.float64)


def _sizes(n_rows: int, first: IntArray, second: IntArray) -> tuple[int, ...]:
    """Return the sizes of connected groups, the largest first.

    >>> _sizes(5, np.array([0, 1]), np.array([1, 4]))
    (3, 1, 1)
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    links = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), (n_rows, n_rows))
    groups = connected_components(links, directed=False)[1]
    return tuple(np.sort(np.bincount(groups))[::-1].tolist())
