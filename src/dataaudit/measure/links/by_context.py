"""Does what a feature tells hold in every level of a context? Value x class tables per level, and gains compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import grouped, pooled
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.bins import bin_expression
from dataaudit.measure.gains import LEAST_GAIN_TO_BREAK, known_values, regret, smaller_loss
from dataaudit.measure.keys import LONGEST_KEY
from dataaudit.measure.labels import label_select
from dataaudit.measure.sample import as_number
from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_FEATURES = 20
MAX_LEVELS = 20
FEWEST_ROWS = 50


@dataclass(frozen=True)
class TableByContext:
    """Labelled rows of the sample of train by level of a context, value of a feature, and class.

    `counts` has the shape (n_levels, n_keys, n_classes), its keys and classes those of the feature's `ValueTable`;
    listed are the 20 commonest levels of at least 50 rows.
    """

    column: str
    context: str
    levels: tuple[str, ...]
    counts: IntArray
    sampled: bool


@dataclass(frozen=True)
class ContextBreak:
    """What a feature gains per row in one level of a context, and in all others, from which it was learnt.

    In units of the label's variance; of rows as they are, or with the classes made alike: see `smaller_loss`.
    """

    column: str
    context: str
    level: str
    gain_elsewhere: float
    gain: float
    standard_error: float
    n_rows_elsewhere: int
    n_rows: int
    sampled: bool
    regret: float


def measure_tables_by_context(facts: Facts) -> dict[tuple[str, str], TableByContext]:
    """Count, on the sample of train, the 20 most telling features by every declared context."""
    contexts = facts.info.with_role(Role.CONTEXT)
    if not contexts or facts.info.label is None:
        return {}
    telling = sorted(
        (column.name for column in facts.features if _explained(facts, column.name) >= LEAST_GAIN_TO_BREAK),
        key=lambda name: (-_explained(facts, name), name),
    )[:MAX_FEATURES]
    found = {}
    for context in contexts:
        levels = _levels(facts, context.name)
        for name in telling if len(levels) > 1 else ():
            found[name, context.name] = _table(facts, facts.tables[name], context.name, levels)
    return found


def _explained(facts: Facts, name: str) -> float:
    association = facts.associations.get(name)
    return 0.0 if association is None else association.explained


def _levels(facts: Facts, context: str) -> tuple[str, ...]:
    level = f"CAST({facts.dataset.sql_name(context)} AS VARCHAR)"
    label = label_select(facts, "train")
    labelled = f"SELECT {level} AS level, {label} FROM {facts.sample.relation}"
    found = facts.dataset.engine.rows(
        f"SELECT level, count(*) AS n FROM ({labelled}) WHERE y IS NOT NULL AND level IS NOT NULL "
        f"GROUP BY level HAVING count(*) >= {FEWEST_ROWS} ORDER BY n DESC, level LIMIT {MAX_LEVELS}"
    )
    return tuple(str(name) for name, _ in found)


def _table(facts: Facts, table: ValueTable, context: str, levels: Sequence[str]) -> TableByContext:
    level = f"CAST({facts.dataset.sql_name(context)} AS VARCHAR)"
    keyed = f"SELECT {level} AS level, {_key(facts, table)} AS key, {label_select(facts, 'train')}"
    arrays = facts.dataset.engine.arrays(
        f"SELECT level, key, y, count(*) AS n FROM ({keyed} FROM {facts.sample.relation}) "
        "WHERE y IS NOT NULL AND level IS NOT NULL GROUP BY level, key, y"
    )
    place_of_level = {name: place for place, name in enumerate(levels)}
    level_places = np.array([place_of_level.get(str(name), -1) for name in arrays["level"].tolist()], dtype=np.int64)
    keys = _places(table, arrays["key"])
    classes = class_numbers(facts, arrays["y"])
    n_keys, n_classes = table.n_by_class["train"].shape
    kept = (level_places >= 0) & (classes >= 0)
    flat = (level_places[kept] * n_keys + keys[kept]) * n_classes + classes[kept]
    counts = np.bincount(flat, np.asarray(arrays["n"], dtype=np.float64)[kept], len(levels) * n_keys * n_classes)
    shaped = counts.astype(np.int64).reshape(len(levels), n_keys, n_classes)
    return TableByContext(table.column, context, tuple(levels), shaped, facts.sample.sampled)


def _key(facts: Facts, table: ValueTable) -> str:
    cell = facts.dataset.sql_name(table.column)
    if table.edges is not None:
        return bin_expression(as_number(cell, table.kind), table.edges)
    return f"left(CAST({cell} AS VARCHAR), {LONGEST_KEY})"


def _places(table: ValueTable, keys: NDArray[np.generic]) -> IntArray:
    """Return the place of each key in the table: bins are places already, missing cells come last."""
    if table.is_bin:
        return np.asarray(keys, dtype=np.int64)
    place = {key: number for number, key in enumerate(table.keys[:-1])}
    other = table.missing_key if table.other_key is None else table.other_key
    return np.array(
        [table.missing_key if key is None else place.get(str(key), other) for key in keys.tolist()], dtype=np.int64
    )


def measure_context_breaks(facts: Facts) -> tuple[ContextBreak, ...]:
    """Learn every telling feature on all levels of a context but one, and compare its gain there."""
    found: list[ContextBreak] = []
    for (name, _), table in facts.links.tables_by_context.items():
        association = facts.associations[name]
        groups = grouped(facts.tables[name], association.n_bins)
        counts = np.stack([pooled(level, groups) for level in table.counts])
        for i in range(len(table.levels)):
            one = _break(facts, table, counts, i, association.smoothing)
            if one is not None:
                found.append(one)
    return tuple(found)


def _break(facts: Facts, table: TableByContext, counts: FloatArray, i: int, smoothing: float) -> ContextBreak | None:
    here = counts[i]
    elsewhere = counts.sum(axis=0) - here
    known = known_values(elsewhere, here)
    enough = min(elsewhere.sum(), known.sum()) >= FEWEST_ROWS
    loss = smaller_loss(facts, elsewhere, known, smoothing) if enough else None
    if loss is None:
        return None
    gain_elsewhere, gain, standard_error = loss
    return ContextBreak(
        column=table.column,
        context=table.context,
        level=table.levels[i],
        gain_elsewhere=gain_elsewhere,
        gain=gain,
        standard_error=standard_error,
        n_rows_elsewhere=int(elsewhere.sum()),
        n_rows=int(here.sum()),
        sampled=table.sampled,
        regret=regret(facts, elsewhere, known, smoothing),
    )
