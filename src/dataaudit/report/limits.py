"""How much of the findings and columns fits on a page, and how that is shared out among the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much is shown.

    Attributes
    ----------
    n_full_per_rule, n_full : int
        Findings shown in full, per rule and severity and in all.
    n_listed : int
        Further findings shown as one line each, in all.
    n_columns : int
        Lines of the table of columns.
    n_mixes, n_tells : int
        Flagged columns with their classes drawn, and columns ranked by how much they tell.
    n_shifts, n_portraits : int
        Lines of the map of how far splits lie apart, and columns drawn in all splits.
    n_checks_listed : int
        Lines of each table of checks.
    """

    n_full_per_rule: int
    n_full: int
    n_listed: int
    n_columns: int
    n_mixes: int = 8
    n_tells: int = 12
    n_shifts: int = 30
    n_portraits: int = 8
    n_checks_listed: int = 200


# From roomy to the tightest: a page that is still too large is rendered again with the next.
PAGE_LIMITS = (
    Limits(n_full_per_rule=20, n_full=120, n_listed=400, n_columns=300),
    Limits(n_full_per_rule=10, n_full=60, n_listed=200, n_columns=200),
    Limits(n_full_per_rule=5, n_full=30, n_listed=100, n_columns=100, n_mixes=4, n_shifts=20, n_portraits=4),
    Limits(
        n_full_per_rule=1,
        n_full=10,
        n_listed=20,
        n_columns=20,
        n_mixes=1,
        n_tells=5,
        n_shifts=10,
        n_portraits=1,
        n_checks_listed=50,
    ),
)
NOTEBOOK_LIMITS = PAGE_LIMITS[1:]


def share_out(sizes: Sequence[int], most_each: int, most: int) -> list[int]:
    """Return how many of each group are shown: as evenly as possible, the largest groups giving way.

    The first groups win when not even one of each fits.

    >>> share_out([50, 3, 8], most_each=20, most=15)
    [6, 3, 6]
    >>> share_out([5, 5, 5], most_each=20, most=2)
    [1, 1, 0]
    """
    each = most_each
    while each > 1 and sum(min(size, each) for size in sizes) > most:
        each -= 1
    shares = []
    left = most
    for size in sizes:
        shares.append(max(0, min(size, each, left)))
        left -= shares[-1]
    return shares
