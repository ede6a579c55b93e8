"""`dataaudit.fix`: mend tables into a folder, or frames into frames."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.auditing import Progress
from dataaudit.config import Settings
from dataaudit.engine.opening import DUCKDB
from dataaudit.errors import ConfigError
from dataaudit.fix.choosing import chosen_codes
from dataaudit.fix.diff import held_back_lines, mends_table
from dataaudit.fix.edits import DropColumn
from dataaudit.fix.listing import collect
from dataaudit.fix.mend import DROP, MAJORITY, Wishes
from dataaudit.fix.rounds import Mended, mend_all
from dataaudit.fix.without import without_mend_lines
from dataaudit.given import names, settings_given, splits_given
from dataaudit.load.frames import is_frame
from dataaudit.model import AuditResult, Severity
from dataaudit.proof.finishing import Proof, finish
from dataaudit.proof.inputs import all_local_files
from dataaudit.proof.opened import Opened, opened
from dataaudit.write.folder import check_folder, whole_folder

if TYPE_CHECKING:
    from dataaudit.fix.frames import MendedFrames


@dataclass(frozen=True)
class Request:
    """Which rules are mended, and how; `is_of_all` where none was named, so that the others are told of, too."""

    codes: tuple[str, ...]
    wishes: Wishes
    is_of_all: bool = False


def fix(
    train: object,
    *,
    label: str | None = None,
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    unsafe: bool = False,
    conflicts: str = DROP,
    output: str | Path | None = None,
    force: bool = False,
    audit: bool = True,
    redact: bool = False,
    test: object = None,
    validation: object = None,
    reference: object = None,
    split_column: str | None = None,
    task: str | None = None,
    group: str | Sequence[str] = (),
    time: str | None = None,
    time_mode: str | None = None,
    context: str | Sequence[str] = (),
    id: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    honest: str | Sequence[str] = (),
    seed: int | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    config: str | Path | None = None,
) -> MendedFrames | Proof:
    """Mend what the rules find, as far as it can be mended safely, until nothing is left to mend.

    Parameters
    ----------
    train, test, validation, reference : path, glob, URL, list of them, or frame
        Frames come back as frames of their kinds, unless there is an output.
    label : str, optional
        Column to be predicted; may be left out only if its name is unmistakable.
    select, ignore : str or list of str
        Codes, beginnings of codes, or names of rules; all that have a mend by default.
    unsafe : bool
        Do what needs judgement, too.
    conflicts : {"drop", "majority"}
        Of training rows that are alike but labelled differently, drop all, or keep those of the commonest label; where
        labels tie, all are dropped.
    output : path, optional
        The folder to be written; needed unless all that is given are frames.
    force : bool
        Replace a folder that dataaudit wrote.
    audit : bool
        Audit what comes in and what is written (with an output).
    redact : bool
        Leave every value that came from the data out of the report (the tables, lists and manifest hold them).
    split_column, task, group, time, time_mode, context, id, exclude, honest, seed, memory_limit, threads, config
        As of `dataaudit.audit`. The engine is DuckDB.

    Returns
    -------
    MendedFrames or Proof
        Without an output, `MendedFrames`: the mended splits are its `.train`, `.validation`, `.test` and `.reference`
        (None where none was given), of the kinds and with the types that came in; `.dropped` and `.changed` list rows
        and cells, `.done` says what was done in words. With an output, a `Proof`: what was written, and the audits
        `.before` and `.after`.

    Raises
    ------
    InputError
        If the table cannot be audited; the message says why.
    ConfigError
        If an option is wrong, or a selected rule has no mend.

    Notes
    -----
    Cells that no mend touches are written as they came in. Of CSV that is their text ("001", "1.50", "NA", an empty
    text beside a missing one), the delimiter, the header and the order; the file itself is UTF-8 without a mark at its
    start, its lines end in a line feed, and quotes stand only where they are needed. Of Parquet that is their types,
    with zones, categories and pandas' notes; every column may then hold missing cells. A file that is mended again
    comes out the same, byte for byte.
    """
    settings = settings_given(
        config,
        split_column=split_column,
        label=label,
        task=task,
        group=group,
        time=time,
        time_mode=time_mode,
        context=context,
        id=id,
        exclude=exclude,
        honest=honest,
        ignore=ignore,
        seed=seed,
        memory_limit=memory_limit,
        threads=threads,
    )
    sources = splits_given(train, validation=validation, test=test, reference=reference)
    request = plan_request(settings, names(select), unsafe=unsafe, conflicts=conflicts)
    if output is not None:
        folder = check_folder(Path(output), force, all_local_files(sources))
        with mending(sources, settings, request, folder, audit=audit, redacted=redact) as found:
            return found.finish()
    if not all(is_frame(source) for source in sources.values()):
        raise ConfigError("no output was named", "name a folder: output='mended'; only frames come back as frames")
    from dataaudit.fix.frames import mended_frames

    with tempfile.TemporaryDirectory(prefix="dataaudit-") as part, opened(sources, settings, audit=False) as work:
        mended = mend_all(work, Path(part), request.codes, request.wishes)
        return mended_frames(mended, sources, settings)


def plan_request(settings: Settings, select: Sequence[str], *, unsafe: bool, conflicts: str) -> Request:
    """Return what is asked for.

    Raises
    ------
    ConfigError
        If it cannot be done.
    """
    if settings.engine != DUCKDB:
        raise ConfigError(
            f"fix does not run on {settings.engine}", "leave --engine out: DuckDB mends files of any size"
        )
    if conflicts not in (DROP, MAJORITY):
        raise ConfigError(f"conflicts is {conflicts!r}", f"it is {DROP} or {MAJORITY}")
    return Request(chosen_codes(select, settings.select, settings.ignore), Wishes(unsafe, conflicts), not select)


@dataclass(frozen=True)
class Mending:
    """Mends that are done in a folder which is not yet there: `finish` makes it whole."""

    work: Opened
    mended: Mended
    request: Request
    part: Path
    words: str | None

    def finish(self, progress: Progress | None = None) -> Proof:
        """Write the lists, the report and the manifest."""
        return _finish(self.work, self.mended, self.request, self.part, self.words, progress)


class NotWanted(Exception):
    """What was mended is not to be written."""


@contextmanager
def mending(
    sources: Mapping[str, object],
    settings: Settings,
    request: Request,
    folder: Path,
    *,
    audit: bool = True,
    redacted: bool = False,
    words: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Mending]:
    """Mend the splits and yield what was done; the folder is there, whole, once the block ends without an error."""
    with (
        opened(sources, settings, audit=audit, progress=progress, words=words, redacted=redacted) as work,
        whole_folder(folder) as part,
    ):
        yield Mending(work, mend_all(work, part, request.codes, request.wishes, progress), request, part, words)


def look(
    sources: Mapping[str, object], settings: Settings, request: Request, progress: Progress | None = None
) -> Mended:
    """Return what would be done, having done it in a temporary folder that is gone."""
    with (
        tempfile.TemporaryDirectory(prefix="dataaudit-") as part,
        opened(sources, settings, audit=False, progress=progress) as work,
    ):
        return mend_all(work, Path(part), request.codes, request.wishes, progress)


def _without_mend(work: Opened, request: Request, after: AuditResult) -> list[str]:
    """Return what the warnings and errors need that came in, have no mend, and remain."""
    if work.before is None or not request.is_of_all:
        return []
    came, remain = (
        {one.code for one in result.findings if one.severity > Severity.INFO} for result in (work.before, after)
    )
    return without_mend_lines(came & remain)


def _finish(
    work: Opened, mended: Mended, request: Request, part: Path, words: str | None, progress: Progress | None
) -> Proof:
    files, rows, lists = collect(mended, part)
    notes = [] if mended.is_fixed else [f"After {mended.n_rounds} rounds there was still something to mend."]
    return finish(
        work,
        part,
        files,
        rows,
        command="fix",
        words=words,
        options={
            "label": work.dataset.info.label,
            "mended_rules": list(request.codes),
            "unsafe": request.wishes.unsafe,
            "conflicts": request.wishes.conflicts,
            "n_rounds": mended.n_rounds,
            "dropped_columns": [
                {"column": one.edit.column, "reason": one.edit.what, "code": one.edit.code}
                for one in mended.done
                if isinstance(one.edit, DropColumn)
            ],
        },
        extra_files=lists,
        dropped_columns=mended.stage.dropped_columns,
        notes=[*notes, *held_back_lines(mended.held_back)],
        tables=[mends_table(mended)] if mended.done else [],
        notes_after=lambda after: _without_mend(work, request, after),
        progress=progress,
    )
