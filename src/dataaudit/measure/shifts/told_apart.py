"""Two samples and a model that tells them apart: the area under its ROC curve, with an interval, and what carries it.

A classifier two-sample test: Lopez-Paz and Oquab, ICLR (2017). Rows that are
copies of one another share a fold and count as one in the interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.intervals import wilson

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesClassifier

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

N_FOLDS = 3
N_TREES = 20
N_TREES_ALONE = 10
Z_INTERVAL = 1.96
# Rows that trained one another's models scatter more than the formula says: on random splits of 100 to 1,000 rows,
# of numbers, counts and categories, 1.4 to 1.5 times as much.
SPREAD = 1.5
# Leaves hold a two-hundredth of the rows: of many rows the model gets no finer than 20, so near copies tell it little.
LEAST_PER_LEAF, MOST_PER_LEAF, LEAVES = 5, 20, 200
# Columns tried at every split of a tree: half of them, as pairs need both; of many the square root.
MOST_TRIED = 12
MOST_CARRIERS = 5
MOST_PERMUTED = 8


@dataclass(frozen=True)
class TwoSamples:
    """Rows of two samples as a model is given them, in an order that their file does not choose.

    Attributes
    ----------
    features : float array of shape (n_rows, n_columns)
    is_other : bool array of shape (n_rows,)
    weights : float array of shape (n_rows,)
        What each row counts; each sample's sum to 1.
    clusters : int array of shape (n_rows,)
        Rows of one number are no independent draws: copies of one row, or rows of one group.
    """

    features: FloatArray
    is_other: BoolArray
    weights: FloatArray
    clusters: IntArray

    @property
    def folds(self) -> IntArray:
        """A fold per row; a cluster is whole in one, and both samples are dealt evenly."""
        _, place, sizes = np.unique(self.clusters, return_inverse=True, return_counts=True)
        from_other = np.bincount(place, self.is_other) / sizes
        dealt = np.lexsort((np.random.default_rng(0).random(len(sizes)), sizes, from_other))
        fold_of = np.empty(len(sizes), dtype=np.int64)
        fold_of[dealt] = np.arange(len(sizes)) % N_FOLDS
        folds: IntArray = fold_of[place]
        return folds


@dataclass(frozen=True)
class Area:
    """An area under the ROC curve with its 95 % interval."""

    auc: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Carried:
    """How much one column (by its place) tells: the area of it alone, and what all lose when it is permuted."""

    place: int
    auc_alone: float
    auc_lost: float


def told_apart(samples: TwoSamples) -> tuple[Area, tuple[Carried, ...]]:
    """Return how well a model tells the samples apart, and by which columns if it does.

    Every row is scored by trees that were grown without its fold. What
    carries a difference is looked for only where there is one.
    """
    folds = samples.folds
    models = [_grown(samples, folds != fold, N_TREES) for fold in range(N_FOLDS)]
    area = area_between(_scores(models, samples.features, folds), samples)
    return area, _carried(samples, folds, models, area.auc) if area.lower > 0.5 else ()


def area_between(scores: FloatArray, samples: TwoSamples) -> Area:
    """Return the weighted area under the ROC curve of the scores, with the interval of independent clusters.

    DeLong, DeLong and Clarke-Pearson, Biometrics 44:837 (1988), for clusters
    as Obuchowski, Biometrics 53:567 (1997). A perfect area still has no
    narrower an interval than a share of 1 among the rows of the smaller sample.
    """
    is_other, weights = samples.is_other, samples.weights
    values, place = np.unique(scores, return_inverse=True)
    base = np.bincount(place[~is_other], weights[~is_other], len(values))
    other = np.bincount(place[is_other], weights[is_other], len(values))
    below, above = np.cumsum(base) - base / 2, other.sum() - np.cumsum(other) + other / 2
    auc = float((other * below).sum())
    influence = weights * np.where(is_other, below[place], above[place]) - weights * auc
    _, cluster = np.unique(samples.clusters, return_inverse=True)
    together = np.bincount(cluster, influence)
    n_clusters = len(together)
    error = SPREAD * math.sqrt(float((together**2).sum()) * n_clusters / max(1, n_clusters - 1))
    n_smaller = min(_effective(weights[is_other]), _effective(weights[~is_other]))
    lower = min(auc - Z_INTERVAL * error, wilson(auc * n_smaller, n_smaller, Z_INTERVAL)[0] if auc > 1 - 1e-9 else 1.0)
    return Area(auc, max(0.0, lower), min(1.0, auc + Z_INTERVAL * error))


def _effective(weights: FloatArray) -> float:
    """Return how many rows of equal weight tell as much (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _grown(samples: TwoSamples, rows: BoolArray, n_trees: int) -> ExtraTreesClassifier:
    """Return extremely randomised trees of some of the rows, both samples counting alike.

    Geurts, Ernst and Wehenkel, Machine Learning 63 (2006), as in scikit-learn.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    n_columns = samples.features.shape[1]
    per_leaf = min(MOST_PER_LEAF, max(LEAST_PER_LEAF, len(samples.features) // LEAVES))
    n_tried = max(math.ceil(math.sqrt(n_columns)), min(math.ceil(n_columns / 2), MOST_TRIED))
    is_other, weights = samples.is_other[rows], samples.weights[rows].copy()
    for own in (is_other, ~is_other):
        weights[own] *= len(weights) / 2 / weights[own].sum()
    model = ExtraTreesClassifier(n_trees, min_samples_leaf=per_leaf, max_features=n_tried, n_jobs=1, random_state=0)
    return model.fit(samples.features[rows], is_other, sample_weight=weights)


def _scores(models: list[ExtraTreesClassifier], features: FloatArray, folds: IntArray) -> FloatArray:
    scores = np.empty(len(folds))
    for fold, model in enumerate(models):
        scores[folds == fold] = model.predict_proba(features[folds == fold])[:, 1]
    # Sums over trees in another order differ in the last place.
    return scores.round(9)


def _carried(
    samples: TwoSamples, folds: IntArray, models: list[ExtraTreesClassifier], auc: float
) -> tuple[Carried, ...]:
    """Return the columns whose permutation takes most of the area, most first."""
    importance = np.mean([model.feature_importances_ for model in models], axis=0)
    found = []
    for place in np.argsort(-importance, kind="stable")[:MOST_PERMUTED].tolist():
        permuted = samples.features.copy()
        permuted[:, place] = np.random.default_rng(0).permutation(permuted[:, place])
        lost = auc - area_between(_scores(models, permuted, folds), samples).auc
        found.append((lost, place))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(Carried(place, _alone(samples, folds, place), lost) for lost, place in found[:MOST_CARRIERS])


def _alone(samples: TwoSamples, folds: IntArray, place: int) -> float:
    one = replace(samples, features=samples.features[:, [place]])
    models = [_grown(one, folds != fold, N_TREES_ALONE) for fold in range(N_FOLDS)]
    return area_between(_scores(models, one.features, folds), one).auc
