"""The two plain models that every way of training is tried with."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from dataaudit.rebalance.matrix import FloatArray, IntArray, Scale, scale_of

LOGISTIC = "logistic regression"
FOREST = "random forest"
MODELS = (LOGISTIC, FOREST)
N_TREES = 50
ROWS_PER_LEAF = 2
MAX_ITERATIONS = 500


@dataclass(frozen=True)
class Cells:
    """Rows before any model has scaled them.

    Attributes
    ----------
    numbers : float array of shape (n_rows, n_numbers)
        NaN where missing.
    codes : int array of shape (n_rows, n_categories)
        Categories from 0, -1 where missing.
    """

    numbers: FloatArray
    codes: IntArray

    def take(self, positions: Any) -> Cells:
        """Return some of the rows."""
        return Cells(self.numbers[positions], self.codes[positions])


@dataclass(frozen=True)
class Fitted:
    """A model and what it needs to read rows."""

    name: str
    model: Any
    scale: Scale
    n_codes: tuple[int, ...]
    indicated: IntArray
    n_classes: int

    def probabilities(self, cells: Cells) -> FloatArray:
        """Return the probability of every class, 0 of those the model has not met."""
        found = np.zeros((len(cells.numbers), self.n_classes))
        found[:, self.model.classes_] = self.model.predict_proba(_points(self, cells))
        return found


def fit(
    name: str,
    cells: Cells,
    labels: IntArray,
    weights: FloatArray,
    n_codes: tuple[int, ...],
    n_classes: int,
    seed: int,
    n_jobs: int | None = None,
) -> Fitted:
    """Fit a model to rows, which also set its scale.

    Parameters
    ----------
    name : {"logistic regression", "random forest"}
        Logistic regression with scikit-learn's L2 penalty of 1, numbers standardised, the median and an indicator in
        the place of missing ones, a column for each category. A forest of 50 trees of leaves of two rows or more,
        which is given missing cells as they are and categories by their place.
    cells : Cells
    labels : int array of shape (n_rows,)
    weights : float array of shape (n_rows,)
    n_codes : tuple of int
        How many categories each column has, in all rows.
    n_classes : int
    seed : int
    n_jobs : int, optional
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    model: Any
    if name == LOGISTIC:
        model = LogisticRegression(max_iter=MAX_ITERATIONS)
    else:
        model = RandomForestClassifier(N_TREES, min_samples_leaf=ROWS_PER_LEAF, random_state=seed, n_jobs=n_jobs)
    indicated = np.flatnonzero(np.isnan(cells.numbers).any(axis=0))
    fitted = Fitted(name, model, scale_of(cells.numbers, cells.codes), n_codes, indicated, n_classes)
    with warnings.catch_warnings():
        # Where classes can be told apart altogether, no number of iterations is enough.
        warnings.simplefilter("ignore")
        # Weights that are all alike are left out, as anybody would: given any, a forest draws its rows otherwise.
        model.fit(_points(fitted, cells), labels, sample_weight=weights if np.ptp(weights) > 0 else None)
    return fitted


def _points(fitted: Fitted, cells: Cells) -> FloatArray:
    scaled = fitted.scale.matrix(cells.numbers, cells.codes).numbers
    if fitted.name == FOREST:
        codes = np.where(cells.codes < 0, np.nan, cells.codes)
        return np.asarray(np.hstack([np.where(np.isnan(cells.numbers), np.nan, scaled), codes]))
    parts = [scaled, np.isnan(cells.numbers[:, fitted.indicated]).astype(np.float64)]
    parts += [_one_hot(cells.codes[:, place], size) for place, size in enumerate(fitted.n_codes)]
    return np.asarray(np.hstack(parts))


def _one_hot(codes: IntArray, n_codes: int) -> FloatArray:
    """Return a column for each category and none for what is missing."""
    return np.asarray(codes[:, None] == np.arange(n_codes), dtype=np.float64)
