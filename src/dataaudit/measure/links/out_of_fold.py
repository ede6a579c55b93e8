"""What a plain model of all features says of rows it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.forest import (
    ROWS_PER_LEAF,
    columns_for_forest,
    fetch_columns,
    fetch_labels,
    new_quick_forest,
    ranks,
)
from dataaudit.measure.labels import label_expression
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_ROWS = 5_000
N_FOLDS = 4


@dataclass(frozen=True)
class OutOfFold:
    """Predictions of labelled rows of train, each by a model that was trained without the row.

    Attributes
    ----------
    relation : str
        What stands after FROM for the rows (their order is that of `row`).
    rows : int array of shape (n_rows,)
        Row numbers in train, ascending.
    classes : tuple of str
        Names of the classes that have enough rows; empty in regression.
    label : array of shape (n_rows,)
        Places among `classes` as int64; the target as float64 in regression.
    predicted : float array
        Of shape (n_rows, n_classes): probabilities; of shape (n_rows, 1): predicted targets.
    """

    relation: str
    rows: IntArray
    classes: tuple[str, ...]
    label: NDArray[Any]
    predicted: FloatArray
    sampled: bool

    @property
    def n_rows(self) -> int:
        """Rows that were predicted."""
        return len(self.rows)


@dataclass(frozen=True)
class CodedRows:
    """Labelled rows of the sample as a model is given them, ascending by number; columns by what they tell."""

    relation: str
    rows: IntArray
    features: FloatArray
    label: NDArray[Any]

    def some(self, kept: NDArray[np.bool_]) -> CodedRows:
        """Return some of the rows."""
        return replace(self, rows=self.rows[kept], features=self.features[kept], label=self.label[kept])

    @property
    def own_order(self) -> IntArray:
        """An order of the rows by what they hold, so that their order in the file does not choose the folds."""
        weights = np.asarray(np.random.default_rng(0).random(self.features.shape[1]))
        # Added up column by column: a product of matrices rounds by the place of a row.
        places = np.zeros(len(self.features))
        for i in range(self.features.shape[1]):
            places += np.nan_to_num(self.features[:, i], nan=-1.0) * weights[i]
        return np.lexsort((self.label, places))


def coded_rows(facts: Facts) -> CodedRows:
    """Return at most 5,000 labelled rows of train; of classes, those with as many rows as there are folds.

    Raises
    ------
    NotMeasurable
        If there is no feature, fewer than two classes have enough rows, or there are fewer than 8 rows.
    """
    # The forest draws columns by their place: the order is that of what they tell, and neither names nor file show.
    columns = sorted(columns_for_forest(facts), key=lambda column: _told_alone(facts, column.name), reverse=True)
    if not columns:
        raise NotMeasurable("there is no feature to predict the label from")
    relation = facts.sample.some_rows(MAX_ROWS)
    cells = fetch_columns(facts, columns, relation)
    features = np.column_stack([ranks(cells[column.name]) for column in columns])
    coded = CodedRows(relation, row_numbers(facts, relation), features, fetch_labels(facts, relation))
    if facts.info.task is not Task.REGRESSION:
        names, counts = np.unique(coded.label, return_counts=True)
        if (counts >= N_FOLDS).sum() < 2:
            raise NotMeasurable("fewer than two classes have enough rows for a model to be tried on")
        coded = coded.some(np.isin(coded.label, names[counts >= N_FOLDS]))
    if len(coded.rows) < 2 * N_FOLDS:
        raise NotMeasurable("there are too few labelled rows for a model to be tried on")
    return coded


def measure_out_of_fold(facts: Facts, share_per_leaf: float = 0.0) -> OutOfFold:
    """Train extremely randomised trees on three quarters of the coded rows, predict the last quarter, in turn.

    With `share_per_leaf`, every leaf holds at least that share of the rows.
    """
    coded = coded_rows(facts)
    model = new_quick_forest(facts, max(ROWS_PER_LEAF, round(share_per_leaf * len(coded.rows))))
    left_out = facts.sample.leaves_out(MAX_ROWS)
    if facts.info.task is Task.REGRESSION:
        predicted = _predicted_targets(facts, model, coded)
        return OutOfFold(coded.relation, coded.rows, (), coded.label, predicted, left_out)
    names, numbers = np.unique(coded.label, return_inverse=True)
    predicted = _predicted_classes(facts, model, coded, numbers)
    classes = tuple(names.tolist())
    return OutOfFold(coded.relation, coded.rows, classes, numbers.astype(np.int64), predicted, left_out)


def _told_alone(facts: Facts, name: str) -> float:
    association = facts.associations.get(name)
    return 0.0 if association is None else round(association.explained, 9)


def row_numbers(facts: Facts, relation: str) -> IntArray:
    """Return the numbers of the labelled rows of a relation, ascending."""
    label = label_expression(facts.dataset)
    arrays = facts.dataset.engine.arrays(f"SELECT row FROM {relation} WHERE {label} IS NOT NULL ORDER BY row")
    return np.asarray(arrays["row"], dtype=np.int64)


def _predicted_classes(facts: Facts, model: Any, coded: CodedRows, numbers: IntArray) -> FloatArray:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    order = coded.own_order
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=facts.seed)
    found = cross_val_predict(model, coded.features[order], numbers[order], cv=folds, method="predict_proba")
    predicted: FloatArray = np.empty_like(found)
    predicted[order] = found
    return predicted


def _predicted_targets(facts: Facts, model: Any, coded: CodedRows) -> FloatArray:
    from sklearn.model_selection import KFold, cross_val_predict

    order = coded.own_order
    scale = max(float(np.abs(coded.label).max()), np.finfo(np.float64).tiny)  # squares must not overflow
    folds = KFold(N_FOLDS, shuffle=True, random_state=facts.seed)
    predicted = np.empty(len(order))
    predicted[order] = cross_val_predict(model, coded.features[order], coded.label[order] / scale, cv=folds)
    return predicted.reshape(-1, 1) * scale
