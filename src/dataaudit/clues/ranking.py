"""How much of the label each feature alone tells in train, the most telling first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.figures import ColumnTell
from dataaudit.intervals import wilson
from dataaudit.rules._chance import carrying_rows, explained_lower

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts

MOST_RANKED = 12
WHETHER_MISSING = "whether it is missing"
# The best of many parts of a date or text is a little lucky: it must tell clearly more than the values.
PART_GAIN = 0.05
# Each bound is passed in 5 of 100 cases, as the bound that findings call "at least".
Z = 1.645


def rank_columns(facts: Facts) -> tuple[tuple[ColumnTell, ...], int]:
    """Return the most telling features, and how many tell less; nothing if no rule has asked."""
    if not facts.has("associations") or carrying_rows(facts) <= 0:
        return (), 0
    wholes = facts.associations
    missing: Mapping[str, Association] = facts.missing_associations if facts.has("missing_associations") else {}
    parts: Mapping[str, Association] = facts.derived_associations if facts.has("derived_associations") else {}
    best = [
        _best(wholes[column.name], missing.get(column.name), parts.get(column.name))
        for column in facts.features
        if column.name in wholes
    ]
    best.sort(key=lambda pair: (-pair[0].explained, pair[0].column))
    return tuple(_tell(facts, *pair) for pair in best[:MOST_RANKED]), max(0, len(best) - MOST_RANKED)


def _best(whole: Association, missing: Association | None, part: Association | None) -> tuple[Association, str | None]:
    """Return what of a column tells most: its values, a part of them, or whether there are any."""
    best, name = whole, None
    if part is not None and part.explained > best.explained + PART_GAIN:
        best, name = part, part.coding
    if missing is not None and missing.explained > best.explained:
        best, name = missing, WHETHER_MISSING
    return best, name


def _tell(facts: Facts, association: Association, part: str | None) -> ColumnTell:
    share = min(1.0, max(0.0, association.explained))
    n_carrying = min(float(association.n_rows), carrying_rows(facts))
    upper = max(association.explained + Z * association.standard_error, wilson(share * n_carrying, n_carrying, Z)[1])
    return ColumnTell(
        column=association.column,
        explained=share,
        lower=min(1.0, max(0.0, explained_lower(facts, association))),
        upper=min(1.0, max(0.0, upper)),
        n_rows=association.n_rows,
        sampled=association.sampled,
        part=part,
        word=association.word if part is not None else None,
    )
