"""The end of a command that writes: an audit of what was written, the report of both, and the manifest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataaudit.auditing import Progress, run
from dataaudit.config import Settings
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.model import AuditResult, Severity, redact
from dataaudit.proof.changes import Blindness, Changes, Expectation, compare
from dataaudit.proof.inputs import local_files
from dataaudit.proof.opened import Opened
from dataaudit.report.before_after import PageTable, render_before_after
from dataaudit.text import without_data
from dataaudit.write.accounting import RowCounts
from dataaudit.write.folder import written_to
from dataaudit.write.manifest import InputFile, Manifest, WrittenFile, checksum, write_manifest

REPORT = "report.html"
NOT_AUDITED = "No audit was made of what came in and of what was written."


@dataclass(frozen=True)
class Proof:
    """What a command wrote, and the audits before and after it; both None where none was wanted.

    Where no value of the data may be shown, the audits, notes and tables hold none.
    """

    before: AuditResult | None
    after: AuditResult | None
    changes: Changes | None
    rows: tuple[RowCounts, ...]
    notes: tuple[str, ...]
    tables: tuple[PageTable, ...]
    files: tuple[WrittenFile, ...]


def finish(
    opened: Opened,
    part: Path,
    written: Mapping[str, Path | Sequence[Path]],
    rows: Sequence[RowCounts],
    *,
    command: str,
    words: str | None,
    options: Mapping[str, Any],
    extra_files: Sequence[WrittenFile] = (),
    added_columns: Sequence[str] = (),
    dropped_columns: Sequence[str] = (),
    notes: Sequence[str] = (),
    tables: Sequence[PageTable] = (),
    expectations: Sequence[Expectation] = (),
    blindnesses: Sequence[Blindness] = (),
    notes_after: Callable[[AuditResult], Sequence[str]] | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Audit the written files as what came in was audited, and write `report.html` and `manifest.json` beside them.

    The engine of `opened` is closed first, so that two do not share the memory.

    Parameters
    ----------
    opened : Opened
        If it was not audited, neither is what was written, and there is no report.
    part : Path
        The folder that is being written.
    written : mapping of split name to file or files
        What is there to audit, as the splits of one dataset.
    rows : sequence of RowCounts
        One for every file of rows; `split` is the file's name without its ending.
    command : {"rebalance", "split", "fix"}
    words : str or None
        The command line.
    options : mapping
        What the rows depend on, for the manifest.
    extra_files : sequence of WrittenFile
        Lists that were written beside the splits.
    added_columns : sequence of str
        Columns that did not come in, which no model is to be trained on, such as a weight.
    dropped_columns : sequence of str
        Columns that came in and were left out.
    notes : sequence of str
        What had to give, and what a reader must know.
    tables : sequence of PageTable
        Numbers for the report.
    expectations : sequence of Expectation
        Findings that are there on purpose.
    blindnesses : sequence of Blindness
        Rules that can no longer see what they found.
    notes_after : callable, optional
        Called with the audit of what was written; returns further notes.
    progress : callable, optional
        Called with a few words before every step.

    Raises
    ------
    RowsLost
        If a row is not accounted for.
    """
    rows = [counts.check() for counts in rows]
    inputs = _inputs(opened)
    if isinstance(opened.engine, DuckDBEngine):
        opened.engine.close()
    files = {split: [paths] if isinstance(paths, Path) else list(paths) for split, paths in written.items()}
    before, after, changes = opened.before, None, None
    extra = list(extra_files)
    if before is None:
        notes = [*notes, NOT_AUDITED]
    else:
        after = _audit(opened, files, added_columns, dropped_columns, words, progress)
        notes = [*notes, *(notes_after(after) if notes_after is not None else ())]
        if opened.redacted:
            before, after = redact(before), redact(after)
        changes = compare(before, after, expectations, blindnesses)
        shown = _shown(opened, notes, tables)
        page = render_before_after(before, after, changes, rows, *shown, command=command)
        with written_to(part):
            (part / REPORT).write_text(page, encoding="utf-8", errors="backslashreplace")
        extra.append(WrittenFile(REPORT, "the findings before and after"))
    outputs = [*_outputs(files, rows, after), *extra]
    if progress is not None:
        progress("writing the manifest")
    write_manifest(
        Manifest(
            command=command,
            words=words,
            seed=opened.settings.seed,
            options=options,
            inputs=inputs,
            outputs=outputs,
            rows=rows,
            findings={when: _counts(result) for when, result in (("before", before), ("after", after)) if result},
            expected=() if changes is None else [(one.after, one.reason) for one in changes.expected],
            hidden=() if changes is None else [(one.before, one.reason) for one in changes.hidden],
            notes=notes,
        ),
        part,
    )
    return Proof(before, after, changes, tuple(rows), *_shown(opened, notes, tables), tuple(outputs))


def _shown(
    opened: Opened, notes: Sequence[str], tables: Sequence[PageTable]
) -> tuple[tuple[str, ...], tuple[PageTable, ...]]:
    """Return notes and tables as they may be shown."""
    if not opened.redacted:
        return tuple(notes), tuple(tables)
    return tuple(without_data(note) for note in notes), tuple(table.redacted() for table in tables)


def settings_after(
    settings: Settings,
    label: str | None,
    task: str | None,
    added_columns: Sequence[str] = (),
    dropped_columns: Sequence[str] = (),
) -> Settings:
    """Return the settings for auditing what was written: the same, as far as its columns are the same.

    What was guessed of the data that came in (label, task) is declared now. The column that told the splits apart
    tells nothing within one of them.
    """
    dropped = frozenset(dropped_columns)
    split_column = () if settings.split_column is None else (settings.split_column,)
    return dataclasses.replace(
        settings,
        train=None,
        test=None,
        validation=None,
        reference=None,
        split_column=None,
        label=None if label in dropped else label,
        task=task,
        time=None if settings.time in dropped else settings.time,
        exclude=_without((*settings.exclude, *split_column, *added_columns), dropped),
        group=_without(settings.group, dropped),
        context=_without(settings.context, dropped),
        id=_without(settings.id, dropped),
        honest=_without(settings.honest, dropped),
    )


def _without(names: Sequence[str], dropped: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name not in dropped)


def _audit(
    opened: Opened,
    files: Mapping[str, Sequence[Path]],
    added_columns: Sequence[str],
    dropped_columns: Sequence[str],
    words: str | None,
    progress: Progress | None,
) -> AuditResult:
    info = opened.dataset.info
    task = None if info.task is None else info.task.value
    settings = settings_after(opened.settings, info.label, task, added_columns, dropped_columns)
    sources = {split: [str(path) for path in paths] for split, paths in files.items()}
    session = opened.engine.session if isinstance(opened.engine, SparkEngine) else None
    return run(sources, settings, progress=progress, command=words, session=session)


def _inputs(opened: Opened) -> list[InputFile]:
    info = opened.dataset.info if opened.before is None else opened.before.dataset
    return [
        InputFile(
            split=split.name,
            source=split.source,
            n_rows=split.n_rows,
            fingerprint=split.fingerprint or None,
            sha256={path.name: checksum(path) for path in _read_files(opened, split.name)},
        )
        for split in info.splits
    ]


def _read_files(opened: Opened, split: str) -> list[Path]:
    # A split that a column cut out of one table stands in the files of that table.
    return local_files(opened.sources.get(split, opened.sources["train"]))


def _outputs(
    files: Mapping[str, Sequence[Path]], rows: Sequence[RowCounts], after: AuditResult | None
) -> list[WrittenFile]:
    n_rows = {counts.split: counts.n_out for counts in rows}
    splits = {} if after is None else {split.name: split for split in after.dataset.splits}
    return [
        WrittenFile(
            name=path.name,
            holds=f"the rows of {path.stem}",
            n_rows=n_rows.get(path.stem),
            # Of several files there is one fingerprint of all their rows, and none of each.
            fingerprint=splits[split].fingerprint or None if len(paths) == 1 and split in splits else None,
        )
        for split, paths in files.items()
        for path in paths
    ]


def _counts(result: AuditResult) -> dict[str, int]:
    return {severity.label: result.count(severity) for severity in reversed(Severity)}
