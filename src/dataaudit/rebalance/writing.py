"""The folder of a rebalanced table: the splits, lists of what became of every row, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dataaudit.auditing import Progress
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.errors import ConfigError, InputError
from dataaudit.proof.changes import Expectation
from dataaudit.proof.finishing import Proof, finish
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.expected import expectations_of
from dataaudit.rebalance.lists import DROPPED, ORIGINS, PROVENANCE, constant, one_of, places, write_list
from dataaudit.rebalance.matrix import IntArray
from dataaudit.rebalance.near import find_near_rows, held_out
from dataaudit.rebalance.newrows import create_new_rows
from dataaudit.rebalance.order import MOST_ROWS_TO_SPREAD, spread
from dataaudit.rebalance.request import TRAIN, Plan, class_weights, weight_name
from dataaudit.rebalance.sampling import Sampled, sample_rows
from dataaudit.rebalance.strategies import STRATEGIES, WEIGHTS
from dataaudit.rebalance.streaming import copies_expression, count_classes, plan_copies
from dataaudit.report.before_after import PageTable
from dataaudit.text import REDACTED, Told, show_count, show_share
from dataaudit.write.accounting import RowCounts, RowsLost
from dataaudit.write.manifest import WrittenFile
from dataaudit.write.tables import Added, file_name, write_rows

if TYPE_CHECKING:
    from dataaudit.rebalance.evaluate.applying import Beside

HOLDS_PROVENANCE = "where every row of train came from"
HOLDS_DROPPED = "rows of train that were dropped"
PLACES = "rebalance_places"
ADVICE = (
    "A model trained on these shares overstates what was made commoner: for two classes, correct its probability p "
    "to p w1 / (p w1 + (1 - p) w0), w being each class's share before over its share after."
)


@dataclass(frozen=True)
class Outcome:
    """What became of train.

    Attributes
    ----------
    n_after : mapping of class to rows written
    """

    rows: RowCounts
    files: tuple[WrittenFile, ...] = ()
    added: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    n_after: Mapping[int, int] = field(default_factory=dict)


def write_rebalanced(
    opened: Opened,
    plan: Plan,
    folder: Path,
    *,
    words: str | None,
    say: Progress,
    progress: Progress | None,
    beside: Beside | None = None,
) -> Proof:
    """Write the splits, the lists and the proof into a folder that is being made, and what an evaluation said."""
    engine = opened.engine
    sources = opened.dataset.sources
    say("writing train")
    train = folder / file_name(TRAIN, sources[TRAIN])
    if plan.request.strategy.name == WEIGHTS:
        outcome = _write_weighted(engine, opened, plan, train)
    elif plan.request.strategy.streams:
        outcome = _write_drawn(engine, opened, plan, train)
    else:
        outcome = _write_sampled(duckdb_of(opened), opened, plan, train, say)
    written, rows = {TRAIN: train}, [outcome.rows]
    for split, source in sources.items():
        if split == TRAIN:
            continue
        say(f"writing {split}")
        written[split] = folder / file_name(split, source)
        n_out = write_rows(engine, source, written[split])
        rows.append(RowCounts(split, source.n_rows, source.n_rows, n_out))
    return finish(
        opened,
        folder,
        written,
        rows,
        command="rebalance",
        words=words,
        options=plan.options | ({} if beside is None else beside.options),
        extra_files=[*outcome.files, *([] if beside is None else [beside.write(folder)])],
        added_columns=outcome.added,
        notes=[*outcome.notes, *(_advice(plan, outcome) if beside is None else beside.notes)],
        tables=[_class_table(plan, outcome), *([] if beside is None else beside.tables)],
        expectations=_expectations(plan, outcome),
        progress=progress,
    )


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


def _write_weighted(engine: AnyEngine, opened: Opened, plan: Plan, path: Path) -> Outcome:
    source = opened.dataset.sources[TRAIN]
    name = weight_name(opened.dataset, plan.request.weight_column)
    weights = class_weights(plan)
    cases = " ".join(f"WHEN {code} THEN {weight!r}" for code, weight in weights.items())
    expression = f"CAST(CASE {plan.source_rows.code} {cases} ELSE 1.0 END AS DOUBLE)"
    n_out = write_rows(engine, source, path, added=[Added(name, expression)])
    listed = list(weights.items())[:10]
    named, unnamed = (
        f"The column {name!r} holds each row's weight: {words}. Give it to the model as sample weights, not as a "
        "feature."
        for words in (
            ", ".join(f"{plan.names[code]!r} {weight:.4g}" for code, weight in listed),
            ", ".join(f"{REDACTED} {weight:.4g}" for _, weight in listed),
        )
    )
    note = Told(named, unnamed)
    rows = RowCounts(TRAIN, source.n_rows, source.n_rows, n_out)
    return Outcome(rows, (), (name,), (note,), plan.counts)


def _write_drawn(engine: AnyEngine, opened: Opened, plan: Plan, path: Path) -> Outcome:
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
        listed_columns = places([constant(engine, TRAIN), "row", constant(engine, _reason(strategy))])
        query = f"SELECT {listed_columns} FROM {source.relation} AS source WHERE ({copies}) = 0"
        listed = write_list(engine, "dropped", query, DROPPED, path.parent, source, HOLDS_DROPPED)
        _check_equal(listed.n_rows, source.n_rows - n_kept, "dropped")
        files.append(listed)
        dropped = {_reason(strategy): source.n_rows - n_kept}
    rows = RowCounts(TRAIN, source.n_rows, n_kept, n_out, dropped, n_repeated=n_repeated)
    return Outcome(rows, tuple(files), (), (*notes, *_near_note(opened, plan, n_near)), n_after)


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
    _check_equal(listed.n_rows, n_out, "provenance")
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
    _check_equal(listed.n_rows, n_out, "provenance")
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
    for code in plan.grown:
        if not repeatable.get(code):
            raise InputError(
                f"every row of class {plan.names[code]!r} is near a held-out row: none may be repeated",
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


def _check_equal(n_listed: int | None, n_rows: int, what: str) -> None:
    if n_listed != n_rows:
        raise RowsLost(f"{what} lists {n_listed} rows, and there are {n_rows}")


def _reason(strategy: str) -> str:
    return f"dropped by {strategy}"


def _write_sampled(engine: DuckDBEngine, opened: Opened, plan: Plan, path: Path, say: Progress) -> Outcome:
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
        _check_equal(files[-1].n_rows, n_out, "provenance")
    dropped: dict[str, int] = {}
    gone = np.setdiff1d(rows, rows[resampled.kept])
    if len(gone):
        engine.register("rebalance_dropped", pa.table({"row": gone}))
        listed_columns = places([constant(engine, TRAIN), "row", constant(engine, _reason(strategy))])
        query = f"SELECT {listed_columns} FROM rebalance_dropped ORDER BY row"
        files.append(write_list(engine, "dropped", query, DROPPED, path.parent, source, HOLDS_DROPPED))
        dropped = {_reason(strategy): len(gone)}
    counts = RowCounts(
        TRAIN,
        source.n_rows,
        len(resampled.kept),
        n_out,
        dropped,
        n_repeated=len(resampled.repeated),
        n_synthetic=made.n_rows,
    )
    notes = (*sampled.notes, *_near_note(opened, plan, sampled.n_near))
    return Outcome(counts, tuple(files), (), notes, rows_after(sampled))


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


def _near_note(opened: Opened, plan: Plan, n_near: int) -> tuple[str, ...]:
    if not (plan.grown and held_out(opened)):
        return ()
    verb = "made up of it" if plan.request.strategy.makes_rows else "repeated of it"
    if n_near == 0:
        return ("No row of a growing class is near a held-out row.",)
    return (f"{show_count(n_near, 'row')} of growing classes lie near a held-out row: nothing is {verb}.",)


def _advice(plan: Plan, outcome: Outcome) -> list[str]:
    if all(outcome.n_after.get(code) == n for code, n in plan.counts.items()):
        if plan.request.strategy.name == WEIGHTS:
            return []
        return ["Every class has as many rows as before: there was nothing to do."]
    if plan.is_regression:
        return []
    return [ADVICE]


def _expectations(plan: Plan, outcome: Outcome) -> list[Expectation]:
    """Return which findings of what was written are there on purpose."""
    rows = outcome.rows
    n_before, n_after = sum(plan.counts.values()), sum(outcome.n_after.values())
    return expectations_of(
        shares_changed=any(outcome.n_after.get(code, 0) * n_before != n * n_after for code, n in plan.counts.items()),
        n_repeated=rows.n_repeated,
        n_synthetic=rows.n_synthetic,
        n_dropped=sum(rows.n_dropped.values()),
    )


def _class_table(plan: Plan, outcome: Outcome) -> PageTable:
    before, after = sum(plan.counts.values()), max(1, sum(outcome.n_after.values()))
    what = "Region of the target" if plan.is_regression else "Class"
    lines = [
        (
            Told(plan.names[code]),
            f"{n:,}",
            show_share(n / before),
            f"{outcome.n_after.get(code, 0):,}",
            show_share(outcome.n_after.get(code, 0) / after),
        )
        for code, n in sorted(plan.counts.items(), key=lambda item: item[1])
    ]
    return PageTable(
        "Rows of train by class" if not plan.is_regression else "Rows of train by region of the target",
        (what, "rows before", "share before", "rows after", "share after"),
        tuple(lines),
    )
