"""Would the other features tell the label without this one? A model on a bounded sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import Ablation
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.model import Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 5_000
MAX_FEATURES = 500
N_FOLDS = 3
N_TREES = 50
ROWS_PER_LEAF = 2
SHARE_OF_FEATURES = 1 / 3
COLUMNS_PER_STATEMENT = 200


def measure_ablation(facts: Facts, column: str) -> Ablation:
    """Return the cross-validated explained label variance of all other features.

    A random forest (Breiman 2001, as in scikit-learn) on at most 5,000 rows and
    500 features; for classes, one minus the Brier score over that of the class
    shares. (Gradient boosting scored below 0 where a class has a few dozen
    rows, which made every column look indispensable.)
    """
    # By name: the forest draws columns by their place, and the file's order must not show.
    features = sorted(facts.features, key=lambda feature: feature.name)
    others = [feature for feature in features if feature.name != column and feature.kind is not Kind.EMBEDDING]
    if not others:
        raise NotMeasurable("there is no other feature to compare with")
    values, target = _fetch(facts, others[:MAX_FEATURES])
    explained = _score(facts, values, target)
    left_out = facts.sample.leaves_out(MAX_ROWS)
    return Ablation(column, facts.associations[column].explained, explained, len(target), left_out)


def _score(facts: Facts, features: NDArray[np.float64], target: NDArray[Any]) -> float:
    if facts.info.task is Task.REGRESSION:
        return _regression_score(features, target, facts.seed)
    return _class_score(features, target, facts.seed)


def _fetch(facts: Facts, columns: list[Any]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return ranks of features (n_rows, n_features), NaN where missing, and the label, for labelled sampled rows."""
    dataset = facts.dataset
    label = label_expression(dataset)
    labelled = f"FROM {facts.sample.some_rows(MAX_ROWS)} WHERE {label} IS NOT NULL ORDER BY row"
    parts = []
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_as_number(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} {labelled}")
        parts += [_ranks(arrays[dataset.sql_name(column.name)]) for column in run]
    values = dataset.engine.arrays(f"SELECT {label} AS y {labelled}")["y"]
    ranked = np.column_stack(parts)
    if facts.info.task is Task.REGRESSION:
        return ranked, as_float(values)
    return ranked, np.array([label_text(value) for value in values.tolist()])


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
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


def _as_number(cell: str, kind: Kind) -> str:
    """Return SQL for a column as a number, a category as its text."""
    if kind is Kind.NUMERIC:
        return f"CAST({cell} AS DOUBLE) AS {cell}"
    if kind is Kind.DATETIME:
        return f"epoch({cell}) AS {cell}"
    return f"CAST({cell} AS VARCHAR) AS {cell}"


def _regression_score(features: NDArray[np.float64], target: NDArray[np.float64], seed: int) -> float:
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import KFold, cross_val_predict

    target = target / max(float(np.abs(target).max()), np.finfo(np.float64).tiny)  # squares must not overflow
    model = RandomForestRegressor(
        N_TREES, min_samples_leaf=ROWS_PER_LEAF, max_features=SHARE_OF_FEATURES, n_jobs=1, random_state=seed
    )
    predicted = cross_val_predict(model, features, target, cv=KFold(N_FOLDS, shuffle=True, random_state=seed))
    total = float(((target - target.mean()) ** 2).sum())
    return 1 - float(((target - predicted) ** 2).sum()) / total if total > 0 else 0.0


def _class_score(features: NDArray[np.float64], target: NDArray[Any], seed: int) -> float:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names, counts = np.unique(target, return_counts=True)
    kept = np.isin(target, names[counts >= N_FOLDS])
    features, target = features[kept], target[kept]
    names, numbers = np.unique(target, return_inverse=True)
    if len(names) < 2:
        raise NotMeasurable("too few rows per class to compare with a model of the other features")
    model = RandomForestClassifier(
        N_TREES, min_samples_leaf=ROWS_PER_LEAF, max_features=SHARE_OF_FEATURES, n_jobs=1, random_state=seed
    )
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed)
    predicted = cross_val_predict(model, features, numbers, cv=folds, method="predict_proba")
    truth = np.eye(len(names))[numbers]
    total = float(((truth - truth.mean(axis=0)) ** 2).sum())
    return 1 - float(((truth - predicted) ** 2).sum()) / total
