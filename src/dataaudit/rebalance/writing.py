"""The folder of a rebalanced table: the splits, lists of what became of every row, and the proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.auditing import Progress
from dataaudit.engine.opening import AnyEngine
from dataaudit.proof.changes import Expectation
from dataaudit.proof.finishing import Proof, finish
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.drawn import write_drawn
from dataaudit.rebalance.expected import blindnesses_of, expectations_of
from dataaudit.rebalance.notes import advice, earlier_weights_note, excluding, weight_note
from dataaudit.rebalance.outcome import Outcome
from dataaudit.rebalance.request import TRAIN, Plan, class_weights, weight_name
from dataaudit.rebalance.sampled import duckdb_of, write_sampled
from dataaudit.rebalance.strategies import WEIGHTS
from dataaudit.report.before_after import PageTable
from dataaudit.text import Told, show_share
from dataaudit.write.accounting import RowCounts
from dataaudit.write.tables import Added, file_name, write_rows

if TYPE_CHECKING:
    from dataaudit.rebalance.evaluate.applying import Beside


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
        outcome = write_drawn(engine, opened, plan, train)
    else:
        outcome = write_sampled(duckdb_of(opened), opened, plan, train, say)
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
        notes=[
            *outcome.notes,
            *earlier_weights_note(opened, plan),
            *(advice(plan, outcome.n_after) if beside is None else beside.notes),
        ],
        tables=[_class_table(plan, outcome), *([] if beside is None else beside.tables)],
        expectations=_expectations(plan, outcome),
        blindnesses=blindnesses_of(n_repeated=outcome.rows.n_repeated, n_synthetic=outcome.rows.n_synthetic),
        progress=progress,
    )


def _write_weighted(engine: AnyEngine, opened: Opened, plan: Plan, path: Path) -> Outcome:
    source = opened.dataset.sources[TRAIN]
    name = weight_name(opened.dataset, plan.request.weight_column)
    weights = class_weights(plan)
    cases = " ".join(f"WHEN {code} THEN {weight!r}" for code, weight in weights.items())
    expression = f"CAST(CASE {plan.source_rows.code} {cases} ELSE 1.0 END AS DOUBLE)"
    n_out = write_rows(engine, source, path, added=[Added(name, expression)])
    notes = (
        weight_note(plan, f"The column {name!r}"),
        f"The weights know the label, which an audit of what is written would tell: audit it with {excluding(name)}.",
    )
    rows = RowCounts(TRAIN, source.n_rows, source.n_rows, n_out)
    return Outcome(rows, (), (name,), notes, plan.counts)


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
