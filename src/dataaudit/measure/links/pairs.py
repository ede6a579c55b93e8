"""Pairs of features that together tell the label though neither does alone: searched in some rows, judged in others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import Association, Tried, best_association, mid_ranks
from dataaudit.measure.inside_cells.parts import label_sums
from dataaudit.measure.links.pair_cells import MAX_ROWS, Cells, coded, fetch_cells
from dataaudit.measure.links.pair_search import N_BINS, N_WAYS, Label, Read, best_read, label_of, screen
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_ROWS = 40
# Few rows are cut into more folds, so that the search sees most of them.
FEW_ROWS = 1_000
N_FOLDS, N_FOLDS_OF_FEW = 2, 5


@dataclass(frozen=True)
class PairLink:
    """What two features tell together, each row judged by a reading that was found without it.

    Attributes
    ----------
    columns : tuple of two str
    association : Association
        P of the readings' codes over all the rows; `coding` says how the pair is read, `tried` holds the counts that
        luck is asked of, among all pairs and ways of reading them that were searched.
    single : float
        P of the better of the two by itself, over all rows of train.
    single_column : str
    n_columns, n_features : int
        Features that were paired, and features there are.
    n_pairs : int
        Pairs that were searched.
    ways : tuple of (str, int)
        Of each row of the counts, how the pair was read and the code it has in that way of reading.
    """

    columns: tuple[str, str]
    association: Association
    single: float
    single_column: str
    n_columns: int
    n_features: int
    n_pairs: int
    ways: tuple[tuple[str, int], ...]
    sampled: bool = False


def measure_pairs(facts: Facts) -> dict[tuple[str, str], PairLink]:
    """Return the pairs that stand out in every fold, judged in the rows left out of each search.

    At most 5,000 rows, 50 features (the 25 that tell most by themselves, the
    others drawn evenly from the rest), 1,225 pairs; of these the twelve that
    tell most beyond the better of the two are taken closer, in two folds, or
    in five of up to 1,000 rows. Which pairs stand out in every fold is no
    luck of a few rows, but of all of them it may be: luck is to be asked over
    all pairs.

    Raises
    ------
    NotMeasurable
        If there are fewer than two features, 40 labelled rows or two classes.
    """
    cells = fetch_cells(facts)
    if len(cells.names) < 2:
        raise NotMeasurable("there are fewer than two features to pair")
    if cells.n_rows < LEAST_ROWS:
        raise NotMeasurable(f"there are fewer than {LEAST_ROWS} labelled rows to look for pairs in")
    if len(np.unique(cells.label)) < 2:
        raise NotMeasurable("the label has one value only")
    readings = _readings(facts, cells, label_of(cells, _scores(facts, cells)))
    sampled = facts.sample.leaves_out(MAX_ROWS)
    return {columns: _link(facts, cells, columns, reads, sampled) for columns, reads in readings.items()}


def _scores(facts: Facts, cells: Cells) -> FloatArray | None:
    if facts.info.task is not Task.REGRESSION:
        return None
    return mid_ranks(np.bincount(cells.label, minlength=cells.n_classes).astype(np.float64))


def _folds(facts: Facts, n_rows: int) -> IntArray:
    """Return the fold of each row, dealt at random: neighbours in a file are alike."""
    n_folds = N_FOLDS_OF_FEW if n_rows <= FEW_ROWS else N_FOLDS
    folds: IntArray = np.random.default_rng(facts.seed).permutation(n_rows) % n_folds
    return folds


def _readings(facts: Facts, cells: Cells, label: Label) -> dict[tuple[str, str], list[tuple[NDArray[np.bool_], Read]]]:
    """Return for each pair that stands out in all folds the rows that are judged and how they are read."""
    folds = _folds(facts, cells.n_rows)
    n_folds = int(folds.max()) + 1
    codings = [coded(cells, n_bins) for n_bins in N_BINS]
    found: dict[tuple[str, str], list[tuple[NDArray[np.bool_], Read]]] = {}
    for fold in range(n_folds):
        judged = folds == fold
        for pair in screen(cells, codings, label, ~judged):
            columns = (cells.names[pair[0]], cells.names[pair[1]])
            read = best_read(cells, label, ~judged, codings, pair)
            found.setdefault(columns, []).append((judged, read))
    return {columns: reads for columns, reads in found.items() if len(reads) == n_folds}


def _link(
    facts: Facts,
    cells: Cells,
    columns: tuple[str, str],
    reads: list[tuple[NDArray[np.bool_], Read]],
    sampled: bool,
) -> PairLink:
    counts, ways = _counted(cells, reads)
    n_columns = len(cells.names)
    n_pairs = n_columns * (n_columns - 1) // 2
    found = best_association("", [(None, label_sums(facts, counts.sum(axis=0), counts))])
    association = Association(
        "",
        found.explained,
        found.n_rows,
        None,
        found.smoothing,
        sampled,
        coding=Counter(read.way for _, read in reads).most_common(1)[0][0],
        tried=Tried(counts, n_pairs * N_WAYS),
    )
    singles = {name: facts.associations[name].explained for name in columns if name in facts.associations}
    better = max(singles, key=lambda name: singles[name], default=columns[0])
    return PairLink(
        columns=columns,
        association=association,
        single=max(0.0, singles.get(better, 0.0)),
        single_column=better,
        n_columns=n_columns,
        n_features=cells.n_features,
        n_pairs=n_pairs,
        ways=ways,
        sampled=sampled,
    )


def _counted(cells: Cells, reads: list[tuple[NDArray[np.bool_], Read]]) -> tuple[IntArray, tuple[tuple[str, int], ...]]:
    """Return the judged rows per code and class, and what each code is; codes of one way are the same in all folds."""
    size = 1 + max(int(read.codes.max()) for _, read in reads)
    listed = sorted({(read.way, read.n_bins) for _, read in reads})
    counts = np.zeros((len(listed) * size, cells.n_classes), dtype=np.int64)
    for judged, read in reads:
        keys = listed.index((read.way, read.n_bins)) * size + read.codes[judged]
        np.add.at(counts, (keys, cells.label[judged]), 1)
    used = np.flatnonzero(counts.sum(axis=1))
    return counts[used], tuple((listed[key // size][0], key % size) for key in used.tolist())
