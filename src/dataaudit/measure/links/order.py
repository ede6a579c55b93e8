"""What the place of a row in its file tells of its label, counted over all rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import BIN_NUMBERS, Association, best_association, pooled
from dataaudit.measure.bin_counts import cells_of_columns, rows_by_class
from dataaudit.measure.bins import coarser
from dataaudit.measure.inside_cells.parts import label_sums
from dataaudit.measure.labels import label_select, n_label_classes, splits_with_label
from dataaudit.model import Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]

N_BLOCKS = 64
DIVISORS = tuple(range(2, 11))
# What is left over from these says what is left over from all divisors: one count of many groups, or five of few.
COMMON_MULTIPLE = 2520
FEW_MULTIPLES = (6, 7, 8, 9, 10)
MAX_CLASSES_OF_MANY_GROUPS = 100
POSITION, REMAINDER = "row number", "row number modulo"


@dataclass(frozen=True)
class RowOrder:
    """What the row numbers of one split tell of its label.

    Attributes
    ----------
    position : Association
        Of the block a row lies in: of 4, 16 or 64 of about equal counts, whichever tells most.
    remainder : Association
        Of the row number modulo `divisor`, whichever of 2 to 10 tells most.
    blocks : int array of shape (n_blocks, n_classes)
        Labelled rows by up to 64 runs of `n_rows_per_block` row numbers, the first one from `first_row` on. In
        regression the classes are the bins of the target.
    remainders : int array of shape (divisor, n_classes)
    n_tried : int
        Codings of the row number that were tried.
    dates : tuple of str
        Dates that never fall, or never rise, from row to row of the sample.
    """

    split: str
    position: Association
    remainder: Association
    divisor: int
    blocks: IntArray
    remainders: IntArray
    first_row: int
    n_rows_per_block: int
    n_tried: int = len(BIN_NUMBERS) + len(DIVISORS)
    dates: tuple[str, ...] = ()
    sampled: bool = False

    def grouped(self, n_groups: int) -> IntArray:
        """Return the rows per class of about equally large runs of blocks, in the order of the file."""
        groups = coarser(self.blocks.sum(axis=1), n_groups)
        return pooled(self.blocks, np.unique(groups, return_inverse=True)[1]).astype(np.int64)


def measure_row_orders(facts: Facts) -> dict[str, RowOrder]:
    """Return what the row number tells in train and in every other split with labels, one count each."""
    splits = [split for split in splits_with_label(facts.dataset) if split in ("train", *facts.other_splits)]
    orders = {split: _row_order(facts, split) for split in splits}
    return orders | {"train": replace(orders["train"], dates=_dates_in_order(facts))}


def _row_order(facts: Facts, split: str) -> RowOrder:
    engine, n_rows = facts.dataset.engine, facts.dataset.relations[split].n_rows
    first, last = (int(row) for row in engine.rows(f"SELECT min(row), max(row) FROM {split}")[0])
    width = -(-(last - first + 1) // N_BLOCKS)
    n_classes = n_label_classes(facts)
    multiples = (COMMON_MULTIPLE,) if n_classes <= MAX_CLASSES_OF_MANY_GROUPS else FEW_MULTIPLES
    keys = [f"(row - {first}) // {width}", *(f"row % {multiple}" for multiple in multiples)]
    arrays = engine.arrays(engine.count_each(split, n_rows, keys, label_select(facts, split)))
    blocks, *remainders = cells_of_columns(facts, arrays, arrays["key"].astype(np.int64), len(keys))
    counted = {d: rows_by_class(cells, d, n_classes) for d, cells in zip(multiples, remainders, strict=True)}
    by_divisor = {divisor: _modulo(counted, divisor) for divisor in DIVISORS}
    found = {divisor: _associate(facts, f"{REMAINDER} {divisor}", counts) for divisor, counts in by_divisor.items()}
    divisor = max(DIVISORS, key=lambda d: found[d].explained)
    of_blocks = rows_by_class(blocks, (last - first) // width + 1, n_classes)
    return RowOrder(
        split, _position(facts, of_blocks), found[divisor], divisor, of_blocks, by_divisor[divisor], first, width
    )


def _modulo(counted: dict[int, IntArray], divisor: int) -> IntArray:
    multiple = next(known for known in counted if known % divisor == 0)
    return pooled(counted[multiple], np.arange(multiple) % divisor).astype(np.int64)


def _associate(facts: Facts, name: str, counts: IntArray) -> Association:
    return replace(best_association("", [(None, label_sums(facts, counts.sum(axis=0), counts))]), coding=name)


def _position(facts: Facts, blocks: IntArray) -> Association:
    totals = blocks.sum(axis=0)
    by_bins = {n_bins: pooled(blocks, coarser(blocks.sum(axis=1), n_bins)).astype(np.int64) for n_bins in BIN_NUMBERS}
    codings = [(n_bins, label_sums(facts, totals, counts)) for n_bins, counts in by_bins.items()]
    return replace(best_association("", list(codings)), coding=POSITION)


def _dates_in_order(facts: Facts) -> tuple[str, ...]:
    columns = facts.info.with_role(Role.TIME, Role.FEATURE)
    named = [column.name for column in columns if column.role is Role.TIME or column.kind is Kind.DATETIME]
    return tuple(sorted(name for name in named if name in facts.sample.numeric and _in_order(facts, name)))


def _in_order(facts: Facts, name: str) -> bool:
    seconds = facts.sample.numeric[name]
    steps = np.diff(seconds[~np.isnan(seconds)])
    return bool(len(steps) and steps.any() and ((steps >= 0).all() or (steps <= 0).all()))
