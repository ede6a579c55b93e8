"""Which way of training is recommended: the simplest that is not clearly worse than the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dataaudit.rebalance.evaluate.intervals import CONFIDENCE, Estimate, corrected_interval
from dataaudit.rebalance.evaluate.scores import SCORES, UNCORRECTED, Score
from dataaudit.rebalance.evaluate.ways import NONE, effort
from dataaudit.rebalance.matrix import FloatArray


@dataclass(frozen=True)
class Tried:
    """What came of the folds.

    Attributes
    ----------
    values : mapping of (way, model, score) to float array of shape (n_folds,)
    ways : tuple of str
        The simplest first.
    share_validation : float
        Rows scored for each that is trained on.
    """

    values: Mapping[tuple[str, str, str], FloatArray]
    ways: tuple[str, ...]
    models: tuple[str, ...]
    share_validation: float

    def mean(self, way: str, model: str, score: str) -> float:
        """Return the mean over folds; NaN if no fold tells."""
        known = self.values[way, model, score]
        known = known[~np.isnan(known)]
        return float(known.mean()) if len(known) else float("nan")

    def gain(self, way: str, model: str, score: Score) -> float:
        """Return the mean with a sign by which more is better; what is not known is worst."""
        mean = self.mean(way, model, score.name)
        return -np.inf if np.isnan(mean) else mean if score.higher_is_better else -mean

    def difference(
        self, way: str, other: str, model: str, score: str, confidence: float = CONFIDENCE
    ) -> Estimate | None:
        """Return how much larger a score is than another way's, on the same folds.

        A corrected score is compared with that of the other way as it is: what was not shifted needs no correction.
        """
        of_other = self.values.get((other, model, score), self.values[other, model, UNCORRECTED.get(score, score)])
        apart = self.values[way, model, score] - of_other
        return corrected_interval(apart, self.share_validation, confidence)

    def is_worse(self, way: str, other: str, model: str, score: Score, confidence: float = CONFIDENCE) -> bool:
        """Return whether a way is clearly worse than another: surely so, and by more than is of no consequence."""
        found = self.difference(way, other, model, score.name, confidence)
        if found is None or found.lower is None or found.upper is None:
            return False
        least = score.least * (self.mean(NONE, model, score.name) if score.least_is_share else 1.0)
        sure = found.upper < 0 if score.higher_is_better else found.lower > 0
        return sure and abs(found.value) >= least


@dataclass(frozen=True)
class Compared:
    """The recommendation.

    Attributes
    ----------
    model : str
        The model that does best, and decides.
    best : mapping of score to way
        The best way of the deciding model in each deciding score.
    worse : mapping of way to tuple of scores
        Simpler ways that are clearly worse than the best, and in what.
    is_undecided : bool
        Whether no fold tells anything of a deciding score.
    """

    recommended: str
    by_model: Mapping[str, str]
    model: str
    deciding: tuple[str, ...]
    best: Mapping[str, str]
    worse: Mapping[str, tuple[str, ...]]
    is_undecided: bool


def recommend(tried: Tried, deciding: Sequence[str]) -> Compared:
    """Return the simplest way that is in no deciding score clearly worse than the best.

    The interval of each comparison is widened by Bonferroni, so that of all ways that are as good as the best none is
    called worse in 95 % of the cases. Where every way is worse than another in some score, the first one decides. Of
    ways that are as simple, the one that is better in the first score is taken.
    """
    scores = [SCORES[name] for name in deciding]
    by_model = {model: _simplest(tried, model, scores) for model in tried.models}
    model = max(tried.models, key=lambda one: max(tried.gain(way, one, scores[0]) for way in tried.ways))
    best = {score.name: _best(tried, model, score) for score in scores}
    worse = {
        way: tuple(score.name for score in scores if _is_worse_than_best(tried, way, model, score))
        for way in tried.ways
        if effort(way) < effort(by_model[model])
    }
    undecided = any(corrected_is_unknown(tried, model, score) for score in scores)
    return Compared(by_model[model], by_model, model, tuple(deciding), best, worse, undecided)


def corrected_is_unknown(tried: Tried, model: str, score: Score) -> bool:
    """Return whether too few folds tell something of a score."""
    found = corrected_interval(tried.values[NONE, model, score.name], tried.share_validation)
    return found is None or found.lower is None


def _best(tried: Tried, model: str, score: Score) -> str:
    return max(tried.ways, key=lambda way: tried.gain(way, model, score))


def _is_worse_than_best(tried: Tried, way: str, model: str, score: Score) -> bool:
    best = _best(tried, model, score)
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(tried.ways) - 1)
    return way != best and tried.is_worse(way, best, model, score, confidence)


def _simplest(tried: Tried, model: str, scores: Sequence[Score]) -> str:
    good = _not_worse(tried, model, scores)
    if not good:
        # The best of the first score is not worse than itself.
        good = _not_worse(tried, model, scores[:1])
    least = min(effort(way) for way in good)
    return max((way for way in good if effort(way) == least), key=lambda way: tried.gain(way, model, scores[0]))


def _not_worse(tried: Tried, model: str, scores: Sequence[Score]) -> list[str]:
    return [way for way in tried.ways if not any(_is_worse_than_best(tried, way, model, one) for one in scores)]
