"""Counts per category: grouped once per split, the commonest kept, the rest pooled.

The grouped counts stay in the engine as `key_counts_<split>`; only the
commonest keys leave it. What needs every key (unseen values, the association
of a column of a million texts) is asked of those tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.labels import label_select
from dataaudit.measure.sample import CODED_ROLES
from dataaudit.measure.slices import slice_of
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_KEPT_KEYS = 2_000
LONGEST_KEY = 200
MAX_KEPT_CELLS = 400_000
COLUMNS_PER_STATEMENT = 100
MISSING_PLACE, OTHER_PLACE = -1, 0


@dataclass(frozen=True)
class KeyCounts:
    """Grouped counts of the categorical, boolean and text columns.

    Attributes
    ----------
    columns : tuple of str
        Column i has `col = i` in the tables `key_counts_<split>`, whose
        columns are col, key, y (label), n, s and q (target sums).
    kept : tuple of tuple of str
        Each column's commonest keys, by count over all splits and then by text:
        were they those of train alone, every split would look unlike it.
    arrays : mapping of split to arrays
        `col`, `place`, `y`, `n`, `s`, `q` per group; place p > 0 is `kept[p - 1]`,
        0 any other value, -1 a missing cell.
    """

    columns: tuple[str, ...]
    kept: tuple[tuple[str, ...], ...]
    arrays: Mapping[str, Mapping[str, NDArray[Any]]]


def measure_key_counts(facts: Facts) -> KeyCounts:
    """Group every named column of every split by key and label."""
    columns = tuple(
        column.name
        for column in facts.info.with_role(*CODED_ROLES)
        if column.kind in (Kind.CATEGORICAL, Kind.TEXT, Kind.BOOLEAN)
    )
    if not columns:
        return KeyCounts((), (), {})
    for split in facts.dataset.relations:
        _group(facts, split, columns)
    kept = _keep_commonest(facts, len(columns))
    return KeyCounts(columns, kept, {split: _fetch(facts, split) for split in facts.dataset.relations})


def _group(facts: Facts, split: str, columns: tuple[str, ...]) -> None:
    engine = facts.dataset.engine
    engine.run(
        f"CREATE TEMP TABLE key_counts_{split} (col INTEGER, key VARCHAR, y VARCHAR, n BIGINT, s DOUBLE, q DOUBLE)"
    )
    label = label_select(facts, split)
    for run in chunks(list(enumerate(columns)), COLUMNS_PER_STATEMENT):
        cells = [f"CAST({facts.dataset.sql_name(name)} AS VARCHAR)" for _, name in run]
        with slice_of(facts, split, [name for _, name in run]) as relation:
            grouped = engine.count_each(relation, facts.dataset.relations[split].n_rows, cells, label)
            engine.run(f"INSERT INTO key_counts_{split} SELECT col + {run[0][0]}, key, y, n, s, q FROM ({grouped})")


def _keep_commonest(facts: Facts, n_columns: int) -> tuple[tuple[str, ...], ...]:
    engine = facts.dataset.engine
    everywhere = " UNION ALL ".join(f"SELECT col, key, n FROM key_counts_{split}" for split in facts.dataset.relations)
    n_kept = min(MAX_KEPT_KEYS, max(50, MAX_KEPT_CELLS // max(1, len(facts.dataset.classes))))
    engine.run(
        "CREATE TEMP TABLE kept_keys AS SELECT col, key, "
        "row_number() OVER (PARTITION BY col ORDER BY n DESC, key) AS place FROM "
        f"(SELECT col, key, sum(n) AS n FROM ({everywhere}) WHERE key IS NOT NULL GROUP BY ALL) "
        f"QUALIFY place <= {n_kept}"
    )
    kept: list[list[str]] = [[] for _ in range(n_columns)]
    for number, key in engine.rows(f"SELECT col, left(key, {LONGEST_KEY}) FROM kept_keys ORDER BY col, place"):
        kept[number].append(key)
    return tuple(tuple(keys) for keys in kept)


def _fetch(facts: Facts, split: str) -> dict[str, NDArray[Any]]:
    return facts.dataset.engine.arrays(
        "SELECT g.col, "
        f"CASE WHEN g.key IS NULL THEN {MISSING_PLACE} ELSE coalesce(k.place, {OTHER_PLACE}) END AS place, "
        f"g.y, sum(g.n) AS n, sum(g.s) AS s, sum(g.q) AS q FROM key_counts_{split} AS g "
        "LEFT JOIN kept_keys AS k ON g.col = k.col AND g.key = k.key GROUP BY ALL"
    )
