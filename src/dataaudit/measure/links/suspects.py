"""Rows whose label a model is sure is another: how many, which, and whether noise or overlap explains them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dataaudit.measure.links.out_of_fold import OutOfFold

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHARE_SUREST = 0.25
MAX_LISTED = 200
LEAST_PREDICTED = 10
LIKELY = 0.5
ALPHA = 0.01


@dataclass(frozen=True)
class Suspect:
    """A row by its number in train, its class, the class the model gives it, and how likely the first is wrong."""

    row: int
    given: str
    other: str
    probability_given: float
    probability_other: float
    probability_wrong: float


@dataclass(frozen=True)
class Suspects:
    """What out-of-fold predictions say of the labels of the rows that were tried.

    The surest predictions are a quarter of those of every predicted class.
    Where labels are wrong at random, they contradict the label as often as
    any other row's; where classes overlap, much more seldom.

    Attributes
    ----------
    n_surest, n_surest_other : int
        The surest predictions, and those of them that are not the label; where one predicted class is contradicted
        much more seldom than all together, those of that class alone: two classes that overlap each other are no
        wrong labels, which no class would be spared.
    accuracy : float
        Share of predictions that are the label.
    accuracy_freed : float
        What `accuracy` would be if the share of wrong labels were that of the surest predictions.
    least_precision_freed : float
        The smallest precision among the classes predicted at least 10 times, freed in the same way; 0 if fewer than
        two classes are.
    n_suspects : int
        Rows whose label is more likely wrong than right, on that share.
    n_likely_wrong : float
        The sum of their probabilities.
    listed : tuple of Suspect
        At most 200 of them, those with the least probability of their own label first.
    """

    n_rows: int
    n_surest: int
    n_surest_other: int
    accuracy: float
    accuracy_freed: float
    least_precision_freed: float
    n_suspects: int
    n_likely_wrong: float
    listed: tuple[Suspect, ...]
    sampled: bool

    @property
    def share_noise(self) -> float:
        """Share of the surest predictions that contradict the label."""
        return self.n_surest_other / max(1, self.n_surest)


def measure_suspects(predictions: OutOfFold) -> Suspects:
    """Rank rows by the probability of their own label (self-confidence; Northcutt, Jiang and Chuang, JAIR 2021).

    With e the share of wrong labels, dealt evenly to the K - 1 other classes,
    a probability p learnt from such labels stands for (p - e') / (1 - K e')
    with e' = e / (K - 1); and a row that contradicts the class so predicted
    is wrong with the odds of e to what is left of certainty.
    """
    label, probability = predictions.label, predictions.predicted
    n_rows, n_classes = probability.shape
    own, other, against = _own_and_other(label, probability)
    predicted = probability.argmax(axis=1)
    contradicted = predicted != label
    surest = _spared(predicted, contradicted, _surest(predicted, probability.max(axis=1)))
    noise = float(contradicted[surest].mean())
    wrong = np.where(contradicted, _probability_wrong(against, noise, n_classes), 0.0)
    ranked = ranked_by_own_label(predictions)
    ranked = ranked[wrong[ranked] >= LIKELY]
    names = predictions.classes
    listed = tuple(
        Suspect(
            int(predictions.rows[i]),
            names[int(label[i])],
            names[int(other[i])],
            float(own[i]),
            float(against[i]),
            float(wrong[i]),
        )
        for i in ranked[:MAX_LISTED]
    )
    return Suspects(
        n_rows=n_rows,
        n_surest=int(surest.sum()),
        n_surest_other=int(contradicted[surest].sum()),
        accuracy=float(1 - contradicted.mean()),
        accuracy_freed=float(_freed(np.array([1 - contradicted.mean()]), noise, n_classes)[0]),
        least_precision_freed=_least_precision(label, predicted, noise, n_classes),
        n_suspects=len(ranked),
        n_likely_wrong=float(wrong[ranked].sum()),
        listed=listed,
        sampled=predictions.sampled,
    )


def ranked_by_own_label(predictions: OutOfFold) -> IntArray:
    """Return the places of all rows, the least probability of their own label first, then the most of another."""
    own, _, against = _own_and_other(predictions.label, predictions.predicted)
    return np.lexsort((-against, own))


def _own_and_other(label: IntArray, probability: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return per row the probability of its label, the likeliest other class, and that one's probability."""
    rows = np.arange(len(label))
    others = probability.copy()
    others[rows, label] = -1.0
    other = others.argmax(axis=1)
    return probability[rows, label], other, others[rows, other]


def _surest(predicted: IntArray, probability: FloatArray) -> NDArray[np.bool_]:
    """Return a quarter of the rows of every predicted class, those of the highest probability."""
    surest = np.zeros(len(predicted), dtype=np.bool_)
    for k in np.unique(predicted):
        rows = np.flatnonzero(predicted == k)
        ranked = rows[np.argsort(-probability[rows], kind="stable")]
        surest[ranked[: max(1, int(SHARE_SUREST * len(rows)))]] = True
    return surest


def _spared(predicted: IntArray, contradicted: NDArray[np.bool_], surest: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the surest rows of the one class that is contradicted too seldom for chance; all, if none is."""
    from scipy.special import bdtr

    share = float(contradicted[surest].mean())
    classes = np.unique(predicted[surest])
    tails = [
        float(bdtr(int(contradicted[surest & (predicted == k)].sum()), int((surest & (predicted == k)).sum()), share))
        for k in classes
    ]
    lowest = int(np.argmin(tails))
    if tails[lowest] >= ALPHA / len(classes):
        return surest
    return np.asarray(surest & (predicted == classes[lowest]), dtype=np.bool_)


def _freed(shares: FloatArray, noise: float, n_classes: int) -> FloatArray:
    """Return what shares would be without a share of labels wrong at random."""
    each = noise / (n_classes - 1)
    left = 1 - n_classes * each
    if left <= 0:
        return np.zeros(len(shares))
    freed: FloatArray = np.clip((shares - each) / left, 0.0, 1.0)
    return freed


def _probability_wrong(against: FloatArray, noise: float, n_classes: int) -> FloatArray:
    """Return the posterior that a label is wrong, of rows to which the model gives another class."""
    certainty = _freed(against, noise, n_classes)
    odds_wrong, odds_right = noise * certainty, (1 - noise) * (1 - certainty)
    total = odds_wrong + odds_right
    wrong: FloatArray = np.where(total > 0, odds_wrong / np.where(total > 0, total, 1.0), 0.0)
    return wrong


def _least_precision(label: IntArray, predicted: IntArray, noise: float, n_classes: int) -> float:
    n_predicted = np.bincount(predicted, minlength=n_classes)
    n_right = np.bincount(predicted[predicted == label], minlength=n_classes)
    judged = n_predicted >= LEAST_PREDICTED
    if judged.sum() < 2:
        return 0.0
    return float(_freed(n_right[judged] / n_predicted[judged], noise, n_classes).min())
