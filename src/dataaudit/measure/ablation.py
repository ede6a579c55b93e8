"""Would the other features tell the label without this one? A model on a bounded sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import Ablation
from dataaudit.measure.forest import columns_for_forest, fetch_columns, fetch_labels, new_forest, ranks
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 5_000
N_FOLDS = 3


def measure_ablation(facts: Facts, column: str) -> Ablation:
    """Return the cross-validated explained label variance of all other features.

    A random forest (Breiman 2001, as in scikit-learn) on at most 5,000 rows and
    500 features; for classes, one minus the Brier score over that of the class
    shares. (Gradient boosting scored below 0 where a class has a few dozen
    rows, which made every column look indispensable.)
    """
    others = columns_for_forest(facts, without=[column])
    if not others:
        raise NotMeasurable("there is no other feature to compare with")
    rows = facts.sample.some_rows(MAX_ROWS)
    cells = fetch_columns(facts, others, rows)
    values, target = np.column_stack([ranks(cells[other.name]) for other in others]), fetch_labels(facts, rows)
    explained = _score(facts, values, target)
    left_out = facts.sample.leaves_out(MAX_ROWS)
    return Ablation(column, facts.associations[column].explained, explained, len(target), left_out)


def _score(facts: Facts, features: NDArray[np.float64], target: NDArray[Any]) -> float:
    if facts.info.task is Task.REGRESSION:
        return _regression_score(facts, features, target)
    return _class_score(facts, features, target)


def _regression_score(facts: Facts, features: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    from sklearn.model_selection import KFold, cross_val_predict

    target = target / max(float(np.abs(target).max()), np.finfo(np.float64).tiny)  # squares must not overflow
    model = new_forest(facts, facts.seed)
    predicted = cross_val_predict(model, features, target, cv=KFold(N_FOLDS, shuffle=True, random_state=facts.seed))
    total = float(((target - target.mean()) ** 2).sum())
    return 1 - float(((target - predicted) ** 2).sum()) / total if total > 0 else 0.0


def _class_score(facts: Facts, features: NDArray[np.float64], target: NDArray[Any]) -> float:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names, counts = np.unique(target, return_counts=True)
    kept = np.isin(target, names[counts >= N_FOLDS])
    features, target = features[kept], target[kept]
    names, numbers = np.unique(target, return_inverse=True)
    if len(names) < 2:
        raise NotMeasurable("too few rows per class to compare with a model of the other features")
    model = new_forest(facts, facts.seed)
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=facts.seed)
    predicted = cross_val_predict(model, features, numbers, cv=folds, method="predict_proba")
    truth = np.eye(len(names))[numbers]
    total = float(((truth - truth.mean(axis=0)) ** 2).sum())
    return 1 - float(((truth - predicted) ** 2).sum()) / total
