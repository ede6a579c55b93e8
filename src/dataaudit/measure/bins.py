"""Bins of a numeric column: cuts chosen on the sample, named for a reader, counted in SQL."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from dataaudit.text import show_number

FloatArray = NDArray[np.float64]
N_BINS = 64


def bin_edges(
    values: FloatArray, minimum: float, maximum: float, *, is_integer: bool = False, n_bins: int = N_BINS
) -> FloatArray:
    """Return cuts: quantiles, a bin of its own for every common value, and the range's ends.

    Parameters
    ----------
    values : array
        The sample's present values of train.
    minimum, maximum : float
        Range over all rows of train. The first and the last bin lie beyond it
        and are empty in train by construction.
    is_integer : bool
        Whole numbers: no bin can lie between two of them.

    Returns
    -------
    edges : array, ascending
        Bin i holds (edges[i - 1], edges[i]].

    >>> bin_edges(np.array([1.0, 1.0, 2.0]), 1.0, 2.0).round(6).tolist()
    [1.0, 1.0, 2.0]
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= n_bins:
        inner = distinct
    else:
        atoms = distinct[counts * n_bins > len(values)]
        cuts = np.quantile(values, np.linspace(0, 1, n_bins + 1)[1:-1], method="inverted_cdf")
        inner = np.concatenate([cuts, atoms, atoms - 1 if is_integer else _next_below(atoms)])
    ends = np.array([_next_below(np.float64(minimum)), maximum])
    edges = np.unique(np.concatenate([inner, ends]))
    kept: FloatArray = edges[(edges >= ends[0]) & (edges <= maximum)]
    return kept


def _next_below(values: FloatArray | np.float64) -> FloatArray:
    """Return the next smaller double, which for the smallest of all is minus infinity."""
    with np.errstate(over="ignore"):
        below: FloatArray = np.nextafter(values, -np.inf)
    return below


def bin_expression(cell: str, edges: FloatArray) -> str:
    """Return SQL for the number of the bin a cell falls in, as a balanced tree of comparisons.

    >>> bin_expression("c0", np.array([1.0, 2.0]))
    'CASE WHEN c0 IS NULL THEN 3 ELSE CASE WHEN c0 <= 2e0 THEN CASE WHEN c0 <= 1e0 THEN 0 ELSE 1 END ELSE 2 END END'
    """
    return f"CASE WHEN {cell} IS NULL THEN {len(edges) + 1} ELSE {_tree(cell, edges, 0, len(edges))} END"


def _tree(cell: str, edges: FloatArray, first: int, last: int) -> str:
    if first == last:
        return str(first)
    middle = (first + last) // 2
    below, above = _tree(cell, edges, first, middle), _tree(cell, edges, middle + 1, last)
    return f"CASE WHEN {cell} <= {_literal(float(edges[middle]))} THEN {below} ELSE {above} END"


def _literal(value: float) -> str:
    """Write a double so that the engine does not take it for a decimal of fixed places."""
    if np.isinf(value):
        return f"CAST('{value}' AS DOUBLE)"
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent or 0)}"


def bin_names(edges: FloatArray, is_integer: bool) -> tuple[str, ...]:
    """Return a readable name per bin: "under 1", "4 to 7", "5", "over 9".

    >>> bin_names(np.array([np.nextafter(1.0, 0), 1.0, 5.0, 9.0]), is_integer=True)
    ('under 1', '1', '2 to 5', '6 to 9', 'over 9')
    """
    names = [f"under {show_number(float(np.nextafter(edges[0], np.inf)))}"]
    names += [_interval(low, high, is_integer) for low, high in itertools.pairwise(edges.tolist())]
    return (*names, f"over {show_number(float(edges[-1]))}")


def _interval(low: float, high: float, is_integer: bool) -> str:
    start = np.floor(low) + 1 if is_integer else low
    end = np.floor(high) if is_integer else high
    if np.nextafter(low, np.inf) >= high or start >= end:
        return show_number(float(end))
    return f"{show_number(float(start))} to {show_number(float(end))}"


def coarser(counts: NDArray[np.int64], n_groups: int) -> NDArray[np.int64]:
    """Return for each bin the number of the coarse bin it falls in, of about equal counts.

    >>> coarser(np.array([5, 5, 5, 5]), 2).tolist()
    [0, 0, 1, 1]
    """
    middle = np.cumsum(counts) - counts / 2
    groups = np.floor(n_groups * middle / max(1, int(counts.sum()))).astype(np.int64)
    return np.clip(groups, 0, n_groups - 1)
