"""Made-up rows of a training part, cell by cell as the command writes them: rounded, held to what holds in all rows.

What goes together is looked for in the training part alone: a row that is scored has no say in it. What stands for
missing is what the audit says of train: it is read off the ends of columns, and tells nothing of a label.
"""

from __future__ import annotations

import numpy as np

from dataaudit.rebalance.cells import between_numbers, between_times
from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.evaluate.rows import TriedRows
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD
from dataaudit.rebalance.matrix import FloatArray, IntArray, Resampled, Synthetic
from dataaudit.rebalance.strategies import strategy_named
from dataaudit.rebalance.ties.finding import find_ties
from dataaudit.rebalance.ties.mending import MICROSECONDS, MadeCells, mend_numbers
from dataaudit.rebalance.ties.table import MISSING, TiedColumn, tied_table
from dataaudit.rebalance.ties.ties import Ties


def makes_rows(way: str) -> bool:
    """Return whether a way of training makes rows up."""
    return way not in (NONE, THRESHOLD) and strategy_named(way).makes_rows


def without_sentinels(rows: TriedRows, numbers: FloatArray) -> FloatArray:
    """Return numbers as a sampler is to see them: NaN where one stands for missing."""
    names = rows.coded.numbers
    if not any(name in rows.sentinels.of_column for name in names):
        return numbers
    return np.column_stack([rows.sentinels.without(name, numbers[:, place]) for place, name in enumerate(names)])


def find_fold_ties(rows: TriedRows, positions: IntArray, seed: int) -> Ties:
    """Look for what goes together in the rows at these positions."""
    cells, coded = rows.cells.take(positions), rows.coded
    numbers = without_sentinels(rows, cells.numbers)
    columns = [
        TiedColumn(name, numbers[:, place], False, True, True, name in coded.dates)
        for place, name in enumerate(coded.numbers)
    ]
    for place, name in enumerate(coded.categories):
        codes = cells.codes[:, place]
        levels = coded.flags.get(name)
        values = codes.astype(np.float64) if levels is None else np.append(levels, np.nan)[codes]
        values = np.where(codes == MISSING, np.nan, values)
        columns.append(TiedColumn(name, values, True, False, levels is not None, False))
    return find_ties(tied_table(columns, seed))


def resampled_cells(rows: TriedRows, cells: Cells, resampled: Resampled, ties: Ties | None) -> Cells:
    """Return the cells of a training part once it was resampled: kept, repeated, made up."""
    old = np.concatenate([resampled.kept, resampled.repeated])
    if not resampled.synthetic.n_rows:
        return cells.take(old)
    made = _made_cells(rows, cells, resampled.synthetic, ties)
    return Cells(np.vstack([cells.numbers[old], made.numbers]), np.vstack([cells.codes[old], made.codes]))


def _made_cells(rows: TriedRows, cells: Cells, made: Synthetic, ties: Ties | None) -> Cells:
    used, of_used = made.among_parents()
    parents = cells.numbers[used]
    between = {
        name: _between(without, of_used, name in rows.coded.dates)
        for name, without in zip(rows.coded.numbers, without_sentinels(rows, parents).T, strict=True)
    }
    voters = made.voters
    if ties is not None:
        by_name = dict(zip(rows.coded.categories, made.voters.T, strict=True))
        torn = mend_numbers(ties, between, made.nearer, by_name)
        voters = np.where(torn[:, None], made.nearer[:, None], voters)
    numbers = cells.numbers[made.nearer]
    for place, found in enumerate(between.values()):
        values = found.values / MICROSECONDS if found.is_date else found.values
        numbers[:, place] = np.where(found.use, values, numbers[:, place])
    return Cells(numbers, cells.codes[voters, np.arange(cells.codes.shape[1])])


def _between(parents: FloatArray, made: Synthetic, is_date: bool) -> MadeCells:
    present = ~np.isnan(parents)
    known = np.where(present, parents, 0.0)
    nearer = made.nearer
    if is_date:
        moments = np.rint(known * MICROSECONDS).astype(np.int64)
        times, use = between_times(moments, present, made)
        return MadeCells(times, use, moments[nearer], present[nearer], moments[present], is_date=True)
    values, use = between_numbers(known, present, made)
    return MadeCells(values, use, known[nearer], present[nearer], known[present])
