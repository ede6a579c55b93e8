"""Rows at round numbers beside rows near them: digit preference, measured on the different values of a column."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A step is tried where the spread of the rows (P95 - P5) is this many of it.
N_STEPS_MIN = 4
# Finer steps than this part of the spread are not tried: rounding to them changes nothing that a model could tell.
FINEST = 0.005
N_BLOCKS = 10
# A stretch with more of its rows than this at the multiples lies on them: rounded there, not heaped.
SHARE_OF_GRID = 0.95
N_PLACES = 1000
MOST_DECIMALS = 9
WIDEST = 1e290
DIGITS_OF_SINGLE = 7
# Numbers read from decimals, and multiples of a step, are off by a few units in the last place.
SAME = 16 * float(np.finfo(np.float64).eps)
POWERS = np.sort([sign * float(f"1e{power}") for sign in (-1, 1) for power in range(-12, 300)])

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Heap:
    """Rows at the multiples of a round step (1, 5, 10, 50, ...) and rows near them.

    Looked at are the rows of whole windows, from half a step below a multiple
    to half a step above, without the half itself, where rows may heap too.
    The range is cut into ten stretches of equal counts, and at the powers of
    ten, where numbers of a fixed count of digits become coarser; stretches
    that lie on the multiples altogether are left out.

    Attributes
    ----------
    step : float
    step_per_spread : float
        The step as a fraction of P95 - P5.
    n_rows : int
        Rows that were looked at; `n_rows_round` of them are multiples.
    n_places : float
        At how many places between two multiples the other rows stand, by the
        chance that two of them stand at the same (Simpson 1949), so that few
        rows with odd decimals do not make many places. Over the decades, the
        harmonic mean.
    n_multiples : int
        Different multiples seen.
    n_rows_apart, n_rows_round_apart : int
        The same without the stretch that has most rows in excess.
    by_distance : tuple of int
        Rows that were looked at by their distance from the multiple, in bins
        of equal width from minus half a step to half a step.
    """

    step: float
    step_per_spread: float
    n_rows: int
    n_rows_round: int
    n_places: float
    n_multiples: int
    n_rows_apart: int
    n_rows_round_apart: int
    by_distance: tuple[int, ...]


def measure_heaps(values: FloatArray, counts: IntArray) -> tuple[Heap, ...]:
    """Return what lies about the multiples of every round step that fits the column, the finest first.

    Parameters
    ----------
    values : array, ascending
        Different values.
    counts : array
        Rows of each.
    """
    values = _as_written(values)
    spread = _spread(values, counts)
    heaps = (_heap(values, counts, step, spread) for step in round_steps(values, counts))
    return tuple(heap for heap in heaps if heap is not None)


def round_steps(values: FloatArray, counts: IntArray) -> list[float]:
    """Return the steps 1, 5, 10, 50, ... between the grid all values lie on and a fourth of their spread.

    >>> round_steps(np.arange(0.0, 101.0), np.ones(101, dtype=np.int64))
    [5.0, 10.0]
    """
    spread = _spread(values, counts)
    if not 0 < spread < WIDEST:
        return []
    finest = max(5 * (_unit(values) or 0.0), spread * FINEST)
    steps = []
    for power in range(math.floor(math.log10(finest)), math.ceil(math.log10(spread)) + 1):
        steps += [float(f"1e{power}"), float(f"5e{power}")]
    return [step for step in steps if finest * (1 - SAME) <= step <= spread / N_STEPS_MIN]


def _spread(values: FloatArray, counts: IntArray) -> float:
    """Return P95 - P5 of the rows."""
    reached = np.cumsum(counts)
    low, high = (values[int(np.searchsorted(reached, level * reached[-1]))] for level in (0.05, 0.95))
    with np.errstate(over="ignore"):
        return float(high - low)


def _as_written(values: FloatArray) -> FloatArray:
    """Return numbers that were stored in single precision as the decimals they stand for."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    if not (single == values).all() or _unit(values) is not None:
        return values
    return np.array([float(f"{value:.{DIGITS_OF_SINGLE}g}") for value in values.tolist()])


def _unit(values: FloatArray) -> float | None:
    """Return the coarsest power of ten, from 1e6 to 1e-9, whose multiples all values are."""
    for decimals in range(-6, MOST_DECIMALS + 1):
        unit = float(f"1e{-decimals}")
        if is_multiple(values, unit).all():
            return unit
    return None


def is_multiple(values: FloatArray, step: float) -> NDArray[np.bool_]:
    """Tell which values are multiples of a step, up to what a double cannot hold of a decimal.

    >>> is_multiple(np.array([0.3, 0.35, -20.0]), 0.1).tolist()
    [True, False, True]
    """
    with np.errstate(over="ignore", invalid="ignore"):
        distance = np.abs(values - np.rint(values / step) * step)
        return (distance <= SAME * np.abs(values)) & (SAME * np.abs(values) < step / 100)


def _heap(values: FloatArray, counts: IntArray, step: float, spread: float) -> Heap | None:
    inside, distance = _in_whole_windows(values, step)
    values, counts = values[inside], counts[inside]
    if len(values) == 0:
        return None
    # Of the window as a whole: a cut within one could leave its multiple alone, as if all were rounded there.
    centres = np.rint(values / step) * step
    blocks, decades = _blocks(centres, counts), _decades(centres)
    is_round = is_multiple(values, step)
    kept = _mixed(counts, blocks, is_round)
    if not kept.any():
        return None
    counts, blocks, decades, distance = counts[kept], blocks[kept], decades[kept], distance[kept]
    is_round = is_round[kept]
    # An even share of the places, in each decade as fine as its other rows are.
    even = np.array([_even_share(counts, distance, ~is_round & (decades == d)) for d in range(decades.max() + 1)])
    expected = counts * even[decades]
    apart = blocks != np.argmax(np.bincount(blocks, counts * is_round - expected))
    return Heap(
        step=step,
        step_per_spread=step / spread,
        n_rows=int(counts.sum()),
        n_rows_round=int(counts[is_round].sum()),
        n_places=float(counts.sum() / expected.sum() - 1),
        n_multiples=int(is_round.sum()),
        n_rows_apart=int(counts[apart].sum()),
        n_rows_round_apart=int(counts[apart & is_round].sum()),
        by_distance=_by_distance(counts, distance, 5 if f"{step:e}".startswith("5") else 11),
    )


def _decades(values: FloatArray) -> IntArray:
    """Return the number of the stretch between two powers of ten that each value, ascending, falls in."""
    first, last = np.searchsorted(POWERS, values[[0, -1]])
    return np.searchsorted(POWERS[first:last], values, side="right").astype(np.int64)


def _blocks(values: FloatArray, counts: IntArray) -> IntArray:
    """Return the number of the stretch that each value falls in: tenths of the rows, cut at the powers of ten."""
    reached = np.cumsum(counts)
    levels = np.arange(1, N_BLOCKS) / N_BLOCKS * reached[-1]
    cuts = np.unique(values[np.searchsorted(reached, levels)])
    tenths = np.searchsorted(cuts, values, side="right")
    numbers: IntArray = np.unique(_decades(values) * (N_BLOCKS + 1) + tenths, return_inverse=True)[1].astype(np.int64)
    return numbers


def _mixed(counts: IntArray, blocks: IntArray, is_round: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which values lie in a stretch that has other rows too than multiples."""
    n_round = np.bincount(blocks, counts * is_round)
    mixed: NDArray[np.bool_] = (n_round <= SHARE_OF_GRID * np.bincount(blocks, counts))[blocks]
    return mixed


def _even_share(counts: IntArray, distance: FloatArray, others: NDArray[np.bool_]) -> float:
    """Return 1 / (1 + places), the places being the inverse of the chance that two other rows stand at the same.

    That chance is Simpson's (1949), without bias: sum n (n - 1) / N (N - 1).
    """
    places = np.rint(distance[others] * N_PLACES).astype(np.int64) + N_PLACES // 2
    n_by_place = np.bincount(places, counts[others])
    n_pairs = n_by_place.sum() * (n_by_place.sum() - 1)
    alike = (n_by_place * (n_by_place - 1)).sum()
    return float(1 / (1 + min(N_PLACES, n_pairs / alike if alike > 0 else N_PLACES)))


def _by_distance(counts: IntArray, distance: FloatArray, n_bins: int) -> tuple[int, ...]:
    bins = np.clip(np.rint(distance * n_bins) + n_bins // 2, 0, n_bins - 1).astype(np.int64)
    return tuple(np.bincount(bins, counts, n_bins).astype(int).tolist())


def _in_whole_windows(values: FloatArray, step: float) -> tuple[NDArray[np.bool_], FloatArray]:
    """Return which values lie in a whole window about a multiple, and how far from it in steps."""
    multiple = np.rint(values / step)
    away = values / step - multiple
    first, last = math.ceil(values[0] / step + 0.5), math.floor(values[-1] / step - 0.5)
    inside = (multiple >= first) & (multiple <= last) & (np.abs(away) < 0.5 - 1e-6)
    return inside, away[inside]
