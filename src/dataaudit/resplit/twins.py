"""Rows that are one thing seen twice: equal in all features, or nearly so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.resplit.commonness import TABLE as COMMON
from dataaudit.resplit.commonness import find_common
from dataaudit.resplit.joining import join_all

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.near_rows.overlaps import NearOverlap

IntArray = NDArray[np.int64]

NOTHING = np.empty(0, dtype=np.int64)
EQUAL, NEAR, TABLE = "split_equal", "split_near", "split_twin"
# The rule LEAK002 tells of near twins from here on: fewer are coincidence.
NOT_BY_CHANCE_MIN, CHANCE_FACTOR = 0.5, 20.0


@dataclass(frozen=True)
class Twins:
    """What was found; the table `split_twin` (row, first) stays in the engine, where there are any twins.

    Attributes
    ----------
    n_equal, n_near : int
        Rows that are kept together with a row equal to them, and pairs with one nearly so.
    n_common : int
        Rows equal to another that are not kept together, since chance explains it.
    n_too_many : int
        Rows that hang together by so many others, equal or nearly so, that no part could hold them.
    sampled : bool
        Whether near rows were looked for in a part of the table only.
    """

    n_equal: int = 0
    n_near: int = 0
    n_common: int = 0
    n_too_many: int = 0
    sampled: bool = False

    @property
    def are_any(self) -> bool:
        """Whether any rows are kept together."""
        return self.n_equal + self.n_near > 0


def find_twins(facts: Facts, near: bool, most_rows: int) -> Twins:
    """Find the rows that belong on one side.

    Parameters
    ----------
    facts : Facts
        Of one table, its only split.
    near : bool
        Whether to look for rows that nearly agree, too.
    most_rows : int
        Larger heaps of twins are not kept together.
    """
    if not facts.features:
        return Twins()
    _ = facts.alike_rows
    engine = facts.dataset.engine
    n_common = find_common(facts)
    heaps = "SELECT features, min(row) AS first, count(*) AS n FROM alike_train GROUP BY features HAVING count(*) > 1"
    uncommon = f"SELECT * FROM ({heaps}) AS h WHERE features NOT IN (SELECT features FROM {COMMON})"
    engine.run(
        f"CREATE TEMP TABLE {EQUAL} AS SELECT a.row AS row, h.first AS first, h.n AS n FROM alike_train AS a "
        f"JOIN (SELECT * FROM ({uncommon}) WHERE n <= {most_rows}) AS h ON h.features = a.features"
    )
    n_equal = int(engine.rows(f"SELECT count(*) FROM {EQUAL}")[0][0])
    large = engine.rows(f"SELECT sum(n) FROM ({uncommon}) WHERE n > {most_rows}")[0][0]
    _write_near(facts, NOTHING, NOTHING)
    n_near, n_chained, sampled = _find_near(facts, most_rows) if near else (0, 0, False)
    engine.run(
        f"CREATE TEMP TABLE {TABLE} AS SELECT e.row AS row, coalesce(n.unit, e.first) AS first FROM {EQUAL} AS e "
        f"LEFT JOIN {NEAR} AS n ON n.first = e.first UNION ALL SELECT n.first AS row, n.unit AS first FROM {NEAR} AS n "
        f"ANTI JOIN {EQUAL} AS e ON e.row = n.first"
    )
    return Twins(n_equal, n_near, n_common, int(large or 0) + n_chained, sampled)


def _find_near(facts: Facts, most_rows: int) -> tuple[int, int, bool]:
    """Create `split_near`; return pairs kept together, rows that hang together by too many, and whether in a part."""
    overlap = facts.near_overlaps.get("train")
    if overlap is None or not _is_beyond_chance(overlap):
        return 0, 0, False
    ours, theirs = "coalesce(o.first, p.row)", "coalesce(t.first, p.twin)"
    pairs = facts.dataset.engine.arrays(
        f"SELECT {ours} AS a, {theirs} AS b, coalesce(o.n, 1) AS n_a, coalesce(t.n, 1) AS n_b "
        f"FROM near_pairs_train AS p LEFT JOIN {EQUAL} AS o ON o.row = p.row LEFT JOIN {EQUAL} AS t ON t.row = p.twin "
        f"WHERE {ours} <> {theirs} ORDER BY a, b"
    )
    starts, ends, n_starts, n_ends = (np.asarray(pairs[name], dtype=np.int64) for name in ("a", "b", "n_a", "n_b"))
    joined = join_all(starts, ends)
    n_rows = np.ones(len(joined.nodes), dtype=np.int64)
    n_rows[np.searchsorted(joined.nodes, starts)] = n_starts
    n_rows[np.searchsorted(joined.nodes, ends)] = n_ends
    units, heap = np.unique(joined.units, return_inverse=True)
    sizes = np.bincount(heap, weights=n_rows, minlength=len(units)).astype(np.int64)
    fits = sizes[heap] <= most_rows
    _write_near(facts, joined.nodes[fits], joined.units[fits])
    n_pairs = int(fits[np.searchsorted(joined.nodes, starts)].sum())
    return n_pairs, int(sizes[sizes > most_rows].sum()), overlap.sampled


def _is_beyond_chance(overlap: NearOverlap) -> bool:
    by_chance = overlap.matching.chance * CHANCE_FACTOR
    return overlap.share_not_by_chance >= NOT_BY_CHANCE_MIN and overlap.share_matched > by_chance


def _write_near(facts: Facts, firsts: IntArray, units: IntArray) -> None:
    table_of(facts.dataset.engine, NEAR, {"first": firsts, "unit": units})
