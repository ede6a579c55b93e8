"""How heavy the tails of a column are, with their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dataaudit.intervals import wilson

if TYPE_CHECKING:
    from dataaudit.measure.columns import Quantiles
    from dataaudit.measure.profiles import ColumnProfile

Z = 1.645
OUTERMOST = 0.999  # no quantile is known between it and the maximum


@dataclass(frozen=True)
class Tail:
    """One side of a column, in units of the distance from median to quartile.

    `lower` is the tail's lower 95 % bound. `of_positives` says that zeros,
    which half of the column or more are, were left out.
    """

    side: str
    size: float
    lower: float
    median: float
    quartile: float
    end: float
    of_positives: bool

    def up_to(self, cell: float) -> Tail:
        """Return the tail with a lower bound that reaches no further out than a cell."""
        body = abs(self.end - self.median) / self.size if self.size else math.inf
        return replace(self, lower=min(self.lower, abs(cell - self.median) / body))


def both_tails(quantile: Quantiles, profile: ColumnProfile) -> list[Tail]:
    """Return the sides that have a body to measure with."""
    tails = [_tail(quantile, profile, side) for side in ("right", "left")]
    return [tail for tail in tails if tail is not None]


def _tail(quantile: Quantiles, profile: ColumnProfile, side: str) -> Tail | None:
    share_zero = profile.n_zero / max(1, profile.n_present)
    positives = side == "right" and share_zero >= 0.5 and (profile.minimum or 0.0) >= 0
    offset = share_zero if positives else 0.0
    n_rows = quantile.n_rows * (1 - offset)

    def at(level: float) -> float:
        inside = offset + (1 - offset) * (level if side == "right" else 1 - level)
        return _at(quantile, inside)

    if n_rows < 1:
        return None
    narrowest = 1.0 if profile.is_integer else 0.0
    median, quartile, end = at(0.5), at(0.75), at(0.999)
    body = max(narrowest, abs(quartile - median))
    if body == 0 or quartile == median:
        return None
    slope = abs(quartile - at(0.7)) / 0.05
    body_upper = body + slope * Z * math.sqrt(0.1875 / n_rows)
    sure_end = at(1 - wilson(0.001 * n_rows, n_rows, Z)[1])
    return Tail(
        side=side,
        size=abs(end - median) / body,
        lower=abs(sure_end - median) / body_upper,
        median=median,
        quartile=quartile,
        end=end,
        of_positives=positives,
    )


def _at(quantile: Quantiles, level: float) -> float:
    """Return a quantile, between P99 and P99.9 (and mirrored) as an exponential tail would run."""
    outside = min(level, 1 - level)
    if outside >= 0.01:
        return quantile.at(level)
    way = math.log10(0.01 / max(1 - OUTERMOST, outside))
    inner, outer = (0.99, OUTERMOST) if level > 0.5 else (0.01, 1 - OUTERMOST)
    return quantile.at(inner) + way * (quantile.at(outer) - quantile.at(inner))
