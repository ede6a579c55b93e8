"""Values whose share changes by a factor between two splits: what moves no distance where they are rare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rules._chance import factor_lower, share_change_tail

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.world import PriorMix


@dataclass(frozen=True)
class ShareChange:
    """One value in two splits, or in a split and the world; `p_value` is Bonferroni's over the values judged.

    `factor_lower` is the lower 95 % bound of the factor, where it was asked for.
    """

    place: int
    name: str
    share_base: float
    share_other: float
    p_value: float
    factor_lower: float = 1.0

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
    lower_min: float = 0.0,
) -> list[ShareChange]:
    """Return the values whose share changes by the factor, the least likely by chance first.

    Judged are values of which, were the splits alike, so many rows are
    expected in the second; chances are worked out for those that change
    enough. The factor's lower bound must reach `lower_min`.
    """
    n, m = int(base.sum()), int(other.sum())
    if n == 0 or m == 0:
        return []
    judged = (base + other) * (m / (n + m)) >= expected_min
    ours, theirs = base / n, other / m
    low, high = np.minimum(ours, theirs), np.maximum(ours, theirs)
    # 12 decimals: 0.6 / 0.3 is a little less than 2.
    far = (high > 0) & (np.round(high - factor_min * low, 12) >= 0)
    changes = [
        ShareChange(
            place,
            names[place],
            float(ours[place]),
            float(theirs[place]),
            min(1.0, int(judged.sum()) * share_change_tail(int(base[place]), n, int(other[place]), m)),
            factor_lower(float(base[place]), n, float(other[place]), m),
        )
        for place in np.flatnonzero(judged & far).tolist()
    ]
    changes = [change for change in changes if change.factor_lower >= lower_min]
    return sorted(changes, key=lambda change: (change.p_value, change.name))


def changed_categories(
    facts: Facts,
    drifts: Iterable[Drift],
    label: Drift | None,
    *,
    factor_min: float,
    lower_min: float,
    expected_min: float,
    alpha: float,
) -> dict[str, list[ShareChange]]:
    """Return for every column of categories those that become much more, or much less, common than in the base.

    Left out are categories that change by no more than a class does, where
    the `label` differs by more than chance (`alpha`). Where rows hang
    together they count as so many draws as the column's values tell.
    """
    found = {}
    for drift in drifts:
        table = facts.tables.get(drift.column)
        if drift.measure != "tv" or table is None or drift.split not in table.n or drift.base not in table.n:
            continue
        listed = table.missing_key if table.other_key is None else table.other_key
        counts = [
            np.round(table.n[one][:listed] / facts.shifts.rows_per_draw.get(one, {}).get(drift.column, 1.0)).astype(
                np.int64
            )
            for one in (drift.base, drift.split)
        ]
        found[drift.column] = share_changes(
            table.keys[:listed], *counts, factor_min=factor_min, expected_min=expected_min, lower_min=lower_min
        )
    by_classes = _factor_of_classes(facts, label, alpha) if any(found.values()) else 1.0
    return {column: [one for one in changes if one.factor > by_classes] for column, changes in found.items()}


def _factor_of_classes(facts: Facts, label: Drift | None, alpha: float) -> float:
    """Return the largest factor by which a class of both splits changes; 1 where the classes may be alike.

    If only the classes differ, no category changes by more.
    """
    if label is None or label.measure != "tv" or label.p_value >= alpha:
        return 1.0
    ours, other = (facts.classes.counts[one].astype(np.float64) for one in (label.base, label.split))
    both = (ours > 0) & (other > 0)
    if not both.any():
        return 1.0
    factors = (other[both] / other.sum()) / (ours[both] / ours.sum())
    return float(np.maximum(factors, 1 / factors).max())


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
