"""Intervals, tails and corrections for many comparisons: pure functions of counts.

Nothing here knows a dataset. Every verdict of a rule is an effect size judged
with one of these, never a bare p-value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def wilson(n_hits: float, n_rows: float, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share (Wilson 1927).

    Parameters
    ----------
    n_hits, n_rows : float
        Rows that have the property, and rows in all; no rows give (0, 1).
    z : float
        Standard normal quantile; 1.96 for a two-sided 95 % interval.

    >>> lower, upper = wilson(9, 10)
    >>> round(lower, 3), round(upper, 3)
    (0.596, 0.982)
    """
    if n_rows <= 0:
        return 0.0, 1.0
    share = n_hits / n_rows
    spread = z * math.sqrt(share * (1 - share) / n_rows + z * z / (4 * n_rows * n_rows))
    scale = 1 + z * z / n_rows
    middle = share + z * z / (2 * n_rows)
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def normal_tail(z: float) -> float:
    """Return the probability that a standard normal exceeds z.

    >>> round(normal_tail(1.6449), 4)
    0.05
    """
    return 0.5 * math.erfc(z / math.sqrt(2))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values (Holm 1979), in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = running
    return adjusted


def kolmogorov_tail(distance: float, n_rows: int, n_other: int) -> float:
    """Return the asymptotic p-value of a two-sample Kolmogorov-Smirnov distance.

    Uses Stephens' (1970) small-sample correction. Distances taken on common
    bins can only be smaller than the full one, so the value is conservative.

    >>> round(kolmogorov_tail(0.1358, 200, 200), 2)
    0.05
    """
    if n_rows == 0 or n_other == 0:
        return 1.0
    root = math.sqrt(n_rows * n_other / (n_rows + n_other))
    x = (root + 0.12 + 0.11 / root) * distance
    if x < 0.2:
        return 1.0
    total = sum((-1.0) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * total))


def dkw_half_width(n_rows: int, n_other: int, alpha: float = 0.05) -> float:
    """Return the half width of the distance of two distributions' curves.

    From the Dvoretzky-Kiefer-Wolfowitz inequality with Massart's constant:
    sqrt(-ln(alpha / 2) / 2 * (1/n + 1/m)).

    >>> round(dkw_half_width(1000, 1000), 3)
    0.061
    """
    if n_rows == 0 or n_other == 0:
        return 1.0
    return math.sqrt(-math.log(alpha / 2) / 2 * (1 / n_rows + 1 / n_other))


def total_variation_by_chance(shares: FloatArray, n_rows: float, n_other: float, alpha: float = 0.05) -> float:
    """Return what the distance of two samples of one distribution exceeds in at most alpha of the cases.

    The mean of the total variation distance is at most half the sum of
    sqrt(2 p (1 - p) (1/n + 1/m) / pi) over the categories; it exceeds its mean by more than
    sqrt(ln(1 / alpha) (1/n + 1/m) / 2) in alpha of the cases (McDiarmid 1989).

    Parameters
    ----------
    shares : array of shape (n_categories,)
        Share of each category in both samples together.
    n_rows, n_other : float
    alpha : float

    >>> round(total_variation_by_chance(np.array([0.5, 0.5]), 1000, 1000), 3)
    0.073
    """
    if n_rows == 0 or n_other == 0:
        return 1.0
    scale = 1 / n_rows + 1 / n_other
    mean = 0.5 * float(np.sqrt(2 / math.pi * shares * (1 - shares) * scale).sum())
    return min(1.0, mean + math.sqrt(math.log(1 / alpha) * scale / 2))


def newcombe(
    n_hits: FloatArray, n_rows: float, n_hits_other: FloatArray, n_other: float, z: float = 1.96
) -> tuple[FloatArray, FloatArray]:
    """Return the bounds of how far shares lie apart, pair by pair, between 0 and 1 (Newcombe 1998, method 10).

    Parameters
    ----------
    n_hits, n_hits_other : array of shape (n_shares,)
    n_rows, n_other : float
        No rows on a side give (0, 1).
    z : float
        Standard normal quantile.

    >>> lower, upper = newcombe(np.array([90.0]), 300, np.array([68.0]), 150)
    >>> round(float(lower[0]), 2), round(float(upper[0]), 2)
    (0.06, 0.25)
    """
    if n_rows <= 0 or n_other <= 0:
        return np.zeros(len(n_hits)), np.ones(len(n_hits))
    sides = [_wilson_each(n_hits, n_rows, z), _wilson_each(n_hits_other, n_other, z)]
    is_less = sides[0][0] <= sides[1][0]
    low, low_lower, low_upper = (np.where(is_less, a, b) for a, b in zip(*sides, strict=True))
    high, high_lower, high_upper = (np.where(is_less, b, a) for a, b in zip(*sides, strict=True))
    lower = high - low - np.hypot(high - high_lower, low_upper - low)
    upper = high - low + np.hypot(high_upper - high, low - low_lower)
    return np.maximum(0.0, lower), np.minimum(1.0, upper)


def _wilson_each(n_hits: FloatArray, n_rows: float, z: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return shares with the bounds of their Wilson intervals."""
    share = n_hits / n_rows
    scale = 1 + z * z / n_rows
    middle = (share + z * z / (2 * n_rows)) / scale
    spread = z * np.sqrt(share * (1 - share) / n_rows + z * z / (4 * n_rows * n_rows)) / scale
    return share, np.maximum(0.0, middle - spread), np.minimum(1.0, middle + spread)


def total_variation_bounds(counts: FloatArray, others: FloatArray, alpha: float = 0.05) -> tuple[float, float]:
    """Return a lower and an upper bound of the total variation distance of two samples of counts.

    Of two categories the distance is the difference of two shares, and the
    bounds are Newcombe's. Of more, the distance is at least the difference of
    any one share: the lower bound is the largest of Newcombe's, divided among
    the categories (Bonferroni, at half of alpha, as Newcombe's is a little
    short where a share is small), or what McDiarmid's inequality leaves of
    the distance, whichever is more. The upper one is McDiarmid's.

    Parameters
    ----------
    counts, others : array of shape (n_categories,)
        Rows of each category; weighted, no whole numbers.
    alpha : float

    >>> lower, upper = total_variation_bounds(np.array([4000.0, 0.0]), np.array([859.0, 41.0]))
    >>> round(lower, 3), round(upper, 3)
    (0.034, 0.061)
    """
    n_rows, n_other = float(counts.sum()), float(others.sum())
    if n_rows <= 0 or n_other <= 0:
        return 0.0, 1.0
    occurs = counts + others > 0
    counts, others = counts[occurs], others[occurs]
    lower, upper = newcombe(
        counts, n_rows, others, n_other, NormalDist().inv_cdf(1 - alpha / (2 if len(counts) == 2 else 4 * len(counts)))
    )
    if len(counts) == 2:
        return float(lower[0]), float(upper[0])
    distance = 0.5 * float(np.abs(counts / n_rows - others / n_other).sum())
    by_chance = total_variation_by_chance((counts + others) / (n_rows + n_other), n_rows, n_other, alpha)
    scatter = math.sqrt(math.log(1 / alpha) * (1 / n_rows + 1 / n_other) / 2)
    return max(0.0, distance - by_chance, float(lower.max())), min(1.0, distance + scatter)


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return the p-value of a chi-square statistic.

    >>> round(chi_square_tail(3.841, 1), 3)
    0.05
    """
    from scipy.special import chdtrc

    return 1.0 if degrees < 1 else float(chdtrc(degrees, statistic))


def outside_range_tail(n_outside: int, n_other: int, n_train: int) -> float:
    """Return the chance that n_outside or more of n_other rows fall outside the range of n_train.

    Exact for exchangeable rows of a continuous column: the probability mass
    beyond the training minimum and maximum is Beta(2, n_train - 1), so the
    count is beta-binomial (Wilks 1941). Ties only make it smaller.

    >>> round(outside_range_tail(1, 1, 99), 3)  # 2 of 100 places are outside
    0.02
    """
    if n_outside <= 0 or n_train < 2:
        return 1.0
    from scipy.special import betaln, gammaln

    k = np.arange(n_outside, n_other + 1, dtype=np.float64)
    log_choose = gammaln(n_other + 1) - gammaln(k + 1) - gammaln(n_other - k + 1)
    log_mass = log_choose + betaln(k + 2, n_other - k + n_train - 1) - betaln(2, n_train - 1)
    return min(1.0, float(np.exp(log_mass).sum()))


def two_shares_z(n_hits: float, n_rows: float, n_hits_other: float, n_other: float) -> float:
    """Return the z of the difference of two shares, other minus first, with pooled variance.

    A continuity correction keeps small counts honest.

    >>> two_shares_z(5, 100, 5, 100)
    0.0
    >>> round(two_shares_z(10, 100, 30, 100), 2)
    3.36
    """
    if n_rows <= 0 or n_other <= 0:
        return 0.0
    pooled = (n_hits + n_hits_other) / (n_rows + n_other)
    variance = pooled * (1 - pooled) * (1 / n_rows + 1 / n_other)
    difference = n_hits_other / n_other - n_hits / n_rows
    correction = 0.5 * (1 / n_rows + 1 / n_other)
    if variance <= 0 or abs(difference) <= correction:
        return 0.0
    return math.copysign((abs(difference) - correction) / math.sqrt(variance), difference)
