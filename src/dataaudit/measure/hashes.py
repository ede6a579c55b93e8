"""Row hashes: one 64-bit number per row over its features, kept in the engine with the label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.engine.base import chunks
from dataaudit.measure.labels import label_expression
from dataaudit.measure.rows import require_features
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

COLUMNS_PER_HASH = 100


def measure_row_hashes(facts: Facts) -> dict[str, str]:
    """Create `hash_<split>` (row, features, shared, y) for every split and return a content fingerprint of each.

    `shared` leaves out the columns that a split lacks, so that rows can still
    be matched across splits; it equals `features` where no split lacks any.

    The fingerprint adds up the rows' hashes modulo 2^64, so the order of rows
    does not change it; columns are taken by name, so neither does theirs. With
    64 bits two of ten million different rows collide with a chance of 3 in a
    million.
    """
    require_features(facts)
    fingerprints = {}
    everywhere = [name for name in _names(facts) if not _is_absent_somewhere(facts, name)]
    features, shared = _hash(facts, _names(facts)), _hash(facts, everywhere or _names(facts))
    for split in facts.dataset.relations:
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE hash_{split} AS SELECT row, {features} AS features, {shared} AS shared, "
            f"{_label(facts, split)} AS y FROM {split}"
        )
        total = facts.dataset.engine.rows(
            f"SELECT sum(CAST(hash(features, y) AS HUGEINT)) % 18446744073709551616 FROM hash_{split}"
        )[0][0]
        fingerprints[split] = f"{int(total):016x}"
    return fingerprints


def _names(facts: Facts) -> list[str]:
    return sorted(column.name for column in facts.features)


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
    if facts.label in facts.dataset.relations[split].absent:
        return "CAST(NULL AS DOUBLE)" if facts.info.task is Task.REGRESSION else "CAST(NULL AS VARCHAR)"
    label = label_expression(facts.dataset)
    return label if facts.info.task is Task.REGRESSION else f"CAST({label} AS VARCHAR)"
