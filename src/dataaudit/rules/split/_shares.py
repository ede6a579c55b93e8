"""Values whose share changes by a factor between two splits: what moves no distance where they are rare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rules._chance import share_change_tail

if TYPE_CHECKING:
    from dataaudit.measure.shifts.world import PriorMix


@dataclass(frozen=True)
class ShareChange:
    """One value in two splits, or in a split and the world; `p_value` is Bonferroni's over the values judged."""

    place: int
    name: str
    share_base: float
    share_other: float
    p_value: float

    @property
    def factor(self) -> float:
        """The larger share over the smaller; infinite if one is zero."""
        low, high = sorted((self.share_base, self.share_other))
        return high / low if low > 0 else float("inf")

    @property
    def change(self) -> float:
        """How far the shares lie apart."""
        return abs(self.share_other - self.share_base)


def share_changes(
    names: Sequence[str],
    base: np.ndarray,
    other: np.ndarray,
    *,
    factor_min: float,
    expected_min: float,
    change_min: float = 0.0,
) -> list[ShareChange]:
    """Return the values whose share changes by the factor, the least likely by chance first.

    Judged are values of which, were the splits alike, so many rows are
    expected in the second; chances are worked out for those that change enough.
    """
    n, m = int(base.sum()), int(other.sum())
    if n == 0 or m == 0:
        return []
    judged = (base + other) * (m / (n + m)) >= expected_min
    ours, theirs = base / n, other / m
    low, high = np.minimum(ours, theirs), np.maximum(ours, theirs)
    # 12 decimals: 0.6 / 0.3 is a little less than 2.
    far = (high > 0) & (np.round(high - factor_min * low, 12) >= 0) & (np.round(high - low, 12) >= change_min)
    changes = [
        ShareChange(
            place,
            names[place],
            float(ours[place]),
            float(theirs[place]),
            min(1.0, int(judged.sum()) * share_change_tail(int(base[place]), n, int(other[place]), m)),
        )
        for place in np.flatnonzero(judged & far).tolist()
    ]
    return sorted(changes, key=lambda change: (change.p_value, change.name))


def changes_from_prior(mix: PriorMix, *, factor_min: float, expected_min: float) -> list[ShareChange]:
    """Return the classes whose share is that factor off what was declared, the least likely by chance first."""
    n = max(1, int(mix.counts.sum()))
    judged = np.maximum(mix.counts, mix.shares * n) >= expected_min
    changes = [
        ShareChange(place, mix.names[place], share, count / n, min(1.0, int(judged.sum()) * p_value))
        for place, (share, count, p_value) in enumerate(
            zip(mix.shares.tolist(), mix.counts.tolist(), mix.p_values.tolist(), strict=True)
        )
        if judged[place]
    ]
    found = [change for change in changes if round(change.factor, 12) >= factor_min]
    return sorted(found, key=lambda change: (change.p_value, change.name))
