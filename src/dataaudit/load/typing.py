"""From raw columns to typed ones: one SQL type per column, the same in every split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataaudit.load.cells import CellCounts, as_time
from dataaudit.load.raw import RawTable

SHARE_NUMBERS_TO_READ_AS_NUMBER = 0.9
SHARE_LEADING_ZERO_TO_KEEP_AS_CODE = 0.01
MAX_CODES = 30
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
FLOATS = ("FLOAT", "DOUBLE", "UBIGINT", "HUGEINT", "UHUGEINT")
EMBEDDING = "EMBEDDING"


@dataclass(frozen=True)
class TypedColumn:
    """A column of train as all splits have it.

    `sql_type` may be EMBEDDING. `positions` are its places in the splits that
    have it, `natural` the types it would have in each by itself (None without
    a cell to tell by).
    """

    name: str
    sql_type: str
    positions: Mapping[str, int]
    natural: Mapping[str, str | None]


def plan_columns(
    raws: Mapping[str, RawTable], counts: Mapping[str, Mapping[int, CellCounts]], lossless: frozenset[str]
) -> list[TypedColumn]:
    """Decide the type of every column of train.

    Parameters
    ----------
    raws : mapping of split to raw table
    counts : mapping of split to (position -> cell counts) of its text columns
    lossless : frozenset of str
        Columns (label, groups, ids) in which no cell may be given up for a number.
    """
    plans = []
    places = {split: {name: at for at, name in enumerate(raw.names)} for split, raw in raws.items()}
    for name in raws["train"].names:
        positions = {split: found[name] for split, found in places.items() if name in found}
        natural = {
            split: _natural_type(raws[split].types[at], counts[split].get(at), name in lossless)
            for split, at in positions.items()
        }
        plans.append(TypedColumn(name, _common_type(natural), positions, natural))
    return plans


def typed_expression(column: TypedColumn, split: str, raw: RawTable) -> str:
    """Return the SQL of a column in one split; NULL where the split lacks it. Numbers may be infinite."""
    plain = "VARCHAR" if column.sql_type == EMBEDDING else column.sql_type
    if split not in column.positions:
        return f"CAST(NULL AS {plain})"
    at = column.positions[split]
    cell, stored = f"r{at}", raw.types[at]
    if column.sql_type == EMBEDDING:
        return f"CAST({cell} AS VARCHAR)"
    if column.sql_type == "DOUBLE":
        return _number(cell, column.natural[split], stored)
    if stored == column.sql_type:
        return cell
    if stored == "VARCHAR" and column.sql_type == "BIGINT":
        # As a whole number DuckDB also takes 0x1F, which is none for a person.
        return f"CASE WHEN {_plain_number(cell)} IS NOT NULL THEN TRY_CAST({cell} AS BIGINT) END"
    if stored == "VARCHAR" and column.sql_type == "TIMESTAMP":
        return as_time(cell)
    return f"{'TRY_CAST' if stored == 'VARCHAR' or stored.startswith('TIMESTAMP') else 'CAST'}({cell} AS {plain})"


def _plain_number(cell: str) -> str:
    return f"CASE WHEN NOT contains({cell}, '_') THEN TRY_CAST({cell} AS DOUBLE) END"


def _number(cell: str, natural: str | None, stored: str) -> str:
    """Return the SQL of a cell as a floating-point number; true is 1 and false is 0."""
    if stored == "VARCHAR" and natural == "BOOLEAN":
        return f"CAST(CAST(TRY_CAST({cell} AS BOOLEAN) AS TINYINT) AS DOUBLE)"
    if stored == "VARCHAR":
        return _plain_number(cell)
    if stored == "BOOLEAN":
        return f"CAST(CAST({cell} AS TINYINT) AS DOUBLE)"
    return f"CAST({cell} AS DOUBLE)"


def _natural_type(stored: str, counts: CellCounts | None, lossless: bool) -> str | None:
    """Return the type a column has in one split by itself; None if it has no cell to tell by."""
    if counts is not None:
        return _type_of_text(counts, lossless)
    if stored in INTEGERS:
        return "BIGINT"
    if stored in FLOATS or stored.startswith("DECIMAL"):
        return "DOUBLE"
    if stored == "BOOLEAN":
        return "BOOLEAN"
    if stored == "DATE" or stored.startswith("TIMESTAMP"):
        return "TIMESTAMP"
    if stored.endswith("]"):
        return EMBEDDING
    return "VARCHAR"


def _type_of_text(counts: CellCounts, lossless: bool) -> str | None:
    if counts.n_present == 0:
        return None
    if counts.n_boolean == counts.n_present:
        return "BOOLEAN"
    share = 1.0 if lossless else SHARE_NUMBERS_TO_READ_AS_NUMBER
    if counts.n_iso_date >= share * counts.n_present:
        return "TIMESTAMP"
    if counts.n_number < share * counts.n_present or _holds_codes(counts):
        return "VARCHAR"
    return "BIGINT" if counts.n_integral == counts.n_number else "DOUBLE"


def _holds_codes(counts: CellCounts) -> bool:
    """Tell codes from numbers: leading zeros, or few values of which some are no numbers (1..22, X)."""
    if counts.n_leading_zero >= SHARE_LEADING_ZERO_TO_KEEP_AS_CODE * counts.n_present:
        return True
    few_values = counts.n_distinct <= MAX_CODES and counts.n_distinct * 10 <= counts.n_present
    return few_values and counts.n_integral == counts.n_number < counts.n_present


def _common_type(natural: Mapping[str, str | None]) -> str:
    """Return the type all splits share; train decides where numbers meet text."""
    types = {found for found in natural.values() if found is not None}
    train = natural.get("train") or next(iter(sorted(types)), "VARCHAR")
    if len(types) <= 1:
        return train
    if types <= {"BIGINT", "DOUBLE", "BOOLEAN"}:
        return "DOUBLE"
    if types <= {"BIGINT", "DOUBLE", "VARCHAR"} and train != "VARCHAR":
        return "DOUBLE"
    if types == {"TIMESTAMP", "VARCHAR"} and train == "TIMESTAMP":
        return "TIMESTAMP"
    return "VARCHAR"
