"""Both engines, one truth: every fact of every table has the same numbers on DuckDB and on Spark."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import numpy as np
import pytest
from tests.engine.spark.tables import CASES

from dataaudit.engine.base import Engine
from dataaudit.engine.dataset import Dataset
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import engine_in
from dataaudit.errors import NotMeasurable
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.measure.keys import KeyCounts
from dataaudit.measure.links.links import Links
from dataaudit.measure.recall import fact
from dataaudit.model import Task

RELATIVE, ABSOLUTE = 1e-9, 1e-9
# Spark's HyperLogLog is off by 5 % in the mean, DuckDB's by less.
RELATIVE_DISTINCT = 0.15
# Hashes of rows are the engine's own; what is found with them is not.
OF_THE_ENGINE = {"row_hashes"}
FACTS = [name for name, value in vars(Facts).items() if isinstance(value, fact) and name not in OF_THE_ENGINE]
LINKS = [name for name, value in vars(Links).items() if isinstance(value, fact)]
# What says that a fact is not to be had of this table: no time column, no classes, no target.
NOT_TO_BE_HAD = (NotMeasurable, LookupError, ValueError)


def differences(here: object, there: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Yield the places at which two facts are not the same, floats but for the order in which they were added up."""
    if dataclasses.is_dataclass(here) and type(here) is type(there):
        yield from differences(_fields(here), _fields(there), path)
    elif isinstance(here, Mapping) and isinstance(there, Mapping):
        if list(here) != list(there):
            yield path, list(here), list(there)
        for key in set(here) & set(there):
            yield from differences(here[key], there[key], f"{path}[{key!r}]")
    elif isinstance(here, np.ndarray) and isinstance(there, np.ndarray):
        yield from differences(here.tolist(), there.tolist(), path)
    elif isinstance(here, Sequence) and isinstance(there, Sequence) and not isinstance(here, str):
        if len(here) != len(there):
            yield f"{path} length", here, there
        for i, (one, other) in enumerate(zip(here, there, strict=False)):
            yield from differences(one, other, f"{path}[{i}]")
    elif not _same(here, there, RELATIVE_DISTINCT if "surveys" in path and "n_distinct" in path else RELATIVE):
        yield path, here, there


def _fields(value: object) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _same(here: object, there: object, relative: float) -> bool:
    numbers = int | float | np.number
    if isinstance(here, numbers) and isinstance(there, numbers) and not isinstance(here, bool | Enum):
        both_missing = math.isnan(here) and math.isnan(there)
        return both_missing or math.isclose(here, there, rel_tol=relative, abs_tol=ABSOLUTE)
    return here == there and type(here) is type(there)


@pytest.fixture(scope="module", params=CASES)
def both(request, tmp_path_factory, spark) -> Iterator[tuple[Facts, Facts]]:
    """The facts of one table on DuckDB and on Spark."""
    case = CASES[request.param]
    duckdb, on_spark = DuckDBEngine(threads=2), engine_in(spark)
    sources = case.splits(tmp_path_factory.mktemp("tables"))
    declared = Declared(label="y", **case.roles)

    def facts_of(engine: Engine) -> Facts:
        return Facts(load(engine, sources, declared, case.task))

    yield facts_of(duckdb), facts_of(on_spark)
    duckdb.close()
    on_spark.close()


def described(dataset: Dataset) -> dict[str, object]:
    return {
        "info": dataset.info,
        "relations": dataset.relations,
        "classes": dataset.classes,
        "types": dataset.sql_types,
        "surveys": dataset.surveys,
        "cells": dataset.cells,
    }


def measured(facts: Facts | Links, name: str) -> object:
    """Return a fact, or why it cannot be had."""
    if isinstance(facts, Facts) and name == ("classes" if facts.info.task is Task.REGRESSION else "target"):
        return "of another task"
    try:
        value = getattr(facts, name)
        return _in_order(value) if isinstance(value, KeyCounts) else value
    except NOT_TO_BE_HAD as error:
        return type(error).__name__


def test_every_fact_is_the_same_on_both_engines(both):
    duckdb, spark = both
    found = list(differences(described(duckdb.dataset), described(spark.dataset), "dataset"))
    for name in FACTS:
        found += differences(measured(duckdb, name), measured(spark, name), name)
    for name in LINKS:
        found += differences(measured(duckdb.links, name), measured(spark.links, name), name)
    assert found[:10] == []


def test_fingerprints_tell_splits_apart_within_an_engine(both):
    for facts in both:
        fingerprints = list(facts.row_hashes.values())
        assert len(set(fingerprints)) == len(fingerprints)


def test_ablation_is_the_same(both):
    duckdb, spark = both
    column = duckdb.features[0].name
    here, there = measured_ablation(duckdb, column), measured_ablation(spark, column)
    assert list(differences(here, there, "ablation")) == []


def _in_order(counts: KeyCounts) -> list[object]:
    """Return grouped counts in an order of their own; an engine gives groups in any."""
    groups = {}
    for split, arrays in counts.arrays.items():
        rows = zip(*(arrays[name].tolist() for name in ("col", "place", "y", "n", "s", "q")), strict=True)
        groups[split] = sorted(rows, key=lambda row: (row[0], row[1], str(row[2])))
    return [counts.columns, counts.kept, groups]


def measured_ablation(facts: Facts, column: str) -> object:
    try:
        return facts.ablation(column)
    except NotMeasurable as error:
        return error.reason


def test_comparison_sees_a_difference():
    assert list(differences({"a": np.array([1.0, 2.0])}, {"a": np.array([1.0, 2.1])}, "x"))
    assert list(differences({"a": (1, "b")}, {"a": (1, "c")}, "x"))
    assert not list(differences({"a": (1.0, float("nan"))}, {"a": (1.0 + 1e-12, float("nan"))}, "x"))
