"""Whether plain models are as unsure of rows beyond train as they should be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.errors import NotMeasurable
from dataaudit.model import Evidence, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.sureness import Sureness

LEAST_ROWS = 10
Z_INTERVAL = 1.96


@dataclass(frozen=True)
class Confidence:
    """Mean of the largest class probability of one model, among rows beyond train and among the others of the split.

    `half_width` is that of the 95 % interval of the difference.
    """

    model: str
    beyond: float
    others: float
    half_width: float

    @property
    def words(self) -> str:
        """What the model makes of the rows beyond."""
        difference = self.beyond - self.others
        means = f"(mean confidence {self.beyond:.2f} against {self.others:.2f})"
        if difference > self.half_width:
            return f"a {self.model} is surer of them than of the others {means}"
        if difference < -self.half_width:
            return f"a {self.model} is less sure of them {means}"
        return f"a {self.model} is as sure of them as of the others {means}"


def confidences(facts: Facts, split: str, rows: NDArray[np.int64], n_others: int) -> list[Confidence]:
    """Return how sure each model is of these rows; nothing without classes, or of fewer than ten rows or others."""
    has_classes = facts.info.label is not None and facts.info.task is not Task.REGRESSION
    if not has_classes or min(len(rows), n_others) < LEAST_ROWS:
        return []
    try:
        known = facts.spread.sureness
    except NotMeasurable:
        return []
    return compare(known[split], rows) if split in known else []


def compare(known: Sureness, rows: NDArray[np.int64]) -> list[Confidence]:
    """Return the means of every model, among these rows and among the others."""
    is_beyond = np.isin(known.rows, rows)
    if min(int(is_beyond.sum()), int((~is_beyond).sum())) < LEAST_ROWS:
        return []
    found = []
    for model, sure in known.by_model.items():
        parts = sure[is_beyond], sure[~is_beyond]
        error = math.sqrt(sum(float(part.var(ddof=1)) / len(part) for part in parts))
        found.append(Confidence(model, float(parts[0].mean()), float(parts[1].mean()), Z_INTERVAL * error))
    return found


def sentence(found: list[Confidence]) -> str:
    """Return what all models make of the rows, as a sentence that follows another one.

    >>> sentence([Confidence("forest", 0.7, 0.9, 0.05)])
    ' A forest is less sure of them (mean confidence 0.70 against 0.90).'
    """
    if not found:
        return ""
    words = "; ".join(one.words for one in found)
    return f" {words[0].upper()}{words[1:]}."


def confidence_evidence(found: list[Confidence]) -> Mapping[str, Evidence]:
    """Return the numbers behind the sentence, if there is one: model -> means, and half width of their difference."""
    by_model: dict[str, Evidence] = {
        one.model: {
            "mean_confidence_beyond": one.beyond,
            "mean_confidence_others": one.others,
            "half_width_of_difference": one.half_width,
        }
        for one in found
    }
    return {"confidence": by_model} if by_model else {}
