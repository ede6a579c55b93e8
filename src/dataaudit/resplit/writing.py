"""The folder of a split: a file for each part, a list of where every row went, and the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataaudit.auditing import Progress, run
from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.model import AuditResult, Role
from dataaudit.proof.finishing import Proof, finish, settings_after
from dataaudit.proof.opened import Opened
from dataaudit.report.before_after import PageTable
from dataaudit.resplit.assigning import PARTS, Assigned
from dataaudit.resplit.notes import notes_on, share_table, time_table
from dataaudit.resplit.request import Request
from dataaudit.text import show_count
from dataaudit.write.accounting import RowCounts
from dataaudit.write.manifest import WrittenFile
from dataaudit.write.tables import copy_to, file_name, write_rows

# Longer lists of rows are Parquet, whatever came in.
MOST_CSV_ROWS = 1_000_000
# What one bit for every row can tell.
MOST_BITS = 1_000_000_000
LIST_COLUMNS = ("row", "part", "reason")
# Of rows of which none was dropped.
LIST_COLUMNS_OF_ALL = LIST_COLUMNS[:2]
LEAKS = "LEAK"


def write_split(
    opened: Opened,
    assigned: Assigned,
    request: Request,
    folder: Path,
    *,
    words: str | None,
    options: Mapping[str, Any],
    progress: Progress | None = None,
) -> Proof:
    """Write the parts, `rows` (row, part, the reason if any was dropped) and the proof into a folder being made."""
    say = progress or _say_nothing
    source = opened.dataset.sources["train"]
    engine = opened.engine
    say("writing the parts")
    paths: dict[str, Path] = {}
    n_out: dict[str, int] = {}
    conditions = _conditions(engine, source.n_rows, len(assigned.names))
    for name, condition in zip(assigned.names, conditions, strict=True):
        paths[name] = folder / file_name(name, source)
        n_out[name] = write_rows(engine, source, paths[name], where=condition)
    say("writing the list of rows")
    listed = _write_list(engine, assigned, source, folder)
    info = opened.dataset.info
    time = next((column for column in info.with_role(Role.TIME)), None) if assigned.first_times else None
    groups = [column.name for column in info.with_role(Role.GROUP)]
    notes = [*notes_on(assigned, request, groups, None if time is None else time.name)]
    tables = [share_table(assigned)] + ([] if time is None else [time_table(assigned, time.kind)])
    if request.are_folds and opened.before is not None:
        tables.append(_leaks_of_folds(opened, paths, say))
    return finish(
        opened,
        folder,
        audited_parts(paths, in_time=time is not None),
        account(assigned, source.n_rows, n_out),
        command="split",
        words=words,
        options=options,
        extra_files=[listed],
        notes=notes,
        tables=tables,
        progress=progress,
    )


def audited_parts(paths: Mapping[str, Path], *, in_time: bool) -> dict[str, Path | Sequence[Path]]:
    """Return the parts as the splits of one dataset; of folds, the last as test and those it may be trained on."""
    names = list(paths)
    if "train" in paths:
        return dict(paths)
    return _as_test(paths, names[-1], in_time=in_time)


def account(assigned: Assigned, n_in: int, n_out: Mapping[str, int]) -> list[RowCounts]:
    """Return where the rows went: all came in as the first part, and those of the others were moved there."""
    first, *others = assigned.names
    counted = dict(zip(assigned.names, (int(size) for size in assigned.sizes), strict=True))
    return [
        RowCounts(
            first,
            n_in=n_in,
            n_kept=counted[first],
            n_out=n_out[first],
            n_dropped=assigned.n_dropped,
            n_moved_out={name: counted[name] for name in others},
        ),
        *(RowCounts(name, 0, 0, n_out[name], n_moved_in=counted[name]) for name in others),
    ]


def _as_test(paths: Mapping[str, Path], test: str, *, in_time: bool) -> dict[str, Path | Sequence[Path]]:
    names = list(paths)
    earlier = names[: names.index(test)] if in_time else [name for name in names if name != test]
    return {"train": [paths[name] for name in earlier], "test": paths[test]}


def _leaks_of_folds(opened: Opened, paths: Mapping[str, Path], say: Progress) -> PageTable:
    """Let every fold be the test set once, and return what the rules of leakage find."""
    info = opened.dataset.info
    settings = settings_after(opened.settings, info.label, None if info.task is None else info.task.value)
    in_time = bool(info.with_role(Role.TIME)) and settings.time_mode != "random"
    lines = []
    for name in list(paths)[1:] if in_time else paths:
        say(f"{name} as the test set")
        parts = _as_test(paths, name, in_time=in_time)
        sources = {
            split: [str(path) for path in part] if isinstance(part, Sequence) else str(part)
            for split, part in parts.items()
        }
        result = run(sources, replace(settings, select=(LEAKS,), ignore=()))
        lines.append((name, "the folds before it" if in_time else "the other folds", _told(result)))
    return PageTable(
        "Every fold as the test set",
        ("test", "train", "findings of leakage"),
        tuple(lines),
        n_words=3,
        note="The report below is of the last fold as the test set.",
    )


def _told(result: AuditResult) -> str:
    codes = sorted({f"{finding.code} ({finding.severity.label})" for finding in result.findings})
    return ", ".join(codes) or f"none in {show_count(len(result.checks), 'check')}"


def _conditions(engine: AnyEngine, n_rows: int, n_parts: int) -> list[str]:
    """Return for every part the SQL condition over `row` that tells its rows.

    One bit for every row: of 100 million rows 12 MB for each part, where a join would hold every row's number.
    """
    if n_rows > MOST_BITS or not isinstance(engine, DuckDBEngine):
        return [f"row IN (SELECT row FROM {PARTS} WHERE part = {part})" for part in range(n_parts)]
    engine.run(
        f"CREATE TEMP TABLE split_bits AS SELECT part, bitstring_agg(row, 0, {n_rows - 1}) AS bits FROM {PARTS} "
        "WHERE part IS NOT NULL GROUP BY part"
    )
    for part in range(n_parts):
        engine.run(f"SET VARIABLE split_bits_{part} = (SELECT bits FROM split_bits WHERE part = {part})")
    engine.run("DROP TABLE split_bits")
    return [f"get_bit(getvariable('split_bits_{part}'), CAST(row AS INTEGER)) = 1" for part in range(n_parts)]


def _write_list(engine: AnyEngine, assigned: Assigned, source: Source, folder: Path) -> WrittenFile:
    is_csv = source.is_csv and source.n_rows <= MOST_CSV_ROWS
    names = LIST_COLUMNS if assigned.n_dropped else LIST_COLUMNS_OF_ALL
    like = Source("", "", names, ("BIGINT", "VARCHAR", "VARCHAR")[: len(names)], source.n_rows, is_csv, ",")
    path = folder / file_name("rows", like)
    reason = f", {_named('reason', assigned.reasons)} AS r2" if assigned.n_dropped else ""
    query = f"SELECT row AS r0, {_named('part', assigned.names)} AS r1{reason} FROM {PARTS} ORDER BY row"
    n_rows = copy_to(engine, query, names, path, like)
    why = ", or why it was dropped" if assigned.n_dropped else ""
    return WrittenFile(path.name, f"every row that came in, by its number, and the part it went to{why}", n_rows)


def _named(cell: str, names: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {place} THEN {quote_text(name)}" for place, name in enumerate(names))
    return f"CASE {cell} {cases} END" if names else "CAST(NULL AS VARCHAR)"


def _say_nothing(_: str) -> None:
    """Stand in for a progress display."""
