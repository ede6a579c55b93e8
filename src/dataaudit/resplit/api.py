"""`dataaudit.split`: from a table to a folder, or from a frame to frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.auditing import Progress
from dataaudit.config import Settings
from dataaudit.errors import ConfigError, InputError
from dataaudit.given import session_given, settings_given
from dataaudit.load.frames import is_frame
from dataaudit.model import Role
from dataaudit.proof.finishing import Proof
from dataaudit.proof.inputs import all_local_files
from dataaudit.proof.opened import Opened, opened
from dataaudit.resplit.assigning import PARTS, Assigned, assign
from dataaudit.resplit.checking import check_not_split, check_settings
from dataaudit.resplit.notes import notes_on
from dataaudit.resplit.request import Request, plan_request
from dataaudit.resplit.writing import write_split
from dataaudit.write.folder import check_folder, whole_folder
from dataaudit.write.frames import take_rows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

IntArray = NDArray[np.int64]


class Parts(Mapping[str, Any]):
    """Frames by the names of the parts, in their order.

    Attributes
    ----------
    rows : mapping of str to array of int
        Positions in the frame that came in, in their order.
    dropped : mapping of str to array of int
        Positions of rows that are in no part, by the reason.
    notes : tuple of str
        What had to give.
    """

    def __init__(
        self, frame: Any, rows: Mapping[str, IntArray], dropped: Mapping[str, IntArray], notes: tuple[str, ...]
    ) -> None:
        self.rows = rows
        self.dropped = dropped
        self.notes = notes
        self._frames = {name: take_rows(frame, numbers) for name, numbers in rows.items()}

    def __getitem__(self, name: str) -> Any:
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(numbers):,} rows" for name, numbers in self.rows.items())
        return f"<Parts: {sizes}>"


def split(
    data: object,
    *,
    label: str | None = None,
    sizes: str | Sequence[float] | None = None,
    folds: int | None = None,
    group: str | Sequence[str] = (),
    time: str | None = None,
    time_mode: str | None = None,
    gap: str | float | None = None,
    near: bool = True,
    output: str | Path | None = None,
    force: bool = False,
    audit: bool = True,
    redact: bool = False,
    task: str | None = None,
    context: str | Sequence[str] = (),
    id: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    seed: int | None = None,
    engine: object = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    config: str | Path | None = None,
) -> Parts | Proof:
    """Split a table into train, validation and test, or into folds, with what belongs together on one side.

    Classes (of a regression, tenths of the rows by the target) have the same share in every part; rows of a group, rows
    equal in all features, and rows that nearly agree stay in one part. With a time, the parts follow one another.

    Parameters
    ----------
    data : path, glob, URL, list of them, or frame
        One table. A frame comes back as frames of its kind, unless there is an output.
    label : str, optional
        Column to be predicted; may be left out only if its name is unmistakable.
    sizes : str or sequence of float, optional
        Shares of train, validation and test, or of train and test: "70/15/15" (the default), (0.8, 0.2).
    folds : int, optional
        So many folds instead.
    group : str or list of str
        Rows with the same value in any of these columns stay together.
    time : str, optional
        The parts follow one another in this column, unless `time_mode` is "random".
    gap : str or float, optional
        What lies between two parts in time; rows within it are dropped. "7d", "12h"; a number for numbers.
    near : bool
        Whether rows that nearly agree are kept together.
    output : path, optional
        The folder to be written; needed unless `data` is a frame.
    force : bool
        Replace a folder that dataaudit wrote.
    audit : bool
        Audit what comes in and what is written (with an output).
    redact : bool
        Leave every value that came from the data out of the report (the tables, lists and manifest hold them).
    task, time_mode, context, id, exclude, seed, engine, memory_limit, threads, config
        As of `dataaudit.audit`.

    Returns
    -------
    Parts or Proof
        Without an output, `Parts`: a mapping from the names of the parts ("train", "validation", "test", or "fold_1",
        "fold_2", ...) to frames of the kind and with the types of `data`; `.rows` has the positions of their rows,
        `.dropped` those of rows in no part. As of every mapping, a loop over it and unpacking give the names; the
        frames are `parts["train"]`, or `train, validation, test = parts.values()`. With an output, a `Proof`: what was
        written, and the audits `.before` and `.after`.

    Raises
    ------
    InputError
        If the table cannot be split; the message says why.
    ConfigError
        If an option is wrong.
    """
    settings = settings_given(
        config,
        label=label,
        task=task,
        group=group,
        time=time,
        time_mode=time_mode,
        context=context,
        id=id,
        exclude=exclude,
        seed=seed,
        engine=engine,
        memory_limit=memory_limit,
        threads=threads,
    )
    request = plan_request(sizes, folds, near=near, gap=gap, seed=settings.seed)
    sources = {"train": data}
    session = session_given(engine, sources)
    if output is None:
        if not is_frame(data):
            raise ConfigError("no output was named", "name a folder: output='parts'; only frames come back as frames")
        return split_frame(data, settings, request)
    folder = check_folder(Path(output), force, all_local_files(sources))
    return run_split(sources, settings, request, folder, audit=audit, redacted=redact, session=session)


def run_split(
    sources: Mapping[str, object],
    settings: Settings,
    request: Request,
    folder: Path,
    *,
    audit: bool = True,
    words: str | None = None,
    progress: Progress | None = None,
    session: SparkSession | None = None,
    redacted: bool = False,
) -> Proof:
    """Split a table and write the folder, whole or not at all."""
    check_settings(settings)
    check_gap(settings, request)
    with opened(
        sources, settings, audit=audit, progress=progress, words=words, session=session, redacted=redacted
    ) as work:
        if progress is not None:
            progress("splitting")
        assigned = _assigned(work, request)
        with whole_folder(folder) as part:
            return write_split(
                work, assigned, request, part, words=words, options=_options(settings, request), progress=progress
            )


def split_frame(frame: object, settings: Settings, request: Request) -> Parts:
    """Split a frame into frames."""
    check_settings(settings)
    check_gap(settings, request)
    with opened({"train": frame}, settings, audit=False) as work:
        assigned = _assigned(work, request)
        engine, info = work.engine, work.dataset.info
        rows = {
            name: _numbers(engine.arrays(f"SELECT row FROM {PARTS} WHERE part = {place} ORDER BY row"))
            for place, name in enumerate(assigned.names)
        }
        dropped = {
            reason: _numbers(
                engine.arrays(f"SELECT row FROM {PARTS} WHERE part IS NULL AND reason = {place} ORDER BY row")
            )
            for place, reason in enumerate(assigned.reasons)
            if reason in assigned.n_dropped
        }
        groups = [column.name for column in info.with_role(Role.GROUP)]
        notes = notes_on(assigned, request, groups, settings.time if assigned.first_times else None)
        return Parts(frame, rows, dropped, notes)


def check_gap(settings: Settings, request: Request) -> None:
    """Raise ConfigError for a gap without a time."""
    if request.gap is not None and (settings.time is None or settings.time_mode == "random"):
        raise ConfigError("a gap was given, and no time to measure it in", "name the column: --time COLUMN")


def _assigned(work: Opened, request: Request) -> Assigned:
    if len(work.dataset.relations) > 1:
        raise InputError("more than one split was given", hint="a split is made of one table")
    check_not_split(work.dataset)
    return assign(work.facts, request)


def _options(settings: Settings, request: Request) -> dict[str, Any]:
    return {
        "label": settings.label,
        "parts": dict(zip(request.names, (round(size, 9) for size in request.sizes), strict=True)),
        "group": list(settings.group),
        "time": settings.time if settings.time_mode != "random" else None,
        "gap": request.gap,
        "near": request.near,
    }


def _numbers(arrays: Mapping[str, NDArray[Any]]) -> IntArray:
    return np.asarray(arrays["row"], dtype=np.int64)
