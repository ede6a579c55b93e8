"""Categories of made-up rows that go together, as they do in a real row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rebalance.matrix import BoolArray, IntArray, Matrix, Synthetic

if TYPE_CHECKING:
    from dataaudit.rebalance.ties.ties import Ties

# Of more columns every pair is not looked at: all their categories come from one row.
MOST_COLUMNS = 100


@dataclass(frozen=True)
class SamplerTies:
    """What goes together, by places in a matrix.

    Attributes
    ----------
    numbers, categories : tuple of int
        Columns that come from the nearer parent.
    beside : int array of shape (n_rows, n)
        Codes from 0 of what comes from the nearer parent in any case.
    """

    numbers: tuple[int, ...]
    categories: tuple[int, ...]
    beside: IntArray


def at_places(ties: Ties, numbers: Sequence[str], categories: Sequence[str]) -> SamplerTies:
    """Return what goes together by the places of the columns in a matrix."""
    return SamplerTies(
        numbers=tuple(i for i, name in enumerate(numbers) if name in ties.taken),
        categories=tuple(i for i, name in enumerate(categories) if name in ties.taken),
        beside=ties.beside,
    )


def agreeing(made: Synthetic, matrix: Matrix, ties: SamplerTies | None) -> Synthetic:
    """Return made-up rows in which no two categories stand together that stand together in no row.

    What the neighbours voted for stays where it can: columns that are tied come from the nearer parent; a row in which
    then two categories meet that no row has, whatever its class, takes them all from that parent.
    """
    if not made.n_rows or not len(matrix.sizes):
        return made
    voters = made.voters.copy()
    nearer = made.nearer
    if len(matrix.sizes) > MOST_COLUMNS:
        return replace(made, voters=np.repeat(nearer[:, None], voters.shape[1], axis=1))
    if ties is not None:
        voters[:, list(ties.categories)] = nearer[:, None]
    torn = _are_torn(voters, nearer, matrix, ties)
    voters[torn] = nearer[torn, None]
    return replace(made, voters=voters)


def _are_torn(voters: IntArray, nearer: IntArray, matrix: Matrix, ties: SamplerTies | None) -> BoolArray:
    """Return the rows in which two codes stand together that stand together in no row of the matrix."""
    torn: BoolArray = np.zeros(len(voters), dtype=bool)
    beside = matrix.codes[:, :0] if ties is None else ties.beside
    known = np.hstack([matrix.codes, beside])
    made = np.hstack([matrix.codes[voters, np.arange(voters.shape[1])], beside[nearer]])
    # Between columns that come from the nearer parent all is as it is there.
    differs = np.hstack([voters != nearer[:, None], np.zeros((len(nearer), beside.shape[1]), dtype=bool)])
    free: BoolArray = np.asarray(differs.any(axis=0))
    sizes = [int(codes.max(initial=0)) + 1 for codes in known.T]
    for first in np.flatnonzero(free).tolist():
        rows: IntArray = np.flatnonzero(~torn)
        for second in range(known.shape[1]):
            if second == first or (free[second] and second < first):
                continue
            seen = np.zeros((sizes[first], sizes[second]), dtype=bool)
            seen[known[:, first], known[:, second]] = True
            torn[rows[~seen[made[rows, first], made[rows, second]]]] = True
    return torn
