"""Numbers that in all rows of a category stay on one side of where numbers of other rows lie, beyond chance.

A manager is not level 1, and who is single has no partner's shares: no row says so, and a vote on the one column beside
a number between two others in the other would.
"""

from __future__ import annotations

import numpy as np

from dataaudit.rebalance.cells import MOST_VALUES_TO_SNAP
from dataaudit.rebalance.matrix import FloatArray, IntArray
from dataaudit.rebalance.ties.table import TiedColumn, TiedTable
from dataaudit.rebalance.ties.ties import Range

MOST_COLUMNS = 100
LEAST_BITS = 20.0


def find_ranges(table: TiedTable) -> list[Range]:
    """Return what numbers are held to by the categories, and the numbers of few values, beside them."""
    numbers, classes = (columns[:MOST_COLUMNS] for columns in ranged_columns(table))
    if not numbers or not classes:
        return []
    least_bits = LEAST_BITS + 2 * float(np.log2(len(numbers) * len(classes)))
    cells = np.column_stack([column.values[table.rows] for column in numbers])
    ranks = [np.sort(values[~np.isnan(values)]) for values in cells.T]
    found = []
    for by in classes:
        lows, highs, counts = _ends(cells, by.codes[table.rows])
        for place, column in enumerate(numbers):
            if column.name == by.name or not len(ranks[place]):
                continue
            if _telling(lows[:, place], highs[:, place], counts[:, place], ranks[place], least_bits).any():
                one = _over_all(column, by, least_bits)
                if one is not None:
                    found.append(one)
    return found


def ranged_columns(table: TiedTable) -> tuple[list[TiedColumn], list[TiedColumn]]:
    """Return the numbers that may be kept in a range, and the columns whose values may keep them there."""
    numbers = [column for column in table.columns if column.is_between and column.is_number]
    return numbers, [column for column in table.columns if column.is_voted or _has_few_values(column)]


def _has_few_values(column: TiedColumn) -> bool:
    if not (column.is_between and column.is_number) or column.is_date:
        return False
    return len(np.unique(column.values[~np.isnan(column.values)])) <= MOST_VALUES_TO_SNAP


def _ends(cells: FloatArray, codes: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the least and the largest value of each column in every class, and how many it has there.

    The classes are those of codes from 0, and last the rows without one.
    """
    n_classes = int(codes.max(initial=-1)) + 2
    order = np.argsort(codes % n_classes, kind="stable")
    in_order = cells[order]
    places, starts = np.unique((codes % n_classes)[order], return_index=True)
    missing = np.isnan(in_order)
    shape = (n_classes, cells.shape[1])
    lows, highs, counts = np.full(shape, np.inf), np.full(shape, -np.inf), np.zeros(shape, dtype=np.int64)
    lows[places] = np.minimum.reduceat(np.where(missing, np.inf, in_order), starts)
    highs[places] = np.maximum.reduceat(np.where(missing, -np.inf, in_order), starts)
    counts[places] = np.add.reduceat((~missing).astype(np.int64), starts)
    return lows, highs, counts


def _telling(lows: FloatArray, highs: FloatArray, counts: IntArray, ranks: FloatArray, least_bits: float) -> FloatArray:
    """Return for both ends of every class whether chance would not have kept all of its rows within."""
    n = len(ranks)
    below = np.searchsorted(ranks, lows, side="left") / n
    above = 1 - np.searchsorted(ranks, highs, side="right") / n
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -counts * np.log2(1 - np.stack([below, above]))
    return np.asarray(np.where(counts > 0, bits, 0.0) >= least_bits)


def _over_all(column: TiedColumn, by: TiedColumn, least_bits: float) -> Range | None:
    all_lows, all_highs, counts = _ends(column.values[:, None], by.codes)
    lows, highs = all_lows[:, 0], all_highs[:, 0]
    telling = _telling(lows, highs, counts[:, 0], np.sort(column.values[~np.isnan(column.values)]), least_bits)
    if not telling.any():
        return None
    return Range(
        column=column.name,
        by=by.name,
        codes=by.codes if by.is_voted else None,
        known=np.unique(by.values[~np.isnan(by.values)]),
        lows=np.where(telling[0], lows, -np.inf),
        highs=np.where(telling[1], highs, np.inf),
    )
