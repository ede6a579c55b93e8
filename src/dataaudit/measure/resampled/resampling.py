"""What resampling leaves behind in each class: rows between two others (SMOTE), and copies of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.errors import NotMeasurable
from dataaudit.measure.resampled.class_rows import (
    ClassRows,
    class_sizes,
    examined_classes,
    fetch_class_rows,
    middle,
    varying_columns,
)
from dataaudit.measure.resampled.copies import Copies, measure_copies
from dataaudit.measure.resampled.segments import (
    LEAST_COLUMNS,
    FloatArray,
    IntArray,
    Triples,
    find_triples,
    independent_columns,
)
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# Of train, and as many of the other splits together.
EXAMINED_PER_SIDE = 200
LEAST_DISTINCT = 30
SHARE_OF_OWN = 0.5
MAX_EXAMPLES = 20
Place = tuple[str, int]


@dataclass(frozen=True)
class Segments:
    """Rows of one class that lie on the straight line between two other rows of it.

    Attributes
    ----------
    n_rows, n_searched : int
        Rows of the class in all splits with labels, and those among which neighbours were looked for: all of them,
        or those around the middle of a large class.
    n_columns : int
        Numeric columns in which the line was looked for, none a linear function of the others.
    n_fine_columns : int
        Those of them in which at least half of the different rows have a value of their own: chance hardly puts rows on
        lines in 3 of them, however many rows there are.
    n_examined, n_on : mapping of split to int
        Rows asked, and those that lie on a line to the precision in which they are stored.
    n_joined : mapping of split to int
        Rows on a line whose three rows do not all stand in one split.
    examples : tuple of triples of (split, row number)
        The row on the line and the two it lies between; joined ones first, at most 20.
    """

    n_rows: int
    n_searched: int
    n_columns: int
    n_fine_columns: int
    n_examined: Mapping[str, int]
    n_on: Mapping[str, int]
    n_joined: Mapping[str, int]
    examples: tuple[tuple[Place, Place, Place], ...]


@dataclass(frozen=True)
class Resampling:
    """What was found of one class; `segments` is None where fewer than 3 columns or 30 different rows could be asked.

    `sampled` says that not every row was asked whether it lies on a line; copies are counted over all rows.
    """

    name: str
    copies: Copies
    segments: Segments | None = None

    @property
    def sampled(self) -> bool:
        """Whether rows were left out."""
        return self.segments is not None and sum(self.segments.n_examined.values()) < self.segments.n_rows


def measure_resamplings(facts: Facts) -> dict[str, Resampling]:
    """Return class -> what looks resampled in it, over train and the other splits that have labels."""
    if facts.info.task not in (Task.BINARY, Task.MULTICLASS):
        raise NotMeasurable("there are no classes")
    sizes = class_sizes(facts)
    copies = measure_copies(facts, sizes)
    classes, columns = examined_classes(facts), varying_columns(facts)
    rows = fetch_class_rows(facts, columns, classes) if classes and len(columns) >= LEAST_COLUMNS else {}
    segments = {name: _segments(found, facts.seed) for name, found in rows.items()}
    return {name: Resampling(name, copies[name], segments.get(name)) for name in sizes}


def _segments(rows: ClassRows, seed: int) -> Segments | None:
    if len(rows.values) < LEAST_DISTINCT:
        return None
    values = rows.values[:, rows.values.max(axis=0) > rows.values.min(axis=0)]
    sets = column_sets(values)
    if not sets:
        return None
    examined = _examined(rows, values, seed)
    triples = find_triples(values, examined, sets)
    shared = np.bitwise_and.reduce([rows.splits[part] for part in (triples.middle, triples.first, triples.second)])
    on, joined = np.unique(triples.middle), np.unique(triples.middle[shared == 0])
    return Segments(
        n_rows=rows.n_all,
        n_searched=rows.n_taken,
        n_columns=max(len(columns) for columns in sets),
        n_fine_columns=max(_n_fine(values[:, columns]) for columns in sets),
        n_examined=_per_split(rows, examined),
        n_on=_per_split(rows, on),
        n_joined=_per_split(rows, joined),
        examples=_examples(rows, triples, shared == 0),
    )


def column_sets(values: FloatArray) -> list[IntArray]:
    """Return the columns in which a line may hold: all that are independent, and those of them with fractions.

    Whole numbers may be codes, which samplers for mixed tables copy instead of moving them along the line.
    """
    independent = independent_columns(values)
    has_fractions = (values != np.round(values)).any(axis=0)
    with_fractions = independent[has_fractions[independent]]
    sets = [independent] if len(with_fractions) == len(independent) else [independent, with_fractions]
    return [columns for columns in sets if len(columns) >= LEAST_COLUMNS]


def _n_fine(values: FloatArray) -> int:
    n_different = 1 + (np.diff(np.sort(values, axis=0), axis=0) > 0).sum(axis=0)
    return int((n_different >= SHARE_OF_OWN * len(values)).sum())


def _examined(rows: ClassRows, values: FloatArray, seed: int) -> IntArray:
    """Return the places of the rows to ask: drawn, or of a thinned class the innermost, whose neighbours were kept."""
    rank = np.random.default_rng(seed).permutation(len(values))
    if rows.n_taken < rows.n_all:
        distances = [(((values - centre) / unit) ** 2).sum(axis=1) for centre, unit in middle(values)]
        rank = np.min([np.argsort(np.argsort(distance)) for distance in distances], axis=0)
    order = np.argsort(rank, kind="stable")
    in_train = (rows.splits[order] & 1) > 0
    chosen = [order[in_train][:EXAMINED_PER_SIDE], order[~in_train][:EXAMINED_PER_SIDE]]
    return np.sort(np.concatenate(chosen))


def _per_split(rows: ClassRows, places: IntArray) -> dict[str, int]:
    counts = np.bincount(rows.split[places], minlength=len(rows.names))
    return dict(zip(rows.names, counts.tolist(), strict=True))


def _examples(rows: ClassRows, triples: Triples, is_joined: np.ndarray) -> tuple[tuple[Place, Place, Place], ...]:
    order = np.lexsort((rows.number[triples.middle], rows.split[triples.middle], ~is_joined))
    # One line per row: the first.
    _, first = np.unique(triples.middle[order], return_index=True)
    shown = order[np.sort(first)[:MAX_EXAMPLES]]
    parts = (triples.middle[shown], triples.first[shown], triples.second[shown])
    columns = [[(rows.names[rows.split[i]], int(rows.number[i])) for i in part] for part in parts]
    return tuple(zip(*columns, strict=True))
