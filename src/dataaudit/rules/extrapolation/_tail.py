"""Exact chances of rows lying beyond what another random part of the rows shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def beyond_rank_tail(n_beyond: int, n_rows: int, n_train: int, rank: int) -> float:
    """Return the chance that so many rows lie beyond the `rank`-th furthest of `n_train` exchangeable others.

    The share of all rows beyond it is Beta(rank, n_train + 1 - rank), so the
    count is beta-binomial (Wilks, Annals of Mathematical Statistics 12:91,
    1941). Ties only make it smaller.

    >>> round(beyond_rank_tail(1, 1, 99, 1), 3), round(beyond_rank_tail(1, 1, 99, 5), 3), beyond_rank_tail(0, 9, 99, 1)
    (0.01, 0.05, 1.0)
    """
    if n_beyond <= 0 or not 0 < rank <= n_train:
        return 1.0
    from scipy.special import betaln, gammaln

    k = np.arange(n_beyond, n_rows + 1, dtype=np.float64)
    log_choose = gammaln(n_rows + 1) - gammaln(k + 1) - gammaln(n_rows - k + 1)
    log_mass = log_choose + betaln(k + rank, n_rows - k + n_train + 1 - rank) - betaln(rank, n_train + 1 - rank)
    return min(1.0, float(np.exp(log_mass).sum()))


def longest_run_tail(n_between: int, n_rows: int, n_train: int) -> float:
    """Return a bound of the chance that so many rows lie between two neighbouring values of train, anywhere.

    Dealt at random, a row of the pooled order and the next ones are all of
    the split with probability (m/(n+m)) ((m-1)/(n+m-1)) ...; over the n + 1
    places before which a run can begin (Bonferroni).

    >>> longest_run_tail(1, 10, 10), round(longest_run_tail(10, 250, 1000), 6)
    (1.0, 8.9e-05)
    """
    if n_between <= 0:
        return 1.0
    steps = np.arange(n_between, dtype=np.float64)
    share = np.maximum(n_rows - steps, 0.0) / np.maximum(n_rows + n_train - steps, 1.0)
    return min(1.0, float(np.prod(share)) * (n_train + 1))


def benjamini_hochberg(p_values: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
    """Return which hypotheses are rejected, of which on average at most this share falsely.

    Benjamini and Hochberg (1995); with conformal p-values, which share their
    training rows, it holds too (Bates and others, 2023).

    >>> benjamini_hochberg(np.array([0.01, 0.5, 0.02, 0.9]), 0.1).tolist()
    [True, False, True, False]
    """
    order = np.sort(p_values)
    kept = np.flatnonzero(order <= level * np.arange(1, len(order) + 1) / max(1, len(order)))
    rejected: NDArray[np.bool_] = p_values <= (order[kept[-1]] if len(kept) else -1.0)
    return rejected
