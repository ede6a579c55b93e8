"""How sure two plain models are of each row of the splits: the largest probability they give to a class."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.forest import new_quick_forest
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.measure.spread.coordinates import FURTHEST, axes_of
from dataaudit.measure.spread.neighbours import columns_to_compare
from dataaudit.model import Task

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    from sklearn.linear_model import LogisticRegression

    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.split_rows import SplitRows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MODELS = ("logistic model", "forest")
ROWS_PER_LEAF = 5
MOST_STEPS = 200


@dataclass(frozen=True)
class Sureness:
    """What models of train think of some rows of one split.

    Attributes
    ----------
    rows : int array of shape (n_rows,)
        Row numbers, ascending.
    by_model : mapping of str to float array of shape (n_rows,)
        The largest probability that a standardised logistic regression, and a
        forest, give to a class.
    n_rows_trained : int
    """

    rows: IntArray
    by_model: Mapping[str, FloatArray]
    n_rows_trained: int
    sampled: bool = False


def measure_sureness(facts: Facts) -> dict[str, Sureness]:
    """Fit both models to the drawn training rows that have a label, and ask them of the rows of other splits.

    Raises
    ------
    NotMeasurable
        Without classes, two of them at least among those rows, and a column that varies.
    """
    if facts.info.label is None or facts.info.task is Task.REGRESSION:
        raise NotMeasurable("there are no classes to be sure of")
    drawn = facts.shifts.split_rows
    train, splits = drawn["train"], [split for split in facts.other_splits if split in drawn and drawn[split].n_rows]
    known, labels = _labels(facts, train)
    points = {split: _points(facts, train, known, drawn[split]) for split in ("train", *splits)}
    if len(np.unique(labels)) < 2 or points["train"].shape[1] == 0:
        raise NotMeasurable("the drawn rows have fewer than two classes, or no column that varies")
    models = dict(zip(MODELS, _fitted(facts, points["train"][known], labels), strict=True))
    return {
        split: Sureness(
            rows=drawn[split].rows,
            by_model={name: _surest(model.predict_proba(points[split])) for name, model in models.items()},
            n_rows_trained=len(labels),
            sampled=drawn[split].sampled or train.sampled,
        )
        for split in splits
    }


def _fitted(
    facts: Facts, points: FloatArray, labels: NDArray[np.str_]
) -> tuple[LogisticRegression, ExtraTreesClassifier | ExtraTreesRegressor]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    logistic, forest = LogisticRegression(max_iter=MOST_STEPS), new_quick_forest(facts, ROWS_PER_LEAF)
    with warnings.catch_warnings():
        # Two hundred steps bring it near enough to where it would stop.
        warnings.simplefilter("ignore", ConvergenceWarning)
        logistic.fit(points, labels)
    return logistic, forest.fit(points, labels)


def _surest(probabilities: object) -> FloatArray:
    surest: FloatArray = np.asarray(probabilities, dtype=np.float64).max(axis=1)
    return surest


def _labels(facts: Facts, train: SplitRows) -> tuple[BoolArray, NDArray[np.str_]]:
    """Return which of the drawn rows have a label, and their labels."""
    label = label_expression(facts.dataset)
    values = facts.dataset.engine.arrays(f"SELECT {label} AS y FROM {train.relation} ORDER BY row")["y"]
    missing = np.array([value is None for value in values.tolist()], dtype=np.bool_)
    return ~missing, np.array([label_text(value) for value in values.tolist() if value is not None], dtype=np.str_)


def _points(facts: Facts, train: SplitRows, known: BoolArray, rows: SplitRows) -> FloatArray:
    """Return rows as the models see them: numbers standardised, up to ten categories and "is missing" of 0 or 1."""
    parts = [np.zeros((rows.n_rows, 0))]
    for column in columns_to_compare(facts):
        seen = train.cells[column.name][known]
        axes = axes_of(column, seen)
        if any(axis.value is None for axis in axes):
            parts.append(_standardised(seen, rows.cells[column.name])[:, None])
        parts.extend(axis.of(rows.cells)[:, None] for axis in axes if axis.value is not None)
    return np.hstack(parts)


def _standardised(seen: FloatArray, values: FloatArray) -> FloatArray:
    """Return numbers in standard deviations from the mean of train; missing ones as the mean."""
    finite = seen[np.isfinite(seen)]
    # In units of the largest number, so that squares stay finite.
    unit = max(float(np.abs(finite).max(initial=0.0)), np.finfo(np.float64).tiny)
    mean, sd = (finite / unit).mean(), (finite / unit).std()
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = (values / unit - mean) / (sd if sd > 0 else 1.0)
    clipped: FloatArray = np.clip(np.nan_to_num(scaled, nan=0.0), -FURTHEST, FURTHEST)
    return clipped
