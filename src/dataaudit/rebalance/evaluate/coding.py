"""Cells of the engine as numbers, and as categories by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.model import ColumnInfo, Kind
from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.matrix import FloatArray, IntArray

MAX_CATEGORIES = 50
MAX_CATEGORIES_IN_ALL = 1_000
ORDERED = (Kind.NUMERIC, Kind.DATETIME)
NAMED = (Kind.BOOLEAN, Kind.CATEGORICAL)
# A number with two values is a flag.
VALUES_OF_FLAG = 2


@dataclass(frozen=True)
class Coded:
    """What the columns of cells are.

    Attributes
    ----------
    numbers, categories : tuple of str
        Names, in the order of the cells.
    dates : frozenset of str
        Numbers that are seconds of dates.
    flags : mapping of str to float array
        What the codes of a category are as numbers, of booleans and of numbers with two values.
    """

    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    dates: frozenset[str] = frozenset()
    flags: Mapping[str, FloatArray] = field(default_factory=dict)


def code_cells(
    columns: Sequence[ColumnInfo], found: Mapping[str, NDArray[Any]]
) -> tuple[Cells, tuple[int, ...], Coded]:
    """Return the cells as numbers and categories, how many categories each column has, and what the columns are."""
    numbers, codes = [], []
    names_of_numbers, names_of_codes, flags = [], [], {}
    n_named = sum(column.kind in NAMED for column in columns)
    most = max(2, min(MAX_CATEGORIES, MAX_CATEGORIES_IN_ALL // max(1, n_named)))
    for column in columns:
        if column.kind in NAMED:
            codes.append(code_names(found[column.name], most))
            names_of_codes.append(column.name)
            if column.kind is Kind.BOOLEAN:
                # In the order of the alphabet: of a column that is always true there is one code.
                present = ~np.ma.getmaskarray(found[column.name])
                known = np.unique(np.asarray(found[column.name])[present].astype(np.str_))
                flags[column.name] = (np.char.lower(known) == "true").astype(np.float64)
            continue
        values = as_float(found[column.name])
        known = np.unique(values[~np.isnan(values)])
        if column.kind is Kind.NUMERIC and len(known) <= VALUES_OF_FLAG:
            codes.append(np.where(np.isnan(values), -1, np.searchsorted(known, values)).astype(np.int64))
            names_of_codes.append(column.name)
            flags[column.name] = known
        else:
            numbers.append(values)
            names_of_numbers.append(column.name)
    n_rows = len(next(iter(found.values())))
    cells = Cells(
        np.column_stack(numbers) if numbers else np.zeros((n_rows, 0)),
        np.column_stack(codes) if codes else np.zeros((n_rows, 0), dtype=np.int64),
    )
    dates = frozenset(column.name for column in columns if column.kind is Kind.DATETIME)
    coded = Coded(tuple(names_of_numbers), tuple(names_of_codes), dates, flags)
    return cells, tuple(int(column.max(initial=-1)) + 1 for column in cells.codes.T), coded


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
