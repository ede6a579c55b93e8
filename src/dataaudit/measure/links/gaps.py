"""What the missing cells of a row, taken together, tell of its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks, evenly
from dataaudit.measure.association import Association
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.inside_cells.parts import Items, Taken, strongest
from dataaudit.measure.labels import label_select, n_label_classes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]

MAX_ROWS = 20_000
MAX_COLUMNS = 500
# So many gaps of a row are one whole number, which a double holds exactly.
GAPS_PER_NUMBER = 50
WHICH, HOW_MANY = "which cells of a row are missing", "how many cells of a row are missing"
# What explains less is not asked which of its columns it needs, nor are so many columns.
LEAST_TO_TAKE_APART, MOST_TO_TAKE_APART = 0.1, 60
LEAST_LOSS = 0.01


@dataclass(frozen=True)
class GapPattern:
    """What the missing cells of a row tell.

    Attributes
    ----------
    association : Association
        Of which cells of a row are missing, or of how many, whichever tells more (`coding` says which).
    columns : tuple of str
        Features without which which-cells-are-missing tells less; all that were looked at where none stands out.
    n_columns : int
        Features with missing cells that were looked at.
    n_patterns : int
        Different sets of missing cells.
    """

    association: Association
    columns: tuple[str, ...]
    n_columns: int
    n_patterns: int
    sampled: bool = False


def measure_gap_pattern(facts: Facts) -> GapPattern | None:
    """Return what the set of missing cells tells, on at most 20,000 rows and 500 features; None for less than two."""
    names = _columns_with_gaps(facts)
    if len(names) < 2:
        return None
    rows = facts.sample.some_rows(MAX_ROWS)
    gaps = _gaps(facts, names, rows)
    label = facts.dataset.engine.arrays(f"SELECT {label_select(facts, 'train')} FROM {rows} ORDER BY row")["y"]
    n_classes = n_label_classes(facts)
    items = Items.of_rows(class_numbers(facts, label), n_classes)
    patterns = _codes(gaps)
    counts = {HOW_MANY: np.bitwise_count(gaps).sum(axis=0).astype(np.float64)}
    taken = Taken("", np.zeros(items.n_items, dtype=np.bool_), {WHICH: patterns}, counts)
    sampled = facts.sample.leaves_out(MAX_ROWS)
    found = replace(strongest(facts, items, taken), sampled=sampled)
    n_patterns = int(patterns.max(initial=-1)) + 1
    return GapPattern(found, _needed(facts, items, gaps, names, found), len(names), n_patterns, sampled)


def _columns_with_gaps(facts: Facts) -> list[str]:
    profiles = facts.profiles["train"]
    names = [column.name for column in facts.features if profiles[column.name].n_missing > 0]
    return evenly(sorted(name for name in names if profiles[name].n_present > 0), MAX_COLUMNS)


def _gaps(facts: Facts, names: Sequence[str], rows: str) -> IntArray:
    """Return the missing cells of each row as bits, shape (n_numbers, n_rows): bit j of number i is column 50 i + j."""
    listed = [
        " + ".join(
            f"CASE WHEN {facts.dataset.sql_name(name)} IS NULL THEN CAST({1 << bit} AS BIGINT) ELSE 0 END"
            for bit, name in enumerate(run)
        )
        for run in chunks(names, GAPS_PER_NUMBER)
    ]
    numbered = ", ".join(f"{expression} AS g{i}" for i, expression in enumerate(listed))
    arrays = facts.dataset.engine.arrays(f"SELECT {numbered} FROM {rows} ORDER BY row")
    return np.array([as_float(arrays[f"g{i}"]) for i in range(len(listed))]).astype(np.int64)


def _codes(gaps: IntArray) -> IntArray:
    """Return a code for each row, the same for the same set of missing cells."""
    codes = np.zeros(gaps.shape[1], dtype=np.int64)
    for numbers in gaps:
        of_number = np.unique(numbers, return_inverse=True)[1]
        codes = np.unique(codes * (int(of_number.max(initial=0)) + 1) + of_number, return_inverse=True)[1]
    return codes


def _needed(facts: Facts, items: Items, gaps: IntArray, names: Sequence[str], found: Association) -> tuple[str, ...]:
    """Return the columns without whose gaps the others tell less, the most needed first."""
    if found.coding != WHICH or found.explained < LEAST_TO_TAKE_APART or len(names) > MOST_TO_TAKE_APART:
        return tuple(names)
    losses = []
    for place, name in enumerate(names):
        others = gaps.copy()
        others[place // GAPS_PER_NUMBER] &= ~np.int64(1 << place % GAPS_PER_NUMBER)
        taken = Taken("", np.zeros(items.n_items, dtype=np.bool_), {WHICH: _codes(others)})
        losses.append((found.explained - strongest(facts, items, taken).explained, name))
    needed = sorted((round(-loss, 9), name) for loss, name in losses if loss >= LEAST_LOSS)
    return tuple(name for _, name in needed) or tuple(names)
