"""Move labels apart that would overlap."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Return positions at least gap apart, in the order wanted and as near to it as a group's mean allows.

    Examples
    --------
    >>> spread([1.0, 5.0, 1.2], gap=1.0)
    [0.6, 5.0, 1.6]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1 and low(groups[-1], wanted, gap) - high(groups[-2], wanted, gap) < gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = {i: round(low(group, wanted, gap) + gap * nth, 9) for group in groups for nth, i in enumerate(group)}
    return [placed[i] for i in range(len(wanted))]


def low(group: list[int], wanted: Sequence[float], gap: float) -> float:
    """Return the lowest position of a group that stands gap apart around its mean."""
    return sum(wanted[i] for i in group) / len(group) - gap * (len(group) - 1) / 2


def high(group: list[int], wanted: Sequence[float], gap: float) -> float:
    """Return the highest position of such a group."""
    return low(group, wanted, gap) + gap * (len(group) - 1)
