"""Every row with its stratum, its draw and what it hangs together with, set down in the engine once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.engine.draw import draw_expression
from dataaudit.measure.sample import as_number
from dataaudit.resplit.joining import join_all
from dataaudit.resplit.strata import Strata
from dataaudit.resplit.twins import EQUAL, NEAR

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import ColumnInfo

IntArray = NDArray[np.int64]

ROWS, MERGED = "split_rows", "split_merged"


@dataclass(frozen=True)
class Units:
    """Rows of every stratum in every unit of more than one row, in the order of the units' first rows.

    `row_of` is that first row; `strata` and `n_rows`, with `unit` (a place in `row_of`), say how many rows are of
    which stratum.
    """

    row_of: IntArray
    unit: IntArray
    strata: IntArray
    n_rows: IntArray

    def sizes(self) -> IntArray:
        """Return the rows of each unit."""
        return np.bincount(self.unit, weights=self.n_rows, minlength=len(self.row_of)).astype(np.int64)


def write_rows_of(
    facts: Facts, strata: Strata, groups: tuple[ColumnInfo, ...], time: ColumnInfo | None, seed: int
) -> None:
    """Create `split_rows` (row, stratum, draw, anchor, and at where time decides) and `split_merged` (anchor, unit).

    Rows that belong together have an anchor in common, the first row of their group or of their heap of twins, or
    anchors that `split_merged` gives the same unit. A row with no anchor is on its own.
    """
    engine = facts.dataset.engine
    links = _write_groups(facts, groups)
    joined = [f"LEFT JOIN split_group_{i} AS g{i} ON g{i}.v = t.{cell}" for i, cell in enumerate(links)]
    joined += [
        f"LEFT JOIN {EQUAL} AS e ON e.row = t.row",
        f"LEFT JOIN {NEAR} AS n ON n.first = coalesce(e.first, t.row)",
    ]
    firsts = [f"g{i}.first" for i in range(len(links))] + ["coalesce(n.unit, e.first)"]
    named = ", ".join(f"{first} AS f{i}" for i, first in enumerate(firsts))
    at = "" if time is None else f", {as_number('t.' + facts.dataset.sql_name(time.name), time.kind)} AS at"
    engine.run(
        f"CREATE TEMP TABLE {ROWS} AS SELECT t.row AS row, CAST({strata.expression} AS INTEGER) AS stratum, "
        f"{draw_expression(seed, 't.row')} AS draw, coalesce({', '.join([*firsts, 'NULL'])}) AS anchor, {named}{at} "
        f"FROM {strata.source} {' '.join(joined)}"
    )
    edges = [
        engine.arrays(f"SELECT DISTINCT anchor, f{i} AS other FROM {ROWS} WHERE f{i} <> anchor")
        for i in range(1, len(firsts))
    ]
    starts = np.concatenate(
        [np.empty(0, dtype=np.int64), *(np.asarray(one["anchor"], dtype=np.int64) for one in edges)]
    )
    ends = np.concatenate([np.empty(0, dtype=np.int64), *(np.asarray(one["other"], dtype=np.int64) for one in edges)])
    merged = join_all(starts, ends)
    table_of(engine, MERGED, {"anchor": merged.nodes, "unit": merged.units})


def read_units(facts: Facts) -> Units:
    """Count the rows of every stratum in every unit."""
    found = facts.dataset.engine.arrays(
        f"SELECT coalesce(m.unit, r.anchor) AS unit, stratum, count(*) AS n FROM {ROWS} AS r "
        f"LEFT JOIN {MERGED} AS m ON m.anchor = r.anchor WHERE r.anchor IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    rows, unit = np.unique(np.asarray(found["unit"], dtype=np.int64), return_inverse=True)
    return Units(
        row_of=rows,
        unit=unit.astype(np.int64),
        strata=np.asarray(found["stratum"], dtype=np.int64),
        n_rows=np.asarray(found["n"], dtype=np.int64),
    )


def count_single(facts: Facts, n_strata: int) -> IntArray:
    """Return the rows of every stratum that are on their own."""
    counts = np.zeros(n_strata, dtype=np.int64)
    for stratum, n in facts.dataset.engine.rows(
        f"SELECT stratum, count(*) FROM {ROWS} WHERE anchor IS NULL GROUP BY stratum"
    ):
        counts[int(stratum)] = int(n)
    return counts


def _write_groups(facts: Facts, groups: tuple[ColumnInfo, ...]) -> list[str]:
    """Create `split_group_<i>` (v, first): the groups of more than one row; return the columns' names in statements."""
    cells = [facts.dataset.sql_name(group.name) for group in groups]
    for i, cell in enumerate(cells):
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE split_group_{i} AS SELECT {cell} AS v, min(row) AS first FROM train "
            f"WHERE {cell} IS NOT NULL GROUP BY {cell} HAVING count(*) > 1"
        )
    return cells
