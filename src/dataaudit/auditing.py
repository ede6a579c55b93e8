"""load -> measure -> judge: from sources and settings to an AuditResult."""

from __future__ import annotations

import dataclasses
import difflib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dataaudit import __version__
from dataaudit.clues.gather import gather_clues
from dataaudit.config import Settings
from dataaudit.engine.base import EngineError
from dataaudit.engine.dataset import Dataset
from dataaudit.engine.opening import DUCKDB, AnyEngine, engine_in, open_engine
from dataaudit.errors import DataAuditError, InputError, NotMeasurable
from dataaudit.given import session_given, settings_given, splits_given
from dataaudit.load.dataset import load
from dataaudit.load.prior import with_prior
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.measure.forest import begin_import
from dataaudit.measure.labels import splits_with_label
from dataaudit.model import AuditResult, Check, DatasetInfo, Finding, Role, RuleDoc, Status, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._discover import build_rules
from dataaudit.rules._docs import rule_doc
from dataaudit.sides.gather import gather_sides

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Progress = Callable[[str], None]


def audit(
    train: object,
    *,
    test: object = None,
    validation: object = None,
    reference: object = None,
    split_column: str | None = None,
    label: str | None = None,
    task: str | None = None,
    group: str | Sequence[str] = (),
    time: str | None = None,
    time_mode: str | None = None,
    context: str | Sequence[str] = (),
    id: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    prior: Mapping[str, float] | None = None,
    honest: str | Sequence[str] = (),
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    thresholds: Mapping[str, Mapping[str, object]] | None = None,
    seed: int | None = None,
    measure_impact: bool | None = None,
    engine: object = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    config: str | Path | None = None,
) -> AuditResult:
    """Audit a labelled table before a model is trained on it.

    Parameters
    ----------
    train, test, validation, reference : path, glob, URL, list of them, or frame
        CSV or Parquet files, a Hive-partitioned folder, or pandas, polars or
        pyarrow tables; URLs, as text, need DuckDB's extension httpfs; on Spark also its frames, and its tables by name.
    split_column : str, optional
        Column of `train` that names each row's split.
    label : str, optional
        Column to be predicted; may be left out only if its name is unmistakable.
    task : {"binary", "multiclass", "regression"}, optional
        Told from the label otherwise.
    group, context, id, exclude, honest : str or list of str
        Columns of that role; honest ones are known to be strong features.
    prior : mapping of class to probability, optional
        How common classes are where the model will be used; classes left out
        share the rest.
    time : str, optional
        Column that orders the rows in time.
    time_mode : {"chronological", "random"}, optional
        Whether the splits were meant to follow one another.
    select, ignore : str or list of str
        Codes, beginnings of codes, or names of rules.
    thresholds : mapping of rule name or code to mapping of field to value, optional
    seed : int, optional
        Seeds samples and models; 0 by default.
    measure_impact : bool, optional
        Train plain models to tell what each leak of rows or columns does to
        the test score.
    engine : str or SparkSession, optional
        "duckdb" (the default), "spark" (the active session, else all cores of
        this machine), "spark:MASTER", "sc://HOST:PORT", or a session. Frames
        of Spark are audited in their own session.
    memory_limit, threads : str, int, optional
        What DuckDB, or a local Spark started for the audit, may use ("1GB", 2).
    config : path, optional
        A configuration file; none is looked for otherwise.

    Returns
    -------
    AuditResult

    Raises
    ------
    InputError
        If something cannot be audited; the message names it.
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
        prior=prior,
        honest=honest,
        select=select,
        ignore=ignore,
        seed=seed,
        measure_impact=measure_impact,
        engine=engine,
        memory_limit=memory_limit,
        threads=threads,
        thresholds=thresholds,
    )
    sources = splits_given(train, validation=validation, test=test, reference=reference)
    session = session_given(engine, sources)
    return run(sources, settings, session=session)


def run(
    sources: Mapping[str, object],
    settings: Settings,
    progress: Progress | None = None,
    command: str | None = None,
    session: SparkSession | None = None,
) -> AuditResult:
    """Run a whole audit; the engine and its temporary folder are gone when it returns.

    Parameters
    ----------
    sources : mapping of split name to path, glob, list of paths, or frame
    settings : Settings
    progress : callable, optional
        Called with a few words before every step.
    command : str, optional
        The command line, for the report.
    session : SparkSession, optional
        The session to count in, instead of the engine that the settings name.
    """
    say = progress or _say_nothing
    # Before the long work, so that a wrong code is told at once.
    _rules(settings)
    with engine_for(settings, say, session) as engine:
        say("reading the data")
        started = time.perf_counter()
        dataset = load_dataset(engine, sources, settings)
        seconds_load = time.perf_counter() - started
        return judge_facts(facts_of(dataset, settings), settings, say, command, seconds_load=seconds_load)


@contextmanager
def engine_for(
    settings: Settings, say: Progress | None = None, session: SparkSession | None = None
) -> Iterator[AnyEngine]:
    """Open the engine that the settings name, or one in the session; it and its temporary folder are gone after."""
    if session is None and settings.engine != DUCKDB:
        (say or _say_nothing)("starting Spark")
    engine = (
        open_engine(settings.engine, settings.memory_limit, settings.threads) if session is None else engine_in(session)
    )
    try:
        yield engine
    finally:
        engine.close()


def judge_facts(
    facts: Facts,
    settings: Settings,
    progress: Progress | None = None,
    command: str | None = None,
    *,
    seconds_load: float = 0.0,
) -> AuditResult:
    """Measure and judge what was loaded.

    Parameters
    ----------
    facts : Facts
        Of one dataset there is only one: what it measures lies in the engine under fixed names.
    settings : Settings
    progress : callable, optional
        Called with a few words before every step.
    command : str, optional
        The command line, for the report.
    seconds_load : float
        What loading took, for the report.
    """
    say = progress or _say_nothing
    rules = _rules(settings)
    started = time.perf_counter()
    info = _with_fingerprints(facts)
    judged = _check_all(rules, facts, say)
    findings = _ordered([finding for found, _ in judged for finding in found])
    checks = tuple(check for _, check in judged)
    clues = gather_clues(facts, findings, checks)
    sides = gather_sides(facts, findings)
    seconds_judge = time.perf_counter() - started - facts.seconds
    return AuditResult(
        version=__version__,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=settings.seed,
        dataset=info,
        findings=findings,
        checks=checks,
        timings={"load": seconds_load, "measure": facts.seconds, "judge": seconds_judge, "render": 0.0},
        docs=_docs(rules),
        command=command,
        thresholds=_thresholds(settings),
        clues=clues,
        sides=sides,
    )


def facts_of(dataset: Dataset, settings: Settings) -> Facts:
    """Return the facts of a dataset, none of them measured yet."""
    return Facts(
        dataset,
        seed=settings.seed,
        honest=frozenset(settings.honest),
        time_mode=settings.time_mode,
        measure_impact=settings.measure_impact,
        asked=frozenset(rule.code for rule in _rules(settings)),
    )


def load_dataset(
    engine: AnyEngine,
    sources: Mapping[str, object],
    settings: Settings,
    *,
    keep_cells: bool = False,
    only_label: bool = False,
) -> Dataset:
    """Load the splits as the settings declare them.

    With `keep_cells` their rows can be written out again; with `only_label` no column but a named label is looked at.
    """
    dataset = _load(engine, sources, settings, keep_cells, only_label)
    if not only_label:
        _check_honest(settings.honest, dataset)
    return with_prior(dataset, settings.prior)


def _rules(settings: Settings) -> tuple[Rule, ...]:
    return build_rules(settings.select, settings.ignore, settings.thresholds)


def _load(
    engine: AnyEngine, sources: Mapping[str, object], settings: Settings, keep_cells: bool, only_label: bool
) -> Dataset:
    try:
        trees = not only_label and any(rule.grows_trees for rule in _rules(settings))
        begin = begin_import if trees else None
        kept = {"keep_cells": keep_cells, "only_label": only_label}
        return load(engine, sources, _declared(settings), settings.task, once_read=begin, **kept)
    except duckdb.ConversionException as error:
        # A file may hold what no type of the engine can, such as a date in the year 70,000,000.
        raise EngineError(str(error)) from error


def _check_honest(honest: Sequence[str], dataset: Dataset) -> None:
    names = [column.name for column in dataset.info.columns]
    for name in honest:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3) or names[:3]
            raise InputError(
                f"there is no column {name!r} (declared honest)",
                hint=f"did you mean {' or '.join(repr(other) for other in near)}?",
            )


def _check_all(rules: Sequence[Rule], facts: Facts, say: Progress) -> list[tuple[list[Finding], Check]]:
    """Judge the rules that train models beside those that only count."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        models = {rule.code: beside.submit(_check, rule, facts, say) for rule in rules if rule.trains_model}
        counts = {rule.code: _check(rule, facts, say) for rule in rules if not rule.trains_model}
        return [counts[rule.code] if rule.code in counts else models[rule.code].result() for rule in rules]


def _check(rule: Rule, facts: Facts, say: Progress) -> tuple[list[Finding], Check]:
    """Judge one rule; a rule that cannot be judged is skipped and one that fails is reported as crashed."""
    facts.seen.clear()
    started = time.perf_counter()
    findings: list[Finding] = []
    say(f"{rule.code} {rule.name}")
    try:
        reason = _unmet_need(rule, facts.dataset)
        status = Status.PASSED if reason is None else Status.SKIPPED
        if reason is None:
            findings = list(rule.judge(facts))
            status = Status.FAILED if findings else Status.PASSED
    except NotMeasurable as skipped:
        status, reason, findings = Status.SKIPPED, skipped.reason, []
    except DataAuditError:
        raise
    except Exception as error:  # noqa: BLE001 - one broken rule must not take the others' findings with it
        status, reason, findings = Status.CRASHED, f"{type(error).__name__}: {error}", []
    n_rows_seen, sampled = _rows_seen(facts)
    seconds = time.perf_counter() - started
    return findings, Check(rule.code, rule.name, status, reason, n_rows_seen, sampled, seconds)


def _unmet_need(rule: Rule, dataset: Dataset) -> str | None:
    info = dataset.info
    met = {
        Need.LABEL: info.label is not None,
        Need.CLASSES: info.task in (Task.BINARY, Task.MULTICLASS),
        Need.REGRESSION: info.task is Task.REGRESSION,
        Need.OTHER_SPLIT: any(split.name in ("validation", "test") for split in info.splits),
        Need.GROUP: bool(info.with_role(Role.GROUP)),
        Need.TIME: bool(info.with_role(Role.TIME)),
    }
    return next((need.value for need in rule.needs if not met[need]), None)


def _rows_seen(facts: Facts) -> tuple[int, bool]:
    """Return how many rows the facts just read were counted over, and whether any came from a sample."""
    if facts.seen and all(facts.seen.values()):
        return facts.sample.n_rows, True
    return sum(relation.n_rows for relation in facts.dataset.relations.values()), any(facts.seen.values())


def _with_fingerprints(facts: Facts) -> DatasetInfo:
    if not facts.features:
        return facts.info
    fingerprints = facts.row_hashes
    splits = tuple(dataclasses.replace(split, fingerprint=fingerprints[split.name]) for split in facts.info.splits)
    unlabelled = [split.name for split in splits if split.name not in splits_with_label(facts.dataset)]
    notes = tuple(f"The {split} split has no label column; checks that need one leave it out." for split in unlabelled)
    return dataclasses.replace(facts.info, splits=splits, notes=(*facts.info.notes, *notes))


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort by severity and code; within a rule its own order, worst first, is kept."""
    return tuple(sorted(findings, key=lambda f: (-f.severity, f.code)))


def _declared(settings: Settings) -> Declared:
    return Declared(
        label=settings.label,
        group=settings.group,
        time=settings.time,
        context=settings.context,
        id=settings.id,
        exclude=settings.exclude,
        split_column=settings.split_column,
    )


def _docs(rules: Sequence[Rule]) -> dict[str, RuleDoc]:
    return {rule.code: rule_doc(type(rule)) for rule in rules}


def _thresholds(settings: Settings) -> dict[str, dict[str, float | int | str]]:
    """Return the thresholds the user changed, as JSON can hold them."""
    return {
        name: {key: value if isinstance(value, int | float | str) else str(value) for key, value in fields.items()}
        for name, fields in settings.thresholds.items()
    }


def _say_nothing(_: str) -> None:
    """Stand in for a progress display."""
