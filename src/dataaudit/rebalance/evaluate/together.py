"""Rows that must stand on one side of a fold: those of one group, and copies of one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.matrix import IntArray
from dataaudit.resplit.joining import join_all

# Rows that are alike are copies if there are so many times more of them than independent columns would bring about.
TIMES_CHANCE = 10.0
# More of them than half a fold holds are what rows of this table commonly are: new rows are like them, too.
LARGEST_SHARE = 0.1


def blocks_of(groups: Sequence[NDArray[Any]], cells: Cells) -> tuple[IntArray, int]:
    """Return the number of every row's block, and how many rows are copies of others.

    Parameters
    ----------
    groups : sequence of arrays of shape (n_rows,)
        Rows with equal cells in any of them belong together; missing cells belong with nobody.
    cells : Cells
        Rows alike in all of these are copies, unless so many would be alike by chance.
    """
    n_rows = len(cells.numbers)
    copies = find_copies(cells)
    keys = [_group_keys(values) for values in groups] + [copies]
    starts, ends, start = [], [], n_rows
    for key in keys:
        known = np.flatnonzero(key >= 0)
        starts.append(known)
        ends.append(key[known] + start)
        start += int(key.max(initial=-1)) + 1
    joined = join_all(np.concatenate(starts), np.concatenate(ends))
    _, blocks = np.unique(joined.find(np.arange(n_rows)), return_inverse=True)
    return blocks.astype(np.int64), int((copies >= 0).sum())


def find_copies(cells: Cells) -> IntArray:
    """Return the same number for rows that are copies of one another, -1 for others.

    In a table of few categories many rows are alike without being copies, and a new row would be like them, too. So
    many more must be alike than the shares of their cells give reason for.
    """
    columns = [*np.where(np.isnan(cells.numbers), np.inf, cells.numbers).T, *cells.codes.astype(np.float64).T]
    n_rows = len(cells.numbers)
    places = np.zeros((n_rows, len(columns)), dtype=np.int64)
    log_chance = np.zeros(n_rows)
    for place, column in enumerate(columns):
        _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
        places[:, place] = inverse
        log_chance += np.log(counts[inverse] / n_rows)
    _, key, n_alike = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    key = key.ravel()
    alike = n_alike[key]
    is_copy = (alike > 1) & (alike > TIMES_CHANCE * n_rows * np.exp(log_chance)) & (alike <= LARGEST_SHARE * n_rows)
    return np.where(is_copy, key, -1).astype(np.int64)


def _group_keys(values: NDArray[Any]) -> IntArray:
    if values.dtype == object:
        missing = np.ma.getmaskarray(values)
    else:
        missing = np.isnan(np.ma.filled(values.astype(np.float64), np.nan))
    keys = np.full(len(values), -1, dtype=np.int64)
    known = np.asarray(values)[~missing]
    keys[~missing] = np.unique(known.astype(np.str_) if known.dtype == object else known, return_inverse=True)[1]
    return keys
