"""Pairs of rows that nearly agree, searched more thoroughly than an audit does: what is missed here, an audit may find.

What counts as near is what LEAK002 will take for near in the parts: the smaller the training part, the wider the
tolerance, since chance brings fewer rows together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.near_rows.bands import choose_bands
from dataaudit.measure.near_rows.closeness import TOLERANCES, Closeness, measure_closeness
from dataaudit.measure.near_rows.overlaps import Matching, choose_matching

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]

# The scales of columns, and with them the tolerance, come out a little otherwise in a part of the rows.
MARGIN = 1.1
SHARE_OF_TRAIN = 0.8
# LEAK002 tells of near rows where there are so many times as many as chance would bring.
CHANCE_FACTOR = 20.0
# Rows that share a key are compared with so many neighbours at most, in all so many pairs.
MOST_NEIGHBOURS, LEAST_NEIGHBOURS = 48, 4
MOST_PAIRS = 6_000_000
# Were more rows to share a coarse key, the table is too coarse, or too large, to tell twins from neighbours.
MAX_ROWS_COMPARED = 1_000_000
N_FINEST = 2
COLUMNS_PER_STATEMENT = 200


@dataclass(frozen=True)
class NearPairs:
    """Rows that nearly agree, as pairs; not `was_possible` where so many rows are so much alike that none is told."""

    starts: IntArray
    ends: IntArray
    was_possible: bool = True


NONE = NearPairs(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def find_near(facts: Facts, n_train: int, equal: str) -> NearPairs:
    """Return the pairs, if there are more than chance explains.

    Parameters
    ----------
    facts : Facts
        Of one table, its only split.
    n_train : int
        About as many rows as a part will have that models are trained on.
    equal : str
        A table (row, first) of rows that are equal to another: of these only the first is looked at.
    """
    columns = measure_closeness(facts)
    if not columns:
        return NONE
    n_expected = max(2, int(n_train * SHARE_OF_TRAIN))
    matching = choose_matching(columns, n_expected)
    if not _write_candidates(facts, columns, choose_bands(columns, n_expected), equal):
        return replace(NONE, was_possible=False)
    found = _compare(facts, columns, matching)
    facts.dataset.engine.run("DROP TABLE split_candidates")
    n_matched = len(np.unique(np.concatenate([found.starts, found.ends])))
    by_chance = matching.chance * CHANCE_FACTOR * facts.dataset.relations["train"].n_rows
    return found if n_matched > by_chance else NONE


def _write_candidates(
    facts: Facts, columns: Sequence[Closeness], bands: Sequence[Sequence[Closeness]], equal: str
) -> bool:
    """Create `split_candidates` (row, twin): neighbours among rows that share a key; False if those are too many."""
    engine = facts.dataset.engine
    ordered = sorted(
        (column for column in columns if column.is_ordered), key=lambda column: (-column.bits, column.column)
    )
    finest = [column.number("") for column in ordered[:N_FINEST]]
    keys = [f"hash({', '.join(column.grid() for column in band)})" for band in bands]
    named = ", ".join(
        [f"{key} AS k{i}" for i, key in enumerate(keys)] + [f"{one} AS f{i}" for i, one in enumerate(finest)]
    )
    engine.run(
        f"CREATE TEMP TABLE split_keys AS SELECT row, {named} FROM train "
        f"ANTI JOIN (SELECT row FROM {equal} WHERE row <> first) AS later USING (row)"
    )
    shared = [f"SELECT k{i} AS k FROM split_keys GROUP BY k{i} HAVING count(*) > 1" for i in range(len(bands))]
    counted = [
        int(engine.rows(f"SELECT count(*) FROM split_keys WHERE k{i} IN ({one})")[0][0]) for i, one in enumerate(shared)
    ]
    if max(counted) > MAX_ROWS_COMPARED:
        engine.run("DROP TABLE split_keys")
        return False
    n_near = int(np.clip(MOST_PAIRS / max(1, sum(counted)), LEAST_NEIGHBOURS, MOST_NEIGHBOURS))
    # Rows that nearly agree stand side by side by their other keys, or by a number of many values.
    orders = [[f"k{other}" for other in range(len(bands)) if other != i] for i in range(len(bands))]
    parts = [
        _neighbours(i, one, n_near, [*order, "row"])
        for i, one in enumerate(shared)
        for order in (orders[i], *([f"f{place}"] for place in range(len(finest))))
    ]
    engine.run(f"CREATE TEMP TABLE split_candidates AS {' UNION '.join(parts)}")
    engine.run("DROP TABLE split_keys")
    return True


def _neighbours(band: int, shared: str, n_near: int, order: Sequence[str]) -> str:
    """Return SQL of the pairs within runs of rows of one key."""
    runs = (
        f"SELECT k{band} AS k, row, CAST(floor(row_number() OVER (PARTITION BY k{band} ORDER BY {', '.join(order)}) "
        f"/ {n_near}.0) AS BIGINT) AS run FROM split_keys WHERE k{band} IN ({shared})"
    )
    return (
        f"SELECT a.row AS row, b.row AS twin FROM ({runs}) AS a JOIN ({runs}) AS b "
        "ON a.k = b.k AND a.run = b.run AND b.row < a.row"
    )


def _compare(facts: Facts, columns: Sequence[Closeness], matching: Matching) -> NearPairs:
    """Return the candidates that nearly agree."""
    engine = facts.dataset.engine
    cells = ", ".join(column.cell for column in columns)
    engine.run(
        f"CREATE TEMP TABLE split_compared AS SELECT row, {cells} FROM train WHERE row IN "
        "(SELECT row FROM split_candidates UNION SELECT twin AS row FROM split_candidates)"
    )
    by_change = "" if matching.n_changed is None else f" OR n_changed <= {matching.n_changed}"
    tables = ["split_candidates"]
    for i, part in enumerate(chunks(columns, COLUMNS_PER_STATEMENT)):
        off = " + ".join(column.is_off(matching.tolerance * MARGIN) for column in part)
        changed = " + ".join(column.is_off(TOLERANCES[-1]) for column in part)
        before = ("0", "0") if i == 0 else ("c.n_off", "c.n_changed")
        # A pair that is too far apart in some columns is compared in no further ones.
        engine.run(
            f"CREATE TEMP TABLE split_near_{i} AS SELECT * FROM (SELECT c.row AS row, c.twin AS twin, "
            f"{before[0]} + {off} AS n_off, {before[1]} + {changed} AS n_changed FROM {tables[-1]} AS c "
            f"JOIN split_compared AS o ON o.row = c.row JOIN split_compared AS t ON t.row = c.twin) AS p "
            f"WHERE n_off <= {matching.n_off}{by_change}"
        )
        tables.append(f"split_near_{i}")
    found = engine.arrays(f"SELECT row, twin FROM {tables[-1]} ORDER BY row, twin")
    for table in (*tables[1:], "split_compared"):
        engine.run(f"DROP TABLE {table}")
    return NearPairs(np.asarray(found["row"], dtype=np.int64), np.asarray(found["twin"], dtype=np.int64))
