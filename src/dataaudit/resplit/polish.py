"""The last steps of a deal: units moved and exchanged between parts until no measure is worse than it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Move = tuple[int, int, int]

# Exchanges, by classes, that are looked at in a step, and kinds of units among which they are looked for at least.
CELLS_OF_STEP = 40_000
LEAST_KINDS = 24
# Parts of which one is in every exchange.
WORST_PARTS = 2
# What a step costs at least, whatever the number of exchanges.
CELLS_OF_ANY_STEP = 10_000
# Where not all kinds are looked at: steps in vain, before it is given up.
MAX_IN_VAIN = 3
# The gain that is worth a step, of the badness.
LEAST_GAIN = 1e-9
# A class more that a part lacks outweighs everything.
LACKING = 1e30


@dataclass(frozen=True)
class Table:
    """Kinds of units (rows of every class in each), and the share of all rows that each part is to have."""

    kinds: IntArray
    shares: FloatArray

    @property
    def n_parts(self) -> int:
        """Parts."""
        return len(self.shares)


@dataclass(frozen=True)
class Scale:
    """What counts as one: the deviation of a class's share, and of a part's size."""

    shares: float
    sizes: float


@dataclass
class State:
    """What parts come to: the fourth powers of their deviations, and how many classes they lack."""

    costs: FloatArray
    missing: IntArray


class Polish:
    """Steps that lower the fourth powers of all deviations, each beside a scale of its own, by exchanges of units.

    Parameters
    ----------
    table : Table
    totals : array, shape (classes,)
        Rows of every class.
    scale : Scale
    rng : numpy.random.Generator
        Which kinds are looked at, where there are many.
    n_cells : int
        Exchanges, by classes, that may be looked at in all.
    """

    def __init__(self, table: Table, totals: IntArray, scale: Scale, rng: np.random.Generator, n_cells: int) -> None:
        self.scale = scale
        self.rng = rng
        self.n_left = n_cells
        present = totals > 0
        self.kinds = table.kinds[:, present].astype(np.float64)
        self.shares = table.shares
        self.n_rows = float(totals.sum())
        self.totals = totals[present].astype(np.float64)
        self.of_all = self.totals / self.n_rows
        n_pairs = max(1, (table.n_parts - 1) * len(self.totals))
        self.most_kinds = max(LEAST_KINDS, int((CELLS_OF_STEP / n_pairs) ** 0.5))

    def descend(self, given: IntArray) -> Iterator[IntArray]:
        """Yield the units of each kind in each part, as they are and after every step, as long as one helps.

        It is one array, changed from step to step.
        """
        given = given.copy()
        yield given
        counts = given.T @ self.kinds
        n_in_vain = 0
        while self.n_left > 0:
            moves = self._step(given, counts)
            if moves:
                n_in_vain = 0
                self._take(moves, given, counts)
                yield given
                continue
            n_in_vain += 1
            if len(self.kinds) <= self.most_kinds or n_in_vain >= MAX_IN_VAIN:
                return

    def kick(self, given: IntArray, n_moves: int) -> IntArray:
        """Move some units anywhere."""
        given = given.copy()
        held = np.argwhere(given > 0)
        for kind, source in self.rng.permutation(held)[:n_moves]:
            given[kind, source] -= 1
            given[kind, self.rng.integers(len(self.shares))] += 1
        return given

    def _take(self, moves: list[Move], given: IntArray, counts: FloatArray) -> None:
        for kind, source, target in moves:
            given[kind, source] -= 1
            given[kind, target] += 1
            counts[source] -= self.kinds[kind]
            counts[target] += self.kinds[kind]

    def _step(self, given: IntArray, counts: FloatArray) -> list[Move]:
        """Return the best exchange with the part that is worst, or else with the next."""
        state = self._judged(counts, self.shares[:, None])
        some = self._some()
        # The last kind is none: an exchange with it is a move.
        rows = np.vstack([self.kinds[some], np.zeros_like(self.kinds[:1])])
        change = rows[None, :, :] - rows[:, None, :]
        held = np.vstack([given[some] > 0, np.ones_like(given[:1], dtype=bool)])
        for part in np.argsort(-(state.costs + LACKING * state.missing), kind="stable")[:WORST_PARTS]:
            others = np.delete(np.arange(len(self.shares)), part)
            gain = self._gains(int(part), others, counts, change, state)
            gain[:, ~held[:, part], :] = np.inf
            gain.transpose(0, 2, 1)[~held[:, others].T] = np.inf
            place, gone, come = (int(one) for one in np.unravel_index(int(np.argmin(gain)), gain.shape))
            if gain[place, gone, come] < -LEAST_GAIN * float(state.costs.sum()):
                other = int(others[place])
                moves = [(int(some[gone]), int(part), other)] if gone < len(some) else []
                return moves + ([(int(some[come]), other, int(part))] if come < len(some) else [])
            if self.n_left <= 0:
                break
        return []

    def _some(self) -> IntArray:
        n_kinds = len(self.kinds)
        if n_kinds <= self.most_kinds:
            return np.arange(n_kinds)
        return np.sort(self.rng.choice(n_kinds, self.most_kinds, replace=False))

    def _judged(self, counts: FloatArray, shares: FloatArray) -> State:
        """Judge parts; `shares` has the leading axes of `counts`, and one."""
        sizes = counts.sum(axis=-1, keepdims=True)
        share_off = ((counts / np.maximum(sizes, 1) - self.of_all) / self.scale.shares) ** 2
        size_off = ((sizes / self.n_rows - shares) / self.scale.sizes)[..., 0] ** 2
        return State((share_off**2).sum(axis=-1) + size_off**2, (counts <= 0).sum(axis=-1))

    def _gains(self, part: int, others: IntArray, counts: FloatArray, change: FloatArray, state: State) -> FloatArray:
        """Return what every exchange adds to the badness; shape (other parts, kinds that go, kinds that come)."""
        self.n_left -= max(CELLS_OF_ANY_STEP, change.size * len(others))
        mine = self._judged(counts[part] + change, self.shares[part : part + 1])
        theirs = self._judged(counts[others][:, None, None, :] - change, self.shares[others][:, None, None, None])
        lacking = mine.missing + theirs.missing - state.missing[part] - state.missing[others][:, None, None]
        gains: FloatArray = mine.costs + theirs.costs - state.costs[part] - state.costs[others][:, None, None]
        gains += LACKING * lacking
        return gains
