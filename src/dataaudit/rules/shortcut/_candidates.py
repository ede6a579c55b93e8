"""Values and intervals of a column that go with one class: how purely, and how much of the class."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dataaudit.measure.tables import IntArray, ValueTable

FloatArray = NDArray[np.float64]
Places = NDArray[np.intp]

# Intervals are single bins, sixteenths and quarters of the bins.
PARTS = (16, 4)
SMOOTHING = 4.0


class Strength(enum.IntEnum):
    """How a value and a class go together, the weakest first."""

    COVERED = 1
    """Nearly all rows of the class have the value; the value has other rows too."""
    PURE = 2
    """Nearly all rows with the value are of the class; the class has other rows too."""
    SHORTCUT = 3
    """Both."""


@dataclass(frozen=True)
class Limits:
    """Thresholds of the rule, as its fields say."""

    z: float
    kappa_min: float
    kappa_sure: float
    min_support: int
    recall_min: float
    shortcut_recall: float


@dataclass(frozen=True)
class Candidate:
    """Keys first..last of a column beside one class, counted in the labelled rows of train.

    `kappa` is the lower bound of the share of the class among the rows with
    the value, less what the class's own share gives for nothing, as a
    fraction of the possible; `coverage` the same of the share of the value
    among the rows of the class.
    """

    first: int
    last: int
    label: int
    n_value: int
    n_class: int
    n_both: int
    n_rows: int
    kappa: float
    coverage: float
    strength: Strength

    @property
    def precision(self) -> float:
        """Share of the class among the rows with the value."""
        return self.n_both / self.n_value

    @property
    def recall(self) -> float:
        """Share of the value among the rows of the class."""
        return self.n_both / self.n_class

    @property
    def rank(self) -> tuple[int, float, int]:
        """Stronger first, then more of both, then the narrower interval."""
        return self.strength, self.kappa + self.recall, self.first - self.last


def strongest(table: ValueTable, limits: Limits) -> list[Candidate]:
    """Return the strongest candidate of each class; with two classes that of the column.

    Of two classes each value speaks for the one as it speaks against the
    other, so a second candidate would say the same again.
    """
    best: dict[int, Candidate] = {}
    for candidate in _candidates(table, limits):
        rival = best.get(candidate.label)
        if rival is None or candidate.rank > rival.rank:
            best[candidate.label] = candidate
    ordered = sorted(best.values(), key=lambda candidate: candidate.rank, reverse=True)
    n_classes = int((table.n_by_class["train"].sum(axis=0) > 0).sum())
    return ordered[:1] if n_classes <= 2 else ordered


def is_interval(table: ValueTable, candidate: Candidate) -> bool:
    """Return whether the candidate holds a range of numbers or times and not one value."""
    return table.is_bin and (candidate.first < candidate.last or " " in table.keys[candidate.first])


def kappa_above(table: ValueTable, candidate: Candidate, split: str, z: float) -> float:
    """Return the upper bound of the candidate's kappa in a split."""
    return kappa_above_of(candidate, table.n_by_class[split], z)


def kappa_above_of(candidate: Candidate, counts: IntArray, z: float) -> float:
    """Return the upper bound of kappa among other rows, counts of shape (n_keys, n_classes).

    As if the class were as common there as in train: of the rows of the class
    at most so many have the value, and of the others at least so many.
    """
    has_value = counts[candidate.first : candidate.last + 1].sum(axis=0)
    n_class, n_both = int(counts[:, candidate.label].sum()), int(has_value[candidate.label])
    n_others, n_value_others = int(counts.sum()) - n_class, int(has_value.sum()) - n_both
    most = float(_wilson(np.array([n_both]), np.array([n_class]), z)[1][0])
    least = float(_wilson(np.array([n_value_others]), np.array([n_others]), z)[0][0])
    share = candidate.n_class / candidate.n_rows
    precision = share * most / max(share * most + (1 - share) * least, 1e-12)
    return (precision - share) / (1 - share)


def counts_in(table: ValueTable, candidate: Candidate, split: str) -> tuple[int, int]:
    """Return the labelled rows of a split that have the value, and those of them of the class."""
    rows = table.n_by_class[split][candidate.first : candidate.last + 1].sum(axis=0)
    return int(rows.sum()), int(rows[candidate.label])


def explained_by_the_rest(table: ValueTable, candidate: Candidate) -> float:
    """Return how much of the label's variance the column explains in the rows without the value.

    Leave-one-out, as the measure of association, with one smoothing. 0 if
    those rows are all of one class.
    """
    rest = np.delete(table.n_by_class["train"], slice(candidate.first, candidate.last + 1), axis=0).astype(np.float64)
    per_key, per_class = rest.sum(axis=1), rest.sum(axis=0)
    n_rows = float(per_class.sum())
    shares = per_class / max(1.0, n_rows)
    spread = n_rows * float(1 - (shares**2).sum())
    if spread <= 0 or n_rows < 2:
        return 0.0
    used = rest[per_key > 0]
    others = per_key[per_key > 0] - 1 + SMOOTHING
    predicted = (used + SMOOTHING * shares) / others[:, None]
    own = 1 + 1 / others
    n = per_key[per_key > 0]
    errors = n * (predicted**2).sum(axis=1) - 2 * own * (used * predicted).sum(axis=1) + n * own**2
    return 1 - float(errors.sum()) / (spread * (n_rows / (n_rows - 1)) ** 2)


def _candidates(table: ValueTable, limits: Limits) -> Iterator[Candidate]:
    counts = table.n_by_class["train"]
    for starts, ends in _windows(table):
        if counts.sum() > 0 and len(starts) > 0:
            windows = _Windows(counts, starts, ends)
            # The ends of an honest number are pure: there the bound itself must reach what a value must.
            yield from windows.pure(replace(limits, kappa_sure=limits.kappa_min) if table.is_bin else limits)
            if not table.is_bin:
                yield from windows.covered(limits)


def _windows(table: ValueTable) -> Iterator[tuple[Places, Places]]:
    """Yield the first and last keys of single values, then of wider intervals; the missing key is SPUR003's."""
    n_keys = table.missing_key
    singles = np.array([key for key in range(n_keys) if key != table.other_key], dtype=np.intp)
    yield singles, singles
    if not table.is_bin:
        return
    for width in dict.fromkeys(math.ceil(n_keys / parts) for parts in PARTS):
        if 1 < width < n_keys:
            starts = np.arange(0, n_keys, width, dtype=np.intp)
            yield starts, np.minimum(starts + width - 1, n_keys - 1)


class _Windows:
    """Rows per window of keys and class, with the sums that every candidate needs."""

    def __init__(self, counts: IntArray, starts: Places, ends: Places) -> None:
        sums = np.concatenate([np.zeros((1, counts.shape[1]), dtype=np.int64), np.cumsum(counts, axis=0)])
        self.starts, self.ends = starts, ends
        self.rows: IntArray = sums[ends + 1] - sums[starts]
        self.n_value: IntArray = self.rows.sum(axis=1)
        self.n_class: IntArray = counts.sum(axis=0)
        self.n_rows = int(counts.sum())

    def pure(self, limits: Limits) -> Iterator[Candidate]:
        """Yield windows whose rows are nearly all of one class."""
        # Only the commonest class of a window can reach so high a bound.
        value, label = np.arange(len(self.rows)), self.rows.argmax(axis=1)
        kappa, _ = self._kappa_and_coverage(value, label, limits.z)
        seen, _ = self._kappa_and_coverage(value, label, 0.0)
        recall = self.rows[value, label] / np.maximum(1, self.n_class[label])
        sure = (seen >= limits.kappa_min) & (kappa >= limits.kappa_sure)
        enough = (self.n_value >= limits.min_support) & sure & (recall >= limits.recall_min)
        for i in np.flatnonzero(enough):
            strength = Strength.SHORTCUT if recall[i] >= limits.shortcut_recall else Strength.PURE
            yield self._candidate(int(i), int(label[i]), limits, strength)

    def covered(self, limits: Limits) -> Iterator[Candidate]:
        """Yield windows that hold nearly all rows of one class."""
        value, label = self.rows.argmax(axis=0), np.arange(self.rows.shape[1])
        _, coverage = self._kappa_and_coverage(value, label, limits.z)
        _, seen = self._kappa_and_coverage(value, label, 0.0)
        sure = (seen >= limits.kappa_min) & (coverage >= limits.kappa_sure)
        for k in np.flatnonzero((self.n_class >= limits.min_support) & sure):
            yield self._candidate(int(value[k]), int(k), limits, Strength.COVERED)

    def _kappa_and_coverage(self, value: Places, label: Places, z: float) -> tuple[FloatArray, FloatArray]:
        n_both, n_value, n_class = self.rows[value, label], self.n_value[value], self.n_class[label]
        kappa = _beyond(_wilson(n_both, n_value, z)[0], n_class / self.n_rows)
        return kappa, _beyond(_wilson(n_both, n_class, z)[0], n_value / self.n_rows)

    def _candidate(self, value: int, label: int, limits: Limits, strength: Strength) -> Candidate:
        kappa, coverage = self._kappa_and_coverage(np.array([value]), np.array([label]), limits.z)
        return Candidate(
            first=int(self.starts[value]),
            last=int(self.ends[value]),
            label=label,
            n_value=int(self.n_value[value]),
            n_class=int(self.n_class[label]),
            n_both=int(self.rows[value, label]),
            n_rows=self.n_rows,
            kappa=float(kappa[0]),
            coverage=float(coverage[0]),
            strength=strength,
        )


def _beyond(bound: FloatArray, share: FloatArray) -> FloatArray:
    """Return a bound less what a share gives for nothing, as a fraction of the possible; -1 where nothing is left."""
    left = 1 - share
    beyond: FloatArray = np.where(left > 0, (bound - share) / np.where(left > 0, left, 1.0), -1.0)
    return beyond


def _wilson(n_hits: IntArray, n_rows: IntArray, z: float) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's bounds of many shares at once; (0, 1) where there are no rows."""
    n = np.maximum(1, n_rows).astype(np.float64)
    share = n_hits / n
    spread = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    middle, scale = share + z * z / (2 * n), 1 + z * z / n
    lower = np.where(n_rows > 0, np.maximum(0.0, (middle - spread) / scale), 0.0)
    return lower, np.where(n_rows > 0, np.minimum(1.0, (middle + spread) / scale), 1.0)
