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
from dataaudit.resplit.near import NONE, NearPairs, find_near

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]

EQUAL, NEAR, TABLE = "split_equal", "split_near", "split_twin"


@dataclass(frozen=True)
class Twins:
    """What was found; the table `split_twin` (row, first) stays in the engine, where there are any twins.

    Attributes
    ----------
    n_equal, n_near : int
        Rows that are kept together with a row equal to them, and with one nearly so.
    n_common : int
        Rows equal to another that are not kept together, since chance explains it.
    n_too_many, n_chained : int
        Rows equal to so many others, and rows that nearly agree with others in so long chains, that they are not kept
        together.
    near_was_possible : bool
        Whether near rows could be told from others.
    n_largest : int
        Rows of the largest heap of equal rows that is kept together.
    """

    n_equal: int = 0
    n_near: int = 0
    n_common: int = 0
    n_too_many: int = 0
    n_chained: int = 0
    near_was_possible: bool = True
    n_largest: int = 0

    @property
    def are_any(self) -> bool:
        """Whether any rows are kept together."""
        return self.n_equal + self.n_near > 0


def find_twins(facts: Facts, near: bool, n_train: int, most_rows: int, most_near: int) -> Twins:
    """Find the rows that belong on one side.

    Parameters
    ----------
    facts : Facts
        Of one table, its only split.
    near : bool
        Whether to look for rows that nearly agree, too.
    n_train : int
        About as many rows as a part will have that models are trained on.
    most_rows, most_near : int
        Larger heaps, of equal rows and of rows that nearly agree, are not kept together.
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
    largest = engine.rows(f"SELECT max(n) FROM {EQUAL}")[0][0]
    pairs = find_near(facts, n_train, EQUAL) if near else NONE
    n_near, n_chained = _join_near(facts, pairs, most_near)
    engine.run(
        f"CREATE TEMP TABLE {TABLE} AS SELECT e.row AS row, coalesce(n.unit, e.first) AS first FROM {EQUAL} AS e "
        f"LEFT JOIN {NEAR} AS n ON n.first = e.first UNION ALL SELECT n.first AS row, n.unit AS first FROM {NEAR} AS n "
        f"ANTI JOIN {EQUAL} AS e ON e.row = n.first"
    )
    return Twins(n_equal, n_near, n_common, int(large or 0), n_chained, pairs.was_possible, int(largest or 0))


def _join_near(facts: Facts, pairs: NearPairs, most_rows: int) -> tuple[int, int]:
    """Create `split_near`; return how many rows are kept together, and how many hang together by too many."""
    joined = join_all(pairs.starts, pairs.ends)
    n_rows = _rows_of_heaps(facts, joined.nodes)
    units, heap = np.unique(joined.units, return_inverse=True)
    sizes = np.bincount(heap, weights=n_rows, minlength=len(units)).astype(np.int64)
    fits = sizes[heap] <= most_rows
    table_of(facts.dataset.engine, NEAR, {"first": joined.nodes[fits], "unit": joined.units[fits]})
    return int(n_rows[fits].sum()), int(n_rows[~fits].sum())


def _rows_of_heaps(facts: Facts, firsts: IntArray) -> IntArray:
    """Return how many rows are equal to each of these, itself included."""
    heaps = facts.dataset.engine.arrays(f"SELECT first, max(n) AS n FROM {EQUAL} GROUP BY first ORDER BY first")
    n_rows = np.ones(len(firsts), dtype=np.int64)
    known = np.asarray(heaps["first"], dtype=np.int64)
    n_rows[np.isin(firsts, known)] = np.asarray(heaps["n"], dtype=np.int64)[np.isin(known, firsts)]
    return n_rows
