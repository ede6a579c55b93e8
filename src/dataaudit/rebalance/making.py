"""Rows made up by SMOTE and its kin, with the rows they were made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dataaudit.rebalance.matrix import FloatArray, IntArray, Matrix, Synthetic, joined

if TYPE_CHECKING:
    from dataaudit.rebalance.noting import Pairs, Votes

N_NEIGHBOURS = 5
N_AROUND = 10
# One cluster is SMOTE without clusters.
N_CLUSTERS = (8, 4, 2, 1)
# All new rows in a corner of their class would be told apart by that corner.
LEAST_SHARE_OF_PARENTS = 0.8


def made_by(strategy: str, matrix: Matrix, labels: IntArray, n_new: Mapping[int, int], seed: int) -> Synthetic:
    """Return rows made up for some classes, their parents given by position.

    Parameters
    ----------
    strategy : str
        "smote" or one of its kin.
    matrix : Matrix
    labels : int array of shape (n_rows,)
    n_new : mapping of class to rows to be made
        Each class has two rows at least; one with few is interpolated between fewer neighbours.
    seed : int
        A sampler may make a few more or fewer.
    """
    by_neighbours: dict[int, dict[int, int]] = defaultdict(dict)
    for code, n in n_new.items():
        by_neighbours[min(N_NEIGHBOURS, int((labels == code).sum()) - 1)][code] = n
    parts = [
        part
        for n_neighbours, classes in sorted(by_neighbours.items())
        for part in _made_with(strategy, matrix, labels, classes, n_neighbours, seed)
    ]
    return joined(parts, len(matrix.sizes))


def _made_with(
    strategy: str, matrix: Matrix, labels: IntArray, n_new: Mapping[int, int], n_neighbours: int, seed: int
) -> list[Synthetic]:
    wanted = {code: n + int((labels == code).sum()) for code, n in n_new.items()}
    if strategy == "smote" and matrix.sizes:
        return _by_vote(matrix, labels, wanted, n_neighbours, seed)
    points = matrix.flat()
    if strategy == "adasyn":
        noted = _adasyn(points, labels, wanted, n_neighbours, seed)
    elif strategy == "kmeans-smote":
        noted = _within_clusters(points, labels, wanted, n_neighbours, seed)
    else:
        noted = _noted_by(_kin(strategy, labels, wanted, n_neighbours, seed), points, labels)
    return _between([part for part in noted if len(part.steps)], points, labels, len(matrix.sizes))


def _kin(strategy: str, labels: IntArray, wanted: Mapping[int, int], n_neighbours: int, seed: int) -> Any:
    from imblearn import over_sampling

    from dataaudit.rebalance.noting import noting_pairs

    options: dict[str, Any] = {"sampling_strategy": wanted, "random_state": seed, "k_neighbors": n_neighbours}
    n_around = min(N_AROUND, len(labels) - 1)
    if strategy == "smote":
        return noting_pairs(over_sampling.SMOTE)(**options)
    if strategy == "borderline-smote":
        return noting_pairs(over_sampling.BorderlineSMOTE)(**options, m_neighbors=n_around)
    return noting_pairs(over_sampling.SVMSMOTE)(**options, m_neighbors=n_around)


def _noted_by(sampler: Any, points: FloatArray, labels: IntArray) -> list[Pairs]:
    after, _ = sampler.fit_resample(points, labels)
    noted: list[Pairs] = getattr(sampler, "noted", [])
    _check(noted, after[len(points) :])
    return noted


def _within_clusters(
    points: FloatArray, labels: IntArray, wanted: Mapping[int, int], n_neighbours: int, seed: int
) -> list[Pairs]:
    """Let K-means SMOTE look for clusters with enough rows of the class, among fewer where there are none."""
    from imblearn.over_sampling import KMeansSMOTE
    from sklearn.cluster import MiniBatchKMeans

    from dataaudit.rebalance.noting import noting_pairs

    # By default only clusters with half of the rows in the class would do, which a rare class seldom has: take those
    # in which it is as common as anywhere.
    least = min(float((labels == code).mean()) for code in wanted)
    for n_clusters in N_CLUSTERS:
        clusters = MiniBatchKMeans(n_clusters=min(n_clusters, len(labels)), n_init=3, random_state=seed)
        sampler = noting_pairs(KMeansSMOTE)(
            sampling_strategy=wanted,
            random_state=seed,
            k_neighbors=n_neighbours,
            kmeans_estimator=clusters,
            cluster_balance_threshold=least,
        )
        try:
            noted = _noted_by(sampler, points, labels)
        except RuntimeError as error:
            if "No clusters found" not in str(error) or n_clusters == N_CLUSTERS[-1]:
                raise
            continue
        if (
            n_clusters == N_CLUSTERS[-1]
            or _n_parents(noted) >= LEAST_SHARE_OF_PARENTS * np.isin(labels, list(wanted)).sum()
        ):
            return noted
    return []


def _n_parents(noted: Sequence[Pairs]) -> int:
    """Return how many different points were parents."""
    return sum(len(np.unique(np.vstack([part.first, part.second]), axis=0)) for part in noted)


def _adasyn(
    points: FloatArray, labels: IntArray, wanted: Mapping[int, int], n_neighbours: int, seed: int
) -> list[Pairs]:
    from dataaudit.rebalance.noting import NotingADASYN, NotingRandomState

    sampler = NotingADASYN(sampling_strategy=wanted, random_state=NotingRandomState(seed), n_neighbors=n_neighbours)
    after, _ = sampler.fit_resample(points, labels)
    noted = sampler.pairs(points, labels)
    _check(noted, after[len(points) :])
    return noted


def _check(noted: Sequence[Pairs], made: FloatArray) -> None:
    """Raise RuntimeError if what was noted does not give the rows that came out."""
    told = np.vstack([np.zeros((0, made.shape[1])), *(part.made for part in noted)])
    if told.shape != made.shape or not np.allclose(told, made, rtol=1e-9, atol=1e-9):
        raise RuntimeError("the parents of the rows are not known: this version of imbalanced-learn is not known")
    for part in noted:
        again = part.first + part.steps[:, None] * (part.second - part.first)
        if not np.allclose(again, part.made, rtol=1e-9, atol=1e-9):
            raise RuntimeError("the parents of the rows are not known: this version of imbalanced-learn is not known")


def _between(noted: Sequence[Pairs], points: FloatArray, labels: IntArray, n_categories: int) -> list[Synthetic]:
    """Find the rows that the noted points are; of rows at the same point any is as good, so they take turns."""
    parts = []
    for part in noted:
        own = np.flatnonzero(labels == part.label)
        known: dict[bytes, list[int]] = defaultdict(list)
        for position in own.tolist():
            known[points[position].tobytes()].append(position)
        first = _positions(part.first, known)
        second = _positions(part.second, known)
        nearer = np.where(part.steps <= 0.5, first, second)
        parts.append(
            Synthetic(
                labels=np.full(len(first), part.label),
                first=first,
                second=second,
                steps=part.steps,
                voters=np.repeat(nearer[:, None], n_categories, axis=1),
                others=np.zeros((len(first), 0), dtype=np.int64),
            )
        )
    return parts


def _positions(points: FloatArray, known: Mapping[bytes, list[int]]) -> IntArray:
    found = []
    for turn, point in enumerate(points):
        alike = known[np.ascontiguousarray(point).tobytes()]
        found.append(alike[turn % len(alike)])
    return np.array(found, dtype=np.int64)


def _by_vote(
    matrix: Matrix, labels: IntArray, wanted: Mapping[int, int], n_neighbours: int, seed: int
) -> list[Synthetic]:
    """Make rows of tables that have categories: SMOTENC beside numbers, SMOTEN without."""
    from dataaudit.rebalance.noting import NotingRandomState, NotingSMOTEN, NotingSMOTENC

    n_numbers = matrix.numbers.shape[1]
    codes = matrix.codes.astype(np.float64)
    if n_numbers:
        places = list(range(n_numbers, n_numbers + len(matrix.sizes)))
        sampler = NotingSMOTENC(
            categorical_features=places, sampling_strategy=wanted, random_state=seed, k_neighbors=n_neighbours
        )
        after, _ = sampler.fit_resample(np.hstack([matrix.numbers, codes]), labels)
    else:
        sampler = NotingSMOTEN(sampling_strategy=wanted, random_state=NotingRandomState(seed), k_neighbors=n_neighbours)
        after, _ = sampler.fit_resample(codes, labels)
    parts = [_voted(votes, np.flatnonzero(labels == votes.label)) for votes in sampler.noted]
    _check_votes(parts, matrix, after[len(labels) :])
    return parts


def _voted(votes: Votes, own: IntArray) -> Synthetic:
    return Synthetic(
        labels=np.full(len(votes.first), votes.label),
        first=own[votes.first],
        second=own[votes.second],
        steps=votes.steps,
        voters=own[votes.voters],
        others=own[votes.neighbours],
    )


def _check_votes(parts: Sequence[Synthetic], matrix: Matrix, made: FloatArray) -> None:
    n_numbers = matrix.numbers.shape[1]
    start = 0
    for part in parts:
        own = made[start : start + part.n_rows].astype(np.float64)
        start += part.n_rows
        codes = matrix.codes[part.voters, np.arange(len(matrix.sizes))]
        numbers = part.interpolate(matrix.numbers)
        if not (
            np.array_equal(codes, own[:, n_numbers:]) and np.allclose(numbers, own[:, :n_numbers], rtol=1e-9, atol=1e-9)
        ):
            start = -1
            break
    if start != len(made):
        raise RuntimeError("the parents of the rows are not known: this version of imbalanced-learn is not known")
