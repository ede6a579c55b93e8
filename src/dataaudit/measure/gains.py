"""Does what a feature tells in train hold elsewhere? Gains per row by knowing its value, learnt here, applied there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import grouped, mid_ranks, pooled
from dataaudit.measure.bins import coarser
from dataaudit.measure.labels import splits_with_label
from dataaudit.model import Role, Task

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_GAIN_TO_BREAK = 0.05
FEWEST_OF_KIND = 10
N_PARTS_OF_TARGET = 4
SHARE_OF_COPIES = 0.02
N_BINS_OF_COPIES = 4


@dataclass(frozen=True)
class GainBreak:
    """What knowing the column gains per row, in train (leave-one-out) and in another split.

    A gain is the squared error of the class shares minus that of the value's
    own shares, both learnt in train; `drop` = train_gain - other_gain; both in
    units of the label's variance (so `train_gain` is close to P). Rows as they
    are, or with the classes of both made alike: see `smaller_loss`. `regret`
    is what a row of the other split would gain by what these rows themselves
    tell (leave-one-out), beyond what train taught.
    """

    column: str
    split: str
    train_gain: float
    other_gain: float
    standard_error: float
    n_train: int
    n_other: int
    sampled: bool = False
    regret: float = math.inf

    @property
    def drop(self) -> float:
        """Gain lost between train and the other split."""
        return self.train_gain - self.other_gain

    @property
    def z(self) -> float:
        """The drop in standard errors."""
        return self.drop / self.standard_error if self.standard_error > 0 else 0.0


def measure_gain_breaks(facts: Facts) -> dict[str, dict[str, GainBreak]]:
    """Compare what every telling feature gains per row in train and in the other labelled splits."""
    associations = facts.associations
    telling = [
        column.name
        for column in facts.info.with_role(Role.FEATURE)
        if column.name in associations and associations[column.name].explained >= LEAST_GAIN_TO_BREAK
    ]
    labelled = splits_with_label(facts.dataset)
    most_bins = N_BINS_OF_COPIES if _has_copies(facts) else None
    return {
        split: {name: _gain_break(facts, facts.tables[name], associations[name], split, most_bins) for name in telling}
        for split in facts.other_splits
        if split in labelled
    }


def _has_copies(facts: Facts) -> bool:
    """Return whether train repeats its rows: in narrow bins a row that is left out is then told by its copy."""
    repeats = facts.repeats["train"]
    return repeats.n_distinct_features < (1 - SHARE_OF_COPIES) * repeats.n_rows


def _gain_break(
    facts: Facts, table: ValueTable, association: Association, split: str, most_bins: int | None
) -> GainBreak:
    groups = grouped(table, association.n_bins if most_bins is None else most_bins)
    train, other = pooled(table.n_by_class["train"], groups), pooled(table.n_by_class[split], groups)
    known = known_values(train, other)
    loss = smaller_loss(facts, train, known, association.smoothing)
    train_gain, other_gain, standard_error = loss or (0.0, 0.0, 0.0)
    return GainBreak(
        column=table.column,
        split=split,
        train_gain=train_gain,
        other_gain=other_gain,
        standard_error=standard_error,
        n_train=int(train.sum()),
        n_other=int(other.sum()),
        regret=regret(facts, train, known, association.smoothing),
    )


def known_values(train: FloatArray, other: FloatArray) -> FloatArray:
    """Return the other rows whose value train shows in ten rows at least: of the others it taught nothing."""
    known: FloatArray = np.where(train.sum(axis=1, keepdims=True) >= FEWEST_OF_KIND, other, 0.0)
    return known


def regret(facts: Facts, train: FloatArray, other: FloatArray, smoothing: float) -> float:
    """Return what other rows would gain by their own values' shares, left out in turn, beyond what train taught.

    In units of the label's variance in train. Where all rows lie in a narrow
    part of a feature's range, neither tells much, and nothing is broken.
    """
    n_rows = float(other.sum())
    if not (train.sum() > 0 and n_rows > 1):
        return 0.0
    scores = _label_scores(facts, train.shape[1])
    variance = float(_base_errors(train, scores) @ train.sum(axis=0)) / float(train.sum())
    taught = _squared_errors(train, scores, smoothing, left_out=False)
    own = _squared_errors(other, scores, smoothing, left_out=True)
    # What few rows teach is uncertain, and costs so much though nothing is broken.
    n = np.maximum(1.0, train.sum(axis=1))
    spread = (train @ scores**2 / n[:, None] - (train @ scores / n[:, None]) ** 2).sum(axis=1)
    lost = (other * (taught - own)).sum() - (other.sum(axis=1) * spread / n).sum()
    return float(lost) / n_rows / variance if variance > 0 else 0.0


def smaller_loss(
    facts: Facts, train: FloatArray, other: FloatArray, smoothing: float
) -> tuple[float, float, float] | None:
    """Return the gain per row where it was learnt and in other rows, and the standard error of their difference.

    Once with the other rows as they are, once with their classes made as
    common as in train, of which the smaller loss counts: where other values
    are common, or other classes, that alone breaks nothing. None if there are
    no rows, or classes cannot be made as common because a part has hardly a
    row of them.
    """
    if not (train.sum() > 0 and other.sum() > 0):
        return None
    scores = _label_scores(facts, train.shape[1])
    learnt = _gains(train, scores, smoothing, left_out=True)
    applied = _gains(train, scores, smoothing, left_out=False)
    as_they_are = np.zeros(train.shape[1], dtype=np.int64)
    compared = [
        _compared(train, learnt, other, applied, kinds) for kinds in (as_they_are, _kinds_of_rows(facts, train))
    ]
    told = [one for one in compared if one is not None]
    return min(told, key=lambda one: one[0] - one[1]) if len(told) == len(compared) else None


def _compared(
    train: FloatArray, learnt: FloatArray, other: FloatArray, applied: FloatArray, kinds: IntArray
) -> tuple[float, float, float] | None:
    """Return both mean gains and their standard error, rows of one kind as common in both; None of too few rows."""
    n_train, mean_learnt, error_learnt = _by_kind(train, learnt, kinds)
    n_other, mean_applied, error_applied = _by_kind(other, applied, kinds)
    fewest = FEWEST_OF_KIND if len(n_train) > 1 else 1
    judged = (n_train >= fewest) & (n_other >= fewest)
    if judged.sum() < min(2, len(n_train)):
        return None
    weights = np.where(judged, n_train, 0.0)
    weights = weights / weights.sum()
    variance = float((weights**2 * (error_learnt**2 + error_applied**2)).sum())
    return float((weights * mean_learnt).sum()), float((weights * mean_applied).sum()), math.sqrt(variance)


def _kinds_of_rows(facts: Facts, counts: FloatArray) -> IntArray:
    """Return the kind of each class, whose shares are held fast: the class itself, or its quarter of the target."""
    if facts.info.task is not Task.REGRESSION:
        return np.arange(counts.shape[1])
    return coarser(counts.sum(axis=0).astype(np.int64), N_PARTS_OF_TARGET)


def _by_kind(counts: FloatArray, values: FloatArray, kinds: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return per kind of row the number of rows, the mean of the values, and its standard error."""
    n = pooled(counts.sum(axis=0), kinds)
    rows = np.maximum(1.0, n)
    mean = pooled((counts * values).sum(axis=0), kinds) / rows
    scatter = pooled((counts * (values - mean[kinds]) ** 2).sum(axis=0), kinds)
    return n, mean, np.sqrt(scatter) / rows


def _label_scores(facts: Facts, n_classes: int) -> FloatArray:
    """Return the label's components per class, shape (n_classes, n_components): one-hot, or the rank."""
    if facts.info.task is not Task.REGRESSION:
        return np.eye(n_classes)
    return mid_ranks(facts.target.counts["train"].astype(np.float64)).reshape(-1, 1)


def _gains(train: FloatArray, scores: FloatArray, smoothing: float, *, left_out: bool) -> FloatArray:
    """Return the gain of a row of each key and class, in units of the label's variance.

    Gain = |y - mean|^2 - |y - prediction|^2 with both learnt from the
    training counts; with `left_out` the row's own label is taken out first.
    """
    base = _base_errors(train, scores)
    variance = float(base @ train.sum(axis=0)) / max(1.0, float(train.sum()))
    gained = base - _squared_errors(train, scores, smoothing, left_out=left_out)
    return gained / variance if variance > 0 else np.zeros_like(train)


def _base_errors(train: FloatArray, scores: FloatArray) -> FloatArray:
    """Return |y - mean|^2 of a row of each class, shape (n_classes,)."""
    mean = train.sum(axis=0) @ scores / max(1.0, float(train.sum()))
    errors: FloatArray = ((scores - mean) ** 2).sum(axis=1)
    return errors


def _squared_errors(train: FloatArray, scores: FloatArray, smoothing: float, *, left_out: bool) -> FloatArray:
    """Return |y - prediction|^2 of a row of each key and class, learnt from the training counts."""
    n = train.sum(axis=1)
    mean = train.sum(axis=0) @ scores / max(1.0, float(n.sum()))
    errors = np.zeros_like(train)
    for number in range(train.shape[0]):
        sums = train[number] @ scores + smoothing * mean
        if left_out:
            predictions = (sums - scores) / max(1e-12, n[number] - 1 + smoothing)
        else:
            predictions = np.broadcast_to(sums / (n[number] + smoothing), scores.shape)
        errors[number] = ((scores - predictions) ** 2).sum(axis=1)
    return errors
