"""What several rules ask of chance: exact tails and bounds that stay honest on small tables."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.intervals import newcombe, normal_tail, two_shares_z, wilson
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts

# Up to so many places a tail is summed exactly; beyond, a normal curve is as good.
MOST_SUMMED = 5000


def normal_quantile(tail: float) -> float:
    """Return the z that a standard normal exceeds with that probability.

    >>> round(normal_quantile(0.05), 3)
    1.645
    """
    return -NormalDist().inv_cdf(min(0.5, max(1e-300, tail)))


def binomial_tail(n_hits: int, n_trials: int, share: float) -> float:
    """Return the probability of n_hits or more in n_trials.

    >>> round(binomial_tail(2, 2, 0.5), 3)
    0.25
    """
    if n_hits <= 0:
        return 1.0
    if n_hits > n_trials:
        return 0.0
    from scipy.special import bdtrc

    return float(bdtrc(n_hits - 1, n_trials, min(1.0, max(0.0, share))))


def share_change_tail(n_hits: int, n_rows: int, n_hits_other: int, n_other: int) -> float:
    """Return the two-sided p-value of two shares being alike (Fisher's exact test, tails doubled).

    Given how many rows have the property in all, a random split deals them
    out like a hypergeometric draw; from `MOST_SUMMED` on the normal curve
    with continuity correction stands in.

    >>> round(share_change_tail(5, 10, 5, 10), 3), round(share_change_tail(0, 20, 5, 20), 3)
    (1.0, 0.047)
    """
    if n_rows <= 0 or n_other <= 0:
        return 1.0
    in_all = n_hits + n_hits_other
    if 2 * in_all > n_rows + n_other:
        return share_change_tail(n_rows - n_hits, n_rows, n_other - n_hits_other, n_other)
    if min(in_all, n_other, n_rows) > MOST_SUMMED:
        return min(1.0, 2 * normal_tail(abs(two_shares_z(n_hits, n_rows, n_hits_other, n_other))))
    low, high = max(0, in_all - n_rows), min(in_all, n_other)
    dealt = np.arange(low, high + 1, dtype=np.float64)
    weights = _log_choose(n_other, dealt) + _log_choose(n_rows, in_all - dealt)
    mass = np.exp(weights - weights.max())
    mass /= mass.sum()
    place = n_hits_other - low
    return min(1.0, 2 * float(min(mass[: place + 1].sum(), mass[place:].sum())))


def change_lower(n_hits: int, n_rows: int, n_hits_other: int, n_other: int) -> float:
    """Return the lower 95 % bound of how far two shares lie apart (Newcombe 1998), at least 0.

    >>> round(change_lower(0, 1000, 500, 1000), 2), change_lower(5, 10, 5, 10)
    (0.47, 0.0)
    """
    return change_bounds(n_hits, n_rows, n_hits_other, n_other)[0]


def change_bounds(n_hits: int, n_rows: int, n_hits_other: int, n_other: int) -> tuple[float, float]:
    """Return both 95 % bounds of how far two shares lie apart (Newcombe 1998), between 0 and 1.

    >>> [round(bound, 2) for bound in change_bounds(0, 1000, 500, 1000)]
    [0.47, 0.53]
    """
    lower, upper = newcombe(np.array([float(n_hits)]), n_rows, np.array([float(n_hits_other)]), n_other)
    return float(lower[0]), float(upper[0])


def factor_lower(n_hits: float, n_rows: float, n_hits_other: float, n_other: float) -> float:
    """Return the lower 95 % bound of the factor between two small shares, the larger over the smaller.

    Given how many rows have the property in all, those of one side are
    binomial (Przyborowski and Wilenski 1940), so that a share of none has a bound, too.

    >>> round(factor_lower(100, 10**6, 5000, 10**6), 1), round(factor_lower(0, 100, 8, 100), 2)
    (41.0, 1.71)
    """
    if n_rows <= 0 or n_other <= 0 or n_hits + n_hits_other <= 0:
        return 1.0
    from scipy.special import betaincinv

    (_, low, n_low), (_, high, n_high) = sorted(
        [(n_hits / n_rows, n_hits, n_rows), (n_hits_other / n_other, n_hits_other, n_other)]
    )
    share = float(betaincinv(high, low + 1, 0.025))
    return share / (1 - share) * n_low / n_high if share < 1 else math.inf


def explained_lower(facts: Facts, association: Association) -> float:
    """Return a lower bound of the explained label variance that a small table cannot push up.

    The smaller of the delta-method bound and of Wilson's, both at 95 %, on as
    many rows as carry the label's variance: a table of a million rows
    with five events is a table of about ten to twenty.
    """
    n_carrying = min(float(association.n_rows), carrying_rows(facts))
    share = min(1.0, max(0.0, association.explained))
    return min(association.lower, wilson(share * n_carrying, n_carrying, 1.645)[0] if n_carrying > 0 else 0.0)


def carrying_rows(facts: Facts) -> float:
    """Return the number of training rows that carry the label's variance.

    All rows if the classes are of one size (and in regression); fewer the
    rarer a class: N (1 - sum of squared shares) K / (K - 1).
    """
    if facts.info.task is Task.REGRESSION:
        return float(facts.target.counts["train"].sum())
    classes = facts.classes
    shares = classes.shares
    n_present = int((shares > 0).sum())
    if n_present < 2:
        return 0.0
    n_rows = int(classes.counts["train"].sum())
    return n_rows * float(1 - (shares**2).sum()) * n_present / (n_present - 1)


def _log_choose(n_rows: int, n_hits: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    chosen: np.ndarray = gammaln(n_rows + 1) - gammaln(n_hits + 1) - gammaln(n_rows - n_hits + 1)
    return chosen
