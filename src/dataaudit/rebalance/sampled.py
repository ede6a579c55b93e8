"""What a sampler in memory decided of train, written with the list of where every row came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dataaudit.auditing import Progress
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import ConfigError
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.lists import DROPPED, ORIGINS, PROVENANCE, constant, places, write_list
from dataaudit.rebalance.newrows import create_new_rows
from dataaudit.rebalance.notes import id_note, near_note
from dataaudit.rebalance.outcome import (
    HOLDS_DROPPED,
    HOLDS_PROVENANCE,
    PLACES,
    Outcome,
    check_listed,
    drop_reason,
)
from dataaudit.rebalance.request import TRAIN, Plan
from dataaudit.rebalance.sampling import Sampled, sample_rows
from dataaudit.rebalance.strategies import STRATEGIES
from dataaudit.write.accounting import RowCounts
from dataaudit.write.tables import write_rows


def write_sampled(engine: DuckDBEngine, opened: Opened, plan: Plan, path: Path, say: Progress) -> Outcome:
    """Write what a sampler in memory decided."""
    import pyarrow as pa

    source = opened.dataset.sources[TRAIN]
    sampled = sample_rows(opened, plan, say)
    resampled, rows = sampled.resampled, sampled.features.rows
    made = resampled.synthetic
    copied = np.concatenate([rows[resampled.kept], rows[resampled.repeated]])
    at, new_at = np.split(sampled.places, [len(copied)])
    engine.register(PLACES, pa.table({"place": at, "row": copied}))
    synthetic = create_new_rows(opened.dataset, sampled.features, made, new_at) if made.n_rows else None
    n_out = write_rows(engine, source, path, plan=PLACES, synthetic=synthetic)
    strategy = plan.request.strategy.name
    files = []
    if made.n_rows or len(resampled.repeated):
        engine.register("rebalance_provenance", provenance_table(sampled, strategy))
        query = f"SELECT {places(PROVENANCE)} FROM rebalance_provenance ORDER BY row"
        files.append(write_list(engine, "provenance", query, PROVENANCE, path.parent, source, HOLDS_PROVENANCE))
        check_listed(files[-1].n_rows, n_out, "provenance")
    dropped: dict[str, int] = {}
    gone = np.setdiff1d(rows, rows[resampled.kept])
    if len(gone):
        engine.register("rebalance_dropped", pa.table({"row": gone}))
        listed_columns = places([constant(engine, TRAIN), "row", constant(engine, drop_reason(strategy))])
        query = f"SELECT {listed_columns} FROM rebalance_dropped ORDER BY row"
        files.append(write_list(engine, "dropped", query, DROPPED, path.parent, source, HOLDS_DROPPED))
        dropped = {drop_reason(strategy): len(gone)}
    counts = RowCounts(
        TRAIN,
        source.n_rows,
        len(resampled.kept),
        n_out,
        dropped,
        n_repeated=len(resampled.repeated),
        n_synthetic=made.n_rows,
    )
    return Outcome(counts, tuple(files), (), sampled_notes(opened, plan, sampled), rows_after(sampled))


def sampled_notes(opened: Opened, plan: Plan, sampled: Sampled) -> tuple[str, ...]:
    """Return what to say of the rows that a sampler left and made."""
    n_synthetic = sampled.resampled.synthetic.n_rows
    return (*sampled.notes, *near_note(opened, plan, sampled.n_near), *id_note(opened, n_synthetic))


def duckdb_of(opened: Opened) -> DuckDBEngine:
    """Return the engine, for what works in the memory of one machine.

    Raises
    ------
    ConfigError
        If it is Spark.
    """
    if not isinstance(opened.engine, DuckDBEngine):
        names = ", ".join(name for name, strategy in STRATEGIES.items() if strategy.streams)
        raise ConfigError("this strategy works in the memory of one machine, not on Spark", f"use {names}")
    return opened.engine


def rows_after(sampled: Sampled) -> dict[int, int]:
    """Return the rows of every class as they are written."""
    after = sampled.resampled.labels(sampled.labels)
    codes, counts = np.unique(after[after >= 0], return_counts=True)
    return {int(code): int(n) for code, n in zip(codes, counts, strict=True)}


def provenance_table(sampled: Sampled, strategy: str) -> Any:
    """Return where every written row came from, as an Arrow table."""
    import pyarrow as pa

    resampled, rows = sampled.resampled, sampled.features.rows
    made = resampled.synthetic
    sizes = (len(resampled.kept), len(resampled.repeated), made.n_rows)
    n_copied = sizes[0] + sizes[1]
    origins = [origin for origin, size in zip(ORIGINS, sizes, strict=True) for _ in range(size)]
    copied = np.concatenate([rows[resampled.kept], rows[resampled.repeated]])
    parents: list[list[int] | None] = [None] * n_copied
    parents += [rows[own].tolist() for own in made.parents()]
    found = pa.table(
        {
            "row": sampled.places,
            "origin": pa.array(origins, pa.string()),
            "strategy": pa.array([strategy] * len(origins), pa.string()),
            "source_split": pa.array([TRAIN] * len(origins), pa.string()),
            "source_row": pa.concat_arrays([pa.array(copied), pa.nulls(made.n_rows, pa.int64())]),
            "parent_rows": pa.array(parents, pa.list_(pa.int64())),
        }
    )
    return found.sort_by("row")
