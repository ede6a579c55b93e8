"""Numbers that are the mean of the target per value, over several splits together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.labels import label_expression, label_text, splits_with_label
from dataaudit.measure.preparation.pools import Moments, float_features, moments_of, pools
from dataaudit.measure.preparation.precision import FloatArray, stored_precision
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

Formula = Literal["mean", "m-estimate", "empirical Bayes", "sigmoid"]

# Of the target's standard deviation.
RELATIVE = 1e-6
# What a column's mean may differ from the target's, in standard deviations of the column: smoothing moves it.
NEAR_MEAN = 0.5
MOST_CLASSES = 20
# A column that repeats its values less than this is no encoding that could be told.
SHARE_DISTINCT = 0.5
ROWS_TO_LOOK_AT = 5_000
MOST_VALUES = 10_000
MOST_CANDIDATES = 100
SIGMOIDS = ((20.0, 10.0), (1.0, 1.0))
LEVELS_OF_M = (0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
# Categories with the same code, as which one value is tried, where the numbers are exact enough to tell.
MOST_MERGED = 30
# Of what pooled and train's predictions must differ by to tell them apart, in tolerances.
APART = 3.0


@dataclass(frozen=True)
class Encoding:
    """How well a column is the mean of a target per value, over these splits and in train alone.

    Attributes
    ----------
    target : str or None
        The class whose share the column would be; None for a number (regression, or the classes' own numbers).
    formula : str
        "mean"; "m-estimate": (sum + m mean) / (n + m); "empirical Bayes": as scikit-learn smooths; "sigmoid": as
        category_encoders does.
    smoothing : float
        m, or the smallest count of the sigmoid; 0 where there is none.
    n_telling : int
        Values for which the prediction from all rows and that from train lie over 3 tolerances apart.
    n_fit, n_fit_train : int
        Those whose value is the prediction from all rows, and from train.
    spread : float
        Median distance of both predictions.
    """

    column: str
    target: str | None
    splits: tuple[str, ...]
    formula: Formula
    smoothing: float
    n_values: int
    n_telling: int
    n_fit: int
    n_fit_train: int
    tolerance: float
    spread: float
    n_rows: int
    sampled: bool = False

    @property
    def share_fit(self) -> float:
        """Share of the telling values that are the prediction from all rows."""
        return self.n_fit / max(1, self.n_telling)

    @property
    def share_fit_train(self) -> float:
        """Share of the telling values that are the prediction from train."""
        return self.n_fit_train / max(1, self.n_telling)


@dataclass(frozen=True)
class _Target:
    """What may have been averaged: a class as 0 and 1, or a number."""

    name: str | None
    sql: str
    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True)
class _Groups:
    """Rows, sum and sum of squares of the target per value."""

    n: FloatArray
    s: FloatArray
    q: FloatArray

    @property
    def mean(self) -> FloatArray:
        return self.s / np.maximum(self.n, 1e-9)

    @property
    def variance(self) -> FloatArray:
        return np.maximum(0.0, self.q / np.maximum(self.n, 1e-9) - self.mean**2)


def measure_encodings(facts: Facts) -> tuple[Encoding, ...]:
    """Compare the columns whose range and mean are near a target's with its mean per value, over all rows."""
    labelled = splits_with_label(facts.dataset)
    columns = float_features(facts)
    if "train" not in labelled or not any(split in labelled for split in facts.other_splits) or not columns:
        return ()
    found = []
    targets = _targets(facts)
    n_candidates = 0
    for column in columns:
        listed = [tuple(s for s in splits if s in labelled) for splits in pools(facts, column.name)]
        listed = list(dict.fromkeys(splits for splits in listed if len(splits) > 1))
        train = moments_of(facts, column.name, ("train",))
        if not listed or train is None:
            continue
        near = [target for target in targets if _is_near(train, target)]
        if not near or n_candidates >= MOST_CANDIDATES or not _repeats(facts, column.name):
            continue
        n_candidates += 1
        for target in near:
            found += _of_target(facts, column.name, target, listed)
    return tuple(found)


def _targets(facts: Facts) -> list[_Target]:
    label = label_expression(facts.dataset)
    if facts.info.task is Task.REGRESSION:
        summary = facts.target
        number = f"CAST({label} AS DOUBLE)"
        ends = [(summary.minimum[split], summary.maximum[split]) for split in summary.minimum]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        return [_Target(None, number, summary.mean["train"], summary.sd["train"], low, high)]
    shares = dict(zip(facts.classes.classes, facts.classes.shares.tolist(), strict=True))
    commonest = sorted(shares, key=lambda name: (-shares[name], name))[:MOST_CLASSES]
    text = f"lower(CAST({label} AS VARCHAR))" if facts.dataset.sql_types[facts.label] == "BOOLEAN" else None
    found = []
    for name in commonest:
        cell = text or f"CAST({label} AS VARCHAR)"
        literal = "'" + label_text(name).replace("'", "''") + "'"
        sql = f"CASE WHEN {label} IS NULL THEN NULL WHEN {cell} = {literal} THEN 1.0 ELSE 0.0 END"
        found.append(_Target(name, sql, shares[name], math.sqrt(shares[name] * (1 - shares[name])), 0.0, 1.0))
    return found + _numbers(facts, shares)


def _numbers(facts: Facts, shares: Mapping[str, float]) -> list[_Target]:
    """Return the classes' own numbers as a target, where they are numbers other than 0 and 1."""
    if facts.dataset.sql_types[facts.label] not in ("BIGINT", "DOUBLE") or set(shares) == {"0", "1"}:
        return []
    values, weights = np.array([float(name) for name in shares]), np.array(list(shares.values()))
    mean = float((values * weights).sum())
    sd = math.sqrt(float((weights * (values - mean) ** 2).sum()))
    number = f"CAST({label_expression(facts.dataset)} AS DOUBLE)"
    return [_Target(None, number, mean, sd, float(values.min()), float(values.max()))]


def _is_near(moments: Moments, target: _Target) -> bool:
    slack = RELATIVE * target.sd
    if target.sd == 0 or moments.minimum < target.low - slack or moments.maximum > target.high + slack:
        return False
    return abs(moments.mean - target.mean) <= NEAR_MEAN * max(moments.sd(1), slack)


def _repeats(facts: Facts, name: str) -> bool:
    values = facts.sample.numeric[name][:ROWS_TO_LOOK_AT]
    values = values[~np.isnan(values)]
    return 0 < len(np.unique(values)) <= SHARE_DISTINCT * len(values)


def _of_target(facts: Facts, name: str, target: _Target, listed: list[tuple[str, ...]]) -> list[Encoding]:
    values, groups = _count(facts, name, target, listed[0])
    train = groups["train"]
    precision = stored_precision(facts.sample.numeric[name])
    # A rounded value lies at most half a step off.
    tolerance = RELATIVE * target.sd + 2 * precision.half_width
    found = []
    for splits in listed:
        pooled = _Groups(*(sum(getattr(groups[split], part) for split in splits) for part in ("n", "s", "q")))
        best = max(
            (
                _fit(name, target, splits, formula, values, pooled, train, tolerance, precision.half_width == 0)
                for formula in _formulas(values, pooled, tolerance)
            ),
            key=lambda encoding: (encoding.share_fit, encoding.n_telling),
        )
        if best.n_telling and best.n_fit:
            found.append(best)
    return found


def _count(facts: Facts, name: str, target: _Target, splits: tuple[str, ...]) -> tuple[FloatArray, dict[str, _Groups]]:
    """Return the commonest values and, per split, what the target sums to at each."""
    cell = facts.dataset.sql_name(name)
    every = " UNION ALL ".join(
        f"SELECT {i} AS split, {cell} AS cell, {target.sql} AS t FROM {split}" for i, split in enumerate(splits)
    )
    sums = ", ".join(
        f"count_if(split = {i}) AS n{i}, sum(CASE WHEN split = {i} THEN t ELSE 0.0 END) AS s{i}, "
        f"sum(CASE WHEN split = {i} THEN t * t ELSE 0.0 END) AS q{i}"
        for i in range(len(splits))
    )
    arrays = facts.dataset.engine.arrays(
        f"SELECT cell, count(*) AS n, {sums} FROM ({every}) WHERE cell IS NOT NULL AND t IS NOT NULL "
        f"GROUP BY cell ORDER BY n DESC, cell LIMIT {MOST_VALUES}"
    )
    groups = {
        split: _Groups(*(as_float(arrays[f"{part}{i}"]) for part in ("n", "s", "q"))) for i, split in enumerate(splits)
    }
    return as_float(arrays["cell"]), groups


Predict = Callable[[_Groups, float, float], FloatArray]
Weight = Callable[[_Groups, float], FloatArray]


def _formulas(values: FloatArray, pooled: _Groups, tolerance: float) -> list[tuple[Formula, float, Predict]]:
    """Return what may have been computed."""
    return [
        ("mean", 0.0, _shrunk(lambda groups, _: np.ones_like(groups.n))),
        ("empirical Bayes", 0.0, _shrunk(_weight_bayes)),
        *(("sigmoid", least, _shrunk(_weight_sigmoid(least, slope))) for least, slope in SIGMOIDS),
        *(("m-estimate", m, _shrunk(_weight_m(m))) for m in _ms(values, pooled, tolerance)),
    ]


def _shrunk(weight: Weight) -> Predict:
    """Return the mean per value, of which only its weight counts, and the overall mean for the rest."""

    def predict(groups: _Groups, mean: float, variance: float) -> FloatArray:
        share = weight(groups, variance)
        return share * groups.mean + (1 - share) * mean

    return predict


def _weight_bayes(groups: _Groups, variance: float) -> FloatArray:
    weight: FloatArray = variance * groups.n / np.maximum(1e-300, variance * groups.n + groups.variance)
    return weight


def _weight_sigmoid(least: float, slope: float) -> Weight:
    return lambda groups, _: 1 / (1 + np.exp(np.minimum(700.0, (least - groups.n) / slope)))


def _weight_m(m: float) -> Weight:
    return lambda groups, _: groups.n / (groups.n + m)


def _ms(values: FloatArray, pooled: _Groups, tolerance: float) -> list[float]:
    """Return what m of v = (sum + m mean) / (n + m) may be: quantiles over the values that tell it.

    Where k categories of the same n and sum merged into one value, it tells k m instead of m.
    """
    mean = float(pooled.s.sum() / max(1.0, pooled.n.sum()))
    tells = (np.abs(mean - values) > 10 * tolerance) & (np.abs(values - pooled.mean) > 10 * tolerance)
    m = (values - pooled.mean)[tells] * pooled.n[tells] / (mean - values[tells])
    m = m[m > 0]
    return np.unique(np.quantile(m, LEVELS_OF_M, method="nearest")).tolist() if len(m) else []


def _fit(
    name: str,
    target: _Target,
    splits: tuple[str, ...],
    formula: tuple[Formula, float, Predict],
    values: FloatArray,
    pooled: _Groups,
    train: _Groups,
    tolerance: float,
    is_double: bool,
) -> Encoding:
    kind, smoothing, predict = formula
    n_merged = 1 if kind == "mean" or not is_double else MOST_MERGED
    from_all, from_train = (_predicted(groups, predict, values, n_merged) for groups in (pooled, train))
    apart = np.abs(from_all - from_train)
    # A value of the overall mean stands for categories the encoder did not know.
    known = np.abs(values - float(pooled.s.sum() / max(1.0, pooled.n.sum()))) > tolerance
    telling: NDArray[np.bool_] = (apart > APART * tolerance) & (train.n > 0) & known
    fits, fits_train = (np.abs(values - predicted) <= tolerance for predicted in (from_all, from_train))
    return Encoding(
        column=name,
        target=target.name,
        splits=splits,
        formula=kind,
        smoothing=smoothing,
        n_values=len(values),
        n_telling=int(telling.sum()),
        n_fit=int((fits & telling).sum()),
        n_fit_train=int((fits_train & telling).sum()),
        tolerance=tolerance,
        spread=float(np.median(apart[telling])) if telling.any() else 0.0,
        n_rows=int(pooled.n.sum()),
    )


def _predicted(groups: _Groups, predict: Predict, values: FloatArray, n_merged: int) -> FloatArray:
    """Return the prediction for each value; of those for 1, 2, ... merged categories the one next to the value."""
    n = max(1.0, float(groups.n.sum()))
    mean = float(groups.s.sum()) / n
    variance = max(0.0, float(groups.q.sum()) / n - mean**2)
    best = predict(groups, mean, variance)
    for k in range(2, n_merged + 1):
        other = predict(_Groups(groups.n / k, groups.s / k, groups.q / k), mean, variance)
        is_next = (np.abs(other - values) < np.abs(best - values)) & (groups.n >= k)
        best = np.where(is_next, other, best)
    return best
