"""Cells of the engine as numbers, and as categories by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.model import ColumnInfo, Kind
from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.matrix import IntArray

MAX_CATEGORIES = 50
MAX_CATEGORIES_IN_ALL = 1_000
ORDERED = (Kind.NUMERIC, Kind.DATETIME)
NAMED = (Kind.BOOLEAN, Kind.CATEGORICAL)
# A number with two values is a flag.
VALUES_OF_FLAG = 2


def code_cells(columns: Sequence[ColumnInfo], found: Mapping[str, NDArray[Any]]) -> tuple[Cells, tuple[int, ...]]:
    """Return the cells as numbers and categories, and how many categories each column has."""
    numbers, codes = [], []
    n_named = sum(column.kind in NAMED for column in columns)
    most = max(2, min(MAX_CATEGORIES, MAX_CATEGORIES_IN_ALL // max(1, n_named)))
    for column in columns:
        if column.kind in NAMED:
            codes.append(code_names(found[column.name], most))
            continue
        values = as_float(found[column.name])
        known = np.unique(values[~np.isnan(values)])
        if column.kind is Kind.NUMERIC and len(known) <= VALUES_OF_FLAG:
            codes.append(np.where(np.isnan(values), -1, np.searchsorted(known, values)).astype(np.int64))
        else:
            numbers.append(values)
    n_rows = len(next(iter(found.values())))
    cells = Cells(
        np.column_stack(numbers) if numbers else np.zeros((n_rows, 0)),
        np.column_stack(codes) if codes else np.zeros((n_rows, 0), dtype=np.int64),
    )
    return cells, tuple(int(column.max(initial=-1)) + 1 for column in cells.codes.T)


def code_names(values: NDArray[Any], most: int) -> IntArray:
    """Return categories by their place in the alphabet, the rarest of very many as one, -1 where missing."""
    missing = np.ma.getmaskarray(values)
    names, places, counts = np.unique(
        np.asarray(values)[~missing].astype(np.str_), return_inverse=True, return_counts=True
    )
    if len(names) > most:
        common = np.sort(np.argsort(-counts, kind="stable")[: most - 1])
        new = np.full(len(names), most - 1)
        new[common] = np.arange(most - 1)
        places = new[places]
    codes = np.full(len(missing), -1, dtype=np.int64)
    codes[~missing] = places
    return codes
