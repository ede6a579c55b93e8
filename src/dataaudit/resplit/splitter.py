"""Folds for scikit-learn's cross-validation: balanced in classes, with groups and equal rows on one side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import ConfigError, InputError
from dataaudit.resplit.balance import deal
from dataaudit.resplit.joining import join_all
from dataaudit.resplit.strata import N_BINS, ROWS_PER_BIN

IntArray = NDArray[np.int64]


class GroupedStratifiedFolds:
    """A cross-validator that scikit-learn takes as `cv`.

    Classes (of a target of numbers that are not whole, tenths of its range) have the same share in every fold, as
    nearly as the groups let them; rows of one group and rows that are equal stay in one fold.

    Parameters
    ----------
    n_splits : int
    random_state : int
        Which of equal choices is taken; the same number gives the same folds.
    keep_equal_rows : bool
        Whether rows of X that are equal in all columns stay together.

    Examples
    --------
    >>> X, y = np.arange(12).reshape(6, 2), np.array([0, 0, 0, 1, 1, 1])
    >>> folds = GroupedStratifiedFolds(n_splits=3)
    >>> [sorted(y[test].tolist()) for _, test in folds.split(X, y)]
    [[0, 1], [0, 1], [0, 1]]
    """

    def __init__(self, n_splits: int = 5, *, random_state: int = 0, keep_equal_rows: bool = True) -> None:
        if n_splits < 2:
            raise ConfigError(f"n_splits is {n_splits}", "it takes two folds at least")
        self.n_splits = n_splits
        self.random_state = random_state
        self.keep_equal_rows = keep_equal_rows

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(n_splits={self.n_splits}, random_state={self.random_state}, "
            f"keep_equal_rows={self.keep_equal_rows})"
        )

    def get_n_splits(self, X: object = None, y: object = None, groups: object = None) -> int:  # noqa: N803
        """Return the number of folds."""
        return self.n_splits

    def split(self, X: Any, y: Any, groups: Any = None) -> Iterator[tuple[IntArray, IntArray]]:  # noqa: N803
        """Yield the positions of training and of test rows, fold by fold.

        Parameters
        ----------
        X : array or frame of rows
        y : array, shape (rows,)
        groups : array, shape (rows,) or (rows, columns), optional
            Rows that agree in a column belong together; a missing value belongs with none.

        Raises
        ------
        InputError
            If fewer units are left than there are folds.
        """
        strata = _strata(np.asarray(y), self.n_splits)
        unit_of = _units(X, groups, len(strata), self.keep_equal_rows)
        n_units = len(np.unique(unit_of))
        if n_units < self.n_splits:
            raise InputError(
                f"{n_units} groups of rows are too few for {self.n_splits} folds",
                "lower n_splits, or look at the groups",
            )
        fold_of = assign_folds(unit_of, strata, self.n_splits, self.random_state)
        for fold in range(self.n_splits):
            yield np.nonzero(fold_of != fold)[0], np.nonzero(fold_of == fold)[0]


def assign_folds(unit_of: IntArray, strata: IntArray, n_folds: int, seed: int) -> IntArray:
    """Return the fold of every row.

    Parameters
    ----------
    unit_of, strata : array, shape (rows,)
        Each row's unit and its class, as numbers from 0.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(n_folds, 1 / n_folds)
    n_strata = int(strata.max()) + 1
    units, place, sizes = np.unique(unit_of, return_inverse=True, return_counts=True)
    matrix = np.zeros((len(units), n_strata), dtype=np.int64)
    np.add.at(matrix, (place, strata), 1)
    large = sizes > 1
    dealt = deal(matrix[large], shares, rng, matrix[~large].sum(axis=0), turns=True)
    fold_of_unit = np.full(len(units), -1, dtype=np.int64)
    fold_of_unit[large] = dealt.part_of
    fold_of = fold_of_unit[place]
    for stratum in range(n_strata):
        free = np.nonzero((fold_of < 0) & (strata == stratum))[0]
        fold_of[rng.permutation(free)] = np.repeat(np.arange(n_folds), dealt.single[:, stratum])
    return fold_of


def _strata(y: NDArray[Any], n_folds: int) -> IntArray:
    if y.ndim != 1 or not len(y):
        raise InputError(f"y has the shape {y.shape}", "give one value for each row")
    if y.dtype.kind == "f" and np.isfinite(y).all() and (y != np.floor(y)).any():
        n_bins = min(N_BINS, max(1, len(y) // (n_folds * ROWS_PER_BIN)))
        cuts = np.unique(np.quantile(y, np.arange(1, n_bins) / n_bins))
        return np.unique(np.searchsorted(cuts, y, side="right"), return_inverse=True)[1].astype(np.int64)
    import pandas as pd

    codes: IntArray = pd.factorize(y, sort=False, use_na_sentinel=False)[0].astype(np.int64)
    return codes


def _units(X: Any, groups: Any, n_rows: int, keep_equal_rows: bool) -> IntArray:  # noqa: N803
    """Return of every row the first row that belongs with it."""
    import pandas as pd

    links = []
    if groups is not None:
        columns = (
            pd.DataFrame(groups) if np.ndim(groups) > 1 or hasattr(groups, "columns") else pd.DataFrame({0: groups})
        )
        if len(columns) != n_rows:
            raise InputError(f"groups has {len(columns)} rows and y {n_rows}", "give a group for each row")
        links += [pd.factorize(columns[name])[0] for name in columns]
    if keep_equal_rows and X is not None:
        links.append(_codes_of_equal_rows(X, n_rows))
    starts, ends = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for codes in links:
        known = np.nonzero(codes >= 0)[0]
        _, first, place = np.unique(codes[known], return_index=True, return_inverse=True)
        starts.append(known)
        ends.append(known[first][place])
    return join_all(np.concatenate(starts), np.concatenate(ends)).find(np.arange(n_rows))


def _codes_of_equal_rows(X: Any, n_rows: int) -> IntArray:  # noqa: N803
    import pandas as pd

    # What is no table of rows (a sparse matrix, a list of texts) has no columns to compare.
    if not (hasattr(X, "columns") or isinstance(X, np.ndarray)) or np.ndim(X) != 2:
        return np.full(n_rows, -1, dtype=np.int64)
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
    codes: IntArray = frame.groupby(list(frame.columns), dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
    return codes if len(frame.columns) else np.full(n_rows, -1, dtype=np.int64)
