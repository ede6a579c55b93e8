"""How many units of each kind go to each part: the large ones first.

A partition problem of many dimensions, which is hard to solve exactly: the
largest units first, each to where it leaves the smallest squared deviation
(as in Graham, SIAM Journal on Applied Mathematics 17 (1969), for one
dimension); local search follows, see `polish`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Units placed one by one; those between the large ones and the last small ones, which even things out, go in turn.
MAX_ONE_BY_ONE = 20_000
LEAST_GAIN = 1e-9
# What is left of its multiples is spread evenly over [0, 1).
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Aim:
    """What is to become small.

    Attributes
    ----------
    by_class : bool
        A row too many of a rare class weighs more than one of a common class, as in chi-square.
    of_shares : bool
        Not the rows of a class but its share in the part.
    weight_of_size : float
        How much the part's number of rows weighs beside a class.
    """

    by_class: bool = False
    of_shares: bool = False
    weight_of_size: float = 1.0


def classes_for_all(kinds: IntArray, n_each: IntArray, n_parts: int) -> NDArray[np.bool_]:
    """Return which classes stand in enough units for every part to have one."""
    found: NDArray[np.bool_] = (n_each @ (kinds > 0)) >= n_parts
    return found


class Placing:
    """Units of each kind in each part, while they are being placed.

    Parameters
    ----------
    kinds : array, shape (kinds, classes)
        Rows of every class in a unit of each kind.
    n_each : array, shape (kinds,)
        Units of each kind.
    shares : array, shape (parts,)
        Of all rows, which each part is to have.
    aim : Aim
        What a deviation is.
    shuffle : float
        How far the order may be from that of the sizes, for another start.
    """

    def __init__(
        self, kinds: IntArray, n_each: IntArray, shares: FloatArray, aim: Aim, *, shuffle: float = 0.0
    ) -> None:
        self.shuffle = shuffle
        self.sizes = kinds.sum(axis=1)
        self.classes = kinds
        self.n_each = n_each
        self.shares = shares
        totals = n_each @ kinds
        rows = np.maximum(shares * totals.sum(), 1.0)[:, None]
        wanted = np.outer(shares, np.append(totals, totals.sum()))
        # The number of rows is one more dimension to be balanced.
        self.kinds = np.column_stack([kinds, self.sizes]).astype(np.float64)
        if aim.of_shares:
            # What a class has too much of beside the part's other rows, whatever their number.
            self.kinds[:, :-1] -= np.outer(self.sizes, totals / max(1, totals.sum()))
            wanted[:, :-1] = 0.0
        self.wanted = wanted
        self.weights = 1 / (rows * np.maximum(wanted, 1.0)) if aim.by_class else np.ones_like(wanted) / rows**2
        self.weights[:, -1] *= aim.weight_of_size
        # While units are placed, all parts fill up alike, whatever their size: large units are not all for small parts.
        self.weights_of_filling = self.weights * rows
        # Of many equal units nearly all go by the shares at once.
        self.given: IntArray = np.floor(np.outer(n_each, shares) + LEAST_GAIN).astype(np.int64)
        self.off = self.given.T @ self.kinds - wanted
        self.counts = self.given.T @ kinds
        self.for_all = classes_for_all(kinds, n_each, len(shares))

    def place(self, rng: np.random.Generator) -> IntArray:
        """Place every unit and return the units of each kind in each part."""
        self._place_rest(rng)
        self._bring_classes_to_all()
        return self.given

    def _place_rest(self, rng: np.random.Generator) -> None:
        left = self.n_each - self.given.sum(axis=1)
        about = self.sizes * (1 + self.shuffle * rng.random(len(self.sizes)))
        order = np.lexsort((self.classes.max(axis=1, initial=0), about))[::-1]
        rest = np.repeat(order, left[order])
        n_first = len(rest) if len(rest) <= MAX_ONE_BY_ONE else MAX_ONE_BY_ONE // 2
        n_last = len(rest) if len(rest) <= MAX_ONE_BY_ONE else len(rest) - MAX_ONE_BY_ONE // 2
        for kind in rest[:n_first]:
            self._place_best(kind)
        self._place_in_turn(rest[n_first:n_last], rng)
        for kind in rest[n_last:]:
            self._place_best(kind)

    def _place_best(self, kind: int) -> None:
        rows = self.kinds[kind]
        cost = (self.weights_of_filling * rows * (2 * self.off + rows)).sum(axis=1)
        self._put(kind, int(np.argmin(cost)))

    def _place_in_turn(self, rest: IntArray, rng: np.random.Generator) -> None:
        # Like ones one after the other, so that every part gets of all.
        ordered = rest[np.lexsort((self.sizes[rest], self.classes[rest].argmax(axis=1)))] if len(rest) else rest
        turns = (np.arange(len(rest)) * GOLDEN + rng.random()) % 1
        # By what the parts still lack of their rows.
        lacking = np.maximum(-self.off[:, -1], 0.0)
        bounds = np.cumsum(lacking / max(float(lacking.sum()), 1.0))
        parts = np.minimum(np.searchsorted(bounds, turns, side="right"), len(self.shares) - 1)
        np.add.at(self.given, (ordered, parts), 1)
        self.off = self.given.T @ self.kinds - self.wanted
        self.counts = self.given.T @ self.classes

    def _put(self, kind: int, part: int, n_units: int = 1) -> None:
        self.given[kind, part] += n_units
        self.off[part] += n_units * self.kinds[kind]
        self.counts[part] += n_units * self.classes[kind]

    def _bring_classes_to_all(self) -> None:
        """Give every part a unit of each class that stands in enough units, where it is cheapest."""
        for place in np.nonzero(self.for_all)[0]:
            holders = np.nonzero(self.classes[:, place] > 0)[0]
            for part in np.nonzero(self.given[holders].sum(axis=0) == 0)[0]:
                self._bring(holders, int(part))

    def _bring(self, holders: IntArray, part: int) -> None:
        leave, join = self._costs(holders)
        cost = leave + join[:, part : part + 1]
        has_more = self.given[holders].sum(axis=0) > 1
        cost[(self.given[holders] == 0) | ~has_more] = np.inf
        for choice in np.argsort(cost, axis=None):
            place, source = np.unravel_index(choice, cost.shape)
            if not np.isfinite(cost[place, source]):
                return
            kind = int(holders[place])
            if not self._empties(int(source), self.classes[kind]):
                self._put(kind, int(source), -1)
                self._put(kind, part)
                return

    def _costs(self, kinds: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return what it adds to the deviation if a unit leaves a part, and if it joins one; shape (kinds, parts)."""
        rows = self.kinds[kinds]
        pull = 2 * rows @ (self.weights * self.off).T
        bulk = rows**2 @ self.weights.T
        return bulk - pull, bulk + pull

    def _empties(self, part: int, less: IntArray) -> bool:
        """Return whether a part would be left without a class that all parts can have."""
        have = self.counts[part]
        return bool(((have > 0) & (have <= less) & self.for_all).any())
