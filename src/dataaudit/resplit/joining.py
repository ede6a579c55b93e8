"""Rows that are linked, directly or through others, as one unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Joined:
    """Nodes, in ascending order, and of each the smallest node that is linked with it."""

    nodes: IntArray
    units: IntArray

    def find(self, wanted: IntArray) -> IntArray:
        """Return the unit of each node; one that has no link is its own."""
        if not len(self.nodes):
            return wanted
        places = np.minimum(np.searchsorted(self.nodes, wanted), len(self.nodes) - 1)
        found: IntArray = np.where(self.nodes[places] == wanted, self.units[places], wanted)
        return found


def join_all(starts: IntArray, ends: IntArray) -> Joined:
    """Return what is linked by edges, whatever the way.

    >>> join_all(np.array([5, 7, 2]), np.array([7, 9, 3])).units.tolist()
    [2, 2, 5, 5, 5]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    nodes, places = np.unique(np.concatenate([starts, ends]), return_inverse=True)
    if not len(nodes):
        return Joined(nodes.astype(np.int64), nodes.astype(np.int64))
    size = len(nodes)
    edges = coo_matrix(
        (np.ones(len(starts), dtype=np.int8), (places[: len(starts)], places[len(starts) :])), (size, size)
    )
    n_units, unit = connected_components(edges, directed=False)
    smallest = np.full(n_units, np.iinfo(np.int64).max)
    np.minimum.at(smallest, unit, nodes)
    return Joined(nodes, smallest[unit])
