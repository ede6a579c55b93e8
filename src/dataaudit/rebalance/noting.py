"""imbalanced-learn's samplers, telling which rows each made-up row was made of.

Nothing of how they choose or interpolate is changed: each subclass calls the method it overrides and writes down what
went in. The methods are not public, so `samplers` checks that what was noted gives the rows that came out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from imblearn.over_sampling import ADASYN, SMOTEN, SMOTENC
from imblearn.under_sampling import ClusterCentroids

from dataaudit.rebalance.matrix import FloatArray, IntArray


@dataclass(frozen=True)
class Pairs:
    """Rows made between two others, given as points: `made` = `first` + `steps` * (`second` - `first`)."""

    label: int
    first: FloatArray
    second: FloatArray
    steps: FloatArray
    made: FloatArray


@dataclass(frozen=True)
class Votes:
    """Rows made between two others of their class, given by their places in it, categories put to the vote.

    `voters` are the rows that voted, `codes` the categories that won; of columns that are all categories `first` and
    `second` are the same row.
    """

    label: int
    first: IntArray
    second: IntArray
    steps: FloatArray
    neighbours: IntArray
    voters: IntArray


def noting_pairs(sampler: type) -> type:
    """Return a subclass of SMOTE or a kin of it that notes the pairs it interpolates in its list `noted`."""

    class Noting(sampler):  # type: ignore[misc]  # imbalanced-learn has no types
        def _generate_samples(
            self,
            X: FloatArray,  # noqa: N803 - the names are the sampler's
            nn_data: FloatArray,
            nn_num: IntArray,
            rows: IntArray,
            cols: IntArray,
            steps: FloatArray,
            y_type: int | None = None,
            y: IntArray | None = None,
        ) -> FloatArray:
            made: FloatArray = super()._generate_samples(X, nn_data, nn_num, rows, cols, steps, y_type, y)
            pairs = Pairs(int(y_type or 0), X[rows], nn_data[nn_num[rows, cols]], steps[:, 0], made)
            self.noted = [*getattr(self, "noted", []), pairs]
            return made

    return Noting


class NotingSMOTENC(SMOTENC):  # type: ignore[misc]  # imbalanced-learn has no types
    """SMOTENC that notes pairs and votes in `noted`."""

    def _generate_samples(
        self,
        X: Any,  # noqa: N803 - the names are the sampler's
        nn_data: Any,
        nn_num: IntArray,
        rows: IntArray,
        cols: IntArray,
        steps: FloatArray,
        y_type: int,
        y: IntArray | None = None,
    ) -> Any:
        # Its base class overwrites the categories of these neighbours in place where numbers do not vary.
        made = super()._generate_samples(X, nn_data, nn_num, rows, cols, steps, y_type, y)
        known = X.toarray() if hasattr(X, "toarray") else X
        chosen = made.toarray() if hasattr(made, "toarray") else made
        neighbours = nn_num[rows]
        start = len(self.continuous_features_)
        if np.isclose(self.median_std_[y_type], 0):
            known = np.hstack([known[:, :start], self._X_categorical_minority_encoded])
        voters = np.empty((len(rows), len(self.categorical_encoder_.categories_)), dtype=np.int64)
        for place, categories in enumerate(self.categorical_encoder_.categories_):
            block = slice(start, start + len(categories))
            voters[:, place] = _first_alike(known[:, block].argmax(axis=1), neighbours, chosen[:, block].argmax(axis=1))
            start += len(categories)
        votes = Votes(int(y_type), rows, nn_num[rows, cols], steps[:, 0], neighbours, voters)
        self.noted = [*getattr(self, "noted", []), votes]
        return made


class NotingSMOTEN(SMOTEN):  # type: ignore[misc]  # imbalanced-learn has no types
    """SMOTEN that notes whose neighbours voted in `noted`; its random state must be a `NotingRandomState`."""

    def _make_samples(
        self,
        X_class: IntArray,  # noqa: N803 - the names are the sampler's
        klass: int,
        y_dtype: Any,
        nn_indices: IntArray,
        n_samples: int,
    ) -> tuple[Any, Any]:
        made, labels = super()._make_samples(X_class, klass, y_dtype, nn_indices, n_samples)
        rows = self.random_state.chosen[-1]
        neighbours = nn_indices[rows]
        voters = np.column_stack(
            [_first_alike(X_class[:, place], neighbours, made[:, place]) for place in range(X_class.shape[1])]
        )
        votes = Votes(int(klass), rows, rows, np.zeros(len(rows)), neighbours, voters)
        self.noted = [*getattr(self, "noted", []), votes]
        return made, labels


class NotingRandomState(np.random.RandomState):
    """A random state that remembers what was drawn by `choice` and `uniform`."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.chosen: list[IntArray] = []
        self.steps: list[FloatArray] = []

    def choice(self, *options: Any, **named: Any) -> Any:
        """Draw items and remember them."""
        drawn = super().choice(*options, **named)
        self.chosen.append(np.asarray(drawn))
        return drawn

    def uniform(self, *options: Any, **named: Any) -> Any:
        """Draw numbers and remember them."""
        drawn = super().uniform(*options, **named)
        self.steps.append(np.asarray(drawn))
        return drawn


class NotingNeighbours:
    """A neighbour search that remembers what it found."""

    def __init__(self, search: Any) -> None:
        self.search = search
        self.found: list[IntArray] = []

    @property
    def n_neighbors(self) -> int:
        """Neighbours asked for, the row itself among them."""
        return int(self.search.n_neighbors)

    def fit(self, points: FloatArray) -> NotingNeighbours:
        """Take the points in."""
        self.search.fit(points)
        return self

    def kneighbors(self, points: FloatArray, return_distance: bool = False) -> IntArray:
        """Return the nearest of the points and remember them."""
        found: IntArray = self.search.kneighbors(points, return_distance=return_distance)
        self.found.append(found)
        return found


class NotingADASYN(ADASYN):  # type: ignore[misc]  # imbalanced-learn has no types
    """ADASYN whose neighbours are remembered; its random state must be a `NotingRandomState`."""

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        self.nn_: Any = NotingNeighbours(self.nn_)

    def pairs(self, points: FloatArray, labels: IntArray) -> list[Pairs]:
        """Return what was interpolated, class by class, from what was drawn and found."""
        grown = [(label, n) for label, n in self.sampling_strategy_.items() if n]
        found, drawn = self.nn_.found, self.random_state
        noted = []
        for turn, (label, n) in enumerate(grown):
            own = points[labels == label]
            around, neighbours = found[2 * turn][:, 1:], found[2 * turn + 1][:, 1:]
            foreign = (labels[around] != label).sum(axis=1) / around.shape[1]
            rows = np.repeat(np.arange(len(own)), np.rint(foreign / foreign.sum() * n).astype(int))
            first, second = own[rows], own[neighbours[rows, drawn.chosen[turn]]]
            steps = drawn.steps[turn]
            noted.append(Pairs(int(label), first, second, steps[:, 0], first + steps * (second - first)))
        return noted


class NotingCentroids(ClusterCentroids):  # type: ignore[misc]  # imbalanced-learn has no types
    """Cluster centroids, hard voting, that notes the rows it takes in `noted`."""

    def _generate_sample(
        self,
        X: FloatArray,  # noqa: N803 - the names are the sampler's
        y: IntArray,
        centroids: FloatArray,
        target_class: int,
    ) -> Any:
        chosen, labels = super()._generate_sample(X, y, centroids, target_class)
        self.noted = [*getattr(self, "noted", []), (int(target_class), np.atleast_2d(chosen))]
        return chosen, labels


def _first_alike(codes: IntArray, neighbours: IntArray, wanted: IntArray) -> IntArray:
    """Return, for every row, the first of its neighbours that has the wanted code."""
    is_alike = codes[neighbours] == np.asarray(wanted)[:, None]
    if not is_alike.any(axis=1).all():
        raise RuntimeError("a category was made that no neighbour has: this version of imbalanced-learn is not known")
    found: IntArray = neighbours[np.arange(len(neighbours)), is_alike.argmax(axis=1)]
    return found
