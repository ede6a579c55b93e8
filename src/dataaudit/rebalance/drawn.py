"""Rows of train repeated and dropped by their draws, written as they stream by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.errors import InputError
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.lists import DROPPED, ORIGINS, PROVENANCE, constant, one_of, places, write_list
from dataaudit.rebalance.matrix import IntArray
from dataaudit.rebalance.near import find_near_rows
from dataaudit.rebalance.notes import near_note
from dataaudit.rebalance.order import MOST_ROWS_TO_SPREAD, spread
from dataaudit.rebalance.outcome import (
    HOLDS_DROPPED,
    HOLDS_PROVENANCE,
    PLACES,
    Outcome,
    check_listed,
    drop_reason,
)
from dataaudit.rebalance.request import TRAIN, Plan
from dataaudit.rebalance.streaming import copies_expression, count_classes, plan_copies
from dataaudit.write.accounting import RowCounts
from dataaudit.write.manifest import WrittenFile
from dataaudit.write.tables import write_rows


def write_drawn(engine: AnyEngine, opened: Opened, plan: Plan, path: Path) -> Outcome:
    """Write rows as often as their draws say, as they stream by."""
    source = opened.dataset.sources[TRAIN]
    copies, n_near = drawn_copies(opened, plan)
    notes: list[str] = []
    strategy = plan.request.strategy.name
    n_labelled = sum(plan.counts.values())
    n_after = dict(plan.wanted)
    n_kept = source.n_rows - n_labelled + sum(min(plan.counts[code], n) for code, n in n_after.items())
    n_repeated = sum(n_after.values()) + source.n_rows - n_labelled - n_kept
    files = []
    if plan.grown and n_kept + n_repeated <= MOST_ROWS_TO_SPREAD and isinstance(engine, DuckDBEngine):
        n_out, listed = _write_spread(engine, opened, plan, path, copies)
        files.append(listed)
    elif plan.grown:
        n_out, listed = _write_streamed(engine, plan, source, path, copies)
        files.append(listed)
        notes.append("Copies of a row stand beside one another: shuffle the rows before training on batches.")
    else:
        n_out = write_rows(engine, source, path, where=f"({copies}) > 0")
    dropped = {}
    if n_kept < source.n_rows:
        listed_columns = places([constant(engine, TRAIN), "row", constant(engine, drop_reason(strategy))])
        query = f"SELECT {listed_columns} FROM {source.relation} AS source WHERE ({copies}) = 0"
        listed = write_list(engine, "dropped", query, DROPPED, path.parent, source, HOLDS_DROPPED)
        check_listed(listed.n_rows, source.n_rows - n_kept, "dropped")
        files.append(listed)
        dropped = {drop_reason(strategy): source.n_rows - n_kept}
    rows = RowCounts(TRAIN, source.n_rows, n_kept, n_out, dropped, n_repeated=n_repeated)
    return Outcome(rows, tuple(files), (), (*notes, *near_note(opened, plan, n_near)), n_after)


def _write_streamed(engine: AnyEngine, plan: Plan, source: Source, path: Path, copies: str) -> tuple[int, WrittenFile]:
    """Write any number of rows, copies beside one another, and the list of where they came from."""
    repeated = _repeated(source, copies)
    n_out = write_rows(engine, repeated, path)
    # DuckDB keeps the order of what it reads; Spark is told it.
    order = "" if isinstance(engine, DuckDBEngine) else "ORDER BY row, copy"
    origin = one_of(engine, "CASE WHEN copy = 0 THEN 'kept' ELSE 'repeated' END", ORIGINS)
    columns = _provenance(engine, plan, f"row_number() OVER ({order}) - 1", origin)
    query = f"SELECT {columns} FROM {repeated.relation} AS repeated"
    listed = write_list(engine, "provenance", query, PROVENANCE, path.parent, source, HOLDS_PROVENANCE)
    check_listed(listed.n_rows, n_out, "provenance")
    return n_out, listed


def _provenance(engine: AnyEngine, plan: Plan, place: str, origin: str) -> str:
    strategy = plan.request.strategy.name
    no_parents = "CAST(NULL AS BIGINT[])"
    return places([place, origin, constant(engine, strategy), constant(engine, TRAIN), "row", no_parents])


def _write_spread(engine: DuckDBEngine, opened: Opened, plan: Plan, path: Path, copies: str) -> tuple[int, WrittenFile]:
    """Write rows, copies spread among them, and the list of where they came from."""
    import pyarrow as pa

    source = opened.dataset.sources[TRAIN]
    kept, repeated, at = drawn_rows(opened, plan, copies)
    origins = np.repeat([0, 1], [len(kept), len(repeated)])
    table = {"place": at, "row": np.concatenate([kept, repeated]), "origin": origins}
    engine.register(PLACES, pa.table(table))
    n_out = write_rows(engine, source, path, plan=f"(SELECT place, row FROM {PLACES})")
    origin = one_of(engine, "CASE WHEN origin = 0 THEN 'kept' ELSE 'repeated' END", ORIGINS)
    query = f"SELECT {_provenance(engine, plan, 'place', origin)} FROM {PLACES} ORDER BY place"
    listed = write_list(engine, "provenance", query, PROVENANCE, path.parent, source, HOLDS_PROVENANCE)
    check_listed(listed.n_rows, n_out, "provenance")
    return n_out, listed


def drawn_rows(opened: Opened, plan: Plan, copies: str) -> tuple[IntArray, IntArray, IntArray]:
    """Return the numbers of kept rows, those of further copies, and the places of both in what is written."""
    query = f"SELECT row, CAST({copies} AS BIGINT) AS n FROM {plan.source_rows.relation} AS source ORDER BY row"
    found = opened.engine.arrays(query)
    rows, n_copies = np.asarray(found["row"], dtype=np.int64), np.asarray(found["n"], dtype=np.int64)
    kept, repeated = rows[n_copies > 0], np.repeat(rows, np.maximum(n_copies - 1, 0))
    return kept, repeated, spread(len(kept), len(repeated), opened.settings.seed)


def drawn_copies(opened: Opened, plan: Plan) -> tuple[str, int]:
    """Return SQL of how often a row of the source is written, and how many rows may not be repeated.

    Raises
    ------
    InputError
        If a class is to grow and all of its rows are near a held-out row.
    """
    engine, seed = opened.engine, opened.settings.seed
    table = find_near_rows(opened) if plan.grown else None
    may_repeat = "true" if table is None else f"row NOT IN (SELECT row FROM {table})"
    repeatable = plan.counts if table is None else count_classes(engine, plan.source_rows, may_repeat)
    what = "the target's region" if plan.is_regression else "class"
    for code in plan.grown:
        if not repeatable.get(code):
            raise InputError(
                f"every row of {what} {plan.names[code]!r} is near a held-out row: none may be repeated",
                hint="use weights, or take the rows out that the splits share: dataaudit fix",
            )
    copies = plan_copies(engine, plan.source_rows, plan.counts, plan.wanted, seed, may_repeat, repeatable)
    n_near = sum(plan.counts[code] - repeatable.get(code, 0) for code in plan.grown)
    return copies_expression(plan.source_rows, copies, seed, may_repeat, plan.grown), n_near


def _repeated(source: Source, copies: str) -> Source:
    """Return the source with every row as often as it is to be written; `copy` numbers them from 0."""
    cells = ", ".join(f"r{i}" for i in range(len(source.names)))
    relation = f"(SELECT row, {cells}, unnest(range({copies})) AS copy FROM {source.relation} AS source)"
    return replace(source, relation=relation)
