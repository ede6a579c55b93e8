"""The part of a column that tells most of the label, whether taken row by row or value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import (
    Association,
    KeySums,
    Tried,
    best_association,
    class_sums,
    mid_ranks,
    score_sums,
)
from dataaudit.measure.inside_cells.words import first_held, order_of_words
from dataaudit.model import Task
from dataaudit.text import join_words

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

N_BINS = 16
ONE_WORD = "whether it holds the word"
WHICH_WORD = "which it holds of the words"
# A part that explains less is never preferred to its column, and 10,000 columns need not keep the counts.
LEAST_TO_JUDGE = 0.05


@dataclass(frozen=True)
class Items:
    """The labelled rows of a column's items, which are its rows or its values.

    Entry i stands for `n[i]` rows of item `item[i]` and class `label[i]`.
    """

    item: IntArray
    label: IntArray
    n: IntArray
    n_items: int
    n_classes: int

    @classmethod
    def of_rows(cls, label: IntArray, n_classes: int) -> Items:
        """Every row is an item; its label is -1 where it has none."""
        item = np.flatnonzero(label >= 0)
        return cls(item, label[item], np.ones(len(item), dtype=np.int64), len(label), n_classes)

    @classmethod
    def of_values(cls, counts: IntArray) -> Items:
        """Every value is an item; `counts` are its rows per class."""
        item, label = np.nonzero(counts)
        return cls(item, label, counts[item, label], *counts.shape)

    def pooled(self, codes: IntArray) -> IntArray:
        """Return the rows of every code and class."""
        shape = (int(codes.max(initial=0)) + 1, self.n_classes)
        flat = codes[self.item] * self.n_classes + self.label
        return np.bincount(flat, self.n, shape[0] * shape[1]).astype(np.int64).reshape(shape)

    def held(self, holds: BoolArray) -> IntArray:
        """Return for each of several words, shape (n_words, n_items), the rows per class of what holds it."""
        word, entry = np.nonzero(holds[:, self.item])
        shape = (len(holds), self.n_classes)
        flat = word * self.n_classes + self.label[entry]
        return np.bincount(flat, self.n[entry], shape[0] * shape[1]).astype(np.int64).reshape(shape)

    @property
    def n_of_item(self) -> FloatArray:
        """Labelled rows of every item."""
        return np.bincount(self.item, self.n, self.n_items).astype(np.float64)


@dataclass(frozen=True)
class Taken:
    """The parts of a column's items.

    `codes` says by the name of a part which items have the same, `numbers`
    their numbers (NaN: none), `holds` which hold each of `words`.
    """

    column: str
    missing: BoolArray
    codes: Mapping[str, IntArray]
    numbers: Mapping[str, FloatArray] = field(default_factory=dict)
    words: Sequence[str] = ()
    holds: BoolArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))

    @property
    def n_parts(self) -> int:
        """How many parts are tried, which of the words it holds being one more."""
        return len(self.codes) + len(self.numbers) + len(self.words) + (len(self.words) > 0)


def strongest(facts: Facts, items: Items, taken: Taken) -> Association:
    """Return the association of the part that explains most; of two alike the first."""
    return max(_candidates(facts, items, taken), key=lambda association: association.explained)


def _candidates(facts: Facts, items: Items, taken: Taken) -> Iterator[Association]:
    for name, codes in taken.codes.items():
        yield _associate(facts, taken, name, _in_order(items.pooled(codes)))
    for name, numbers in taken.numbers.items():
        yield _associate(facts, taken, name, items.pooled(binned(numbers, items.n_of_item)), is_ordered=True)
    if taken.words:
        yield from _of_words(facts, items, taken)


def _of_words(facts: Facts, items: Items, taken: Taken) -> Iterator[Association]:
    """Yield the word that explains most, and which of all that explain something an item holds first."""
    missing = items.pooled(taken.missing.astype(np.int64))
    without_cell = missing[1] if len(missing) > 1 else np.zeros_like(missing[0])
    held = items.held(taken.holds)
    order = order_of_words(
        lambda counts: label_sums(facts, missing.sum(axis=0), counts), held, missing[0], without_cell
    )
    best = int(order[0]) if len(order) else 0
    counts = _in_order(np.vstack([held[best], missing[0] - held[best], without_cell]))
    one = _associate(facts, taken, ONE_WORD, counts)
    yield replace(one, word=taken.words[best])
    if len(order) > 1:
        codes = items.pooled(first_held(taken.holds[order], taken.missing))
        several = _associate(facts, taken, WHICH_WORD, _in_order(codes))
        # The order was chosen by the label, so luck is asked of the first word, one of so many, by itself.
        yield replace(several, word=join_words([taken.words[place] for place in order]), tried=one.tried)


def binned(numbers: FloatArray, n_rows: FloatArray) -> IntArray:
    """Return the bin of each number by its rank among the rows, no number last.

    Up to 16 different numbers are left apart. Numbers alike share a bin
    whatever the order of the items, so rows and values give the same bins.

    >>> binned(np.array([5.0, np.nan, 7.0, 5.0]), np.ones(4)).tolist()
    [0, 16, 1, 0]
    """
    codes = np.full(len(numbers), N_BINS, dtype=np.int64)
    known = np.isfinite(numbers) & (n_rows > 0)
    different, place = np.unique(numbers[known], return_inverse=True)
    bins = np.arange(len(different))
    if len(different) > N_BINS:
        ranks = mid_ranks(np.bincount(place, n_rows[known]).astype(np.float64))
        bins = np.minimum(N_BINS - 1, (ranks * N_BINS).astype(np.int64))
    codes[known] = bins[place]
    return codes


def label_sums(facts: Facts, totals: IntArray, counts: IntArray) -> KeySums:
    """Return the sums behind P of the rows of a value x class table, whose classes have so many rows in all."""
    if facts.info.task is not Task.REGRESSION:
        return class_sums(counts.astype(np.float64), totals / max(1, int(totals.sum())))
    scores = mid_ranks(totals.astype(np.float64))
    centre = float(totals @ scores) / max(1, int(totals.sum()))
    return score_sums(counts.astype(np.float64), scores, centre)


def _associate(facts: Facts, taken: Taken, name: str, counts: IntArray, *, is_ordered: bool = False) -> Association:
    found = best_association(taken.column, [(None, label_sums(facts, counts.sum(axis=0), counts))])
    is_told = found.explained >= LEAST_TO_JUDGE
    tried = Tried(counts[counts.sum(axis=1) > 0], taken.n_parts, is_ordered) if is_told else None
    return replace(found, coding=name, tried=tried)


def _in_order(counts: IntArray) -> IntArray:
    """Return the rows of a table in an order of their own: hashes, and so codes, are the engine's.

    By one number a row, which overflows and is the same all the same: of
    20,000 rows and 500 classes in 7 ms, class by class in 55 ms.
    """
    counts = counts[counts.sum(axis=1) > 0]
    weights = np.random.default_rng(0).integers(1, 2**62, counts.shape[1])
    return counts[np.argsort(counts @ weights, kind="stable")]
