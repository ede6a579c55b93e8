"""What a column tells of the label among different rows alone: where rows are copied, each is told by its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import (
    BIN_NUMBERS,
    Association,
    KeySums,
    best_association,
    class_sums,
    mid_ranks,
)
from dataaudit.measure.labels import label_expression
from dataaudit.model import Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# Columns that tell less are nobody's suspects.
LEAST_EXPLAINED = 0.5
MAX_COLUMNS = 50
MAX_ROWS = 20_000

IntArray = NDArray[np.int64]


def measure_of_different_rows(facts: Facts) -> dict[str, Association]:
    """Return P of the columns that tell most, over about 20,000 rows of train of which none repeats another.

    Rows that are alike in all features and the label count once. As in `measure_associations` a row is predicted from
    the other rows of its value, or of its bin of equal counts.
    """
    strong = sorted(
        (one for one in facts.associations.values() if one.lower >= LEAST_EXPLAINED), key=lambda one: -one.explained
    )
    names = [one.column for one in strong[:MAX_COLUMNS]]
    if not names:
        return {}
    _ = facts.row_hashes
    listed = ", ".join(f"{_comparable(facts, name)} AS v{i}" for i, name in enumerate(names))
    first = "SELECT min(row) AS row FROM hash_train GROUP BY features, y"
    arrays = facts.dataset.engine.arrays(
        f"SELECT {listed}, {label_expression(facts.dataset)} AS y, row "
        f"FROM {facts.sample.some_rows(MAX_ROWS)} JOIN ({first}) USING (row) ORDER BY row"
    )
    known = ~np.ma.getmaskarray(arrays["y"])
    sampled = facts.sample.leaves_out(MAX_ROWS)
    found = {}
    for i, name in enumerate(names):
        candidates = _candidates(facts, name, arrays[f"v{i}"][known], np.asarray(arrays["y"][known]))
        best = best_association(name, candidates)
        found[name] = Association(name, best.explained, best.n_rows, best.n_bins, best.smoothing, sampled)
    return found


def _comparable(facts: Facts, name: str) -> str:
    cell = facts.dataset.sql_name(name)
    if facts.info.column(name).kind is Kind.NUMERIC:
        return f"CAST({cell} AS DOUBLE)"
    # Which rows have the same is all that matters: hashes are smaller than texts.
    return f"CASE WHEN {cell} IS NOT NULL THEN hash({cell}) END"


def _candidates(facts: Facts, name: str, cells: NDArray[Any], labels: NDArray[Any]) -> list[tuple[int | None, KeySums]]:
    missing = np.ma.getmaskarray(cells) | np.array([cell != cell for cell in np.ma.filled(cells, 0)], dtype=bool)
    codes = np.zeros(len(cells), dtype=np.int64)
    values, codes[~missing] = np.unique(np.asarray(cells[~missing]), return_inverse=True)
    codings: list[tuple[int | None, IntArray]] = [(None, np.where(missing, len(values), codes))]
    if facts.info.column(name).kind is Kind.NUMERIC:
        sizes = np.bincount(codes[~missing], minlength=len(values))
        middles = (np.cumsum(sizes) - sizes / 2) / max(1, int(sizes.sum()))
        codings = [
            (n, np.where(missing, n, np.append(np.minimum((middles * n).astype(np.int64), n - 1), 0)[codes]))
            for n in BIN_NUMBERS
        ]
    return [(n_bins, sums) for n_bins, keys in codings for sums in _sums(facts, keys, labels)]


def _sums(facts: Facts, keys: IntArray, labels: NDArray[Any]) -> list[KeySums]:
    """Return the sums to explain: classes one-hot, or a target raw and by rank."""
    values, codes = np.unique(labels, return_inverse=True)
    if facts.info.task is not Task.REGRESSION:
        counts = np.zeros((int(keys.max(initial=0)) + 1, len(values)))
        np.add.at(counts, (keys, codes), 1.0)
        return [class_sums(counts, counts.sum(axis=0) / max(1.0, float(counts.sum())))]
    ranks = mid_ranks(np.bincount(codes).astype(np.float64))[codes]
    return [_target_sums(keys, target) for target in (labels.astype(np.float64), ranks)]


def _target_sums(keys: IntArray, target: NDArray[np.float64]) -> KeySums:
    centred = target - target.mean() if len(target) else target
    sums, squares = (np.bincount(keys, weights=weights).astype(np.float64) for weights in (centred, centred**2))
    return KeySums(np.bincount(keys).astype(np.float64), sums**2, squares)
