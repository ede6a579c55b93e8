"""Resample rows in memory by imbalanced-learn's samplers, chosen by what the columns are.

Numbers only: SMOTE. Categories only: SMOTEN. Both: SMOTENC. Its kin (Borderline-SMOTE, ADASYN, SVM-SMOTE, K-means
SMOTE) and the samplers that drop rows see categories as points of their own; a row they make takes its categories from
the parent it lies next to.

SMOTENC and SMOTEN vote on every column by itself: a row may get categories that no row has together. They choose the
neighbours and the votes stay, but of columns that are tied (`ties`), and of a row in which two categories would meet
that meet in no row (`agreeing`): those have the categories of the nearer parent.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from dataaudit.errors import ConfigError, InputError
from dataaudit.rebalance.agreeing import SamplerTies, agreeing
from dataaudit.rebalance.dropping import kept_by
from dataaudit.rebalance.making import made_by
from dataaudit.rebalance.matrix import BoolArray, ClassNote, IntArray, Matrix, Resampled, Synthetic, no_rows
from dataaudit.rebalance.plan import Target, plan_counts
from dataaudit.rebalance.strategies import WEIGHTS, Strategy, strategy_named

UNLABELLED = -1
HYBRIDS = {"smote-enn": "enn", "smote-tomek": "tomek"}
FEWEST_PARENTS = 2
ROWS_WORTH_THREADS = 20_000


def resample(
    matrix: Matrix,
    labels: IntArray,
    strategy: Strategy | str,
    target: Target | Mapping[int, int],
    seed: int,
    *,
    eligible: BoolArray | None = None,
    ties: SamplerTies | None = None,
) -> Resampled:
    """Decide which rows stay, which are repeated, and which are made up of whom.

    Parameters
    ----------
    matrix : Matrix
    labels : int array of shape (n_rows,)
        Classes by number; rows of class -1 stay as they are.
    strategy : Strategy or str
        Any but `weights`.
    target : Target, or mapping of class to rows wanted
        Classes that are not named keep their rows.
    seed : int
    eligible : bool array of shape (n_rows,), optional
        Rows that may be repeated and may be parents.
    ties : SamplerTies, optional
        What goes together in all rows, so that made-up rows take it together.

    Raises
    ------
    ConfigError
        If the strategy does not resample, or the target does not go with it.
    InputError
        If the sampler cannot be used on these rows.
    """
    strategy = strategy_named(strategy) if isinstance(strategy, str) else strategy
    if strategy.name == WEIGHTS:
        raise ConfigError("weights resample nothing", "weight the rows by class instead")
    eligible = np.ones(len(labels), dtype=bool) if eligible is None else eligible
    wanted = _wanted(labels, target, strategy)
    with _sampling(strategy, len(labels)):
        if strategy.streams:
            return replace(_draw(labels, wanted, seed, eligible), synthetic=no_rows(len(matrix.sizes)))
        repeated, synthetic, notes = _grow(matrix, labels, strategy, wanted, seed, eligible, ties)
        kept = np.arange(len(labels))
        if strategy.shrinks:
            kept, notes = _shrink(matrix, labels, strategy, wanted, seed)
        if strategy.name in HYBRIDS:
            grown = Resampled(kept, repeated, synthetic, notes)
            return _clean(matrix, labels, grown, HYBRIDS[strategy.name], seed, ties)
    return Resampled(kept, repeated, synthetic, notes)


def _wanted(labels: IntArray, target: Target | Mapping[int, int], strategy: Strategy) -> dict[int, int]:
    classes, counts = np.unique(labels[labels != UNLABELLED], return_counts=True)
    have = {str(code): int(n) for code, n in zip(classes, counts, strict=True)}
    asked = target if isinstance(target, Target) else Target(counts={str(code): n for code, n in target.items()})
    return {int(code): n for code, n in plan_counts(have, asked, strategy).items()}


@contextmanager
def _sampling(strategy: Strategy, n_rows: int) -> Iterator[None]:
    """Turn what a sampler cannot do into an error for people; it warns of what was asked for on purpose."""
    from threadpoolctl import threadpool_limits

    # On few rows threads wait for one another longer than they work: 600 rows took 100 s on a busy machine.
    threads = 1 if n_rows < ROWS_WORTH_THREADS else None
    try:
        with warnings.catch_warnings(), threadpool_limits(threads):
            warnings.simplefilter("ignore")
            yield
    except (ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split()).split(". ")[0]
        raise InputError(
            f"{strategy.name} cannot be used on these rows: {reason}",
            "use smote or random-over" if strategy.grows else "use random-under",
        ) from error


def _draw(labels: IntArray, wanted: Mapping[int, int], seed: int, eligible: BoolArray) -> Resampled:
    """Repeat and drop rows at random."""
    from imblearn.over_sampling import RandomOverSampler
    from imblearn.under_sampling import RandomUnderSampler

    kept = labels == UNLABELLED
    repeated, notes = [], []
    for code, n in wanted.items():
        own = np.flatnonzero(labels == code)
        if n <= len(own):
            chosen = _random(RandomUnderSampler, n, len(own), seed)
            kept[own[chosen]] = True
            continue
        kept[own] = True
        parents = own[eligible[own]]
        if not len(parents):
            notes.append((code, "no row may be repeated: it stays as it is"))
            continue
        extra = _random(RandomOverSampler, n - len(own) + len(parents), len(parents), seed)[len(parents) :]
        repeated.append(parents[extra])
    copies = np.concatenate(repeated) if repeated else np.zeros(0, dtype=np.int64)
    return Resampled(np.flatnonzero(kept), copies, no_rows(0), tuple(notes))


def _random(sampler: Any, n_wanted: int, n_rows: int, seed: int) -> IntArray:
    """Draw from one class; the samplers refuse a single class, so a row of another one stands behind."""
    labels = np.append(np.zeros(n_rows, dtype=int), 1)
    drawing = sampler(sampling_strategy={0: n_wanted}, random_state=seed)
    drawing.fit_resample(np.arange(n_rows + 1)[:, None], labels)
    chosen: IntArray = drawing.sample_indices_[drawing.sample_indices_ < n_rows]
    return chosen


def _grow(
    matrix: Matrix,
    labels: IntArray,
    strategy: Strategy,
    wanted: Mapping[int, int],
    seed: int,
    eligible: BoolArray,
    ties: SamplerTies | None,
) -> tuple[IntArray, Synthetic, tuple[ClassNote, ...]]:
    """Make rows of the classes that are to grow; of a class with one parent, repeat it."""
    none = np.zeros(0, dtype=np.int64)
    n_categories = len(matrix.sizes)
    if not strategy.grows:
        return none, no_rows(n_categories), ()
    seen = np.flatnonzero(eligible & (labels != UNLABELLED))
    missing = {code: n - int((labels == code).sum()) for code, n in wanted.items()}
    repeated, few, notes = [none], {}, []
    for code, n in missing.items():
        parents = seen[labels[seen] == code]
        if n <= 0:
            continue
        if len(parents) >= FEWEST_PARENTS:
            few[code] = n
        elif len(parents):
            repeated.append(np.repeat(parents, n))
            notes.append((code, "a single row may be a parent, and lies between no others: it is repeated"))
        else:
            notes.append((code, "no row may be a parent: it stays as it is"))
    if not few:
        return np.concatenate(repeated), no_rows(n_categories), tuple(notes)
    base = "smote" if strategy.name in HYBRIDS else strategy.name
    made = agreeing(_at(made_by(base, matrix.take(seen), labels[seen], few, seed), seen), matrix, ties)
    if not made.n_rows:
        raise RuntimeError("it found no place to make a row")
    for code, n in few.items():
        # Rounding up, a sampler may make a few rows more than it was asked for.
        made = made.take(np.cumsum(made.labels == code) * (made.labels == code) <= n)
        if (n_made := int((made.labels == code).sum())) < n:
            notes.append((code, f"{strategy.name} found room for {n_made:,} of {n:,} rows"))
    return np.concatenate(repeated), made, tuple(notes)


def _at(made: Synthetic, seen: IntArray) -> Synthetic:
    """Return rows whose parents are given by their positions among all rows."""
    others = np.where(made.others >= 0, seen[np.maximum(made.others, 0)], -1)
    return Synthetic(made.labels, seen[made.first], seen[made.second], made.steps, seen[made.voters], others)


def _shrink(
    matrix: Matrix, labels: IntArray, strategy: Strategy, wanted: Mapping[int, int], seed: int
) -> tuple[IntArray, tuple[ClassNote, ...]]:
    labelled = np.flatnonzero(labels != UNLABELLED)
    counts = {code: n for code, n in wanted.items() if n < int((labels == code).sum())}
    if strategy.takes_target and not counts:
        return np.arange(len(labels)), ()
    kept = kept_by(strategy.name, matrix.take(labelled).flat(), labels[labelled], counts, seed)
    chosen = np.zeros(len(labels), dtype=bool)
    chosen[labels == UNLABELLED] = True
    chosen[labelled[kept]] = True
    notes = _save_classes(chosen, labels)
    return np.flatnonzero(chosen), notes


def _save_classes(chosen: BoolArray, labels: IntArray) -> tuple[ClassNote, ...]:
    """Keep the rows of a class that would be gone altogether."""
    notes = []
    for code in np.unique(labels[labels != UNLABELLED]):
        if not chosen[labels == code].any():
            chosen[labels == code] = True
            notes.append((int(code), "all rows would have been dropped: they are kept"))
    return tuple(notes)


def _clean(
    matrix: Matrix, labels: IntArray, grown: Resampled, cleaning: str, seed: int, ties: SamplerTies | None
) -> Resampled:
    """Drop, of all classes, what the cleaning finds among the rows that came in and those that were made."""
    after = grown.labels(labels)
    labelled = np.flatnonzero(after != UNLABELLED)
    after_matrix = grown.matrix(matrix)
    if ties is not None:
        start, tied = len(after_matrix.numbers) - grown.synthetic.n_rows, list(ties.numbers)
        after_matrix.numbers[start:, tied] = matrix.numbers[grown.synthetic.nearer][:, tied]
    points = after_matrix.take(labelled).flat()
    found = kept_by(cleaning, points, after[labelled], {}, seed, of_all_classes=True)
    chosen = after == UNLABELLED
    chosen[labelled[found]] = True
    notes = _save_classes(chosen, after)
    ends = np.cumsum([len(grown.kept), len(grown.repeated)])
    kept, repeated, made = np.split(chosen, ends)
    return Resampled(grown.kept[kept], grown.repeated[repeated], grown.synthetic.take(made), (*grown.notes, *notes))
