"""Explained label variance P: how much of the label a column tells, free of cardinality."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.bins import coarser
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

FloatArray = NDArray[np.float64]
SMOOTHINGS = (1.0, 4.0, 16.0, 64.0)
BIN_NUMBERS = (4, 16, 64)


@dataclass(frozen=True)
class Tried:
    """The rows of a part's values per class, by which luck can be told from a link.

    `counts` has the shape (n_values, n_classes), its values ordered if
    `is_ordered`; it is the best of `n_parts` parts of its column.
    """

    counts: NDArray[np.int64]
    n_parts: int
    is_ordered: bool = False


@dataclass(frozen=True)
class Association:
    """Leave-one-out explained label variance of one column in train.

    `explained` is P, at most 1, below 0 for a column that tells nothing;
    `standard_error` is 2 sqrt(P (1 - P)) / sqrt(N), the delta-method error
    for the variance explained. `n_bins` is the number of bins it was best at
    (None: values as they are), `smoothing` the alpha it was best at. `coding`
    names the part of the column it was taken of (None: the whole), `word` the
    word, or the words, whose presence that part is, and `tried` what luck is
    asked of, where a part explains something.
    """

    column: str
    explained: float
    n_rows: int
    n_bins: int | None
    smoothing: float
    sampled: bool = False
    coding: str | None = None
    word: str | None = None
    tried: Tried | None = field(default=None, compare=False)

    @property
    def standard_error(self) -> float:
        """Standard error of `explained`; an upper value of .5 stands in outside [0, 1]."""
        p = min(1.0, max(0.0, self.explained))
        return 2 * math.sqrt(p * (1 - p)) / math.sqrt(max(1, self.n_rows))

    @property
    def lower(self) -> float:
        """One-sided 95 % lower confidence bound."""
        return self.explained - 1.645 * self.standard_error


@dataclass(frozen=True)
class Ablation:
    """P of a column beside what all other features together reach, on a bounded sample.

    `others_explained` is the cross-validated explained label variance of a
    gradient-boosting model of all other features.
    """

    column: str
    explained: float
    others_explained: float
    n_rows: int
    sampled: bool = True


@dataclass(frozen=True)
class KeySums:
    """Per key: rows, sum over the label's components of the squared sums, and of the squares.

    The label is centred; a class label counts as one component per class
    (one-hot), a numeric target as one.
    """

    n: FloatArray
    squared_sum: FloatArray
    sum_of_squares: FloatArray


def measure_associations(facts: Facts) -> dict[str, Association]:
    """Return P of every coded column, the best over bin numbers and smoothings."""
    tables = facts.tables
    return {name: _associate(facts, table) for name, table in tables.items()}


def measure_missing_associations(facts: Facts) -> dict[str, Association]:
    """Return P of the missing indicator of every feature that misses some training cells, not all."""
    found = {}
    for column in facts.features:
        table = facts.tables.get(column.name)
        if table is None or not 0 < table.n["train"][table.missing_key] < table.n["train"].sum():
            continue
        groups = np.zeros(len(table.keys), dtype=np.int64)
        groups[table.missing_key] = 1
        found[column.name] = best_association(column.name, [(None, sums) for sums in _label_sums(facts, table, groups)])
    return found


def explained_variance(sums: KeySums, smoothing: float) -> float:
    """Return P = 1 - SSE / (SST (N / (N - 1))^2), the leave-one-out explained variance.

    Each row is predicted from the other rows of its key, shrunk towards the
    mean by `smoothing` rows:
    SSE = sum over keys of [(n + a)^2 Q - 2 (n + a) S^2 + n S^2] / (n - 1 + a)^2.
    Equals leaving every row out in turn.
    """
    used = sums.n > 0
    n, s2, q = sums.n[used], sums.squared_sum[used], sums.sum_of_squares[used]
    n_rows = float(n.sum())
    with np.errstate(over="ignore"):
        total = float(q.sum())
    if n_rows < 2 or total <= 0 or not math.isfinite(total):
        return 0.0
    errors = squared_errors(KeySums(n, s2, q), smoothing)
    return 1.0 - float(errors.sum()) / (total * (n_rows / (n_rows - 1)) ** 2)


def squared_errors(sums: KeySums, smoothing: float) -> FloatArray:
    """Return the leave-one-out squared error of the rows of each key, as in `explained_variance`."""
    n, s2, q = sums.n, sums.squared_sum, sums.sum_of_squares
    errors = (n + smoothing) ** 2 * q - 2 * (n + smoothing) * s2 + n * s2
    return np.divide(errors, (n - 1 + smoothing) ** 2, out=np.zeros_like(errors), where=n > 0)


def class_sums(counts: FloatArray, shares: FloatArray) -> KeySums:
    """Return the sums of one-hot classes centred at `shares`, from counts of shape (n_keys, n_classes)."""
    n = counts.sum(axis=1)
    with_shares = counts @ shares
    squares = float((shares**2).sum())
    return KeySums(
        n=n,
        squared_sum=(counts**2).sum(axis=1) - 2 * n * with_shares + n**2 * squares,
        sum_of_squares=n + n * squares - 2 * with_shares,
    )


def score_sums(counts: FloatArray, scores: FloatArray, centre: float | None = None) -> KeySums:
    """Return the sums of a target given as one score per class, centred on all rows, or where it is said."""
    n = counts.sum(axis=1)
    if centre is None:
        centre = float(counts.sum(axis=0) @ scores) / max(1.0, float(n.sum()))
    centred = scores - centre
    return KeySums(n, (counts @ centred) ** 2, counts @ centred**2)


def mid_ranks(counts: FloatArray) -> FloatArray:
    """Return the mid-rank in [0, 1] of each of the ordered classes with these counts."""
    total = max(1.0, float(counts.sum()))
    ranks: FloatArray = (np.cumsum(counts) - counts / 2) / total
    return ranks


def _associate(facts: Facts, table: ValueTable) -> Association:
    if table.other_key is not None:
        from dataaudit.measure.many_values import associate_many_values

        return associate_many_values(facts, table.column)
    codings: list[tuple[int | None, NDArray[np.int64]]] = [(None, np.arange(len(table.keys)))]
    if table.edges is not None:
        codings = [(n_bins, grouped(table, n_bins)) for n_bins in BIN_NUMBERS]
    candidates = [(n_bins, sums) for n_bins, groups in codings for sums in _label_sums(facts, table, groups)]
    return best_association(table.column, candidates)


def grouped(table: ValueTable, n_bins: int | None) -> NDArray[np.int64]:
    """Return the coarse group of every key of a table; missing keeps a group of its own."""
    if n_bins is None or table.edges is None:
        return np.arange(len(table.keys))
    if n_bins >= max(BIN_NUMBERS):
        return np.arange(len(table.keys))
    groups = coarser(table.n["train"][:-1], n_bins)
    return np.append(groups, n_bins)


def pooled(counts: NDArray[np.int64] | FloatArray, groups: NDArray[np.int64]) -> FloatArray:
    """Add up rows of counts, shape (n_keys, ...), that share a group."""
    shape = (int(groups.max()) + 1, *counts.shape[1:])
    result = np.zeros(shape)
    np.add.at(result, groups, counts)
    return result


def _label_sums(facts: Facts, table: ValueTable, groups: NDArray[np.int64]) -> list[KeySums]:
    """Return the sums to explain: classes one-hot, or a target raw and by rank."""
    counts = pooled(table.n_by_class["train"], groups)
    if facts.info.task is not Task.REGRESSION:
        return [class_sums(counts, facts.classes.shares)]
    target = facts.target.counts["train"].astype(np.float64)
    with np.errstate(over="ignore"):  # a target whose squares are infinite is judged by its rank alone
        squared_sum = pooled(table.target_sum["train"], groups) ** 2
        sum_of_squares = pooled(table.target_sum_squares["train"], groups)
    raw = KeySums(counts.sum(axis=1), squared_sum, sum_of_squares)
    return [raw, score_sums(counts, mid_ranks(target))]


def best_association(column: str, candidates: list[tuple[int | None, KeySums]]) -> Association:
    """Return the association of the bin number and smoothing that explain most."""
    scored = [
        (explained_variance(sums, smoothing), n_bins, smoothing, int(sums.n.sum()))
        for n_bins, sums in candidates
        for smoothing in SMOOTHINGS
    ]
    explained, n_bins, smoothing, n_rows = max(scored, key=lambda entry: entry[0])
    return Association(column, explained, n_rows, n_bins, smoothing)
