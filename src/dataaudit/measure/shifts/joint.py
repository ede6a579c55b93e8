"""How well a model tells the rows of one split from those of another, their classes made alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.shifts.row_labels import groups_of_rows, has_classes, labels_of_rows
from dataaudit.measure.shifts.told_apart import N_FOLDS, TwoSamples, told_apart
from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.split_rows import SplitRows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MAX_ROWS, FEWEST_OF_MANY, MAX_CELLS = 2_000, 1_000, 60_000
MAX_COLUMNS = 500
LEAST_ROWS = 50
LEAST_ROWS_OF_CLASS = 10
# Up to so many times as many equal rows within a split as across are chance: the table is coarse.
MOST_WITHIN = 4.0
LEAST_EQUAL = 0.5


@dataclass(frozen=True)
class Carrier:
    """A column that helps to tell the splits apart.

    `auc_alone` is what a model of the column alone reaches, `auc_lost` what
    the model of all columns loses when the column's cells are permuted.
    """

    column: str
    auc_alone: float
    auc_lost: float


@dataclass(frozen=True)
class JointDrift:
    """How well a model tells rows of `split` from rows of `base`, on a bounded number of both.

    Attributes
    ----------
    auc, lower, upper : float
        Area under the ROC curve of out-of-fold scores with its 95 % interval; .5 is chance.
    n_base, n_other : int
        Rows the model saw.
    n_columns, n_columns_left_out : int
        Features it saw, and those left out beyond 500; texts, embeddings and
        columns in another unit are not counted.
    classes_matched : bool
        Whether the rows of `base` are weighted so that both have the same mix of classes.
    carriers : tuple of Carrier
        At most five, by what the area loses, the most first; none where the
        interval holds .5.
    """

    split: str
    base: str
    auc: float
    lower: float
    upper: float
    n_base: int
    n_other: int
    n_columns: int
    n_columns_left_out: int
    classes_matched: bool
    carriers: tuple[Carrier, ...]
    sampled: bool = False


def measure_joint_drifts(facts: Facts) -> dict[str, JointDrift]:
    """Tell every other split from train, where both have enough rows."""
    found = {split: joint_drift(facts, "train", split) for split in facts.other_splits}
    return {split: drift for split, drift in found.items() if drift is not None}


def joint_drift(facts: Facts, base: str, split: str) -> JointDrift | None:
    """Tell one split from another; None with fewer than 50 rows in either, or nothing but texts.

    Columns in another unit than train's are left out: another unit is told as such, and would hide what did drift.
    """
    rows = facts.shifts.split_rows
    absent = facts.dataset.relations[base].absent | facts.dataset.relations[split].absent
    absent = absent.union(*(facts.shifts.changed_units.get(one, ()) for one in (base, split)))
    names = [name for name in rows[base].cells if name not in absent]
    columns = names[:: -(-len(names) // MAX_COLUMNS)] if names else []
    if not columns or min(rows[base].n_rows, rows[split].n_rows) < LEAST_ROWS:
        return None
    features = _coded([rows[base], rows[split]], columns)
    is_other = np.repeat([False, True], [rows[base].n_rows, rows[split].n_rows])
    place = _by_what_differs(features, is_other)
    features, columns = features[:, place], [columns[i] for i in place]
    classes = _classes(facts, base, split)
    picked = _picked(features, is_other, classes)
    picked = picked[_is_class_in_both(classes[picked], is_other[picked])]
    features, is_other, classes = features[picked], is_other[picked], classes[picked]
    n_other = int(is_other.sum())
    if min(n_other, len(is_other) - n_other) < LEAST_ROWS:
        return None
    clusters = _groups(facts, base, split)
    samples = TwoSamples(
        features,
        is_other,
        _weights(classes, is_other),
        _copies(features, is_other) if clusters is None else clusters[picked],
    )
    if not _can_be_dealt(samples):
        return None
    area, carried = told_apart(samples)
    return JointDrift(
        split,
        base,
        area.auc,
        area.lower,
        area.upper,
        len(is_other) - n_other,
        n_other,
        len(columns),
        len(names) - len(columns),
        bool(classes.any()),
        tuple(Carrier(columns[one.place], one.auc_alone, one.auc_lost) for one in carried),
        sampled=len(is_other) < rows[base].n_rows_split + rows[split].n_rows_split,
    )


def _coded(both: Sequence[SplitRows], columns: Sequence[str]) -> FloatArray:
    """Return the columns of both splits as ranks; missing cells far below all, so that any cut may part them off."""
    coded = [np.concatenate([rows.cells[name] for rows in both]) for name in columns]
    return np.column_stack([_ranks(cells) for cells in coded])


def _ranks(cells: FloatArray) -> FloatArray:
    """Return the middle rank of each cell among those present, as a share; -1 where missing."""
    present = ~np.isnan(cells)
    _, place, counts = np.unique(cells[present], return_inverse=True, return_counts=True)
    ranked = np.full(len(cells), -1.0)
    ranked[present] = (np.cumsum(counts) - counts / 2)[place] / max(1, int(present.sum()))
    return ranked


def _by_what_differs(features: FloatArray, is_other: BoolArray) -> list[int]:
    """Return the columns' places by how far their means lie apart: neither their names nor the file's order shows."""
    apart = np.abs(features[is_other].mean(axis=0) - features[~is_other].mean(axis=0)).round(9)
    return [int(place) for place in np.lexsort((features.std(axis=0).round(9), -apart))]


def _picked(features: FloatArray, is_other: BoolArray, classes: IntArray) -> IntArray:
    """Return places of the rows the model is given, in an order that comes from what they hold."""
    most = min(MAX_ROWS, max(FEWEST_OF_MANY, MAX_CELLS // features.shape[1]))
    weights: FloatArray = np.asarray(np.random.default_rng(0).random(features.shape[1]))
    # Added up column by column: a product of matrices rounds by the place of a row.
    drawn: FloatArray = np.zeros(len(features))
    for i in range(features.shape[1]):
        drawn += features[:, i] * weights[i]
    order = np.lexsort((classes, drawn * 1e6 % 1))
    kept = [_some(order[is_other[order] == own], most) for own in (False, True)]
    picked: IntArray = np.concatenate(kept)
    return picked


def _some(order: IntArray, most: int) -> IntArray:
    """Return so many places, evenly spread."""
    return order if len(order) <= most else order[np.arange(most) * len(order) // most]


def _classes(facts: Facts, base: str, split: str) -> IntArray:
    """Return 2 and the class number of every row of both splits, 1 where it has none; zeros without classes in both."""
    rows = facts.shifts.split_rows
    if not has_classes(facts, base, split):
        return np.zeros(rows[base].n_rows + rows[split].n_rows, dtype=np.int64)
    found = np.concatenate([labels_of_rows(facts, one) for one in (base, split)])
    numbers: IntArray = np.nan_to_num(found, nan=-1).astype(np.int64) + 2
    return numbers


def _is_class_in_both(classes: IntArray, is_other: BoolArray) -> BoolArray:
    """Return whether a row's class has enough rows in both splits to be made as common; others are SPLIT006's."""
    counts = [np.bincount(classes[is_other == own], minlength=int(classes.max()) + 1) for own in (False, True)]
    enough: BoolArray = np.minimum(*counts)[classes] >= LEAST_ROWS_OF_CLASS
    return enough


def _weights(classes: IntArray, is_other: BoolArray) -> FloatArray:
    """Return what each row counts: base's rows so much that its classes are as common as the other's."""
    n_classes = int(classes.max()) + 1
    base, other = (np.bincount(classes[is_other == own], minlength=n_classes) for own in (False, True))
    of_class = other / other.sum() / np.maximum(base, 1)
    weights: FloatArray = np.where(is_other, 1 / other.sum(), of_class[classes])
    return weights


def _groups(facts: Facts, base: str, split: str) -> IntArray | None:
    """Return a number per row for the first declared group, every row without one its own; None if there is none."""
    declared = facts.info.with_role(Role.GROUP)
    if not declared:
        return None
    numbers = groups_of_rows(facts, declared[0].name, base, split)
    return np.where(numbers < 0, len(numbers) + np.arange(len(numbers)), numbers)


def _copies(features: FloatArray, is_other: BoolArray) -> IntArray:
    """Return a number per row that equal rows share, unless a coarse table makes so many equal by chance.

    By chance two rows of one split are equal as often as two of different
    splits, and where rows are often equal, most are; copies made before or
    after the split stand on one side only, or are few.
    """
    _, place = np.unique(features, axis=0, return_inverse=True)
    base, other = (np.bincount(place[is_other == own], minlength=int(place.max()) + 1) for own in (False, True))
    n, m = int(base.sum()), int(other.sum())
    across = float((base * other).sum()) / (n * m)
    within = [float((counts * (counts - 1)).sum()) / (size * (size - 1)) for counts, size in ((base, n), (other, m))]
    is_coarse = float((base + other)[place].clip(max=2).mean()) > 1 + LEAST_EQUAL
    by_chance = is_coarse and across > 0 and across / MOST_WITHIN <= max(within) <= across * MOST_WITHIN
    return np.arange(len(place)) if by_chance else place.astype(np.int64)


def _can_be_dealt(samples: TwoSamples) -> bool:
    """Return whether the rows outside every fold, and those in it, hold both samples."""
    folds, is_other = samples.folds, samples.is_other
    return all(len(np.unique(folds[is_other == own])) == N_FOLDS for own in (False, True))
