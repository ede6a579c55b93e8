"""The table of values and classes that shows a shortcut, one per split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dataaudit.figures import Crosstab
from dataaudit.text import show_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dataaudit.measure.tables import IntArray, ValueTable
    from dataaudit.rules.shortcut._candidates import Candidate

MOST_SHOWN = 8
ALL_OTHERS = "all others"


def crosstab(
    table: ValueTable, candidate: Candidate, words: str, classes: Sequence[str], splits: Sequence[str]
) -> Crosstab:
    """Return counts of value by class per split: the candidate, the commonest values, the rest together.

    Parameters
    ----------
    words : str
        The candidate's value or interval in words.
    classes : sequence of str
        Names of the columns of the table's counts.
    """
    train = table.n_by_class["train"]
    value = list(range(candidate.first, candidate.last + 1))
    single = len(value) == 1
    keys = _commonest(train.sum(axis=1), value, 1 if not single else MOST_SHOWN - 1)
    labels = _commonest(train.sum(axis=0), [candidate.label], MOST_SHOWN - 1)
    names = [words, *(_key_name(table, key) for key in keys if key not in value)]
    rows = [value, *([key] for key in keys if key not in value)]
    counts = {split: _grouped(table.n_by_class[split], rows, [[label] for label in labels]) for split in splits}
    has_other_rows = any(n[-1].sum() > 0 for n in counts.values())
    has_other_columns = any(n[:, -1].sum() > 0 for n in counts.values())
    row_end, column_end = len(rows) + has_other_rows, len(labels) + has_other_columns
    return Crosstab(
        f"{table.column} by class",
        table.column,
        (*names, ALL_OTHERS)[:row_end],
        (*(show_value(classes[label]) for label in labels), ALL_OTHERS)[:column_end],
        {split: tuple(tuple(row[:column_end].tolist()) for row in n[:row_end]) for split, n in counts.items()},
    )


def _commonest(counts: IntArray, first: list[int], most: int) -> list[int]:
    """Return `first` and the places of the largest counts, at most `most` groups in all."""
    ordered = [int(place) for place in np.argsort(-counts, kind="stable") if counts[place] > 0 and place not in first]
    return [*first, *ordered[: max(0, most - 1)]]


def _grouped(counts: IntArray, rows: list[list[int]], columns: list[list[int]]) -> IntArray:
    """Return sums over groups of rows and of columns, each with a last group of everything else."""
    by_row = np.stack([counts[row].sum(axis=0) for row in rows])
    by_row = np.vstack([by_row, counts.sum(axis=0) - by_row.sum(axis=0)])
    by_both = np.stack([by_row[:, column].sum(axis=1) for column in columns], axis=1)
    both: IntArray = np.column_stack([by_both, by_row.sum(axis=1) - by_both.sum(axis=1)])
    return both


def _key_name(table: ValueTable, key: int) -> str:
    return "(missing)" if key == table.missing_key else show_value(table.keys[key])
