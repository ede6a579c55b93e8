"""What a leak costs: how a plain model's test score changes when the leaked rows or columns are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import NotMeasurable
from dataaudit.measure.forest import columns_for_forest, fetch_columns, fetch_labels, new_forest, ranks
from dataaudit.model import ColumnInfo, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

N_FORESTS = 3
Z = 1.96
FEWEST_ROWS = 10
MAX_COLUMNS = 50


@dataclass(frozen=True)
class Impact:
    """A plain model's score with and without a leak, on a bounded sample.

    `score` is "balanced accuracy" or "R²"; `with_leak` and `without_leak` are its values, `change` the first minus
    the second, with a 95 % interval over test rows (`lower`, `upper`; the drawing of the training rows is not in
    it). `n_rows` test rows were predicted, by forests of `n_rows_train` rows.
    """

    score: str
    with_leak: float
    without_leak: float
    change: float
    lower: float
    upper: float
    n_rows: int
    n_rows_train: int
    sampled: bool


@dataclass(frozen=True)
class Trial:
    """Which rows and columns the two models see.

    `test`, `train_with`, `train_without` are row numbers of `split` and of
    `train_split`. `weights` say how many rows of the split each test row
    stands for; `touched` are the test rows the leak can touch, the others
    only count for the score's level. Rows of one `cluster` are one piece of
    evidence for the interval. No model sees the columns `left_out`,
    and the second not `column` either.
    """

    split: str
    test: IntArray
    train_with: IntArray
    train_without: IntArray
    weights: FloatArray
    touched: NDArray[np.bool_]
    cluster: IntArray | None = None
    left_out: tuple[str, ...] = ()
    column: str | None = None
    train_split: str = "train"


def score_with_and_without(facts: Facts, trial: Trial) -> Impact:
    """Train forests on both sets of rows or columns, and compare what they make of the same test rows.

    Balanced accuracy for classes, R² for a numeric target; each the mean of
    three forests.

    Raises
    ------
    NotMeasurable
        If too few labelled rows are left to tell.
    """
    n_touched = int(trial.touched.sum())
    if n_touched < FEWEST_ROWS or min(len(trial.train_with), len(trial.train_without)) < 2 * FEWEST_ROWS:
        raise NotMeasurable(f"too few labelled rows to measure the impact ({n_touched} leaked test rows were drawn)")
    table = _Table(facts, trial)
    if facts.info.task is not Task.REGRESSION and len(np.unique(table.labels)) < 2:
        raise NotMeasurable("the rows drawn to measure the impact have one class")
    shares = _shares(facts, table.test_labels, trial.weights)
    with_leak = np.zeros(len(trial.test))
    without = np.zeros(len(trial.test))
    for number in range(N_FORESTS):
        with_leak += table.merits(trial.train_with, None, facts.seed + number) / N_FORESTS
        without += table.merits(trial.train_without, trial.column, facts.seed + number) / N_FORESTS
    difference = np.where(trial.touched, with_leak - without, 0.0)
    level, change = float((shares * with_leak).sum()), float((shares * difference).sum())
    half_width = Z * _standard_error(shares * (difference - change), trial.cluster)
    return Impact(
        score="R²" if facts.info.task is Task.REGRESSION else "balanced accuracy",
        with_leak=level,
        without_leak=level - change,
        change=change,
        lower=change - half_width,
        upper=change + half_width,
        n_rows=len(trial.test),
        n_rows_train=len(trial.train_with),
        sampled=_leaves_rows_out(facts, trial),
    )


def _standard_error(terms: FloatArray, cluster: IntArray | None) -> float:
    """Return the root of the sum of squares over clusters, with their number's correction."""
    if cluster is None:
        return float(np.sqrt((terms**2).sum()))
    numbers = np.unique(cluster, return_inverse=True)[1]
    sums = np.bincount(numbers, terms)
    return float(np.sqrt((sums**2).sum() * len(sums) / max(1, len(sums) - 1)))


def _leaves_rows_out(facts: Facts, trial: Trial) -> bool:
    relations = facts.dataset.relations
    rows_of_train = np.union1d(trial.train_with, trial.train_without)
    if trial.split == trial.train_split:
        rows_of_train = np.union1d(rows_of_train, trial.test)
    every_test_row = len(trial.test) == relations[trial.split].n_rows or trial.split == trial.train_split
    return not (every_test_row and len(rows_of_train) == relations[trial.train_split].n_rows)


def _shares(facts: Facts, labels: NDArray[Any], weights: FloatArray) -> FloatArray:
    """Return what each test row contributes to the score: every class as much as any other."""
    if facts.info.task is Task.REGRESSION:
        return np.asarray(weights / weights.sum(), dtype=np.float64)
    _, numbers = np.unique(labels, return_inverse=True)
    of_class = np.bincount(numbers, weights)
    return np.asarray(weights / of_class[numbers] / len(of_class), dtype=np.float64)


class _Table:
    """The rows of a trial in memory: features as ranks over train and test together, and labels."""

    def __init__(self, facts: Facts, trial: Trial) -> None:
        self._facts = facts
        self._trial = trial
        self._columns = _strongest(facts, columns_for_forest(facts, trial.left_out), trial.column)
        if not self._columns:
            raise NotMeasurable("there is no feature to train a model on")
        self._train_rows = np.unique(np.concatenate([trial.train_with, trial.train_without]))
        known, tested = _some(trial.train_split, self._train_rows), _some(trial.split, trial.test)
        ours, theirs = fetch_columns(facts, self._columns, known), fetch_columns(facts, self._columns, tested)
        join: Callable[..., NDArray[Any]] = np.ma.concatenate
        joined = {name: ranks(join([ours[name], theirs[name]])) for name in ours}
        self._features = np.column_stack([joined[column.name] for column in self._columns])
        self.labels, self.test_labels = fetch_labels(facts, known), fetch_labels(facts, tested)

    def merits(self, train_rows: IntArray, without: str | None, seed: int) -> FloatArray:
        """Return of every test row whether its class is found, or 1 - its squared error over the target's variance."""
        used = [i for i, column in enumerate(self._columns) if column.name != without]
        if not used:
            raise NotMeasurable("there is no other feature to train a model on")
        n_train = len(self._train_rows)
        places = np.searchsorted(self._train_rows, train_rows)
        forest = new_forest(self._facts, seed)
        forest.fit(self._features[places][:, used], self.labels[places])
        predicted = forest.predict(self._features[n_train:][:, used])
        if self._facts.info.task is not Task.REGRESSION:
            found: FloatArray = (predicted == self.test_labels).astype(float)
            return found
        weights = self._trial.weights / self._trial.weights.sum()
        variance = float((weights * (self.test_labels - (weights * self.test_labels).sum()) ** 2).sum())
        if variance <= 0:
            raise NotMeasurable("the test rows drawn to measure the impact have one target value")
        merit: FloatArray = 1 - np.asarray(self.test_labels - predicted, dtype=np.float64) ** 2 / variance
        return merit


def _strongest(facts: Facts, columns: list[ColumnInfo], wanted: str | None) -> list[ColumnInfo]:
    """Return at most 50 columns, those that explain most of the label by themselves; the wanted one among them.

    A forest of 5,000 rows takes seconds for 50 columns and minutes for 500.
    """
    explained = {name: association.explained for name, association in facts.associations.items()}
    ranked = sorted(columns, key=lambda column: (column.name != wanted, -explained.get(column.name, 0.0), column.name))
    return sorted(ranked[:MAX_COLUMNS], key=lambda column: column.name)


def _some(split: str, rows: IntArray) -> str:
    """Return what stands after FROM for these rows of a split."""
    return f"(SELECT * FROM {split} WHERE row IN ({', '.join(map(str, rows.tolist()))}))"
