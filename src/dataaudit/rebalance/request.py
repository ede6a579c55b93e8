"""What was asked for, checked as far as it can be without reading a file; and what it means for these classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataaudit.config import Settings
from dataaudit.engine.dataset import Dataset
from dataaudit.errors import ConfigError, InputError
from dataaudit.load.frames import is_frame
from dataaudit.measure.labels import label_expression
from dataaudit.model import Task
from dataaudit.proof.inputs import local_files
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.plan import BALANCED, CAP_OF_REGIONS, Target, plan_counts, read_target
from dataaudit.rebalance.regions import region_edges, region_name, region_rows
from dataaudit.rebalance.strategies import STRATEGIES, WEIGHTS, Strategy, strategy_named
from dataaudit.rebalance.streaming import Classed, class_code, count_classes

TRAIN = "train"
WEIGHT_NAMES = ("weight", "sample_weight", "row_weight")


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    target : object
        As it was given; None for what suits the task.
    weight_column : str or None
        The name of the column of weights; None for one that no column has.
    """

    strategy: Strategy
    target: object = None
    weight_column: str | None = None


@dataclass(frozen=True)
class Plan:
    """What it means for the training rows.

    Attributes
    ----------
    names : tuple of str
        Classes, or regions of the target, by number.
    counts, wanted : mapping of number to rows
        Of those that have any row.
    source_rows, train_rows : Classed
        The rows as the file holds them, and as they were typed.
    """

    request: Request
    target: Target
    names: tuple[str, ...]
    counts: Mapping[int, int]
    wanted: Mapping[int, int]
    source_rows: Classed
    train_rows: Classed
    is_regression: bool

    @property
    def grown(self) -> tuple[int, ...]:
        """Classes that are to have more rows."""
        return tuple(code for code, n in self.counts.items() if self.wanted[code] > n)

    @property
    def options(self) -> dict[str, Any]:
        """What the manifest says of it."""
        shown = {"strategy": self.request.strategy.name, "target": None}
        if self.request.strategy.takes_target:
            shown["target"] = self.target.words
        return shown


def read_request(strategy: str, target: object, weight_column: str | None, resample: str = TRAIN) -> Request:
    """Return the request.

    Raises
    ------
    ConfigError
        If the strategy is unknown, takes no target, or another split than train is to be resampled.
    """
    if resample != TRAIN:
        raise ConfigError(
            f"the {resample} split is not resampled: a score on it would be of a world that does not exist",
            "resample train alone; the other splits keep their natural shares",
        )
    known = strategy_named(strategy)
    given = target if target not in ((), []) else None
    if given is not None and not known.takes_target:
        names = ", ".join(name for name, other in STRATEGIES.items() if other.takes_target and other.shrinks)
        raise ConfigError(f"{strategy} drops what it finds and takes no --target", f"leave it out, or use {names}")
    if weight_column is not None and known.name != WEIGHTS:
        raise ConfigError(f"{strategy} adds no column of weights", f"use --strategy {WEIGHTS}")
    return Request(known, given, weight_column)


def check_sources(sources: Mapping[str, object]) -> None:
    """Raise InputError if train is one of the other splits, too: those are never resampled."""
    train = sources[TRAIN]
    for split, source in sources.items():
        if split == TRAIN:
            continue
        same = train is source if is_frame(train) or is_frame(source) else _files(train) & _files(source)
        if same:
            raise InputError(
                f"the {split} split is the training data: it is not resampled",
                hint=f"give the training rows alone, and as --{split} what the model will be measured on",
            )


def _files(source: object) -> set[Path]:
    return {path.resolve() for path in local_files(source)}


def plan_request(opened: Opened, request: Request) -> Plan:
    """Return what was asked for as rows per class.

    Raises
    ------
    ConfigError, InputError
        If it does not go with the label.
    """
    dataset = opened.dataset
    source = dataset.sources[TRAIN]
    assert source.label is not None  # a training split without a label is not loaded
    is_regression = dataset.info.task is Task.REGRESSION
    if is_regression:
        _check_regression(request.strategy, str(dataset.info.label))
        edges = region_edges(dataset.engine, TRAIN, label_expression(dataset))
        names = tuple(region_name(edges, place) for place in range(len(edges) - 1))
        rows = region_rows(source.relation, source.label, edges)
        typed = region_rows(TRAIN, label_expression(dataset), edges)
        target = Target(cap=CAP_OF_REGIONS) if request.target is None else read_target(request.target, ())
    else:
        names = dataset.classes
        sql_type = dataset.sql_types[str(dataset.info.label)]
        rows = Classed(source.relation, class_code(source.label, sql_type, names))
        typed = Classed(TRAIN, class_code(label_expression(dataset), sql_type, names))
        target = read_target(BALANCED if request.target is None else request.target, names)
    counts = count_classes(dataset.engine, rows)
    wanted = _wanted(counts, names, target, request.strategy)
    return Plan(request, target, names, counts, wanted, rows, typed, is_regression)


def _wanted(counts: Mapping[int, int], names: tuple[str, ...], target: Target, strategy: Strategy) -> dict[int, int]:
    if not strategy.takes_target:
        return dict(counts)
    planned = plan_counts({names[code]: n for code, n in counts.items()}, target, strategy)
    return {code: planned[names[code]] for code in counts}


def _check_regression(strategy: Strategy, label: str) -> None:
    if not strategy.for_regression:
        names = ", ".join(name for name, other in STRATEGIES.items() if other.for_regression)
        raise InputError(
            f"{strategy.name} needs classes, and the label {label!r} is a number",
            hint=f"for a number use {names}; if its values are classes, declare --task multiclass",
        )


def weight_name(dataset: Dataset, asked: str | None) -> str:
    """Return a name for the column of weights that no column of any split has.

    Raises
    ------
    ConfigError
        If the name that was asked for is taken.
    """
    taken = {name.lower() for source in dataset.sources.values() for name in source.names}
    if asked is not None:
        if asked.lower() in taken:
            raise ConfigError(f"there is a column {asked!r} already", "give --weight-column another name")
        return asked
    names = [*WEIGHT_NAMES, *(f"weight_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def class_weights(plan: Plan) -> dict[int, float]:
    """Return the weight of every class's rows: wanted rows per row, 1 on average.

    Balanced, that is n / (K n_k) for n rows of K classes.
    """
    raw = {code: plan.wanted[code] / n for code, n in plan.counts.items()}
    scale = sum(plan.counts.values()) / sum(raw[code] * n for code, n in plan.counts.items())
    return {code: weight * scale for code, weight in raw.items()}


def settings_for(settings: Settings, request: Request, n_splits: int, *, audit: bool) -> bool:
    """Return whether no column but the label need be looked at: nothing is measured by, and nobody is near anybody."""
    grows = request.strategy.grows and request.strategy.name != WEIGHTS
    return not audit and request.strategy.streams and (n_splits == 1 or not grows) and settings.split_column is None
