"""Every row with its stratum, its draw and what it hangs together with, set down in the engine once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.engine.draw import draw_expression
from dataaudit.measure.sample import as_number
from dataaudit.model import Role
from dataaudit.resplit.joining import join_all
from dataaudit.resplit.strata import Strata
from dataaudit.resplit.twins import TABLE as TWINS

if TYPE_CHECKING:
    from dataaudit.engine.base import Engine
    from dataaudit.measure.facts import Facts
    from dataaudit.model import ColumnInfo

IntArray = NDArray[np.int64]

ROWS = "split_rows"


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


@dataclass(frozen=True)
class Group:
    """A column whose values keep rows together: its name in statements, and a table (v, first) of its large groups."""

    column: str
    cell: str
    table: str
    n_large: int


def write_rows_of(
    facts: Facts,
    strata: Strata,
    groups: Sequence[Group],
    time: ColumnInfo | None,
    seed: int,
    *,
    twins: bool = True,
) -> None:
    """Create `split_rows`: row, stratum, draw, unit, and moment where time decides.

    Rows that belong together have a unit in common: the first of all their rows. A row on its own has none. Without
    `twins`, only groups keep rows together.
    """
    engine = facts.dataset.engine
    # A join with a table of no rows has the planner take the result for empty, and hash the larger side of the next.
    linking = [group for group in groups if group.n_large]
    joined = [f"LEFT JOIN {group.table} AS g{i} ON g{i}.v = t.{group.cell}" for i, group in enumerate(linking)]
    firsts = [f"g{i}.first" for i in range(len(joined))]
    if twins:
        joined.append(f"LEFT JOIN {TWINS} AS w ON w.row = t.row")
        firsts.append("w.first")
    named = "".join(f", {first} AS f{i}" for i, first in enumerate(firsts))
    moment = "" if time is None else f", {as_number('t.' + facts.dataset.sql_name(time.name), time.kind)} AS moment"
    engine.run(
        f"CREATE TEMP TABLE {ROWS} AS SELECT t.row AS row, CAST({strata.expression} AS INTEGER) AS stratum, "
        f"{draw_expression(seed, 't.row')} AS draw, coalesce({', '.join([*firsts, 'CAST(NULL AS BIGINT)'])}) AS unit"
        f"{named if len(firsts) > 1 else ''}{moment} FROM {strata.source} {' '.join(joined)}"
    )
    if len(firsts) > 1:
        _join_units(engine, len(firsts), "" if time is None else ", r.moment AS moment")


def _join_units(engine: Engine, n_links: int, moment: str) -> None:
    """Give rows one unit that are linked in several ways, through other rows as well."""
    edges = [
        engine.arrays(f"SELECT DISTINCT unit, f{i} AS other FROM {ROWS} WHERE f{i} <> unit ORDER BY 1, 2")
        for i in range(1, n_links)
    ]
    starts, ends = (
        np.concatenate([np.asarray(one[name], dtype=np.int64) for one in edges]) for name in ("unit", "other")
    )
    if not len(starts):
        return
    joined = join_all(starts, ends)
    table_of(engine, "split_joined", {"unit": joined.nodes, "first": joined.units})
    engine.run(
        f"CREATE TEMP TABLE {ROWS}_joined AS SELECT r.row AS row, r.stratum AS stratum, r.draw AS draw, "
        f"coalesce(j.first, r.unit) AS unit{moment} FROM {ROWS} AS r LEFT JOIN split_joined AS j ON j.unit = r.unit"
    )
    engine.run(f"DROP TABLE {ROWS}")
    engine.run("DROP TABLE split_joined")
    engine.run(f"ALTER TABLE {ROWS}_joined RENAME TO {ROWS}")


def read_units(facts: Facts) -> Units:
    """Count the rows of every stratum in every unit."""
    found = facts.dataset.engine.arrays(
        f"SELECT unit, stratum, count(*) AS n FROM {ROWS} WHERE unit IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
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
        f"SELECT stratum, count(*) FROM {ROWS} WHERE unit IS NULL GROUP BY stratum"
    ):
        counts[int(stratum)] = int(n)
    return counts


def write_groups(facts: Facts) -> list[Group]:
    """Create a table of the groups of more than one row for every declared column of groups."""
    found = []
    for i, column in enumerate(facts.info.with_role(Role.GROUP)):
        cell, table = facts.dataset.sql_name(column.name), f"split_group_{i}"
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE {table} AS SELECT {cell} AS v, min(row) AS first FROM train "
            f"WHERE {cell} IS NOT NULL GROUP BY {cell} HAVING count(*) > 1"
        )
        n_large = int(facts.dataset.engine.rows(f"SELECT count(*) FROM {table}")[0][0])
        found.append(Group(column.name, cell, table, n_large))
    return found
