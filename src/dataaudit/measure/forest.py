"""A plain model of a bounded number of rows: a random forest on the ranks of the features."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.measure.sample import as_number_or_text
from dataaudit.model import ColumnInfo, Kind, Task

if TYPE_CHECKING:
    from sklearn.ensemble import (
        ExtraTreesClassifier,
        ExtraTreesRegressor,
        RandomForestClassifier,
        RandomForestRegressor,
    )

    from dataaudit.measure.facts import Facts

MAX_FEATURES = 500
N_TREES = 50
ROWS_PER_LEAF = 2
SHARE_OF_FEATURES = 1 / 3
COLUMNS_PER_STATEMENT = 200


def columns_for_forest(facts: Facts, without: Sequence[str] = ()) -> list[ColumnInfo]:
    """Return the features a forest is given: up to 500, by name, embeddings left out.

    By name: the forest draws columns by their place, and the file's order must not show.
    """
    features = sorted(facts.features, key=lambda feature: feature.name)
    kept = [feature for feature in features if feature.name not in without and feature.kind is not Kind.EMBEDDING]
    return kept[:MAX_FEATURES]


def fetch_columns(facts: Facts, columns: Sequence[ColumnInfo], relation: str) -> dict[str, NDArray[Any]]:
    """Return the cells of the labelled rows of a relation, by column and in the order of rows.

    Numbers as they are, dates in seconds, categories as text.
    """
    return fetch_cells(facts, columns, f"{relation} WHERE {label_expression(facts.dataset)} IS NOT NULL")


def fetch_cells(facts: Facts, columns: Sequence[ColumnInfo], rows: str) -> dict[str, NDArray[Any]]:
    """Return cells by column in the order of rows; `rows` is what stands after FROM, a condition with it."""
    dataset = facts.dataset
    cells: dict[str, NDArray[Any]] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(as_number_or_text(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} FROM {rows} ORDER BY row")
        cells |= {column.name: arrays[dataset.sql_name(column.name)] for column in run}
    return cells


def fetch_labels(facts: Facts, relation: str) -> NDArray[Any]:
    """Return the labels of the labelled rows of a relation in the order of rows: classes as text, targets as floats."""
    label = label_expression(facts.dataset)
    values = facts.dataset.engine.arrays(f"SELECT {label} AS y FROM {relation} WHERE {label} IS NOT NULL ORDER BY row")[
        "y"
    ]
    if facts.info.task is Task.REGRESSION:
        return as_float(values)
    return np.array([label_text(value) for value in values.tolist()], dtype=np.str_)


def ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the place of each value among the different ones, NaN where missing, which trees split alike.

    They compute in single precision, where seconds since 1970 run together
    and large numbers overflow. Categories get their place in the alphabet,
    which no row order and no engine changes.
    """
    missing = np.ma.getmaskarray(values) if values.dtype == object else np.isnan(as_float(values))
    known = np.asarray(values)[~missing]
    ranked = np.full(len(values), np.nan)
    ranked[~missing] = np.unique(known, return_inverse=True)[1]
    return ranked


def begin_import() -> None:
    """Import scikit-learn's trees in a thread of their own: over a second, in which the engine reads cells."""
    threading.Thread(target=_import_trees, name="import of scikit-learn").start()


def new_forest(facts: Facts, seed: int) -> RandomForestClassifier | RandomForestRegressor:
    """Return a forest for the task, not yet fitted.

    Breiman, Machine Learning 45 (2001), as in scikit-learn. (Gradient
    boosting scored below 0 where a class has a few dozen rows.)
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    make = RandomForestRegressor if facts.info.task is Task.REGRESSION else RandomForestClassifier
    forest: RandomForestClassifier | RandomForestRegressor = make(
        N_TREES, min_samples_leaf=ROWS_PER_LEAF, max_features=SHARE_OF_FEATURES, n_jobs=1, random_state=seed
    )
    return forest


def new_quick_forest(facts: Facts, rows_per_leaf: int) -> ExtraTreesClassifier | ExtraTreesRegressor:
    """Return extremely randomised trees for the task, not yet fitted: as good here, and six times as fast.

    Geurts, Ernst and Wehenkel, Machine Learning 63 (2006), as in scikit-learn.
    """
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    make = ExtraTreesRegressor if facts.info.task is Task.REGRESSION else ExtraTreesClassifier
    forest: ExtraTreesClassifier | ExtraTreesRegressor = make(
        N_TREES, min_samples_leaf=rows_per_leaf, max_features=SHARE_OF_FEATURES, n_jobs=1, random_state=facts.seed
    )
    return forest


def _import_trees() -> None:
    # Whoever needs the trees imports them again, and tells what is missing. A process that ends with an error
    # meanwhile has no use for them, and lets nothing be imported that asks to be told of its end (RuntimeError).
    with contextlib.suppress(ImportError, RuntimeError):
        importlib.import_module("sklearn.ensemble")
