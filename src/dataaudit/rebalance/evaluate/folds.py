"""Folds: stratified by class, groups and copies on one side, in the order of time where one is declared."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from dataaudit.errors import InputError
from dataaudit.rebalance.evaluate.rows import TriedRows
from dataaudit.rebalance.matrix import FloatArray, IntArray
from dataaudit.resplit.splitter import assign_folds

N_FOLDS = 5
N_INNER_FOLDS = 3


@dataclass(frozen=True)
class Fold:
    """One cut: positions of the rows to train on and of those to score, both ascending."""

    repeat: int
    train: IntArray
    validation: IntArray


def rows_of_enough_classes(rows: TriedRows) -> tuple[TriedRows, int]:
    """Leave out classes of fewer blocks than there are folds, as long as two stay, and return how many folds can be.

    Raises
    ------
    InputError
        If fewer than two classes have two rows that may stand on two sides.
    """
    n_blocks = np.array([len(np.unique(rows.blocks[rows.labels == code])) for code in range(len(rows.classes))])
    enough = n_blocks >= N_FOLDS
    if enough.sum() < 2:
        enough = n_blocks >= 2
    if enough.sum() < 2:
        small = rows.classes[int(np.argmin(n_blocks))]
        what = "groups" if n_blocks.min() < np.bincount(rows.labels)[np.argmin(n_blocks)] else "rows"
        raise InputError(
            f"class {small!r} has {n_blocks.min()} of the {what} that a cross-validation needs two of",
            hint="evaluate needs at least two classes with two rows, or groups, each",
        )
    n_folds = int(min(N_FOLDS, n_blocks[enough].min()))
    if enough.all():
        return rows, n_folds
    return rows.take(enough[rows.labels]), n_folds


def make_folds(rows: TriedRows, n_folds: int, n_repeats: int, seed: int) -> list[Fold]:
    """Return the folds, repeat by repeat; in the order of time there is one repeat."""
    if rows.times is not None:
        return _in_time(rows.times, rows.blocks, n_folds)
    everything = np.arange(rows.n_rows)
    return [
        Fold(repeat, everything[train], everything[validation])
        for repeat in range(n_repeats)
        for train, validation in stratified(rows.labels, rows.blocks, n_folds, seed + repeat)
    ]


def inner_folds(rows: TriedRows, among: IntArray, seed: int) -> list[Fold]:
    """Return folds of the rows at these positions, to choose a threshold by; none if there are too few."""
    if rows.times is not None:
        return [
            Fold(0, among[fold.train], among[fold.validation])
            for fold in _in_time(rows.times[among], rows.blocks[among], N_INNER_FOLDS)
            if len(np.unique(rows.labels[among[fold.train]])) > 1
        ]
    fewest = np.unique(rows.labels[among], return_counts=True)[1].min()
    n_folds = int(min(N_INNER_FOLDS, fewest))
    if n_folds < 2:
        return []
    return [
        Fold(0, among[train], among[validation])
        for train, validation in stratified(rows.labels[among], rows.blocks[among], n_folds, seed)
        if len(np.unique(rows.labels[among[train]])) > 1
    ]


def stratified(labels: IntArray, blocks: IntArray, n_folds: int, seed: int) -> list[tuple[IntArray, IntArray]]:
    """Return stratified folds, as positions to train on and to score.

    Where every row is a block of its own, scikit-learn's StratifiedKFold; else as `dataaudit split` deals folds
    (StratifiedGroupKFold takes a step for each group, which for thousands of single rows is seconds).
    """
    from sklearn.model_selection import StratifiedKFold

    if len(np.unique(blocks)) == len(blocks):
        folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(folds.split(np.zeros((len(labels), 1)), labels))
    units, classes = (np.unique(codes, return_inverse=True)[1] for codes in (blocks, labels))
    dealt = assign_folds(units, classes, n_folds, seed)
    return [
        (np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold))
        for fold in range(n_folds)
        if (dealt == fold).any() and (dealt != fold).any()
    ]


def _in_time(times: FloatArray, blocks: IntArray, n_folds: int) -> list[Fold]:
    """Train on all that came before a stretch, score the stretch; rows of one time are never cut apart."""
    moments = np.sort(times)
    # Where each stretch begins; the first one is only trained on.
    begins = moments[(np.arange(1, n_folds + 1) * len(times)) // (n_folds + 1)]
    folds = []
    for place, begin in enumerate(begins):
        end = begins[place + 1] if place + 1 < len(begins) else np.inf
        validation = np.flatnonzero((times >= begin) & (times < end))
        train = np.flatnonzero((times < begin) & ~np.isin(blocks, blocks[validation]))
        if len(validation) and len(train):
            folds.append(Fold(0, train, validation))
    return folds


def share_of_validation(folds: list[Fold]) -> float:
    """Return how many rows are scored for each that is trained on, on average."""
    return float(np.mean([len(fold.validation) / len(fold.train) for fold in folds]))
