"""Equal rows that chance explains: in a coarse table, rows are alike without being copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.engine.base import chunks
from dataaudit.measure.near_rows.closeness import measure_closeness

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

COLUMNS_PER_STATEMENT = 20
# Were the columns independent, so many further rows like it would be expected. Columns that depend on one another
# bring more, so chance is rather underrated, and rows are rather kept together.
EXPECTED_BY_CHANCE = 1.0
# Of all rows; to keep fewer together does no harm.
FEWEST_COMMON = 0.05
TABLE = "split_common"


def find_common(facts: Facts) -> int:
    """Create `split_common` (features): hashes of rows that chance alone would repeat; return how many rows they are.

    `alike_train` must be there.
    """
    engine = facts.dataset.engine
    n_rows = facts.dataset.relations["train"].n_rows
    n_alike = int(engine.rows("SELECT count(*) FROM alike_train")[0][0])
    if not n_alike or not _can_be_common(facts, n_rows):
        engine.run(f"CREATE TEMP TABLE {TABLE} AS SELECT features FROM alike_train WHERE false")
        return 0
    firsts = "SELECT features, min(row) AS row, count(*) AS n FROM alike_train GROUP BY features HAVING count(*) > 1"
    engine.run(f"CREATE TEMP TABLE split_weighed AS SELECT features, row, n, 0.0e0 AS weight FROM ({firsts})")
    columns = [facts.dataset.sql_name(column.name) for column in facts.features]
    for part in chunks(columns, COLUMNS_PER_STATEMENT):
        _weigh(facts, part, n_rows)
    least = float(np.log(EXPECTED_BY_CHANCE / n_rows))
    engine.run(f"CREATE TEMP TABLE {TABLE} AS SELECT features FROM split_weighed WHERE weight > {least!r}")
    engine.run("DROP TABLE split_weighed")
    found = engine.rows(f"SELECT count(*) FROM alike_train WHERE features IN (SELECT features FROM {TABLE})")
    n_common = int(found[0][0])
    if 0 < n_common < FEWEST_COMMON * n_rows:
        engine.run(f"DROP TABLE {TABLE}")
        engine.run(f"CREATE TEMP TABLE {TABLE} AS SELECT features FROM alike_train WHERE false")
        return 0
    return n_common


def _can_be_common(facts: Facts, n_rows: int) -> bool:
    """Return whether any row can: were all its cells the commonest of their columns."""
    closeness = measure_closeness(facts)
    # The commonest value's share is at most the root of the chance that two rows agree.
    logs = [0.5 * np.log(column.chance_alike[-1]) for column in closeness]
    return bool(np.log(n_rows) + sum(logs) > 0)


def _weigh(facts: Facts, cells: Sequence[str], n_rows: int) -> None:
    """Add to every weight the logarithm of how common the row's cells are in these columns, its equals left out."""
    engine = facts.dataset.engine
    joined = " ".join(
        f"LEFT JOIN (SELECT {cell} AS v, count(*) AS n FROM train GROUP BY 1) AS n{i} "
        f"ON n{i}.v IS NOT DISTINCT FROM t.{cell}"
        for i, cell in enumerate(cells)
    )
    weights = " + ".join(f"ln((n{i}.n - w.n + 1) / {float(n_rows)!r})" for i in range(len(cells)))
    engine.run(
        f"CREATE TEMP TABLE split_weighed_more AS SELECT w.features AS features, w.row AS row, w.n AS n, "
        f"w.weight + {weights} AS weight FROM split_weighed AS w JOIN train AS t ON t.row = w.row {joined}"
    )
    engine.run("DROP TABLE split_weighed")
    engine.run("ALTER TABLE split_weighed_more RENAME TO split_weighed")
