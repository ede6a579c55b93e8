"""The levels of a few columns, or pairs of columns, counted in train and beside another split, over all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


SHARE_OF_COPIES = 0.02


@dataclass(frozen=True)
class LevelOverlap:
    """The levels of a column (or pair) in train and another split, over all rows that have one.

    Attributes
    ----------
    n_rows, n_rows_shared : int
        Rows of the split, and those whose level has rows in train.
    n_rows_expected : float
        The same, were the rows of train and the split dealt at random: exact, by the size of every level.
    n_levels, n_levels_shared : int
        Levels of the split, and those that have rows in train.
    """

    n_rows: int
    n_rows_shared: int
    n_rows_expected: float
    n_levels: int
    n_levels_shared: int


@dataclass(frozen=True)
class Levels:
    """Rows of train that have a level, different levels, rows of the largest, and what other splits share.

    `n_different_rows` are the rows of train with a level of which none repeats another, label included.
    """

    n_rows: int
    n_levels: int
    n_largest: int
    n_different_rows: int
    overlaps: Mapping[str, LevelOverlap] = field(default_factory=dict)


def count_levels(facts: Facts, columns: Sequence[Sequence[str]]) -> list[Levels]:
    """Return the counts of each column or pair; one statement for train, and one per other split."""
    if not columns:
        return []
    overlaps: list[dict[str, LevelOverlap]] = [{} for _ in columns]
    for split in facts.other_splits:
        absent = facts.dataset.relations[split].absent
        there = {i: names for i, names in enumerate(columns) if not absent.intersection(names)}
        for i, overlap in _count_overlaps(facts, split, there).items():
            overlaps[i][split] = overlap
    counts = _count_train(facts, columns)
    return [replace(found, overlaps=overlap) for found, overlap in zip(counts, overlaps, strict=True)]


def _keys(facts: Facts, columns: Sequence[str]) -> list[str]:
    return [facts.dataset.sql_name(name) for name in columns]


def _count_train(facts: Facts, columns: Sequence[Sequence[str]]) -> list[Levels]:
    parts = []
    for i, names in enumerate(columns):
        keys = _keys(facts, names)
        known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        grouped = f"SELECT count(*) AS n FROM train WHERE {known} GROUP BY {', '.join(keys)}"
        parts.append(f"SELECT {i} AS i, sum(n) AS rows_in, count(*) AS levels, max(n) AS largest FROM ({grouped})")
    found = {int(i): counts for i, *counts in facts.dataset.engine.rows(" UNION ALL ".join(parts))}
    n_rows = [int(found[i][0] or 0) for i in range(len(columns))]
    n_different = _count_different(facts, columns) if has_copies(facts) else n_rows
    return [Levels(n_rows[i], int(found[i][1]), int(found[i][2] or 0), n_different[i]) for i in range(len(columns))]


def has_copies(facts: Facts) -> bool:
    """Return whether so many rows of train repeat another that its levels may be those of copies."""
    if not facts.features:
        return False
    repeats = facts.repeats["train"]
    return repeats.n_distinct_rows < (1 - SHARE_OF_COPIES) * repeats.n_rows


def _count_different(facts: Facts, columns: Sequence[Sequence[str]]) -> list[int]:
    _ = facts.row_hashes
    counts = ", ".join(
        f"count_if({' AND '.join(f'{key} IS NOT NULL' for key in _keys(facts, names))}) AS n{i}"
        for i, names in enumerate(columns)
    )
    first = "SELECT min(row) AS row FROM hash_train GROUP BY features, y"
    found = facts.dataset.engine.rows(f"SELECT {counts} FROM train JOIN ({first}) USING (row)")[0]
    return [int(n) for n in found]


def _count_overlaps(facts: Facts, split: str, columns: Mapping[int, Sequence[str]]) -> dict[int, LevelOverlap]:
    """Group the rows of train and a split by level, and count the levels by their sizes."""
    parts = []
    for i, names in columns.items():
        keys = _keys(facts, names)
        listed, known = ", ".join(keys), " AND ".join(f"{key} IS NOT NULL" for key in keys)
        both = (
            f"SELECT {listed}, 0 AS there FROM train WHERE {known} "
            f"UNION ALL SELECT {listed}, 1 AS there FROM {split} WHERE {known}"
        )
        sizes = f"SELECT count(*) AS size, sum(there) AS there FROM ({both}) GROUP BY {listed}"
        parts.append(
            f"SELECT {i} AS i, size, count(*) AS n, count_if(there > 0) AS n_there, "
            f"count_if(there > 0 AND there < size) AS n_shared, sum(there) AS rows_there, "
            f"coalesce(sum(there) FILTER (there < size), 0) AS rows_shared FROM ({sizes}) GROUP BY size"
        )
    if not parts:
        return {}
    names_of = ("i", "size", "n", "n_there", "n_shared", "rows_there", "rows_shared")
    arrays = facts.dataset.engine.arrays(" UNION ALL ".join(parts))
    table = {name: np.asarray(arrays[name], dtype=np.float64) for name in names_of}
    found = {}
    for i in columns:
        mine = {name: values[table["i"] == i] for name, values in table.items()}
        found[i] = LevelOverlap(
            n_rows=int(mine["rows_there"].sum()),
            n_rows_shared=int(mine["rows_shared"].sum()),
            n_rows_expected=expected_shared(mine["size"], mine["n"], int(mine["rows_there"].sum())),
            n_levels=int(mine["n_there"].sum()),
            n_levels_shared=int(mine["n_shared"].sum()),
        )
    return found


def expected_shared(size: NDArray[np.float64], n_levels: NDArray[np.float64], n_rows: int) -> float:
    """Return how many rows of a split have a level in train too, on average over all ways to deal the rows.

    A level of s of N rows lies wholly in the split of m rows with the hypergeometric probability
    C(N - s, m - s) / C(N, m), and then none of its rows is shared.

    Parameters
    ----------
    size, n_levels : array of shape (n_sizes,)
        Sizes of levels over train and the split, and how many levels have each.
    n_rows : int
        Rows of the split, m.

    >>> expected_shared(np.array([2.0]), np.array([1.0]), 1)
    1.0
    >>> round(expected_shared(np.array([1.0, 2.0]), np.array([2.0, 1.0]), 2), 3)  # of 4 rows: 2 (1/2 - 1/6)
    0.667
    """
    from scipy.special import gammaln

    n_all = float((size * n_levels).sum())
    fits = size <= n_rows
    s = size[fits]
    log_within = gammaln(n_all - s + 1) - gammaln(n_rows - s + 1) - gammaln(n_all + 1) + gammaln(n_rows + 1)
    return float(n_rows - (n_levels[fits] * s * np.exp(log_within)).sum())
