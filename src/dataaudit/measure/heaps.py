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
        At how many places between two multiples the other rows stand: the
        inverse Simpson index of their distances (Simpson 1949), so that few
        rows with odd decimals do not make many places.
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
    blocks = _blocks(values, counts)
    spread = _spread(values, counts)
    heaps = (_heap(values, counts, blocks, step, spread) for step in round_steps(values, counts))
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


def _blocks(values: FloatArray, counts: IntArray) -> IntArray:
    """Return the number of the stretch that each value falls in."""
    reached = np.cumsum(counts)
    levels = np.arange(1, N_BLOCKS) / N_BLOCKS * reached[-1]
    cuts = values[np.searchsorted(reached, levels)]
    powers = np.array([sign * float(f"1e{power}") for sign in (-1, 1) for power in range(-12, 300)])
    inside = powers[(powers > values[0]) & (powers < values[-1])]
    return np.searchsorted(np.unique(np.concatenate([cuts, inside])), values, side="right").astype(np.int64)


def _heap(values: FloatArray, counts: IntArray, blocks: IntArray, step: float, spread: float) -> Heap | None:
    inside, distance = _in_whole_windows(values, step)
    counts, blocks, values = counts[inside], blocks[inside], values[inside]
    is_round = is_multiple(values, step)
    n_blocks = int(blocks.max(initial=0)) + 1
    n_round = np.bincount(blocks[is_round], counts[is_round], n_blocks)
    n_other = np.bincount(blocks[~is_round], counts[~is_round], n_blocks)
    mixed = n_round <= SHARE_OF_GRID * (n_round + n_other)
    kept = mixed[blocks]
    places = np.rint(distance[kept & ~is_round] * N_PLACES).astype(np.int64) + N_PLACES // 2
    n_by_place = np.bincount(places, counts[kept & ~is_round])
    if n_by_place.sum() == 0:
        return None
    n_places = float(n_by_place.sum() ** 2 / (n_by_place**2).sum())
    n_round, n_other = n_round * mixed, n_other * mixed
    worst = int(np.argmax(n_round - n_other / n_places))
    apart = np.arange(n_blocks) != worst
    n_bins = 5 if f"{step:e}".startswith("5") else 11
    bins = np.clip(np.rint(distance[kept] * n_bins) + n_bins // 2, 0, n_bins - 1).astype(np.int64)
    return Heap(
        step=step,
        step_per_spread=step / spread,
        n_rows=int((n_round + n_other).sum()),
        n_rows_round=int(n_round.sum()),
        n_places=n_places,
        n_multiples=int((kept & is_round).sum()),
        n_rows_apart=int((n_round + n_other)[apart].sum()),
        n_rows_round_apart=int(n_round[apart].sum()),
        by_distance=tuple(np.bincount(bins, counts[kept], n_bins).astype(int).tolist()),
    )


def _in_whole_windows(values: FloatArray, step: float) -> tuple[NDArray[np.bool_], FloatArray]:
    """Return which values lie in a whole window about a multiple, and how far from it in steps."""
    multiple = np.rint(values / step)
    away = values / step - multiple
    first, last = math.ceil(values[0] / step + 0.5), math.floor(values[-1] / step - 0.5)
    inside = (multiple >= first) & (multiple <= last) & (np.abs(away) < 0.5 - 1e-6)
    return inside, away[inside]
