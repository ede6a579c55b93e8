"""How the splits lie in time, and what the label of the nearest training row says of a row's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.engine.draw import draw_expression, draw_limit
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.labels import label_select, splits_with_label
from dataaudit.measure.sample import as_number
from dataaudit.model import Kind, Role, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_COLUMNS = 10
MAX_ROWS = 10_000
# Stretches of time that the jackknife leaves out in turn, and how many of them must have rows.
N_STRETCHES = 20
LEAST_STRETCHES = 10
Z_QUANTILE = 1.96
# Fisher's z of a perfect correlation is infinite.
LARGEST_AGREEMENT = 0.9999

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Agree = Callable[[FloatArray, FloatArray], float]


@dataclass(frozen=True)
class TimeOrder:
    """One time column and one other split beside train, on samples of both.

    Attributes
    ----------
    auc, auc_lower, auc_upper : float
        Probability that a row of the split is later than a row of train, equal times counting half, with
        its 95 % interval (DeLong 1988): 0.5 for a random split, 1 where the split follows train.
    agreement, agreement_lower : float
        Of the label of a row of the split with that of the training row nearest in time: rank correlation of
        a numeric target, Cohen's kappa of classes. The lower bound is of 95 %, by leaving out 20 stretches
        of time in turn, since rows near in time are no independent evidence.
    n_pairs : int
        Rows of the split with time and label.
    n_times : int
        Different times among them.
    seconds_apart : float
        Median of how far away the nearest training row is (in the column's own unit if it is a number).
    n_rows, n_rows_train : int
        Rows with a time that were seen.
    """

    column: str
    split: str
    auc: float
    auc_lower: float
    auc_upper: float
    agreement: float
    agreement_lower: float
    n_pairs: int
    n_times: int
    seconds_apart: float
    n_rows: int
    n_rows_train: int
    sampled: bool = False


@dataclass(frozen=True)
class _Rows:
    """Label and times of the sampled rows of a split: NaN where missing."""

    label: FloatArray
    times: Mapping[str, FloatArray]
    sampled: bool


def measure_time_orders(facts: Facts) -> dict[str, dict[str, TimeOrder]]:
    """Compare every other split with train in up to ten time columns.

    The declared one if it is a date or a number, then the features that are dates, by name. Train is seen
    through the common sample, the other splits through 10,000 rows each.
    """
    names = time_columns(facts)
    if not names:
        return {}
    train = _train_rows(facts, names)
    labelled = splits_with_label(facts.dataset)
    orders: dict[str, dict[str, TimeOrder]] = {name: {} for name in names}
    for split in facts.other_splits:
        absent = facts.dataset.relations[split].absent
        there = [name for name in names if name not in absent]
        if split in labelled and there:
            rows = _other_rows(facts, split, there)
            for name in there:
                order = _order(facts, name, split, train, rows)
                if order is not None:
                    orders[name][split] = order
    return orders


def time_columns(facts: Facts) -> list[str]:
    """Return the columns that say when a row is: the declared one first, then dates among the features."""
    declared = [
        column.name for column in facts.info.with_role(Role.TIME) if column.kind in (Kind.DATETIME, Kind.NUMERIC)
    ]
    dates = sorted(column.name for column in facts.features if column.kind is Kind.DATETIME)
    return [*declared, *dates][:MAX_COLUMNS]


def _train_rows(facts: Facts, names: Sequence[str]) -> _Rows:
    sample = facts.sample
    label = facts.dataset.engine.arrays(f"SELECT {label_select(facts, 'train')} FROM {sample.relation} ORDER BY row")
    return _Rows(_label_numbers(facts, label), {name: sample.numeric[name] for name in names}, sample.sampled)


def _other_rows(facts: Facts, split: str, names: Sequence[str]) -> _Rows:
    dataset = facts.dataset
    n_rows = dataset.relations[split].n_rows
    limit = f" WHERE {draw_expression(facts.seed)} < {draw_limit(n_rows, MAX_ROWS)}" if n_rows > MAX_ROWS else ""
    times = ", ".join(f"{_as_number(facts, name)} AS t{i}" for i, name in enumerate(names))
    arrays = dataset.engine.arrays(f"SELECT {label_select(facts, split)}, {times} FROM {split}{limit} ORDER BY row")
    by_name = {name: as_float(arrays[f"t{i}"]) for i, name in enumerate(names)}
    return _Rows(_label_numbers(facts, arrays), by_name, n_rows > MAX_ROWS)


def _as_number(facts: Facts, name: str) -> str:
    cell = facts.dataset.sql_name(name)
    return as_number(cell, facts.info.column(name).kind)


def _label_numbers(facts: Facts, arrays: Mapping[str, NDArray[np.generic]]) -> FloatArray:
    """Return the target, or the number of the class; NaN without a label."""
    if facts.info.task is Task.REGRESSION:
        return np.asarray(as_float(arrays["t"]))
    numbers = class_numbers(facts, arrays["y"]).astype(np.float64)
    return np.where(numbers < 0, np.nan, numbers)


def _order(facts: Facts, name: str, split: str, train: _Rows, other: _Rows) -> TimeOrder | None:
    of_train, of_other = train.times[name], other.times[name]
    timed_train, timed = of_train[~np.isnan(of_train)], of_other[~np.isnan(of_other)]
    if len(timed_train) < 2 or len(timed) < 2:
        return None
    auc, error = _auc(timed_train, timed)
    known_train = ~np.isnan(of_train) & ~np.isnan(train.label)
    known = ~np.isnan(of_other) & ~np.isnan(other.label)
    pairs = _nearest(of_train[known_train], of_other[known], facts.seed)
    agreement, lower, apart = 0.0, -1.0, 0.0
    if len(pairs.near):
        first, second = train.label[known_train][pairs.near], other.label[known][pairs.row]
        agree = rank_correlation if facts.info.task is Task.REGRESSION else kappa
        agreement, lower = _with_lower(agree, first, second, of_other[known][pairs.row])
        apart = float(np.median(pairs.apart))
    return TimeOrder(
        column=name,
        split=split,
        auc=auc,
        auc_lower=max(0.0, auc - Z_QUANTILE * error),
        auc_upper=min(1.0, auc + Z_QUANTILE * error),
        agreement=agreement,
        agreement_lower=lower,
        n_pairs=len(pairs.row),
        n_times=len(np.unique(of_other[known])),
        seconds_apart=apart,
        n_rows=len(timed),
        n_rows_train=len(timed_train),
        sampled=train.sampled or other.sampled,
    )


def _auc(train: FloatArray, other: FloatArray) -> tuple[float, float]:
    """Return the probability that `other` is later and its standard error, by the placements of each row."""
    of_other = _placements(np.sort(train), other)
    of_train = 1 - _placements(np.sort(other), train)
    variance = of_other.var(ddof=1) / len(other) + of_train.var(ddof=1) / len(train)
    return float(of_other.mean()), math.sqrt(variance)


def _placements(among: FloatArray, values: FloatArray) -> FloatArray:
    """Return the share of the sorted values that each value is later than, equal ones counting half."""
    below = np.searchsorted(among, values, "left") + np.searchsorted(among, values, "right")
    return np.asarray(below / (2 * len(among)), dtype=np.float64)


@dataclass(frozen=True)
class _Pairs:
    """Rows of a split in the order of time, and the row of train nearest to each."""

    row: IntArray
    near: IntArray
    apart: FloatArray


def _nearest(train: FloatArray, other: FloatArray, seed: int) -> _Pairs:
    """Pair every row with the training row nearest in time, the rows of one time with different ones at random."""
    row = np.argsort(other, kind="stable")
    if not len(train):
        return _Pairs(row[:0], row[:0], other[:0])
    # In file order the rows of one time may be sorted by the label, in both splits alike.
    dealt = np.random.default_rng(seed).permutation(len(train))
    order_train = dealt[np.argsort(train[dealt], kind="stable")]
    times, wanted = train[order_train], other[row]
    left = np.clip(np.searchsorted(times, wanted, "left"), 1, max(1, len(times) - 1))
    before, after = times[left - 1], times[np.minimum(left, len(times) - 1)]
    nearest = np.where(np.abs(wanted - before) <= np.abs(after - wanted), before, after)
    first, end = np.searchsorted(times, nearest, "left"), np.searchsorted(times, nearest, "right")
    # The i-th row of those that want one time takes the i-th of those that have it: no row of train speaks for all.
    wanted_first = np.searchsorted(nearest, nearest, "left")
    place = first + (np.arange(len(row)) - wanted_first) % (end - first)
    return _Pairs(row.astype(np.int64), order_train[place].astype(np.int64), np.abs(wanted - nearest))


def _with_lower(agree: Agree, first: FloatArray, second: FloatArray, times: FloatArray) -> tuple[float, float]:
    """Return the agreement of two labels and its lower bound, by leaving out stretches of time in turn.

    The error of the jackknife is carried over to Fisher's scale (delta method), on which the bound is taken:
    it stays below 1, and a single slip among many that agree is no upheaval. -1 where too few stretches have
    rows. No time is cut in two.

    Parameters
    ----------
    agree : function of two arrays of shape (n_pairs,)
    first, second, times : array of shape (n_pairs,)
        In the order of time.
    """
    stretch = np.searchsorted(times, times, "left") * N_STRETCHES // len(times)
    agreement = agree(first, second)
    used = np.unique(stretch)
    if len(used) < LEAST_STRETCHES:
        return agreement, -1.0
    from scipy.special import stdtrit

    without = np.array([agree(first[stretch != i], second[stretch != i]) for i in used.tolist()])
    error = math.sqrt((len(used) - 1) * float(without.var()))
    inside = max(-LARGEST_AGREEMENT, min(LARGEST_AGREEMENT, agreement))
    spread = float(stdtrit(len(used) - 1, 0.975)) * error / (1 - inside**2)
    return agreement, math.tanh(math.atanh(inside) - spread)


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's correlation, 0 where one side does not vary.

    >>> round(rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([1.0, 5.0, 6.0])), 3)
    1.0
    """
    ranks = [_mid_ranks(values) for values in (first, second)]
    centred = [values - values.mean() for values in ranks]
    scale = math.sqrt(float((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return float((centred[0] * centred[1]).sum()) / scale if scale > 0 else 0.0


def kappa(first: FloatArray, second: FloatArray) -> float:
    """Return Cohen's kappa: agreement of two labels beyond what their shares would give; 0 where nothing varies.

    >>> kappa(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    1.0
    """
    classes = np.unique(np.concatenate([first, second]))
    shares = [
        np.bincount(np.searchsorted(classes, side), minlength=len(classes)) / len(side) for side in (first, second)
    ]
    by_chance = float((shares[0] * shares[1]).sum())
    return (float((first == second).mean()) - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def _mid_ranks(values: FloatArray) -> FloatArray:
    ordered = np.sort(values)
    return np.asarray((np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2)
