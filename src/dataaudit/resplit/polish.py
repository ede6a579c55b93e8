"""The last steps of a deal: units of the part that is furthest off, exchanged so that the worst deviation shrinks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.resplit.placing import classes_for_all

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_STEPS = 40
# Kinds of units looked at in a step.
MAX_KINDS = 100
# So that no part pays with its size for what its shares gain.
WEIGHT_OF_SIZE = 3.0
LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Known:
    """Rows of every class in all parts, and the classes that stand in enough units for every part to have one."""

    totals: IntArray
    for_all: NDArray[np.bool_]


def polish(given: IntArray, kinds: IntArray, shares: FloatArray, rng: np.random.Generator) -> IntArray:
    """Return the units of each kind in each part after exchanges between the worst part and the others.

    Parameters
    ----------
    given : array, shape (kinds, parts)
    kinds : array, shape (kinds, classes)
        Rows of every class in a unit of each kind.
    shares : array, shape (parts,)
    rng : numpy.random.Generator
        Which kinds are looked at, where there are many.
    """
    given = given.copy()
    counts = given.T @ kinds
    known = Known(counts.sum(axis=0), classes_for_all(kinds, given.sum(axis=1), len(shares)))
    for _ in range(MAX_STEPS):
        off = badness(counts, known, shares[:, None])
        worst = int(np.argmax(off))
        some = _some(len(kinds), rng)
        # The last kind is none: an exchange with it is a move.
        rows = np.vstack([kinds[some], np.zeros_like(kinds[:1])])
        best = _best_exchange(given, counts, shares, some, rows, worst, off, known)
        if best is None:
            return given
        for kind, source, target in best:
            given[kind, source] -= 1
            given[kind, target] += 1
            counts[source] -= kinds[kind]
            counts[target] += kinds[kind]
    return given


def badness(counts: IntArray, known: Known, shares: FloatArray) -> FloatArray:
    """Return how far off parts are: by a class's share, or by the number of rows, weighed, whichever is more.

    Parameters
    ----------
    counts : array, shape (..., classes)
        Rows of every class in a part; to lack a class that every part could have is the worst.
    known : Known
    shares : array
        Of all rows, which the part is to have; goes with the leading axes of `counts`, one axis kept.
    """
    n_rows = max(1, int(known.totals.sum()))
    sizes = counts.sum(axis=-1, keepdims=True)
    share_off = np.abs(counts / np.maximum(sizes, 1) - known.totals / n_rows).max(axis=-1)
    size_off = np.abs(sizes / n_rows - shares)[..., 0]
    n_missing = ((counts <= 0) & known.for_all).sum(axis=-1)
    found: FloatArray = np.maximum(share_off, WEIGHT_OF_SIZE * size_off) + 10.0 * n_missing
    return found


def _some(n_kinds: int, rng: np.random.Generator) -> IntArray:
    if n_kinds <= MAX_KINDS:
        return np.arange(n_kinds)
    return np.sort(rng.choice(n_kinds, MAX_KINDS, replace=False))


def _best_exchange(
    given: IntArray,
    counts: IntArray,
    shares: FloatArray,
    some: IntArray,
    rows: IntArray,
    worst: int,
    off: FloatArray,
    known: Known,
) -> list[tuple[int, int, int]] | None:
    """Return the moves of the exchange that leaves the least badness in its two parts, if less than the worst's."""
    least, best = float(off[worst]) - LEAST_GAIN, None
    change = rows[None, :, :] - rows[:, None, :]
    for other in range(len(shares)):
        if other == worst:
            continue
        after = np.maximum(
            badness(counts[worst] + change, known, shares[worst : worst + 1]),
            badness(counts[other] - change, known, shares[other : other + 1]),
        )
        after[:-1][given[some, worst] == 0] = np.inf
        after[:, :-1][:, given[some, other] == 0] = np.inf
        gone, come = (int(place) for place in np.unravel_index(int(np.argmin(after)), after.shape))
        if after[gone, come] < least:
            least = float(after[gone, come])
            best = [(int(some[gone]), worst, other)] if gone < len(some) else []
            best += [(int(some[come]), other, worst)] if come < len(some) else []
    return best
