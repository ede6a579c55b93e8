"""One fold: a training part as each way of training has it, and what the models say of the other part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataaudit.rebalance.agreeing import at_places
from dataaudit.rebalance.evaluate.folds import Fold, inner_folds
from dataaudit.rebalance.evaluate.models import Cells, fit
from dataaudit.rebalance.evaluate.newcells import resampled_cells, without_sentinels
from dataaudit.rebalance.evaluate.rows import TriedRows
from dataaudit.rebalance.evaluate.scores import (
    CALIBRATION_ERROR,
    CORRECTED,
    LOG_LOSS,
    Scored,
    calibration_error,
    log_loss,
    score_fold,
)
from dataaudit.rebalance.evaluate.thresholds import Threshold, choose_threshold
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD
from dataaudit.rebalance.matrix import FloatArray, IntArray, matrix_of
from dataaudit.rebalance.plan import Target, plan_counts
from dataaudit.rebalance.samplers import resample
from dataaudit.rebalance.strategies import WEIGHTS, strategy_named
from dataaudit.rebalance.ties.ties import Ties


@dataclass(frozen=True)
class Asked:
    """What is asked of every fold.

    Attributes
    ----------
    target : Target
        With classes by name.
    precision : float
        At which recall is told.
    n_jobs : int or None
        Threads of a forest.
    """

    target: Target
    precision: float
    models: Sequence[str]
    seed: int
    n_jobs: int | None = None


@dataclass(frozen=True)
class Training:
    """A training part as a model is given it.

    Attributes
    ----------
    shares_before, shares_after : float array of shape (n_classes,)
        Weighted shares of the classes.
    """

    cells: Cells
    labels: IntArray
    weights: FloatArray
    shares_before: FloatArray
    shares_after: FloatArray

    @property
    def is_shifted(self) -> bool:
        """Whether classes have other shares than they came with."""
        return not np.allclose(self.shares_before, self.shares_after, rtol=0, atol=1e-9)


@dataclass(frozen=True)
class FoldResult:
    """What came of one way on one fold.

    Attributes
    ----------
    scores : mapping of model to mapping of score to value
    thresholds : mapping of model to Threshold
        Where one was moved.
    """

    scores: dict[str, dict[str, float]]
    shares_after: FloatArray
    thresholds: dict[str, Threshold]


def train_fold(rows: TriedRows, fold: Fold, way: str, asked: Asked, ties: Ties | None = None) -> dict[str, FoldResult]:
    """Train every model one way, and score it; threshold moving comes with the models that nothing was done to.

    What goes together (`ties`) is that of the fold's training part alone.

    Raises
    ------
    InputError
        If the sampler cannot be used on these rows.
    """
    training = training_part(rows, fold.train, way, asked, ties)
    scored = Scored(rows.labels[fold.validation], rows.weights[fold.validation], rows.asked_of)
    least = 1 / (2 * len(fold.train))
    results = {way: FoldResult({}, training.shares_after, {})}
    if way == NONE:
        results[THRESHOLD] = FoldResult({}, training.shares_after, {})
    for model in asked.models:
        said = _probabilities(model, training, rows, fold.validation, asked)
        scores = score_fold(scored, said, said.argmax(axis=1), asked.precision, least)
        results[way].scores[model] = scores | _corrected(scored, said, training, least)
        if way == NONE:
            threshold = _threshold(rows, fold.train, model, asked)
            moved = score_fold(scored, said, threshold.predict(said), asked.precision, least)
            results[THRESHOLD].scores[model] = moved
            results[THRESHOLD].thresholds[model] = threshold
    return results


def training_part(rows: TriedRows, positions: IntArray, way: str, asked: Asked, ties: Ties | None = None) -> Training:
    """Return the rows at these positions as they are, weighted, or resampled.

    Parameters
    ----------
    rows : TriedRows
    positions : int array
    way : str
    asked : Asked
    ties : Ties, optional
        What goes together in the rows at these positions, of a way that makes rows.
    """
    cells, labels, weights = rows.cells.take(positions), rows.labels[positions], rows.weights[positions]
    n_classes = len(rows.classes)
    before: FloatArray = np.bincount(labels, weights, n_classes).astype(np.float64)
    if way == WEIGHTS:
        weights = weights * _class_weights(before, rows.classes, asked.target, before.sum() / rows.n_rows_train)[labels]
    elif way != NONE:
        strategy = strategy_named(way)
        resampled = resample(
            matrix_of(without_sentinels(rows, cells.numbers), cells.codes),
            labels,
            strategy,
            _wanted(rows, labels, before, way, asked.target),
            asked.seed,
            ties=None if ties is None else at_places(ties, rows.coded.numbers, rows.coded.categories),
        )
        cells = resampled_cells(rows, cells, resampled, ties)
        labels = resampled.labels(labels)
        # A cleaning leaves classes nearly as common as they were; others give them shares of their own.
        is_cleaning = not strategy.takes_target and not strategy.grows
        weights = weights[resampled.kept] if is_cleaning else np.ones(len(labels))
    after = np.bincount(labels, weights, n_classes)
    return Training(cells, labels, weights, before / before.sum(), after / after.sum())


def correct(said: FloatArray, shares_before: FloatArray, shares_after: FloatArray) -> FloatArray:
    """Return probabilities as they would be with the shares that the classes came with.

    p' = p w / sum of all p w, with w = share before / share after: Elkan 2001; Saerens, Latinne and Decaestecker 2002.

    Parameters
    ----------
    said : float array of shape (n_rows, n_classes)
    shares_before, shares_after : float array of shape (n_classes,)

    >>> correct(np.array([[0.5, 0.5]]), np.array([0.9, 0.1]), np.array([0.5, 0.5])).tolist()
    [[0.9, 0.1]]
    """
    met = shares_after > 0
    factors = np.divide(shares_before, shares_after, out=np.zeros_like(shares_before), where=met)
    weighted = said * factors
    total = weighted.sum(axis=1, keepdims=True)
    corrected: FloatArray = np.divide(weighted, total, out=said.copy(), where=total > 0)
    return corrected


def _corrected(scored: Scored, said: FloatArray, training: Training, least: float) -> dict[str, float]:
    if not training.is_shifted:
        return {}
    # A forest that is sure of a row is as sure after any correction: it is given what one row less would have said.
    corrected = correct(np.clip(said, least, 1 - least), training.shares_before, training.shares_after)
    return {
        CORRECTED[LOG_LOSS]: log_loss(scored, corrected, least),
        CORRECTED[CALIBRATION_ERROR]: calibration_error(scored, corrected),
    }


def _probabilities(model: str, training: Training, rows: TriedRows, positions: IntArray, asked: Asked) -> FloatArray:
    fitted = fit(
        model,
        training.cells,
        training.labels,
        training.weights,
        rows.n_codes,
        len(rows.classes),
        asked.seed,
        asked.n_jobs,
    )
    return fitted.probabilities(rows.cells.take(positions))


def _threshold(rows: TriedRows, positions: IntArray, model: str, asked: Asked) -> Threshold:
    """Choose a threshold on folds within a training part, so that no scored row has a say."""
    said, labels = [], []
    for fold in inner_folds(rows, positions, asked.seed):
        training = training_part(rows, fold.train, NONE, asked)
        said.append(_probabilities(model, training, rows, fold.validation, asked))
        labels.append(rows.labels[fold.validation])
    shares = np.bincount(rows.labels[positions], rows.weights[positions], len(rows.classes))
    return choose_threshold(said, labels, shares / shares.sum(), rows.asked_of)


def _class_weights(before: FloatArray, classes: Sequence[str], target: Target, scale: float) -> FloatArray:
    """Return each class's weight: wanted rows for each row there is; `scale` is how many of train's rows these are."""
    have = {name: n for name, n in zip(classes, before.tolist(), strict=True) if n > 0}
    known = Target(target.cap, {name: max(1, round(n * scale)) for name, n in target.counts.items() if name in have})
    wanted = plan_counts({name: max(1, round(n)) for name, n in have.items()}, known, strategy_named(WEIGHTS))
    weights = np.ones(len(classes))
    for code, name in enumerate(classes):
        if name in have:
            weights[code] = wanted[name] / have[name]
    # As class_weights of the request has it: 1 on average.
    return np.asarray(weights * before.sum() / (weights * before).sum())


def _wanted(rows: TriedRows, labels: IntArray, before: FloatArray, way: str, target: Target) -> Target | dict[int, int]:
    """Return a target for some of the rows: counts by class in proportion to how many of train's rows these are."""
    if not target.counts:
        return target
    strategy = strategy_named(way)
    have = np.bincount(labels, minlength=len(rows.classes))
    scale = before.sum() / rows.n_rows_train
    wanted = {}
    for code, name in enumerate(rows.classes):
        if name not in target.counts or not have[code]:
            continue
        n = max(1, round(target.counts[name] * scale))
        n = n if strategy.shrinks else max(n, int(have[code]))
        wanted[code] = n if strategy.grows else min(n, int(have[code]))
    return wanted
