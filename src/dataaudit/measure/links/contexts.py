"""What a declared context (who labelled, which site, which camera) says of the label once the features have spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import Association, KeySums, best_association, class_sums
from dataaudit.measure.forest import fetch_columns, ranks
from dataaudit.measure.links.out_of_fold import OutOfFold, measure_out_of_fold, row_numbers
from dataaudit.model import Role, Task
from dataaudit.text import show_number

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

N_STRATA = 20
SHARE_PER_LEAF = 0.01
MAX_LEVELS = 50
FEWEST_ROWS = 20
MISSING = "(missing)"
OTHERS = "(other levels)"


@dataclass(frozen=True)
class LevelEffect:
    """How the labels of one level of a context differ from those of like rows of the other levels.

    `difference` is of the share of the class `label_class`; in regression
    (`label_class` None) of the mean place of the target in train, from 0, the
    smallest, to 1. `standard_error` is that of no difference.
    """

    level: str
    label_class: str | None
    n_rows: int
    observed: float
    expected: float
    difference: float
    standard_error: float


@dataclass(frozen=True)
class ContextEffect:
    """One context column beside the label, on the rows of the out-of-fold predictions.

    `beyond` is the share of what the features leave open that the context
    explains. `levels` are all pairs of a level of at least 20 rows and a
    class; `n_tried` their number.
    """

    column: str
    beyond: Association
    levels: tuple[LevelEffect, ...]
    n_rows: int
    sampled: bool

    @property
    def n_tried(self) -> int:
        """Differences that were looked at."""
        return len(self.levels)


def measure_context_effects(facts: Facts) -> dict[str, ContextEffect]:
    """Compare the labels of each level of every declared context with those of like rows of other levels.

    Like rows are those of the same twentieth of the model's prediction for the
    class, so that the model need not be calibrated (stratified as by Cochran,
    Biometrics 10, 1954, and Mantel and Haenszel, JNCI 22, 1959). The leaves
    of the forest are large: where rows of a few are remembered, they do not
    count as alike.
    """
    contexts = facts.info.with_role(Role.CONTEXT)
    if not contexts:
        return {}
    predictions = measure_out_of_fold(facts, SHARE_PER_LEAF)
    kept = np.isin(row_numbers(facts, predictions.relation), predictions.rows)
    cells = fetch_columns(facts, contexts, predictions.relation)
    values = _values(facts, predictions)
    strata = np.column_stack([_strata(column) for column in predictions.predicted.T])
    found = {}
    for context in contexts:
        names, codes = _levels(cells[context.name][kept])
        if len(names) > 1:
            found[context.name] = _effect(context.name, names, codes, values, strata, predictions)
    return found


def measure_reverse_associations(facts: Facts) -> dict[str, Association]:
    """Return of every declared context how much of it the class explains, over all rows of train.

    With more classes than levels a level cannot tell the class, though every
    class may come from one level.
    """
    found = {}
    for context in facts.info.with_role(Role.CONTEXT):
        table = facts.tables.get(context.name)
        if table is None or facts.info.task is Task.REGRESSION:
            continue
        by_class = table.n_by_class["train"].T.astype(np.float64)
        n_rows = float(by_class.sum())
        if n_rows > 0:
            sums = class_sums(by_class, by_class.sum(axis=0) / n_rows)
            found[context.name] = best_association(context.name, [(None, sums)])
    return found


def _values(facts: Facts, predictions: OutOfFold) -> FloatArray:
    """Return what is compared, shape (n_rows, n_components): classes one-hot, or the place of the target."""
    if facts.info.task is Task.REGRESSION:
        place = ranks(predictions.label)
        return (place / max(1.0, float(place.max()))).reshape(-1, 1)
    one_hot: FloatArray = np.eye(len(predictions.classes))[predictions.label]
    return one_hot


def _strata(predicted: FloatArray) -> IntArray:
    """Return the twentieth of the rows in which each prediction lies; equal predictions lie in one."""
    cuts = np.unique(np.quantile(predicted, np.linspace(0, 1, N_STRATA + 1)[1:-1]))
    return np.searchsorted(cuts, predicted, side="right").astype(np.int64)


def _levels(cells: NDArray[Any]) -> tuple[list[str], IntArray]:
    """Return the names of the levels, the commonest first, and the place of each row's; rare ones are together."""
    missing = np.ma.getmaskarray(cells)
    listed_cells = zip(np.ma.getdata(cells).tolist(), missing.tolist(), strict=True)
    texts = np.array([MISSING if gone else _text(cell) for cell, gone in listed_cells], dtype=np.str_)
    names, codes, counts = np.unique(texts, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    listed = names[order][:MAX_LEVELS].tolist()
    return ([*listed, OTHERS] if len(names) > MAX_LEVELS else listed), np.minimum(place[codes], MAX_LEVELS)


def _text(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return MISSING
    return show_number(cell) if isinstance(cell, float) else str(cell)


def _effect(
    column: str,
    names: Sequence[str],
    codes: IntArray,
    values: FloatArray,
    strata: IntArray,
    predictions: OutOfFold,
) -> ContextEffect:
    n_components = values.shape[1]
    effects: list[LevelEffect] = []
    residuals = np.empty_like(values)
    for k in range(n_components):
        *sums, residuals[:, k] = _compared(values[:, k], strata[:, k], codes, len(names))
        # Of two classes the first says the same as the second.
        if k > 0 or n_components != 2:
            effects += _of_levels(names, codes, sums, predictions.classes[k] if predictions.classes else None)
    beyond = best_association(column, [(None, _sums(residuals, codes, len(names)))])
    return ContextEffect(column, beyond, tuple(effects), len(codes), predictions.sampled)


def _of_levels(
    names: Sequence[str], codes: IntArray, sums: Sequence[FloatArray], label_class: str | None
) -> Iterator[LevelEffect]:
    observed, expected, spread, variance = sums
    n_rows = np.bincount(codes, minlength=len(names))
    for i in np.flatnonzero((n_rows >= FEWEST_ROWS) & (spread > 0)).tolist():
        yield LevelEffect(
            level=names[i],
            label_class=label_class,
            n_rows=int(n_rows[i]),
            observed=float(observed[i] / n_rows[i]),
            expected=float(expected[i] / n_rows[i]),
            difference=float((observed[i] - expected[i]) / spread[i]),
            standard_error=float(np.sqrt(variance[i]) / spread[i]),
        )


def _compared(
    values: FloatArray, strata: IntArray, codes: IntArray, n_levels: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return per level the sum of the values, what its strata make expect, how many rows that compares, its variance.

    And per row what its stratum leaves open. The variance is that of dealing
    the rows of each stratum to the levels at random.
    """
    n_strata = int(strata.max()) + 1
    rows = np.bincount(strata, minlength=n_strata).astype(np.float64)
    mean = np.bincount(strata, values, n_strata) / np.maximum(1.0, rows)
    left = (values - mean[strata]).astype(np.float64)
    scatter = np.bincount(strata, left**2, n_strata) / np.maximum(1.0, rows - 1)
    per_cell = np.bincount(codes * n_strata + strata, minlength=n_levels * n_strata).reshape(n_levels, n_strata)
    share = per_cell / np.maximum(1.0, rows)
    observed = np.bincount(codes, values, n_levels).astype(np.float64)
    expected = (per_cell @ mean).astype(np.float64)
    spread = (per_cell * (1 - share)).sum(axis=1).astype(np.float64)
    variance = ((per_cell * (1 - share)) @ scatter).astype(np.float64)
    return observed, expected, spread, variance, left


def _sums(residuals: FloatArray, codes: IntArray, n_levels: int) -> KeySums:
    n = np.bincount(codes, minlength=n_levels).astype(np.float64)
    squared = np.zeros(n_levels)
    squares = np.zeros(n_levels)
    for column in residuals.T:
        squared += np.bincount(codes, column, n_levels) ** 2
        squares += np.bincount(codes, column**2, n_levels)
    return KeySums(n, squared, squares)
