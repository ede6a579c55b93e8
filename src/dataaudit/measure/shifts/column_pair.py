"""One column in train and in another split, with what comparing their scales needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dataaudit.measure.preparation.precision import Precision, stored_precision
from dataaudit.measure.shifts.curves import FloatArray, centre_and_spread, standard_error

LEVELS = np.linspace(0.1, 0.9, 17)


@dataclass(frozen=True)
class LogScale:
    """The logarithm of the absolute values that are not 0, where either side has any.

    Attributes
    ----------
    factor : float
        Logarithm of how many times larger the other side's values are, by their quantiles.
    standard_error : float
        Of the same.
    spread : float
        The larger spread of both sides' logarithms.
    rounding : float
        How far rounding may move the factor.
    """

    factor: float
    standard_error: float
    spread: float
    rounding: float


class ColumnPair:
    """The present cells of one column on both sides.

    Parameters
    ----------
    train, other : float array
        NaN where missing.
    """

    def __init__(self, train: FloatArray, other: FloatArray) -> None:
        self.train = train[np.isfinite(train)]
        self.other = other[np.isfinite(other)]

    @property
    def sizes(self) -> tuple[int, int]:
        """Cells of either side."""
        return len(self.train), len(self.other)

    @cached_property
    def n_values(self) -> int:
        """Different values of the side that has fewer."""
        return min(len(np.unique(self.train)), len(np.unique(self.other)))

    @cached_property
    def precisions(self) -> tuple[Precision, Precision]:
        """How precisely either side was stored."""
        return stored_precision(self.train), stored_precision(self.other)

    @cached_property
    def centres(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Median and spread of either side."""
        return centre_and_spread(self.train), centre_and_spread(self.other)

    @cached_property
    def standard_error(self) -> float:
        """What sampling adds to a difference, in standard deviations."""
        return standard_error(len(self.train), len(self.other))

    @cached_property
    def log_scale(self) -> LogScale | None:
        """How the sizes compare; None where a side is nearly all 0."""
        logs = [np.log(np.abs(side[side != 0])) for side in (self.train, self.other)]
        if min(len(side) for side in logs) < len(LEVELS):
            return None
        ours, theirs = (np.quantile(side, LEVELS) for side in logs)
        spreads = [centre_and_spread(side)[1] for side in logs]
        medians = [float(np.exp(np.median(side))) for side in logs]
        rounding = sum(
            precision.half_width / median for precision, median in zip(self.precisions, medians, strict=True) if median
        )
        return LogScale(
            float(np.mean(theirs - ours)),
            # The mean of middle quantiles of a normal column varies a tenth more than its mean.
            1.1 * max(spreads) * standard_error(len(logs[0]), len(logs[1])),
            max(spreads),
            rounding,
        )
