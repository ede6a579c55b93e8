"""How the rows of a numeric target in train lie over its range, and how few of them hold its variance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.errors import NotMeasurable

if TYPE_CHECKING:
    from dataaudit.measure.target_shape import FloatArray, IntArray, TargetShape

N_REGIONS = 10
SHARE_OUTERMOST = 0.01


@dataclass(frozen=True)
class TargetRegions:
    """A numeric target in train by equal parts of its range.

    Attributes
    ----------
    edges : tuple of float, of length 11
        Ends of the tenths of the range.
    counts : tuple of int, of length 10
        Rows in each; the last one holds its upper end.
    n_outermost : int
        The hundredth of the rows (one at least) furthest from the mean.
    share_outermost : float
        Share of the squared distances from the mean that these rows have.
    standard_error : float
        Of that share, rows drawn at random (delta method for a ratio).
    sd, mean_absolute_deviation : float
        From the mean, and from the median: what a model scores that always
        answers these.
    """

    n_rows: int
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_outermost: int
    share_outermost: float
    standard_error: float
    sampled: bool
    sd: float = 0.0
    mean_absolute_deviation: float = 0.0


def measure_target_regions(shape: TargetShape) -> TargetRegions:
    """Count rows per tenth of the range, and take the share of variance of the outermost hundredth.

    Raises
    ------
    NotMeasurable
        If all rows have the same target, or squares leave the range of a double.
    """
    values, counts = shape.values, shape.counts
    low, high = float(values[0]), float(values[-1])
    width = high - low
    if not (width > 0 and math.isfinite(width)):
        raise NotMeasurable("the target has no range that can be cut")
    places = np.minimum(((values - low) / width * N_REGIONS).astype(np.int64), N_REGIONS - 1)
    # In units of the range, so that squares of squares stay finite.
    mean = float((values / width * counts).sum()) / float(counts.sum())
    squares = (values / width - mean) ** 2
    n_rows = float(counts.sum())
    median = float(values[np.searchsorted(np.cumsum(counts), n_rows / 2)] / width)
    n_outermost, share, error = _outermost(squares, counts)
    return TargetRegions(
        n_rows=int(counts.sum()),
        edges=tuple(np.linspace(low, high, N_REGIONS + 1).tolist()),
        counts=tuple(np.bincount(places, counts, N_REGIONS).astype(np.int64).tolist()),
        n_outermost=n_outermost,
        share_outermost=share,
        standard_error=error,
        sampled=shape.sampled,
        sd=math.sqrt(float((squares * counts).sum()) / n_rows) * width,
        mean_absolute_deviation=float((np.abs(values / width - median) * counts).sum()) / n_rows * width,
    )


def _outermost(squares: FloatArray, counts: IntArray) -> tuple[int, float, float]:
    """Return how many rows are the outermost hundredth, their share of the squares, and its standard error."""
    order = np.argsort(-squares, kind="stable")
    squares, counts = squares[order], counts[order].astype(np.float64)
    n_rows = float(counts.sum())
    n_outermost = max(1.0, math.floor(SHARE_OUTERMOST * n_rows))
    before = np.cumsum(counts) - counts
    taken = np.clip(n_outermost - before, 0.0, counts)
    total = float((squares * counts).sum())
    if total <= 0:
        return int(n_outermost), 0.0, 0.0
    share = float((squares * taken).sum()) / total
    fourth = squares**2
    scatter = (1 - share) ** 2 * float((fourth * taken).sum()) + share**2 * float((fourth * (counts - taken)).sum())
    return int(n_outermost), share, math.sqrt(scatter) / total
