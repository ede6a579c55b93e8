"""Units of rows that stay together, dealt to parts so that sizes and classes come out as wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.resplit.placing import Aim, Placing, classes_for_all
from dataaudit.resplit.polish import WEIGHT_OF_SIZE, polish

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


# None of them is the best for every table, and the work is small.
AIMS = (Aim(by_class=True), Aim(), Aim(of_shares=True))

# Of few units, a single one makes much of a difference: the search is started anew from other orders.
FEW_UNITS = 60
MORE_STARTS = 8


@dataclass(frozen=True)
class Deal:
    """Which part each unit went to, and the rows of every class in every part."""

    part_of: IntArray
    counts: IntArray


def deal(units: IntArray, shares: FloatArray, rng: np.random.Generator) -> Deal:
    """Deal units to parts.

    Parameters
    ----------
    units : array, shape (units, classes)
        Rows of every class in each unit.
    shares : array, shape (parts,)
        Of all rows, which each part is to have; they add up to 1.
    rng : numpy.random.Generator
        Says which of several units with equal counts go where.
    """
    if not len(units):
        return Deal(np.empty(0, dtype=np.int64), np.zeros((len(shares), units.shape[1]), dtype=np.int64))
    kinds, kind_of, n_each = np.unique(units, axis=0, return_inverse=True, return_counts=True)
    starts = [(aim, 0.0) for aim in AIMS]
    if len(units) <= FEW_UNITS:
        starts += [(aim, 1.0) for aim in AIMS] * MORE_STARTS
    placed = (Placing(kinds, n_each, shares, aim, shuffle=shuffle).place(rng) for aim, shuffle in starts)
    found = [polish(one, kinds, shares, rng) for one in placed]
    for_all = classes_for_all(kinds, n_each, len(shares))
    best = min(found, key=lambda placed: rating(placed.T @ kinds, shares, for_all))
    return Deal(_hand_out(best, kind_of.ravel(), rng), best.T @ kinds)


def rating(counts: IntArray, shares: FloatArray, for_all: BoolArray) -> tuple[int, float, float]:
    """Return how bad a deal is: classes that every part could have and one lacks, then its two deviations."""
    share_off, size_off = deviations(counts, shares)
    n_missing = int(((counts == 0) & for_all).sum())
    return n_missing, max(share_off, WEIGHT_OF_SIZE * size_off), share_off + size_off


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


def _hand_out(given: IntArray, kind_of: IntArray, rng: np.random.Generator) -> IntArray:
    """Let chance say which units of a kind go to which part."""
    order = np.lexsort((rng.random(len(kind_of)), kind_of))
    part_of = np.empty(len(kind_of), dtype=np.int64)
    parts = np.tile(np.arange(given.shape[1]), len(given))
    part_of[order] = np.repeat(parts, given.ravel())
    return part_of
