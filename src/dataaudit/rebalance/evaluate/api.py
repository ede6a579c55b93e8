"""`dataaudit.evaluate_strategies`: a table in, an `Evaluation` of ways of training on it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataaudit.auditing import Progress
from dataaudit.config import Settings
from dataaudit.given import names, session_given, settings_given, splits_given
from dataaudit.proof.opened import opened
from dataaudit.rebalance.evaluate.comparison import DECIDING, PRECISION, Comparison, check_comparison
from dataaudit.rebalance.evaluate.evaluation import Evaluation
from dataaudit.rebalance.evaluate.running import evaluate_facts

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def evaluate_strategies(
    train: object,
    *,
    label: str | None = None,
    strategies: str | Sequence[str] = (),
    target: str | float | Mapping[Any, int] | None = None,
    score: str | Sequence[str] = DECIDING,
    precision: float = PRECISION,
    task: str | None = None,
    group: str | Sequence[str] = (),
    time: str | None = None,
    context: str | Sequence[str] = (),
    id: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    prior: Mapping[str, float] | None = None,
    seed: int | None = None,
    engine: object = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    config: str | Path | None = None,
) -> Evaluation:
    """Compare no resampling, threshold moving, class weights and samplers by cross-validation; nothing is written.

    Only training parts are resampled; every score is of rows with their natural shares. Two plain models are tried,
    a logistic regression and a random forest, on at most 10,000 rows.

    Parameters
    ----------
    train : path, glob, URL, list of them, or frame
    label : str, optional
        Column of classes; may be left out only if its name is unmistakable.
    strategies : str or list of str
        Samplers, as `dataaudit.rebalance` names them; by default random-under, random-over, smote and smote-tomek.
    target : str, float or mapping, optional
        As of `dataaudit.rebalance`.
    score : str or list of str
        What decides: "average-precision", "balanced-accuracy", "recall-at-precision", "log-loss",
        "calibration-error"; by default the first two.
    precision : float
        At which recall is told.
    group, time : optional
        Groups stand on one side of every fold; with a time, each fold is trained on what came before it.
    prior : mapping of class to probability, optional
        Where the model will be used: for the correction of its probabilities.
    task, context, id, exclude, seed, engine, memory_limit, threads, config
        As of `dataaudit.audit`.

    Returns
    -------
    Evaluation
        `print` shows it as a table.

    Raises
    ------
    InputError
        If the label is a number, or there are too few rows of its classes.
    ConfigError
        If an option is wrong.
    """
    settings = settings_given(
        config,
        label=label,
        task=task,
        group=group,
        time=time,
        context=context,
        id=id,
        exclude=exclude,
        prior=prior,
        seed=seed,
        engine=engine,
        memory_limit=memory_limit,
        threads=threads,
    )
    sources = splits_given(train)
    session = session_given(engine, sources)
    comparison = Comparison(names(strategies), target, names(score), precision)
    return run_evaluation(sources, settings, comparison, session=session)


def run_evaluation(
    sources: Mapping[str, object],
    settings: Settings,
    comparison: Comparison,
    *,
    progress: Progress | None = None,
    session: SparkSession | None = None,
) -> Evaluation:
    """Load a table and compare the ways of training on it; of the splits only train is read."""
    check_comparison(comparison)
    train = {"train": sources["train"]}
    with opened(train, settings, audit=False, progress=progress, session=session) as work:
        return evaluate_facts(work.facts, comparison, progress or _say_nothing, settings.thresholds)


def _say_nothing(_: str) -> None:
    """Stand in for a progress display."""
