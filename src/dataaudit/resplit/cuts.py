"""Exactly so many rows of every stratum in each part, drawn in two scans whatever the number of rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.engine.draw import MASK
from dataaudit.resplit.rows import ROWS

if TYPE_CHECKING:
    from dataaudit.engine.base import Engine

IntArray = NDArray[np.int64]

TABLE = "split_cuts"
DRAW_BITS = 31
# Rows that share a bucket of draws are ranked in memory; buckets of all strata together are counted in memory.
ROWS_PER_BUCKET = 256
MOST_BUCKETS = 1 << 20


def write_cuts(engine: Engine, wanted: IntArray, n_rows: int) -> str:
    """Create `split_cuts` and return SQL of the part of a single row, over `r` (`split_rows`) and `c` (this table).

    Parameters
    ----------
    engine : Engine
    wanted : array, shape (parts, strata)
        Rows on their own that each part gets.
    n_rows : int
        Of the whole table.
    """
    n_parts, n_strata = wanted.shape
    ends = np.cumsum(wanted, axis=0)[:-1]
    found = _find(engine, ends, n_rows)
    columns: dict[str, IntArray] = {"stratum": np.arange(n_strata)}
    for cut in range(n_parts - 1):
        columns[f"draw_{cut}"] = found[:, cut, 0]
        columns[f"row_{cut}"] = found[:, cut, 1]
    table_of(engine, TABLE, columns)
    cases = " ".join(
        f"WHEN r.draw < c.draw_{cut} OR (r.draw = c.draw_{cut} AND r.row < c.row_{cut}) THEN {cut}"
        for cut in range(n_parts - 1)
    )
    return f"CASE {cases} ELSE {n_parts - 1} END"


def _find(engine: Engine, ends: IntArray, n_rows: int) -> IntArray:
    """Return draw and row of the first single row of each stratum behind each cut; shape (strata, cuts, 2)."""
    n_cuts, n_strata = ends.shape
    n_bits = min(16, max(0, math.ceil(math.log2(max(1, n_rows / ROWS_PER_BUCKET)))))
    n_bits = max(0, min(n_bits, math.floor(math.log2(MOST_BUCKETS / max(1, n_strata)))))
    shift = DRAW_BITS - n_bits
    counted = engine.arrays(
        f"SELECT stratum, draw >> {shift} AS bucket, count(*) AS n FROM {ROWS} WHERE unit IS NULL "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    strata, buckets, n = (np.asarray(counted[name], dtype=np.int64) for name in ("stratum", "bucket", "n"))
    found = np.empty((n_strata, n_cuts, 2), dtype=np.int64)
    # Behind the last row.
    found[:] = (MASK + 1, 0)
    places: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for stratum in np.unique(strata):
        mine = strata == stratum
        above = np.cumsum(n[mine])
        for cut, end in enumerate(ends[:, stratum]):
            if end < above[-1]:
                place = int(np.searchsorted(above, end, side="right"))
                before = int(above[place - 1]) if place else 0
                key = (int(stratum), int(buckets[mine][place]))
                places.setdefault(key, []).append((cut, int(end) - before))
    _rank(engine, places, shift, found)
    return found


def _rank(engine: Engine, places: dict[tuple[int, int], list[tuple[int, int]]], shift: int, found: IntArray) -> None:
    """Look into the buckets in which a cut lies, and write down the row at its rank."""
    if not places:
        return
    keys = np.array(sorted(places), dtype=np.int64)
    table_of(engine, "split_buckets", {"stratum": keys[:, 0], "bucket": keys[:, 1]})
    rows = engine.arrays(
        f"SELECT b.stratum AS stratum, b.bucket AS bucket, r.draw AS draw, r.row AS row FROM {ROWS} AS r "
        f"JOIN split_buckets AS b ON b.stratum = r.stratum AND b.bucket = r.draw >> {shift} "
        "WHERE r.unit IS NULL ORDER BY 1, 2, 3, 4"
    )
    strata, buckets, draws, numbers = (
        np.asarray(rows[name], dtype=np.int64) for name in ("stratum", "bucket", "draw", "row")
    )
    starts = {
        key: place for place, key in reversed(list(enumerate(zip(strata.tolist(), buckets.tolist(), strict=True))))
    }
    for key, cuts in places.items():
        for cut, rank in cuts:
            place = starts[key] + rank
            found[key[0], cut] = (draws[place], numbers[place])
