"""What a model is scored by, on one fold whose classes have their natural shares."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dataaudit.rebalance.matrix import FloatArray, IntArray

AVERAGE_PRECISION = "average-precision"
BALANCED_ACCURACY = "balanced-accuracy"
RECALL = "recall-at-precision"
LOG_LOSS = "log-loss"
CALIBRATION_ERROR = "calibration-error"
# Probabilities after they were taken back to the natural shares of the classes.
CORRECTED_LOG_LOSS = "corrected-log-loss"
CORRECTED_CALIBRATION_ERROR = "corrected-calibration-error"
N_BINS = 10
DIGITS = 12


@dataclass(frozen=True)
class Score:
    """One score.

    Attributes
    ----------
    title : str
        Its name in sentences.
    head : str
        Its name above a narrow column.
    least : float
        A smaller difference is of no consequence, however sure it is; of log loss a share of what it is without
        resampling.
    """

    name: str
    title: str
    head: str
    higher_is_better: bool
    least: float
    least_is_share: bool = False


_ALL = (
    Score(AVERAGE_PRECISION, "average precision", "avg. prec.", True, 0.01),
    Score(BALANCED_ACCURACY, "balanced accuracy", "bal. acc.", True, 0.01),
    Score(RECALL, "recall at fixed precision", "recall", True, 0.02),
    Score(LOG_LOSS, "log loss", "log loss", False, 0.02, least_is_share=True),
    Score(CALIBRATION_ERROR, "calibration error", "cal. error", False, 0.005),
)
SCORES = {score.name: score for score in _ALL}
CORRECTED = {LOG_LOSS: CORRECTED_LOG_LOSS, CALIBRATION_ERROR: CORRECTED_CALIBRATION_ERROR}
UNCORRECTED = {corrected: name for name, corrected in CORRECTED.items()}


@dataclass(frozen=True)
class Scored:
    """The rows of a validation fold.

    Attributes
    ----------
    labels : int array of shape (n_rows,)
    weights : float array of shape (n_rows,)
        How many rows of the table each stands for, in proportion.
    classes : sequence of int
        Those that precision, recall and calibration are asked of: of two the rarer one, else all.
    """

    labels: IntArray
    weights: FloatArray
    classes: Sequence[int]


def score_fold(
    scored: Scored, probabilities: FloatArray, predicted: IntArray, precision: float, least_probability: float
) -> dict[str, float]:
    """Return every score of one fold; NaN where it has no row of any class asked of.

    Parameters
    ----------
    scored : Scored
    probabilities : float array of shape (n_rows, n_classes)
    predicted : int array of shape (n_rows,)
    precision : float
        At which recall is told.
    least_probability : float
        Smaller ones count as this in log loss: a model of n rows knows of no smaller one.
    """
    return {
        AVERAGE_PRECISION: average_precision(scored, probabilities),
        BALANCED_ACCURACY: balanced_accuracy(scored.labels, predicted),
        RECALL: recall_at_precision(scored, probabilities, precision),
        LOG_LOSS: log_loss(scored, probabilities, least_probability),
        CALIBRATION_ERROR: calibration_error(scored, probabilities),
    }


def average_precision(scored: Scored, probabilities: FloatArray) -> float:
    """Return the mean of the classes' average precisions, each against the rest."""
    from sklearn.metrics import average_precision_score

    return _mean(
        average_precision_score(scored.labels == code, probabilities[:, code], sample_weight=scored.weights)
        for code in _present(scored)
    )


def balanced_accuracy(labels: IntArray, predicted: IntArray) -> float:
    """Return the mean share of each class's rows that are told; rows of one class all weigh the same."""
    return _mean((predicted[labels == code] == code).mean() for code in np.unique(labels))


def recall_at_precision(scored: Scored, probabilities: FloatArray, precision: float) -> float:
    """Return the largest recall with at least that precision, 0 where no threshold has it; the mean of the classes."""
    from sklearn.metrics import precision_recall_curve

    found = []
    for code in _present(scored):
        precisions, recalls, _ = precision_recall_curve(
            scored.labels == code, probabilities[:, code], sample_weight=scored.weights
        )
        found.append(recalls[precisions >= precision].max(initial=0.0))
    return _mean(found)


def log_loss(scored: Scored, probabilities: FloatArray, least_probability: float) -> float:
    """Return the mean of minus the logarithm of what was said of the true class."""
    said = np.clip(probabilities, least_probability, 1 - least_probability)
    said = said / said.sum(axis=1, keepdims=True)
    of_label = said[np.arange(len(said)), scored.labels]
    return float(np.average(-np.log(of_label), weights=scored.weights))


def calibration_error(scored: Scored, probabilities: FloatArray) -> float:
    """Return the expected calibration error (Naeini, Cooper and Hauskrecht 2015) in ten bins of equally many rows.

    Of several classes the mean of theirs, each against the rest (Kull et al. 2019).
    """
    errors = []
    for code in scored.classes:
        # What the last digit of a double tells apart is the same number, and belongs in the same bin.
        said = np.round(probabilities[:, code], DIGITS)
        cuts = np.quantile(said, np.arange(1, N_BINS) / N_BINS)
        gaps = scored.weights * ((scored.labels == code) - said)
        in_bins = np.bincount(np.searchsorted(cuts, said, side="left"), gaps, N_BINS)
        errors.append(np.abs(in_bins).sum() / scored.weights.sum())
    return _mean(errors)


def _present(scored: Scored) -> list[int]:
    return [code for code in scored.classes if (scored.labels == code).any()]


def _mean(values: Iterable[float]) -> float:
    found = np.array(list(values), dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(found.mean()) if len(found) else float("nan")
