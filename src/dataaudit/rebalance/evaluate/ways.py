"""The ways of training that are compared, from the simplest on."""

from __future__ import annotations

from collections.abc import Sequence

from dataaudit.rebalance.samplers import HYBRIDS
from dataaudit.rebalance.strategies import RANDOM_OVER, RANDOM_UNDER, WEIGHTS, strategy_named

NONE = "none"
THRESHOLD = "threshold"
AUTO = "auto"
# No row is added, dropped or weighted.
UNCHANGED = (NONE, THRESHOLD)
# Random ones are the yardstick of all others; SMOTE is what most reach for, and SMOTE+Tomek the commonest of its kin.
TRIED_BY_DEFAULT = (RANDOM_UNDER, RANDOM_OVER, "smote", "smote-tomek")
TITLES = {NONE: "no resampling", THRESHOLD: "threshold moving", WEIGHTS: "class weights"}


def ways_to_try(strategies: Sequence[str]) -> tuple[str, ...]:
    """Return what is compared, the simplest first: no resampling, a moved threshold, weights, and samplers.

    Parameters
    ----------
    strategies : sequence of str
        Samplers by name; none, or "auto", stands for four that suit most tables.

    Raises
    ------
    ConfigError
        If one is unknown.

    >>> ways_to_try(["smote"])
    ('none', 'threshold', 'weights', 'smote')
    """
    named = [name for name in dict.fromkeys(strategies) if name not in (AUTO, NONE, THRESHOLD, WEIGHTS)]
    if AUTO in strategies or not strategies:
        named = list(dict.fromkeys([*TRIED_BY_DEFAULT, *named]))
    for name in named:
        strategy_named(name)
    return tuple(sorted((NONE, THRESHOLD, WEIGHTS, *named), key=effort))


def effort(name: str) -> int:
    """Return how far a way is from leaving everything as it is.

    >>> [effort(name) for name in ("none", "threshold", "weights", "random-over", "tomek", "smote", "smote-enn")]
    [0, 1, 2, 3, 4, 5, 6]
    """
    if name in (NONE, THRESHOLD):
        return UNCHANGED.index(name)
    strategy = strategy_named(name)
    if name == WEIGHTS:
        return 2
    if strategy.streams:
        return 3
    if name in HYBRIDS:
        return 6
    return 5 if strategy.makes_rows else 4


def title(name: str) -> str:
    """Return a way's name in a sentence."""
    return TITLES.get(name, name)
