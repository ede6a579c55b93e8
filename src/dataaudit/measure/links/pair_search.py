"""All pairs of columns at once, and the few best of them taken closer: on the rows that are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import SMOOTHINGS, KeySums, explained_variance, squared_errors
from dataaudit.measure.links.pair_cells import Cells, Coding, cuts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

N_BINS = (2, 4, 8)
# By the values together in so many bins, by sides, by which is larger or whether the same, and by the difference.
N_WAYS = len(N_BINS) + 3
N_CUTS = 24
N_DIFFERENCES = 16
MOST_CLASSES = 16
MAX_ROWS_SCREENED = 1_500
MOST_TAKEN_CLOSER = 12
# What the sums in single precision are good for: below, nothing must decide between equals.
N_DIGITS = 4
# Pairs that tell no more than this beyond the better of the two are not taken closer.
LEAST_GAIN = 0.1
# A difference is one of like quantities: their ranges overlap by a tenth of the wider one.
LEAST_OVERLAP = 0.1
CELLS, SIDES, ORDER, SAME, DIFFERENCE = (
    "their values together",
    "on which sides of two cuts they lie",
    "which is larger",
    "whether they are the same",
    "their difference",
)


@dataclass(frozen=True)
class Label:
    """The label of some rows as centred components: a column per class (the commonest, the rest together), or ranks."""

    classes: IntArray
    components: FloatArray

    def among(self, rows: BoolArray) -> Label:
        """Return the label of some of the rows, centred on them."""
        components = self.components[rows]
        centre = components.sum(axis=0) / max(1, len(components))
        return Label(self.classes[rows], components - centre)

    @property
    def squares(self) -> FloatArray:
        """Sum of the squared components of each row."""
        total: FloatArray = (self.components**2).sum(axis=1)
        return total


@dataclass(frozen=True)
class Read:
    """One way to read a pair: a code for every row of the table, and what it explains in the rows that are searched."""

    way: str
    n_bins: int
    codes: IntArray
    explained: float


def label_of(cells: Cells, scores: FloatArray | None) -> Label:
    """Return the label; `scores` are the classes' ranks where they are bins of a target."""
    if scores is not None:
        values = scores[cells.label]
        return Label(cells.label, (values - values.mean()).reshape(-1, 1))
    counts = np.bincount(cells.label, minlength=cells.n_classes)
    kept = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    place = np.full(cells.n_classes, len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    classes = place[cells.label]
    hot = np.eye(len(kept) + 1)[classes]
    return Label(classes, hot - hot.mean(axis=0))


def best_explained(sums: KeySums) -> float:
    """Return the explained variance at the best smoothing."""
    return max(explained_variance(sums, smoothing) for smoothing in SMOOTHINGS)


def key_sums(codes: IntArray, label: Label) -> KeySums:
    """Return the sums behind P of rows with these codes."""
    n_keys = int(codes.max(initial=0)) + 1
    weights = (np.ones(len(codes)), *label.components.T, label.squares)
    n, *per_key, squares = (np.bincount(codes, weight, n_keys).astype(np.float64) for weight in weights)
    return KeySums(n, (np.array(per_key) ** 2).sum(axis=0), squares)


def screen(cells: Cells, codings: Sequence[Coding], label: Label, searched: BoolArray) -> list[tuple[int, int]]:
    """Return the pairs that tell most beyond the better of the two, at most twelve: places, the smaller first.

    Every pair is counted in 2, 4 and 8 bins, and by which of the two is
    larger, or whether they are the same, in at most 1,500 rows.
    """
    places = np.flatnonzero(searched)
    if len(places) > MAX_ROWS_SCREENED:
        searched = np.zeros_like(searched)
        searched[places[np.linspace(0, len(places) - 1, MAX_ROWS_SCREENED).astype(int)]] = True
    own = label.among(searched)
    explained = np.full((len(cells.names),) * 2, -np.inf)
    single = np.zeros(len(cells.names))
    for coding in codings:
        found = _of_cells(coding.codes[:, searched], coding.sizes, own)
        single = np.maximum(single, np.diag(found))
        explained = np.maximum(explained, found)
    explained = np.maximum(explained, _of_comparisons(cells, searched, own))
    gain = np.round(explained - np.maximum.outer(single, single), N_DIGITS)
    first, second = np.triu_indices(len(cells.names), 1)
    order = np.argsort(-gain[first, second], kind="stable")[:MOST_TAKEN_CLOSER]
    return [
        (int(first[place]), int(second[place])) for place in order if gain[first[place], second[place]] >= LEAST_GAIN
    ]


def _of_cells(codes: IntArray, sizes: IntArray, label: Label) -> FloatArray:
    """Return P of every pair's cells, shape (n_columns, n_columns); on the diagonal that of the column itself.

    Rows per cell of all pairs at once: the products of the columns' one-hot
    codes, class by class.
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    hot = np.zeros((codes.shape[1], int(sizes.sum())), dtype=np.float32)
    hot[np.arange(len(hot))[:, None], (codes + starts[:, None]).T] = 1
    is_number = label.components.shape[1] == 1
    found = _of_target(hot, label.components[:, 0]) if is_number else _of_classes(hot, label)
    return _pooled(found, starts, float(label.squares.sum()), len(label.classes))


def _of_target(hot: NDArray[np.float32], target: FloatArray) -> KeySums:
    """Return the sums of a target, cell by cell: a matrix times itself takes half as long as times another one."""
    lowest = float(target.min())
    roots = [np.sqrt(weights).astype(np.float32) for weights in (np.ones_like(target), target - lowest, target**2)]
    weighted = [hot * root[:, None] for root in roots]
    n, above, squares = (np.asarray(cells.T @ cells, dtype=np.float64) for cells in weighted)
    return KeySums(n, (above + lowest * n) ** 2, squares)


def _of_classes(hot: NDArray[np.float32], label: Label) -> KeySums:
    """Return the sums of `class_sums`, cell by cell, without holding the counts of all classes at a time."""
    shares = np.bincount(label.classes) / max(1, len(label.classes))
    n, squared, with_shares = np.zeros((3, hot.shape[1], hot.shape[1]))
    for number in np.flatnonzero(shares).tolist():
        own = hot[label.classes == number]
        counts = np.asarray(own.T @ own, dtype=np.float64)
        n += counts
        squared += counts**2
        with_shares += counts * shares[number]
    total = float((shares**2).sum())
    return KeySums(n, squared - 2 * n * with_shares + n**2 * total, n + n * total - 2 * with_shares)


def _pooled(sums: KeySums, starts: IntArray, total: float, n_rows: int) -> FloatArray:
    """Return P of every block of cells, as `explained_variance` does of one."""
    if n_rows < 2 or total <= 0:
        return np.zeros((len(starts),) * 2)
    scale = total * (n_rows / (n_rows - 1)) ** 2
    found = []
    for smoothing in SMOOTHINGS:
        errors = np.add.reduceat(np.add.reduceat(squared_errors(sums, smoothing), starts, axis=0), starts, axis=1)
        found.append(1 - errors / scale)
    best: FloatArray = np.max(found, axis=0)
    return best


def _of_comparisons(cells: Cells, searched: BoolArray, label: Label) -> FloatArray:
    """Return P of which cell of a pair is larger, or of whether they are the same; of unlike kinds minus infinity."""
    values, n_columns = cells.values[:, searched], len(cells.names)
    known = ~np.isnan(values)
    weights = np.column_stack([np.ones(values.shape[1]), label.components, label.squares]).astype(np.float32)
    found = np.full((n_columns, n_columns), -np.inf)
    for i in range(n_columns - 1):
        others = np.flatnonzero(cells.is_ordered[i + 1 :] == cells.is_ordered[i]) + i + 1
        both = known[others] & known[i]
        same = values[others] == values[i]
        parts = [same, both & (values[others] < values[i])] if cells.is_ordered[i] else [same]
        sums = [part.astype(np.float32) @ weights for part in (*parts, both)]
        rest = sums[-1] - sum(sums[:-1])
        unknown = weights.sum(axis=0) - sums[-1]
        by_key = np.stack([*sums[:-1], rest, unknown], axis=1).astype(np.float64)
        found[i, others] = _explained_by(by_key, float(label.squares.sum()), values.shape[1])
    return found


def _explained_by(sums: FloatArray, total: float, n_rows: int) -> FloatArray:
    """Return P of several codings from their sums, shape (n_codings, n_keys, 1 + n_components + 1).

    The last axis holds rows, sums of the components, and sums of squares.
    """
    if n_rows < 2 or total <= 0:
        return np.zeros(len(sums))
    keyed = KeySums(sums[..., 0], (sums[..., 1:-1] ** 2).sum(axis=-1), sums[..., -1])
    scale = total * (n_rows / (n_rows - 1)) ** 2
    found: FloatArray = np.max([1 - squared_errors(keyed, a).sum(axis=-1) / scale for a in SMOOTHINGS], axis=0)
    return found


def best_read(
    cells: Cells, label: Label, searched: BoolArray, codings: Sequence[Coding], pair: tuple[int, int]
) -> Read:
    """Return the way to read a pair that explains most of the rows that are searched; of two alike the first."""
    own = label.among(searched)
    found = [
        Read(way, n_bins, codes, round(best_explained(key_sums(codes[searched], own)), 9))
        for way, n_bins, codes in _ways(cells, label, searched, codings, pair)
    ]
    return max(found, key=lambda read: read.explained)


def _ways(
    cells: Cells, label: Label, searched: BoolArray, codings: Sequence[Coding], pair: tuple[int, int]
) -> Iterator[tuple[str, int, IntArray]]:
    first, second = cells.values[pair[0]], cells.values[pair[1]]
    missing = np.isnan(first) | np.isnan(second)
    if cells.is_ordered[list(pair)].all():
        learnt_on = searched & ~missing
        yield SIDES, 2, np.where(missing, 4, _sides(first, second, learnt_on, label.among(learnt_on)))
        yield ORDER, 0, np.where(missing, 3, 1 + (first > second).astype(np.int64) - (first < second))
        if _are_alike(first[searched & ~missing], second[searched & ~missing]):
            apart = first / 2 - second / 2  # halved, since a difference may be more than a double holds
            ends = cuts(apart[~missing], N_DIFFERENCES)
            yield (
                DIFFERENCE,
                N_DIFFERENCES,
                np.where(missing, N_DIFFERENCES, np.searchsorted(ends, apart)).astype(np.int64),
            )
    elif not cells.is_ordered[list(pair)].any():
        yield SAME, 0, np.where(missing, 2, first == second).astype(np.int64)
    for coding in codings:
        yield CELLS, coding.n_bins, coding.codes[pair[0]] * coding.sizes[pair[1]] + coding.codes[pair[1]]


def _are_alike(first: FloatArray, second: FloatArray) -> bool:
    if not len(first):
        return False
    first, second = first / 2, second / 2
    overlap = min(first.max(), second.max()) - max(first.min(), second.min())
    return bool(overlap > LEAST_OVERLAP * max(np.ptp(first), np.ptp(second)))


def _sides(first: FloatArray, second: FloatArray, learnt_on: BoolArray, label: Label) -> IntArray:
    """Return on which side of two cuts the cells of each row lie, 0 to 3: the two cuts that explain most.

    Of 24 each over the whole range, and then of 24 each around the best.

    Parameters
    ----------
    label : Label
        Of the rows that cuts are learnt on.
    """
    learnt = first[learnt_on], second[learnt_on]
    ends = [cuts(values, N_CUTS) for values in learnt]
    places = (0, 0)
    for is_fine in (False, True):
        if is_fine:
            ends = [_around(*known) for known in zip(learnt, ends, places, strict=True)]
        if not (len(ends[0]) and len(ends[1])):
            return np.zeros(len(first), dtype=np.int64)
        places = _best_cuts(learnt, ends, label)
    high = first > ends[0][places[0]], second > ends[1][places[1]]
    return np.asarray(2 * high[0] + high[1], dtype=np.int64)


def _around(values: FloatArray, ends: FloatArray, place: int) -> FloatArray:
    """Return cuts between the neighbours of a cut."""
    low = ends[place - 1] if place > 0 else -np.inf
    high = ends[place + 1] if place + 1 < len(ends) else np.inf
    return cuts(values[(values > low) & (values <= high)], N_CUTS)


def _best_cuts(learnt: tuple[FloatArray, FloatArray], ends: Sequence[FloatArray], label: Label) -> tuple[int, int]:
    """Return the places of the two cuts whose four quarters explain most: sums of all quarters from one table."""
    bins = [np.searchsorted(cut, values) for cut, values in zip(ends, learnt, strict=True)]
    shape = (len(ends[0]) + 1, len(ends[1]) + 1)
    flat = bins[0] * shape[1] + bins[1]
    weights = (np.ones(len(flat)), *label.components.T, label.squares)
    cells = np.stack([np.bincount(flat, weight, shape[0] * shape[1]).reshape(shape) for weight in weights], axis=-1)
    below = cells.cumsum(axis=0).cumsum(axis=1)
    both_low, first_low, second_low = below[:-1, :-1], below[:-1, -1:], below[-1:, :-1]
    rest = below[-1, -1] - first_low - second_low + both_low
    quarters = np.stack([both_low, first_low - both_low, second_low - both_low, rest], axis=2)
    explained = _explained_by(quarters.reshape(-1, 4, len(weights)), float(label.squares.sum()), len(flat))
    return divmod(int(np.round(explained, 9).argmax()), len(ends[1]))
