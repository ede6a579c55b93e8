"""Units of rows that stay together, dealt to parts so that sizes and classes come out as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.resplit.measures import Off, measure
from dataaudit.resplit.placing import Aim, Placing
from dataaudit.resplit.polish import Polish, Scale, Table
from dataaudit.resplit.spreading import spread_out
from dataaudit.resplit.targets import fill, whole_targets

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# None of them is the best for every table, and the work is small.
AIMS = (Aim(by_class=True), Aim(), Aim(of_shares=True))
# Units that are dealt as scikit-learn does it, too, once in their order and, of few units, from other orders.
MOST_SPREAD_OUT = 5_000
UNITS_IN_ALL_ORDERS = 6_000
MOST_ORDERS = 16
# Exchanges, by classes, looked at: while a measure is worse than it could be, and once none is.
MOST_CELLS = 10_000_000
CELLS_FOR_BETTER = 2_500_000
# Of parts that are to be unequal: so that none pays with its size for what its shares gain.
WEIGHT_OF_SIZE = 3.0
# How far the scales of shares and sizes are changed from one try to the next, in natural logarithms.
JITTER = 0.7
LEEWAY = 1e-9
MOST_STARTS = 4
# Units moved anywhere before the search goes on from there.
MOST_KICKED = 6


@dataclass(frozen=True)
class Deal:
    """Which part each unit went to, the rows on their own of every class that each part gets, and all its rows."""

    part_of: IntArray
    single: IntArray
    counts: IntArray


def deal(
    units: IntArray,
    shares: FloatArray,
    rng: np.random.Generator,
    single: IntArray | None = None,
    *,
    turns: bool = False,
) -> Deal:
    """Deal units to parts.

    Of folds, the shares of classes come first, then the sizes, and no deal that scikit-learn's StratifiedGroupKFold
    comes to from the same orders of the units is better in both: those deals are among the starts.

    Parameters
    ----------
    units : array, shape (units, classes)
        Rows of every class in each unit.
    shares : array, shape (parts,)
        Of all rows, which each part is to have; they add up to 1.
    rng : numpy.random.Generator
        Says which of several units with equal counts go where.
    single : array, shape (classes,), optional
        Rows of every class that go anywhere.
    turns : bool
        The first part is like the others: folds.
    """
    free = np.zeros(units.shape[1], dtype=np.int64) if single is None else single
    if not len(units):
        alone = whole_targets(shares, free, turns=turns)
        return Deal(np.empty(0, dtype=np.int64), alone, alone)
    return _Dealing(units, free, shares, rng, turns).deal()


class _Dealing:
    def __init__(
        self, units: IntArray, single: IntArray, shares: FloatArray, rng: np.random.Generator, turns: bool
    ) -> None:
        self.units, self.single, self.shares, self.rng, self.turns = units, single, shares, rng, turns
        self.unit_kinds, kind_of, self.n_each = np.unique(units, axis=0, return_inverse=True, return_counts=True)
        self.kind_of = kind_of.ravel()
        self.classes = np.nonzero(single)[0]
        alone = np.eye(units.shape[1], dtype=np.int64)[self.classes]
        self.table = Table(np.vstack([self.unit_kinds, alone]), shares)
        self.totals = units.sum(axis=0) + single

    def deal(self) -> Deal:
        as_theirs = list(self._spread_out())
        starts = [*as_theirs, *self._placed()]
        offs = [self._off(start) for start in (as_theirs if self._are_folds and as_theirs else starts)]
        given = self._search(starts, _least(offs, int(self.totals.sum())))
        n_unit_kinds = len(self.unit_kinds)
        single = np.zeros((len(self.shares), len(self.single)), dtype=np.int64)
        single[:, self.classes] = given[n_unit_kinds:].T
        counts = given.T @ self.table.kinds
        return Deal(_hand_out(given[:n_unit_kinds], self.kind_of, self.rng), single, counts)

    def _off(self, given: IntArray) -> Off:
        return measure(given.T @ self.table.kinds, self.shares)

    def _placed(self) -> Iterator[IntArray]:
        for aim in AIMS:
            given = Placing(self.unit_kinds, self.n_each, self.shares, aim).place(self.rng)
            wanted = whole_targets(self.shares, self.totals, turns=self.turns)
            single = fill(wanted - given.T @ self.unit_kinds, self.single)
            yield np.vstack([given, single.T[self.classes]])

    def _spread_out(self) -> Iterator[IntArray]:
        n_units = len(self.units) + int(self.single.sum())
        if n_units > MOST_SPREAD_OUT:
            return
        kinds = np.append(
            self.kind_of, np.repeat(np.arange(len(self.classes)), self.single[self.classes]) + len(self.unit_kinds)
        )
        rows = self.table.kinds[kinds]
        n_orders = 1 + min(MOST_ORDERS, UNITS_IN_ALL_ORDERS // n_units)
        for order in [np.arange(n_units), *(self.rng.permutation(n_units) for _ in range(n_orders - 1))]:
            given = np.zeros((len(self.table.kinds), len(self.shares)), dtype=np.int64)
            np.add.at(given, (kinds, spread_out(rows, self.shares, order)), 1)
            yield given

    @property
    def _are_folds(self) -> bool:
        return float(np.ptp(self.shares)) < LEEWAY

    def _rating(self, given: IntArray, goal: Off) -> tuple[float, ...]:
        """Return how bad a deal is: classes lacking, then, of folds, by how much it misses the goal; then its worst."""
        off = self._off(given)
        worst, both = max(off.shares, WEIGHT_OF_SIZE * off.sizes), off.shares + off.sizes
        if not self._are_folds:
            return off.n_missing, worst, both
        beside = off.shares / goal.shares, off.sizes / goal.sizes, off.spread / goal.spread
        return (off.n_missing, *(max(0.0, one - 1 - LEEWAY) for one in beside), off.shares, off.sizes, off.spread)

    def _search(self, starts: list[IntArray], goal: Off) -> IntArray:
        """Return the best deal that is found from any start: of folds, none worse than the goal, if there is one."""
        found = sorted((self._rating(start, goal), place) for place, start in enumerate(starts))
        rated, best = found[0][0], starts[found[0][1]]
        waiting = [starts[place] for _, place in found[:MOST_STARTS]]
        scale = self._scale(goal, self._off(best))
        polish = Polish(self.table, self.totals, scale, self.rng, MOST_CELLS)
        while polish.n_left > 0:
            start = waiting.pop() if waiting else polish.kick(best, int(self.rng.integers(1, MOST_KICKED)))
            for given in polish.descend(start):
                now = self._rating(given, goal)
                if now < rated:
                    rated, best = now, given.copy()
            if not self._are_folds or not any(rated[1:4]):
                polish.n_left = min(polish.n_left, CELLS_FOR_BETTER)
            more = np.exp(self.rng.normal(size=2) * JITTER)
            polish.scale = Scale(scale.shares * more[0], scale.sizes * more[1])
        return best

    def _scale(self, goal: Off, best: Off) -> Scale:
        """Return the goal, or what half a row makes: a finer scale would forbid all steps but those of equal units."""
        row = 0.5 / int(self.totals.sum())
        in_part = row / float(self.shares.min())
        if self._are_folds:
            return Scale(max(goal.shares, in_part), max(goal.sizes, row))
        worst = max(best.shares, WEIGHT_OF_SIZE * best.sizes, in_part)
        return Scale(worst, worst / WEIGHT_OF_SIZE)


def _least(offs: list[Off], n_rows: int) -> Off:
    """Return the least deviation in each measure of those deals that lack the fewest classes."""
    fewest = min(off.n_missing for off in offs)
    kept = [off for off in offs if off.n_missing == fewest]
    # Sizes that are one row off are as even as sizes are, where the rows are no multiple of the folds.
    floors = {"shares": 0.01 / n_rows, "sizes": 1 / n_rows, "spread": 0.01 / n_rows}
    return Off(fewest, *(max(least, min(getattr(off, name) for off in kept)) for name, least in floors.items()))


def _hand_out(given: IntArray, kind_of: IntArray, rng: np.random.Generator) -> IntArray:
    """Let chance say which units of a kind go to which part."""
    order = np.lexsort((rng.random(len(kind_of)), kind_of))
    part_of = np.empty(len(kind_of), dtype=np.int64)
    parts = np.tile(np.arange(given.shape[1]), len(given))
    part_of[order] = np.repeat(parts, given.ravel())
    return part_of
