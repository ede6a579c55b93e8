"""Numbers and dates of which one is never larger than another, beyond chance."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from dataaudit.rebalance.matrix import FloatArray
from dataaudit.rebalance.ties.table import TiedColumn, TiedTable
from dataaudit.rebalance.ties.ties import Order

MOST_COLUMNS = 400
MOST_ORDERS = 1_000
LEAST_BITS = 20.0
LEAST_ROWS = 20


def find_orders(table: TiedTable, explained: Collection[frozenset[str]]) -> list[Order]:
    """Return the orders that a made-up row could break: ranges overlap, and in all rows one is not larger.

    Unrelated numbers are in order, too, where they seldom come near one another: that the rows are in order must be
    beyond that by 20 bits, and by two for each doubling of the columns.
    """
    columns = ordered_columns(table)[:MOST_COLUMNS]
    if len(columns) < 2 or table.n_rows < LEAST_ROWS:
        return []
    cells = np.column_stack([column.values[table.rows] for column in columns])
    least_bits = LEAST_BITS + 2 * np.log2(len(columns))
    orders: list[Order] = []
    for i, low in enumerate(columns):
        with np.errstate(invalid="ignore"):
            never_larger = ~(cells[:, [i]] > cells).any(axis=0)
        for j in np.flatnonzero(never_larger).tolist():
            high = columns[j]
            if i == j or low.is_date is not high.is_date or frozenset((low.name, high.name)) in explained:
                continue
            if _bits(cells[:, i], cells[:, j]) >= least_bits and len(orders) < MOST_ORDERS:
                orders += _verified(low, high)
    return orders


def ordered_columns(table: TiedTable) -> list[TiedColumn]:
    """Return the columns of which one may be never larger than another."""
    return [column for column in table.columns if column.is_number and column.is_between]


def _bits(low: FloatArray, high: FloatArray) -> float:
    """Return how unlikely it is that all rows are in order, were the columns unrelated."""
    both = ~np.isnan(low) & ~np.isnan(high)
    low, high = low[both], np.sort(high[both])
    if len(low) < LEAST_ROWS:
        return 0.0
    share = float((len(high) - np.searchsorted(high, low)).sum()) / len(low) ** 2
    return -len(low) * float(np.log2(share))


def _verified(low: TiedColumn, high: TiedColumn) -> list[Order]:
    with np.errstate(invalid="ignore"):
        if (low.values > high.values).any() or np.nanmax(low.values) <= np.nanmin(high.values):
            return []
        return [Order(low.name, high.name, not bool((low.values == high.values).any()))]
