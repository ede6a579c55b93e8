"""How many rows of every class each part is to have: whole numbers that add up both ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# So that a half that is a rounding error below .5 counts as one.
LEEWAY = 1e-9


def whole_targets(shares: FloatArray, counts: IntArray, *, turns: bool = False) -> IntArray:
    """Return the rows of every class that each part gets.

    Every number is the share of the class's rows, rounded down or up, so class shares are within one row; what
    rounding takes from a part in one class it gives back in the next, so sizes are too, or nearly. A class that has
    as many rows as there are parts has one in each; of a smaller one, one row is for the first part.

    Parameters
    ----------
    shares : array, shape (parts,)
        They add up to 1.
    counts : array, shape (classes,)
        Rows of each class.
    turns : bool
        The first part is like the others: folds.

    Returns
    -------
    targets : array, shape (parts, classes)

    >>> whole_targets(np.array([0.7, 0.15, 0.15]), np.array([97, 3])).tolist()
    [[68, 1], [15, 1], [14, 1]]
    """
    n_parts = len(shares)
    targets = np.zeros((n_parts, len(counts)), dtype=np.int64)
    # What each part is still owed.
    owed = np.zeros(n_parts)
    # Large classes last: they can make up for what small ones could not give.
    for place in np.argsort(counts, kind="stable"):
        exact = shares * counts[place]
        owed += exact
        targets[:, place] = _dealt(exact, int(counts[place]), owed, turns)
        owed -= targets[:, place]
    return _with_rows_for_all(targets)


def _with_rows_for_all(targets: IntArray) -> IntArray:
    """Give every part a row, as long as another has two."""
    for part in np.nonzero(targets.sum(axis=1) == 0)[0]:
        largest = int(np.argmax(targets.sum(axis=1)))
        if targets[largest].sum() > 1:
            place = int(np.argmax(targets[largest]))
            targets[largest, place] -= 1
            targets[part, place] += 1
    return targets


def _dealt(exact: FloatArray, n_rows: int, owed: FloatArray, turns: bool) -> IntArray:
    n_parts = len(exact)
    if n_rows < n_parts:
        # One row for learning, unless it is the only one; the others where most is owed.
        first = np.argsort(-owed - (10.0 * (np.arange(n_parts) == 0) if n_rows > 1 and not turns else 0), kind="stable")
        given = np.zeros(n_parts, dtype=np.int64)
        given[first[:n_rows]] = 1
        return given
    given = np.maximum(np.floor(exact + LEEWAY), 1).astype(np.int64)
    while given.sum() > n_rows:
        # Only where parts so small that they had none were given one: the largest makes up for it.
        given[np.argmax(given)] -= 1
    rest = n_rows - int(given.sum())
    # No part gets a second row on top, so that each class stays within one row of its share.
    order = np.lexsort((-(owed - given), given - exact > LEEWAY))
    given[order[:rest]] += 1
    return given


def fill(wanted: IntArray, n_rows: IntArray) -> IntArray:
    """Return how the rows that are free make up what is wanted, as nearly as they can.

    Parameters
    ----------
    wanted : array, shape (parts, classes)
        What each part lacks; below zero where it has too many already.
    n_rows : array, shape (classes,)
        Rows to be had.

    >>> fill(np.array([[5], [-2], [1]]), np.array([4])).ravel().tolist()
    [4, 0, 0]
    """
    filled = np.zeros_like(wanted)
    for place, free in enumerate(n_rows):
        filled[:, place] = _nearest(wanted[:, place].astype(float), int(free))
    return filled


def _nearest(wanted: FloatArray, n_rows: int) -> IntArray:
    """Return whole numbers from 0 that add up to `n_rows`, nearest to those wanted by their squares."""
    level = np.sort(wanted)[::-1]
    # As in the projection on a simplex: lower all by the same, those that would fall below zero stay at it.
    sums = np.cumsum(level) - n_rows
    n_above = int(np.nonzero(level - sums / np.arange(1, len(level) + 1) > 0)[0].max(initial=0)) + 1
    exact = np.maximum(wanted - sums[n_above - 1] / n_above, 0)
    given: IntArray = np.floor(exact + LEEWAY).astype(np.int64)
    rest = n_rows - int(given.sum())
    given[np.argsort(-(exact - given), kind="stable")[:rest]] += 1
    return given
