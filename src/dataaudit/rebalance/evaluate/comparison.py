"""What is to be compared, and by what."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.errors import ConfigError
from dataaudit.rebalance.evaluate.models import MODELS
from dataaudit.rebalance.evaluate.scores import AVERAGE_PRECISION, BALANCED_ACCURACY, SCORES
from dataaudit.rebalance.evaluate.ways import ways_to_try

DECIDING = (AVERAGE_PRECISION, BALANCED_ACCURACY)
PRECISION = 0.5


@dataclass(frozen=True)
class Comparison:
    """What is to be compared, and by what.

    Attributes
    ----------
    strategies : tuple of str
        Samplers; none for those that suit most tables.
    target : object
        As `dataaudit.rebalance` takes it.
    deciding : tuple of str
        Names of scores.
    precision : float
        At which recall is told.
    """

    strategies: tuple[str, ...] = ()
    target: object = None
    deciding: tuple[str, ...] = DECIDING
    precision: float = PRECISION
    models: tuple[str, ...] = MODELS
    n_jobs: int | None = None


def check_comparison(comparison: Comparison) -> None:
    """Raise ConfigError if a strategy, a score or the precision cannot be."""
    ways_to_try(comparison.strategies)
    for name in comparison.deciding:
        if name not in SCORES:
            raise ConfigError(f"there is no score {name!r}", f"known are {', '.join(SCORES)}")
    if not comparison.deciding:
        raise ConfigError("no score is to decide", f"known are {', '.join(SCORES)}")
    if not 0 < comparison.precision <= 1:
        raise ConfigError(f"--precision is {comparison.precision}", "it is above 0 and at most 1: 0.5")
