"""`dataaudit.rebalance`: from a training table to a folder, or from a frame to a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataaudit.auditing import Progress
from dataaudit.config import Settings
from dataaudit.errors import ConfigError
from dataaudit.given import session_given, settings_given, splits_given
from dataaudit.load.frames import is_frame
from dataaudit.proof.finishing import Proof
from dataaudit.proof.inputs import all_local_files
from dataaudit.proof.opened import opened
from dataaudit.rebalance.evaluate.applying import Beside, request_of
from dataaudit.rebalance.evaluate.comparison import Comparison
from dataaudit.rebalance.evaluate.running import evaluate_facts
from dataaudit.rebalance.evaluate.ways import AUTO
from dataaudit.rebalance.frames import Rebalanced, rebalance_frame
from dataaudit.rebalance.request import Request, check_sources, plan_request, read_request, settings_for
from dataaudit.rebalance.strategies import RANDOM_OVER
from dataaudit.rebalance.writing import write_rebalanced
from dataaudit.write.folder import check_folder, whole_folder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def rebalance(
    train: object,
    *,
    label: str | None = None,
    strategy: str = "smote",
    target: str | float | Mapping[Any, int] | None = None,
    weight_column: str | None = None,
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
    seed: int | None = None,
    engine: object = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    config: str | Path | None = None,
) -> Rebalanced | Proof:
    """Rebalance the classes of a training table, or the regions of its numeric target; no other split is touched.

    Parameters
    ----------
    train : path, glob, URL, list of them, or frame
        A frame comes back as a frame of its kind, unless there is an output.
    label : str, optional
        Column to be predicted; may be left out only if its name is unmistakable.
    strategy : str
        "random-over", "random-under", "random-both", "weights", "smote" (SMOTENC or SMOTEN where there are
        categories), "borderline-smote", "adasyn", "svm-smote", "kmeans-smote", "near-miss", "tomek", "enn",
        "cluster-centroids", "instance-hardness", "smote-enn" or "smote-tomek"; "auto" compares some of them, class
        weights and none by cross-validation and applies the simplest that is not clearly worse (no row changes where
        none is recommended): see `dataaudit.evaluate_strategies`.
    target : str, float or mapping, optional
        "balanced" (the default), a ratio of the smallest class to the largest, "cap=3" (the largest at most three
        times the smallest; of a numeric target 10 by default), or rows by class.
    weight_column : str, optional
        Name of the column of weights in a folder; one that no column has by default. A frame gets no column: its
        weights are `.weights`.
    output : path, optional
        The folder to be written; needed unless `train` is a frame.
    force : bool
        Replace a folder that dataaudit wrote.
    audit : bool
        Audit what comes in and what is written (with an output).
    redact : bool
        Leave every value that came from the data out of the report (the tables, lists and manifest hold them).
    test, validation : optional
        What the model will be measured on. Rows near theirs are not repeated, and are nobody's parents.
    reference, split_column, task, group, time, time_mode, context, id, exclude, seed, engine, threads, config
        As of `dataaudit.audit`.
    memory_limit : str, optional
        What the engine, and what a sampler in memory may use; half of the machine's for a sampler by default.

    Returns
    -------
    Rebalanced or Proof
        Without an output, a `Rebalanced`: the rebalanced rows are its `.frame`, of the kind and with the types of
        `train`; `.provenance` says of every row where it came from, `.dropped` which rows are gone; with the strategy
        "weights", `.weights` has one for each row. With an output, a `Proof`: what was written, and the audits
        `.before` and `.after`.

    Raises
    ------
    InputError
        If the table cannot be rebalanced in this way; the message says why.
    ConfigError
        If an option is wrong.
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
        seed=seed,
        engine=engine,
        memory_limit=memory_limit,
        threads=threads,
    )
    sources = splits_given(train, validation=validation, test=test, reference=reference)
    comparison = Comparison((AUTO,), target) if strategy == AUTO else None
    request = read_request(RANDOM_OVER if comparison else strategy, target, None if comparison else weight_column)
    request = replace(request, weight_column=weight_column)
    session = session_given(engine, sources)
    if output is None:
        if not is_frame(train):
            raise ConfigError(
                "no output was named", "name a folder: output='balanced'; only frames come back as frames"
            )
        check_sources(sources)
        only_label = comparison is None and settings_for(settings, request, len(sources), audit=False)
        with opened(sources, settings, audit=False, only_label=only_label) as work:
            if comparison is None:
                return rebalance_frame(work, plan_request(work, request), train)
            evaluation = evaluate_facts(work.facts, comparison, _say_nothing, settings.thresholds)
            request = request_of(evaluation, comparison.strategies, request)
            beside = Beside(evaluation, request.strategy.name)
            return rebalance_frame(work, plan_request(work, request), train, beside)
    folder = check_folder(Path(output), force, all_local_files(sources))
    return run_rebalance(
        sources, settings, request, folder, comparison=comparison, audit=audit, redacted=redact, session=session
    )


def run_rebalance(
    sources: Mapping[str, object],
    settings: Settings,
    request: Request,
    folder: Path,
    *,
    comparison: Comparison | None = None,
    audit: bool = True,
    words: str | None = None,
    progress: Progress | None = None,
    session: SparkSession | None = None,
    redacted: bool = False,
) -> Proof:
    """Rebalance a training table and write the folder, whole or not at all.

    With a comparison, ways of training are evaluated first; unless it names one strategy, the recommended is applied.
    """
    check_sources(sources)
    say = progress or _say_nothing
    only_label = comparison is None and settings_for(settings, request, len(sources), audit=audit)
    with opened(
        sources,
        settings,
        audit=audit,
        only_label=only_label,
        progress=progress,
        words=words,
        session=session,
        redacted=redacted,
    ) as work:
        beside = None
        if comparison is not None:
            evaluation = evaluate_facts(work.facts, comparison, say, settings.thresholds)
            request = request_of(evaluation, comparison.strategies, request)
            beside = Beside(evaluation, request.strategy.name)
        plan = plan_request(work, request)
        with whole_folder(folder) as part:
            return write_rebalanced(work, plan, part, words=words, say=say, progress=progress, beside=beside)


def _say_nothing(_: str) -> None:
    """Stand in for a progress display."""
