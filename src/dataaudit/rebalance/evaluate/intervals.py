"""How sure a mean over folds is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dataaudit.rebalance.matrix import FloatArray

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over folds with its interval; bounds are None where too few folds tell."""

    value: float
    lower: float | None
    upper: float | None


def corrected_interval(values: FloatArray, share_validation: float, confidence: float = CONFIDENCE) -> Estimate | None:
    """Return the mean over folds and its corrected resampled t interval; None without any value.

    Folds share most of their training rows, so their scores vary less than those of new samples would. The variance
    of the mean is taken as (1 / J + n_validation / n_train) s^2 of J folds: Nadeau and Bengio, Machine Learning 52
    (2003), for repeated cross-validation Bouckaert and Frank (2004). Unlike a bootstrap of the scored rows it also
    counts how a model changes with its training rows, which is what resampling acts on.

    Parameters
    ----------
    values : float array of shape (n_folds,)
        Scores, or differences of scores on the same folds; NaN where a fold told nothing.
    share_validation : float
        Rows scored for each that is trained on.
    confidence : float

    >>> corrected_interval(np.array([0.5, 0.5, 0.5]), 0.25)
    Estimate(value=0.5, lower=0.5, upper=0.5)
    """
    from scipy.special import stdtrit

    known = values[~np.isnan(values)]
    if not len(known):
        return None
    mean = float(known.mean())
    if len(known) < 2:
        return Estimate(mean, None, None)
    spread = math.sqrt((1 / len(known) + share_validation) * float(known.var(ddof=1)))
    half = float(stdtrit(len(known) - 1, 0.5 + confidence / 2)) * spread
    return Estimate(mean, mean - half, mean + half)
