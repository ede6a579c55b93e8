"""Numbers that in all rows of a category stay on one side of where numbers of other rows lie, beyond chance.

A manager is not level 1, and who is single has no partner's shares: no row says so, and a vote on the one column beside
a number between two others in the other would.
"""

from __future__ import annotations

import numpy as np

from dataaudit.rebalance.cells import MOST_VALUES_TO_SNAP
from dataaudit.rebalance.ties.table import TiedColumn, TiedTable
from dataaudit.rebalance.ties.ties import FloatArray, IntArray, Range

MOST_COLUMNS = 100
LEAST_BITS = 20.0


def find_ranges(table: TiedTable) -> list[Range]:
    """Return what numbers are held to by the categories, and the numbers of few values, beside them."""
    numbers = [column for column in table.columns if column.is_between and column.is_number][:MOST_COLUMNS]
    classes = [column for column in table.columns if column.is_voted or _has_few_values(column)][:MOST_COLUMNS]
    n_pairs = max(1, len(numbers) * len(classes))
    least_bits = LEAST_BITS + 2 * np.log2(n_pairs)
    found = []
    sampled = {column.name: column.values[table.rows] for column in numbers}
    ranks = {name: np.sort(values[~np.isnan(values)]) for name, values in sampled.items()}
    for by in classes:
        n_classes = int(by.codes.max(initial=-1)) + 2
        own = by.codes[table.rows]
        for column in numbers:
            if column.name == by.name or not len(ranks[column.name]):
                continue
            telling = _telling(*_ends(sampled[column.name], own, n_classes), ranks[column.name], least_bits)
            if telling.any():
                one = _over_all(column, by, n_classes, least_bits)
                if one is not None:
                    found.append(one)
    return found


def _has_few_values(column: TiedColumn) -> bool:
    if not (column.is_between and column.is_number) or column.is_date:
        return False
    return len(np.unique(column.values[~np.isnan(column.values)])) <= MOST_VALUES_TO_SNAP


def _ends(values: FloatArray, codes: IntArray, n_classes: int) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the least and the largest value of every class, the last being of rows without one, and its rows."""
    lows, highs = np.full(n_classes, np.inf), np.full(n_classes, -np.inf)
    present = ~np.isnan(values)
    np.minimum.at(lows, codes[present], values[present])
    np.maximum.at(highs, codes[present], values[present])
    counts = np.bincount(codes[present] % n_classes, minlength=n_classes).astype(np.int64)
    return lows, highs, counts


def _telling(lows: FloatArray, highs: FloatArray, counts: IntArray, ranks: FloatArray, least_bits: float) -> FloatArray:
    """Return for both ends of every class whether chance would not have kept all of its rows within."""
    n = len(ranks)
    below = np.searchsorted(ranks, lows, side="left") / n
    above = 1 - np.searchsorted(ranks, highs, side="right") / n
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -counts * np.log2(1 - np.stack([below, above]))
    return np.asarray(np.where(counts > 0, bits, 0.0) >= least_bits)


def _over_all(column: TiedColumn, by: TiedColumn, n_classes: int, least_bits: float) -> Range | None:
    lows, highs, counts = _ends(column.values, by.codes, n_classes)
    telling = _telling(lows, highs, counts, np.sort(column.values[~np.isnan(column.values)]), least_bits)
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
