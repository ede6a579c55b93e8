"""Rows of all splits that the other columns put in another unit: what the audit looks for in train, in every split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.measure.spread.residual_units import COLUMNS_OF_A_RUN, is_full, odd_rows
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


def rows_out_of_line(facts: Facts, column: str) -> Mapping[str, tuple[int, ...]] | None:
    """Return by split the rows of a column that are in the other unit; None if not all rows could be looked at.

    The splits are looked at together, as if they were one table: in a small one alone, rows of another unit are too
    few to be told.
    """
    odd = facts.spread.odd_rows[column]
    splits = facts.shifts.split_rows
    if any(one.sampled or column not in one.cells for one in splits.values()):
        return None
    names = [
        one.name
        for one in facts.features
        if one.kind is Kind.NUMERIC and all(one.name in split.cells for split in splits.values())
    ]
    together = {name: np.concatenate([split.cells[name] for split in splits.values()]) for name in names}
    full = [name for name in names if is_full(together[name])]
    if column not in full:
        return None
    start = full.index(column) // COLUMNS_OF_A_RUN * COLUMNS_OF_A_RUN
    run = full[start : start + COLUMNS_OF_A_RUN]
    found = {
        run[place]: (conversion, is_odd)
        for place, conversion, is_odd, _, _ in odd_rows([together[name] for name in run])
    }
    conversion, is_odd = found.get(column, (None, None))
    if is_odd is None or conversion != odd.conversion:
        return None if odd.sampled else {s: tuple(odd.rows.tolist()) if s == "train" else () for s in splits}
    ends = np.cumsum([one.n_rows for one in splits.values()])
    parts = np.split(is_odd, ends[:-1])
    return {split: tuple(one.rows[part].tolist()) for (split, one), part in zip(splits.items(), parts, strict=True)}
