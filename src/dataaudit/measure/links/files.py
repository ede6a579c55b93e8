"""What the file a row came from tells of its label, counted over all rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import Association, best_association
from dataaudit.measure.bin_counts import cells_of_columns, rows_by_class
from dataaudit.measure.bins import bin_expression
from dataaudit.measure.inside_cells.parts import label_sums
from dataaudit.measure.labels import label_select, n_label_classes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# Of more files the statement would be long; and so many are as a rule the pieces of one table.
MAX_FILES = 1_000
MAX_COUNTS = 5_000_000


@dataclass(frozen=True)
class FileOrigins:
    """What the file tells of the label of train.

    Attributes
    ----------
    association : Association
        Of the file, its names as they are.
    names : tuple of str
        The files, in the order in which row numbers run through them.
    counts : int array of shape (n_files, n_classes)
        Labelled rows. In regression the classes are the bins of the target.
    """

    association: Association
    names: tuple[str, ...]
    counts: NDArray[np.int64]
    sampled: bool = False


def measure_file_origins(facts: Facts) -> FileOrigins | None:
    """Return what the file of a row of train tells; None of a single file, a frame, or too many files."""
    relation = facts.dataset.relations["train"]
    names, n_rows = [name for name, _ in relation.files], [n for _, n in relation.files]
    n_classes = n_label_classes(facts)
    if not 2 <= len(names) <= MAX_FILES or len(names) * n_classes > MAX_COUNTS:
        return None
    last_rows = np.array(list(accumulate(n_rows[:-1])), dtype=np.float64) - 1
    engine, key = facts.dataset.engine, bin_expression("row", last_rows)
    arrays = engine.arrays(engine.count_each("train", relation.n_rows, [key], label_select(facts, "train")))
    [cells] = cells_of_columns(facts, arrays, arrays["key"].astype(np.int64), 1)
    counts = rows_by_class(cells, len(names), n_classes)
    found = best_association("", [(None, label_sums(facts, counts.sum(axis=0), counts))])
    return FileOrigins(replace(found, coding="the file of a row"), tuple(names), counts)
