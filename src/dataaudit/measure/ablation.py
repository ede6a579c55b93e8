"""Would the other features tell the label without this one? A model on a bounded sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import Ablation
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.measure.sample import sample_condition
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
    return Ablation(column, facts.associations[column].explained, explained, len(target))


def _score(facts: Facts, features: NDArray[np.float64], target: NDArray[Any]) -> float:
    if facts.info.task is Task.REGRESSION:
        return _regression_score(features, target, facts.seed)
    return _class_score(features, target, facts.seed)


def _fetch(facts: Facts, columns: list[Any]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return ranks of features (n_rows, n_features), NaN where missing, and the label, for labelled sampled rows."""
    dataset = facts.dataset
    condition = sample_condition(dataset.relations["train"].n_rows, len(columns), facts.seed, MAX_ROWS)
    label = label_expression(dataset)
    where = f"WHERE {condition} AND {label} IS NOT NULL ORDER BY row"
    parts = []
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_as_number(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} FROM train {where}")
        parts += [as_float(arrays[dataset.sql_name(column.name)]) for column in run]
    values = dataset.engine.arrays(f"SELECT {label} AS y FROM train {where}")["y"]
    ranked = np.column_stack([_ranks(part) for part in parts])
    if facts.info.task is Task.REGRESSION:
        return ranked, as_float(values)
    return ranked, np.array([label_text(value) for value in values.tolist()])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place of each value among the different ones, which trees split alike.

    They compute in single precision, where seconds since 1970 and hashes run
    together and large numbers overflow.
    """
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    ranks[np.isnan(values)] = np.nan
    return ranks


def _as_number(cell: str, kind: Kind) -> str:
    """Return SQL for a column as a number; categories by a hash, which no row order can change."""
    if kind is Kind.NUMERIC:
        return f"CAST({cell} AS DOUBLE) AS {cell}"
    if kind is Kind.DATETIME:
        return f"epoch({cell}) AS {cell}"
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CAST(hash({cell}) >> 12 AS DOUBLE) END AS {cell}"


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
