"""Threshold moving: other decisions from the same probabilities, by which rare classes are told as common ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataaudit.rebalance.evaluate.scores import balanced_accuracy
from dataaudit.rebalance.matrix import FloatArray, IntArray

EXPONENTS = np.arange(0, 16) / 10
SMALLEST = 1e-12


@dataclass(frozen=True)
class Threshold:
    """How a class is decided on.

    Attributes
    ----------
    value : float
        Of two classes the probability from which the rarer one is told. Of more, the exponent a: the class with the
        largest probability / share^a is told, which is the likeliest class at 0 and, at 1, the one that has gained
        most on its share.
    rare : int or None
        The rarer of two classes.
    """

    value: float
    rare: int | None
    shares: FloatArray

    def predict(self, said: FloatArray) -> IntArray:
        """Return the classes told."""
        if self.rare is None:
            weighted = said / np.maximum(self.shares, SMALLEST) ** self.value
            return np.asarray(weighted.argmax(axis=1), dtype=np.int64)
        return np.where(said[:, self.rare] >= self.value, self.rare, 1 - self.rare)


def choose_threshold(
    said: Sequence[FloatArray], labels: Sequence[IntArray], shares: FloatArray, asked_of: Sequence[int]
) -> Threshold:
    """Return the threshold of the largest balanced accuracy; the likeliest class is told where there are no rows.

    Parameters
    ----------
    said : sequence of float arrays of shape (n_rows, n_classes)
        Probabilities of rows that the models were not trained on, fold by fold.
    labels : sequence of int arrays of shape (n_rows,)
    shares : float array of shape (n_classes,)
    asked_of : sequence of int
        The rarer class, of two.
    """
    rare = asked_of[0] if len(shares) == 2 else None
    plain = Threshold(0.5 if rare is not None else 0.0, rare, shares)
    if not said:
        return plain
    probabilities, truth = np.concatenate(said), np.concatenate(labels)
    if len(np.unique(truth)) < 2:
        return plain
    if rare is not None:
        return Threshold(_best_cut(probabilities[:, rare], truth == rare), rare, shares)
    reached = [
        balanced_accuracy(truth, Threshold(float(exponent), None, shares).predict(probabilities))
        for exponent in EXPONENTS
    ]
    return Threshold(float(EXPONENTS[int(np.argmax(reached))]), None, shares)


def _best_cut(said: FloatArray, is_rare: np.ndarray) -> float:
    """Return the cut at which the shares of both classes that are told add up to most (Youden 1950)."""
    from sklearn.metrics import roc_curve

    wrong, right, cuts = roc_curve(is_rare, said)
    return float(cuts[int(np.argmax(right - wrong))])
