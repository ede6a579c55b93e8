"""What transformations make of a column's tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

MAX_ROWS = 20_000
POWERS = np.arange(-2.0, 2.01, 0.25)
CLIPPED_AT = 0.01
THIRD = 2  # counted from 0


@dataclass(frozen=True)
class Mend:
    """A transformation, and the tail and skew of the column after it.

    Attributes
    ----------
    name : {"none", "log", "log1p", "Yeo-Johnson", "clipping", "ranks"}
    tail : float
        The longer side's distance from median to the outermost thousandth per
        distance from median to quartile; infinite where a quartile is the median.
    power : float or None
        Of Yeo-Johnson.
    """

    name: str
    tail: float
    skew: float
    power: float | None = None


@dataclass(frozen=True)
class Mends:
    """The transformations that a column allows, the simplest first; `before` is the column as it is.

    `of_positives`: zeros, half of the cells or more, were left out.
    `thirds`: the third lowest and third highest of the other cells.
    """

    before: Mend
    after: tuple[Mend, ...]
    n_rows: int
    of_positives: bool
    thirds: tuple[float, float]
    sampled: bool


def measure_mends(facts: Facts, column: str) -> Mends:
    """Try logarithm, Yeo-Johnson, clipping at P1 and P99, and ranks on up to 20,000 cells."""
    values = facts.sample.numeric[column]
    finite = values[np.isfinite(values)]
    of_positives = bool(finite.size and finite.min() >= 0 and (finite == 0).mean() >= 0.5)
    kept = finite[finite > 0] if of_positives else finite
    tried = kept[:: max(1, -(-len(kept) // MAX_ROWS))]
    after = [_mend(name, made) for name, made in _logarithms(tried)]
    power, made = yeo_johnson(tried)
    after.append(_mend("Yeo-Johnson", made, power))
    after.append(_mend("clipping", np.clip(tried, *np.quantile(tried, [CLIPPED_AT, 1 - CLIPPED_AT]))))
    after.append(_mend("ranks", np.unique(tried, return_inverse=True)[1].astype(np.float64)))
    place = min(THIRD, len(kept) - 1)
    ordered = np.partition(kept, [place, len(kept) - 1 - place])
    thirds = float(ordered[place]), float(ordered[-1 - place])
    return Mends(
        _mend("none", tried), tuple(after), len(tried), of_positives, thirds, facts.sample.leaves_out(len(tried))
    )


def _logarithms(values: FloatArray) -> list[tuple[str, FloatArray]]:
    if values.min() > 0:
        return [("log", np.log(values))]
    return [("log1p", np.log1p(values))] if values.min() >= 0 else []


def _mend(name: str, values: FloatArray, power: float | None = None) -> Mend:
    return Mend(name, longer_tail(values), _skew(values), power)


def longer_tail(values: FloatArray) -> float:
    """Return the longer side's (P99.9 - P50) / (P75 - P50).

    >>> round(longer_tail(np.arange(10_001.0)), 3)
    1.996
    """
    low, quarter, median, three_quarters, high = np.quantile(values, [0.001, 0.25, 0.5, 0.75, 0.999])
    sides = ((high - median, three_quarters - median), (median - low, median - quarter))
    tails = [float(end) / float(body) if body > 0 else (np.inf if end > 0 else 0.0) for end, body in sides]
    return max(tails)


def _skew(values: FloatArray) -> float:
    scale = float(np.abs(values).max())
    centred = values / scale - (values / scale).mean() if scale > 0 else values
    sd = float(centred.std())
    return float((centred**3).mean()) / sd**3 if sd > 1e-12 else 0.0


def yeo_johnson(values: FloatArray) -> tuple[float, FloatArray]:
    """Return the likeliest power, in quarters from -2 to 2, and the column transformed (Yeo and Johnson 2000).

    >>> yeo_johnson(np.expm1(np.linspace(0.1, 3, 500)))[0]
    0.0
    """
    best: tuple[float, float, FloatArray] = (-np.inf, 1.0, values)
    sign_logs = float((np.sign(values) * np.log1p(np.abs(values))).sum())
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for power in POWERS.tolist():
            made = _transformed(values, power)
            fit = -len(values) / 2 * float(np.log(made.var())) + (power - 1) * sign_logs
            if np.isfinite(fit) and fit > best[0]:
                best = (fit, power, made)
    return best[1], best[2]


def _transformed(values: FloatArray, power: float) -> FloatArray:
    right, left = np.maximum(values, 0.0), np.maximum(-values, 0.0)
    above = np.log1p(right) if power == 0 else (np.power(right + 1, power) - 1) / power
    below = np.log1p(left) if power == 2 else (np.power(left + 1, 2 - power) - 1) / (2 - power)
    return np.where(values >= 0, above, -below)
