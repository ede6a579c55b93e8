"""Report what the cells of text columns parse as, and the cells that are not like the others."""

from __future__ import annotations

from collections.abc import Mapping

from dataaudit.engine.base import Engine
from dataaudit.engine.dataset import CellKinds, Cells
from dataaudit.load.cells import CellCounts, as_time, is_number
from dataaudit.load.raw import RawTable
from dataaudit.load.typing import TypedColumn

MAX_EXAMPLES = 20
SHARE_OF_MIXED = 0.05


def report_cells(
    engine: Engine,
    raws: Mapping[str, RawTable],
    counts: Mapping[str, Mapping[int, CellCounts]],
    columns: list[TypedColumn],
) -> Cells:
    """Return column -> split -> report, for text columns with a cell that is more than text."""
    reports: dict[str, dict[str, CellKinds]] = {}
    for column in columns:
        for split, position in column.positions.items():
            counted = counts[split].get(position)
            if counted is not None and _is_notable(counted):
                report = _report(engine, raws[split], column, counted)
                reports.setdefault(column.name, {})[split] = report
    return reports


def _is_notable(counts: CellCounts) -> bool:
    parsed = counts.n_number + counts.n_leading_zero + counts.n_iso_date + counts.n_decorated
    return parsed + max(counts.n_by_format) > 0


def _report(engine: Engine, raw: RawTable, column: TypedColumn, counts: CellCounts) -> CellKinds:
    cell = f"r{column.positions[raw.split]}"
    n_odd, condition = _odd(cell, counts, column.sql_type)
    examples: tuple[tuple[int, str], ...] = ()
    if n_odd:
        found = engine.rows(
            f"SELECT row, left({cell}, 80) FROM {raw.relation} AS raw "
            f"WHERE {cell} IS NOT NULL AND {condition} ORDER BY row LIMIT {MAX_EXAMPLES}"
        )
        examples = tuple((int(number), str(text)) for number, text in found)
    date_format, n_formatted = counts.best_date_format
    return CellKinds(
        column=column.name,
        split=raw.split,
        n_rows=counts.n_rows,
        n_present=counts.n_present,
        n_number=counts.n_number,
        n_decorated=counts.n_decorated,
        n_date=max(counts.n_iso_date, n_formatted),
        n_leading_zero=counts.n_leading_zero,
        stored_as_text=raw.stored_as_text,
        read_as=column.sql_type,
        n_odd=n_odd,
        odd_examples=examples,
        date_format=date_format if n_formatted > counts.n_iso_date else None,
        sampled=counts.sampled,
    )


def _odd(cell: str, counts: CellCounts, sql_type: str) -> tuple[int, str]:
    """Return how many cells are unlike most, and the SQL that finds them."""
    if sql_type in ("BIGINT", "DOUBLE"):
        return counts.n_present - counts.n_number, f"NOT {is_number(cell)}"
    if sql_type == "TIMESTAMP":
        return counts.n_present - counts.n_iso_date, f"{as_time(cell)} IS NULL"
    share_numbers = counts.n_number / max(1, counts.n_present)
    if SHARE_OF_MIXED <= share_numbers <= 0.5:
        return counts.n_number, is_number(cell)
    if 0.5 < share_numbers < 1:
        return counts.n_present - counts.n_number, f"NOT {is_number(cell)}"
    return 0, "false"
