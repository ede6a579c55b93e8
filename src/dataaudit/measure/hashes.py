"""Row hashes: one 64-bit number per row over its features, and the few rows whose hash another row shares.

Rows that are like no other need no second look: whatever is asked about
repeats, overlaps and contradictions is asked of the rows that are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.engine.base import chunks
from dataaudit.measure.labels import label_expression
from dataaudit.measure.rows import require_features

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

COLUMNS_PER_HASH = 100


@dataclass(frozen=True)
class AlikeRows:
    """Where the engine keeps the rows whose hash stands more than once, over all splits together.

    Attributes
    ----------
    features, shared : str
        Tables of one row per such hash (`hash`) and its rows in every split (`n_<split>`); `shared`
        leaves out the columns that a split lacks, so that rows can still be matched across splits.
        It is the same table where no split lacks any.

    Notes
    -----
    `alike_<split>` holds the rows themselves: row, features, shared, y (label).
    """

    features: str
    shared: str


def measure_row_hashes(facts: Facts) -> dict[str, str]:
    """Create `hash_<split>` (row, features, shared, y) for every split and return a content fingerprint of each.

    The fingerprint adds up the rows' hashes modulo 2^64, so the order of rows
    does not change it; columns are taken by name, so neither does theirs. With
    64 bits two of ten million different rows collide with a chance of 3 in a
    million. Engines hash alike within themselves, not like one another.
    """
    require_features(facts)
    fingerprints = {}
    shared = f", {_hash(facts, _shared_names(facts))} AS shared" if _is_any_absent(facts) else ""
    for split in facts.dataset.relations:
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE hash_{split} AS SELECT row, {_hash(facts, _names(facts))} AS features{shared}, "
            f"{_label(facts, split)} AS y FROM {split}"
        )
        total = facts.dataset.engine.rows(
            f"SELECT sum(CAST(hash(features, y) AS HUGEINT)) % 18446744073709551616 FROM hash_{split}"
        )[0][0]
        fingerprints[split] = f"{int(total):016x}"
    return fingerprints


def measure_alike_rows(facts: Facts) -> AlikeRows:
    """Group all hashes once, and set the rows apart whose hash stands more than once."""
    _ = facts.row_hashes
    _group(facts, "features", "alike_features")
    alike = AlikeRows("alike_features", "alike_features")
    match = "features IN (SELECT hash FROM alike_features)"
    shared = "features AS shared"
    if _is_any_absent(facts):
        _group(facts, "shared", "alike_shared")
        alike = AlikeRows("alike_features", "alike_shared")
        match += " OR shared IN (SELECT hash FROM alike_shared)"
        shared = "shared"
    for split in facts.dataset.relations:
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE alike_{split} AS SELECT row, features, {shared}, y FROM hash_{split} WHERE {match}"
        )
    return alike


def _group(facts: Facts, column: str, table: str) -> None:
    splits = list(facts.dataset.relations)
    every = " UNION ALL ".join(
        f"SELECT {column} AS hash, {i} AS split FROM hash_{name}" for i, name in enumerate(splits)
    )
    counts = ", ".join(f"count_if(split = {i}) AS n_{name}" for i, name in enumerate(splits))
    facts.dataset.engine.run(
        f"CREATE TEMP TABLE {table} AS SELECT hash, {counts} FROM ({every}) GROUP BY hash HAVING count(*) > 1"
    )


def _names(facts: Facts) -> list[str]:
    return sorted(column.name for column in facts.features)


def _shared_names(facts: Facts) -> list[str]:
    everywhere = [name for name in _names(facts) if not _is_absent_somewhere(facts, name)]
    return everywhere or _names(facts)


def _is_any_absent(facts: Facts) -> bool:
    return _shared_names(facts) != _names(facts)


def _is_absent_somewhere(facts: Facts, name: str) -> bool:
    return any(name in relation.absent for relation in facts.dataset.relations.values())


def _hash(facts: Facts, names: list[str]) -> str:
    parts = [
        f"hash({', '.join(facts.dataset.sql_name(name) for name in run)}, {i})"
        for i, run in enumerate(chunks(names, COLUMNS_PER_HASH))
    ]
    # Not xor: it takes rows whose runs of columns are swapped for alike.
    return parts[0] if len(parts) == 1 else f"hash({', '.join(parts)})"


def _label(facts: Facts, split: str) -> str:
    label = str(facts.info.label)
    if label in facts.dataset.relations[split].absent:
        return f"CAST(NULL AS {facts.dataset.sql_types[label]})"
    return label_expression(facts.dataset)
