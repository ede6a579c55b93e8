"""Rows that stay when a sampler thins classes out or cleans them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from dataaudit.rebalance.matrix import FloatArray, IntArray

N_NEIGHBOURS = 3
N_FOLDS = 5
# Beyond, K-means takes its steps on some rows at a time.
MAX_CLUSTERS = 500


def kept_by(
    strategy: str,
    points: FloatArray,
    labels: IntArray,
    wanted: Mapping[int, int],
    seed: int,
    *,
    of_all_classes: bool = False,
) -> IntArray:
    """Return the positions of the rows that stay, ascending.

    Parameters
    ----------
    strategy : str
        One that drops rows and does not draw them at random.
    points : float array of shape (n_rows, n_columns)
    labels : int array of shape (n_rows,)
    wanted : mapping of class to rows, for the classes that are to shrink
        Not of use to a cleaning.
    seed : int
    of_all_classes : bool
        Whether a cleaning may take away rows of the rarest class, too.
    """
    classes, codes = np.unique(labels, return_inverse=True)
    counts = {int(np.searchsorted(classes, code)): n for code, n in wanted.items()}
    if strategy == "cluster-centroids":
        return _centroids(points, codes, counts, seed)
    if strategy == "near-miss":
        return _near_misses(points, codes, counts)
    sampler = _sampler(strategy, codes, counts, seed, of_all_classes)
    sampler.fit_resample(points, codes)
    kept: IntArray = np.unique(sampler.sample_indices_)
    return kept


def _sampler(strategy: str, codes: IntArray, counts: Mapping[int, int], seed: int, of_all_classes: bool) -> Any:
    from imblearn import under_sampling

    every = "all" if of_all_classes else "auto"
    if strategy == "tomek":
        return under_sampling.TomekLinks(sampling_strategy=every)
    if strategy == "enn":
        n_neighbours = max(1, min(N_NEIGHBOURS, len(codes) - 1))
        return under_sampling.EditedNearestNeighbours(sampling_strategy=every, n_neighbors=n_neighbours)
    from sklearn.ensemble import HistGradientBoostingClassifier

    # The shares of a few trees' votes, which are the default, are alike for most rows of an easy class: no count can
    # be met by them.
    model = HistGradientBoostingClassifier(max_iter=50, random_state=seed)
    n_folds = min(N_FOLDS, int(np.bincount(codes).min()))
    if n_folds < 2:
        raise ValueError("a class has a single row")
    return under_sampling.InstanceHardnessThreshold(
        estimator=model, sampling_strategy=counts, random_state=seed, cv=n_folds
    )


def _near_misses(points: FloatArray, codes: IntArray, counts: Mapping[int, int]) -> IntArray:
    """Keep the common rows around rare ones by the third rule of NearMiss, looking wider until there are enough.

    The first rule takes the rows nearest to rare ones on average: where many rows are equal, all that it takes may be
    one point (260 times the same row of mammography, by which a class is then told in any column).
    """
    from imblearn.under_sampling import NearMiss

    fewest = int(np.bincount(codes).min())
    most = int(np.bincount(codes).max())
    n_around = N_NEIGHBOURS
    while True:
        sampler = NearMiss(
            version=3,
            sampling_strategy=counts,
            n_neighbors=min(N_NEIGHBOURS, fewest),
            n_neighbors_ver3=min(n_around, *(int((codes == code).sum()) for code in counts)),
        )
        sampler.fit_resample(points, codes)
        kept: IntArray = np.unique(sampler.sample_indices_)
        if n_around >= most or all((codes[kept] == code).sum() >= n for code, n in counts.items()):
            return kept
        n_around *= 2


def _centroids(points: FloatArray, codes: IntArray, counts: Mapping[int, int], seed: int) -> IntArray:
    """Keep the rows next to the centres; where two centres share a row, there are fewer."""
    from sklearn.cluster import KMeans, MiniBatchKMeans

    from dataaudit.rebalance.noting import NotingCentroids

    many = max(counts.values()) > MAX_CLUSTERS
    clusters = (
        MiniBatchKMeans(n_init=1, random_state=seed, batch_size=4096, max_iter=20)
        if many
        else KMeans(n_init=1, random_state=seed)
    )
    sampler = NotingCentroids(sampling_strategy=counts, random_state=seed, estimator=clusters, voting="hard")
    sampler.fit_resample(points, codes)
    kept = [np.flatnonzero(~np.isin(codes, list(counts)))]
    for code, chosen in sampler.noted:
        left: dict[bytes, list[int]] = defaultdict(list)
        for position in np.flatnonzero(codes == code)[::-1].tolist():
            left[points[position].tobytes()].append(position)
        taken = (left[np.ascontiguousarray(point).tobytes()] for point in chosen)
        kept.append(np.array([alike.pop() for alike in taken if alike], dtype=np.int64))
    return np.sort(np.concatenate(kept))
