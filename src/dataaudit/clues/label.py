"""The classes of the label as a reader meets them: its own, or the thirds of a number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.clues.cuts import show_cuts
from dataaudit.figures import ClueClass
from dataaudit.measure.bins import coarser
from dataaudit.model import Task
from dataaudit.text import show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

IntArray = NDArray[np.int64]
THIRDS = ("low", "middle", "high")


@dataclass(frozen=True)
class LabelClasses:
    """The classes, and for every class of the tables the place of the one it belongs to.

    `is_ordered` says that they are thirds of a number, so `names` are none of the data's.
    """

    classes: tuple[ClueClass, ...]
    names: tuple[str, ...]
    place_of: IntArray
    is_ordered: bool

    def counts(self, table: ValueTable, split: str) -> IntArray:
        """Return the labelled rows of a split per key and class."""
        counts = table.n_by_class[split]
        if not self.is_ordered:
            return counts
        pooled = np.zeros((len(counts), len(self.classes)), dtype=np.int64)
        np.add.at(pooled.T, self.place_of, counts.T)
        return pooled


def label_classes(facts: Facts) -> LabelClasses:
    """Return the classes of the label; of a number the thirds of its training rows."""
    if facts.info.task is Task.REGRESSION:
        return _thirds(facts)
    names = facts.dataset.classes
    return LabelClasses(tuple(ClueClass(show_value(name)) for name in names), names, np.arange(len(names)), False)


def _thirds(facts: Facts) -> LabelClasses:
    target = facts.target
    counts = target.counts["train"]
    filled = np.flatnonzero(counts)
    # A bin without training rows goes with the next that has some.
    of_bin = np.minimum(np.searchsorted(filled, np.arange(len(counts))), len(filled) - 1)
    used, place_of = np.unique(coarser(counts[filled], len(THIRDS))[of_bin], return_inverse=True)
    # Where one value fills more than a third of the rows, a third may have none.
    ends = [float(target.edges[np.flatnonzero(place_of == place).max()]) for place in range(len(used) - 1)]
    names = tuple(THIRDS[place] for place in used)
    classes = tuple(ClueClass(name, bounds) for name, bounds in zip(names, _bounds(ends), strict=True))
    return LabelClasses(classes, names, place_of.astype(np.int64), True)


def _bounds(ends: list[float]) -> list[str]:
    """Return in words what lies up to, between and over some numbers.

    >>> _bounds([2.0, 3.51234]), _bounds([])
    (['up to 2', '2 to 3.51', 'over 3.51'], ['all'])
    """
    if not ends:
        return ["all"]
    shown = list(show_cuts(ends).values())
    between = [f"{low} to {high}" for low, high in pairwise(shown)]
    return [f"up to {shown[0]}", *between, f"over {shown[-1]}"]
