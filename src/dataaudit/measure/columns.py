"""Facts about whole columns: twins, identifiers, spikes at an extreme, what their cells parse as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.engine.dataset import CellKinds, Cells
from dataaudit.model import IDENTIFIER_NAME, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile

COLUMNS_PER_STATEMENT = 100
ROWS_PER_BLOCK = 65_536
SHARE_NEARLY_UNIQUE = 0.95
LEVELS = np.array([0, 0.001, 0.01, *np.arange(0.05, 1, 0.05), 0.99, 0.999, 1])
N_VALUES_FOR_A_LOG = 20


@dataclass(frozen=True)
class ColumnTwins:
    """Two columns that say the same, verified over all training rows.

    relation: "equal" (the same values), "recoded" (one-to-one: each value of
    one goes with one value of the other), or "affine" (second = slope * first
    + intercept).
    """

    first: str
    second: str
    relation: Literal["equal", "recoded", "affine"]
    n_rows: int
    slope: float | None = None
    intercept: float | None = None
    sampled: bool = False


@dataclass(frozen=True)
class IdentifierShape:
    """How much a column looks like a name for the row, over all training rows.

    `consecutive`: integers without a gap. `sorted_by_row`: never falling in
    file order. `name_suggests`: the column's name says id, key, index, uuid.
    """

    column: str
    n_rows: int
    n_present: int
    n_distinct: int
    consecutive: bool
    sorted_by_row: bool
    name_suggests: bool
    sampled: bool = False


@dataclass(frozen=True)
class Spike:
    """The rows at the very end of a column: its value, how many, and the next value inwards.

    `n_rows_next` counts the rows of that, of a lowest value below 0 where no
    other value is.
    """

    value: float
    n_rows: int
    next_value: float | None
    n_rows_next: int | None = None


@dataclass(frozen=True)
class Extremes:
    """Both ends of a numeric column in train, over all rows, beside its quantiles."""

    column: str
    n_present: int
    low: Spike
    high: Spike
    sampled: bool = False


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of a numeric column in train, from the sample (all rows where they fit).

    `values[i]` is the `levels[i]` quantile; `at(level)` interpolates.
    """

    column: str
    levels: NDArray[np.float64]
    values: NDArray[np.float64]
    n_rows: int
    skew: float
    skew_after_log: float | None
    positive_p1: float | None
    positive_median: float | None
    sampled: bool

    def at(self, level: float) -> float:
        """Return the quantile at a level in [0, 1]."""
        return float(np.interp(level, self.levels, self.values))


def measure_identifiers(facts: Facts) -> dict[str, IdentifierShape]:
    """Describe the whole-number and text columns whose values are nearly all different in train."""
    train = facts.profiles["train"]
    columns = [
        column
        for column in facts.info.with_role(Role.FEATURE, Role.ID)
        if 0
        < SHARE_NEARLY_UNIQUE * train[column.name].n_present
        <= facts.dataset.surveys["train"][column.name].n_distinct
    ]
    rising = _rising(facts, [column.name for column in columns])
    return {column.name: _identifier(facts, column.name, column.name in rising) for column in columns}


def _rising(facts: Facts, names: list[str]) -> set[str]:
    """Return the columns that never fall in file order: most others are told by the sample alone."""
    dataset = facts.dataset
    in_sample = set()
    for run in chunks(names, COLUMNS_PER_STATEMENT):
        cells = [dataset.sql_name(name) for name in run]
        follows = ", ".join(f"{cell} >= lag({cell}) OVER (ORDER BY row) AS {cell}_follows" for cell in cells)
        listed = ", ".join(f"bool_and({cell}_follows)" for cell in cells)
        row = dataset.engine.rows(f"SELECT {listed} FROM (SELECT {follows} FROM {facts.sample.relation})")[0]
        in_sample |= {name for name, rises in zip(run, row, strict=True) if rises}
    return {name for name in in_sample if not facts.sample.sampled or _rises(facts, name)}


def _rises(facts: Facts, name: str) -> bool:
    """Return whether a column never falls over all rows of train: first as a count of the rows, else block by block.

    One window over all rows would have to sort the whole table.
    """
    engine, cell = facts.dataset.engine, facts.dataset.sql_name(name)
    if facts.dataset.sql_types[name] == "BIGINT":
        low, high = engine.rows(f"SELECT min({cell} - row), max({cell} - row) FROM train")[0]
        if low == high:
            return True
    block = f"row // {ROWS_PER_BLOCK}"
    cells = (
        f"SELECT {block} AS block, {cell} AS cell, "
        f"lag({cell}) OVER (PARTITION BY {block} ORDER BY row) AS previous FROM train"
    )
    blocks = (
        "SELECT block, coalesce(bool_and(cell >= previous), true) AS rises, min(cell) AS low, max(cell) AS high "
        f"FROM ({cells}) GROUP BY block"
    )
    follows = f"SELECT rises, coalesce(low >= lag(high) OVER (ORDER BY block), true) AS follows FROM ({blocks})"
    return bool(engine.rows(f"SELECT bool_and(rises AND follows) FROM ({follows})")[0][0])


def _identifier(facts: Facts, name: str, sorted_by_row: bool) -> IdentifierShape:
    profile = facts.profiles["train"][name]
    n_distinct = facts.dataset.surveys["train"][name].n_distinct
    consecutive = False
    if profile.minimum is not None and profile.maximum is not None and profile.is_integer:
        consecutive = profile.maximum - profile.minimum + 1 == n_distinct == profile.n_present
    return IdentifierShape(
        column=name,
        n_rows=profile.n_rows,
        n_present=profile.n_present,
        n_distinct=n_distinct,
        consecutive=consecutive,
        sorted_by_row=sorted_by_row,
        name_suggests=bool(IDENTIFIER_NAME.search(name)),
    )


def measure_extremes(facts: Facts) -> dict[str, Extremes]:
    """Count the rows at both ends of numeric features, and find the next value inwards.

    Only features with a whole number at an end are looked at: a code such as
    -999 is one, and the extreme of a continuous measurement hardly ever is.
    """
    train = facts.profiles["train"]
    columns = [
        column.name for column in facts.features if column.kind is Kind.NUMERIC and _has_whole_end(train[column.name])
    ]
    found = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(expression for name in run for expression in _end_expressions(facts, name))
        row = facts.dataset.engine.rows(f"SELECT {listed} FROM train")[0]
        for i, name in enumerate(run):
            n_low, next_low, n_high, next_high = row[4 * i : 4 * i + 4]
            found[name] = Extremes(
                column=name,
                n_present=train[name].n_present,
                low=Spike(float(train[name].minimum or 0.0), int(n_low), None if next_low is None else float(next_low)),
                high=Spike(
                    float(train[name].maximum or 0.0), int(n_high), None if next_high is None else float(next_high)
                ),
            )
    return found | _beside_lone_negatives(facts, found)


def _beside_lone_negatives(facts: Facts, found: dict[str, Extremes]) -> dict[str, Extremes]:
    """Count the lowest of the other values, where the lowest value is the only one below 0."""
    nexts = {
        name: ends.low.next_value
        for name, ends in found.items()
        if ends.low.value < 0 and ends.low.next_value is not None and ends.low.next_value >= 0
    }
    counted = {}
    for run in chunks(list(nexts), COLUMNS_PER_STATEMENT):
        listed = ", ".join(
            f"count_if(CAST({facts.dataset.sql_name(name)} AS DOUBLE) = CAST('{nexts[name]!r}' AS DOUBLE))"
            for name in run
        )
        row = facts.dataset.engine.rows(f"SELECT {listed} FROM train")[0]
        for name, n_rows in zip(run, row, strict=True):
            low = replace(found[name].low, n_rows_next=int(n_rows))
            counted[name] = replace(found[name], low=low)
    return counted


def _has_whole_end(profile: ColumnProfile) -> bool:
    ends = (profile.minimum, profile.maximum)
    return any(end is not None and end.is_integer() for end in ends)


def _end_expressions(facts: Facts, name: str) -> list[str]:
    cell = f"CAST({facts.dataset.sql_name(name)} AS DOUBLE)"
    profile = facts.profiles["train"][name]
    low, high = f"CAST('{profile.minimum!r}' AS DOUBLE)", f"CAST('{profile.maximum!r}' AS DOUBLE)"
    return [
        f"count_if({cell} = {low})",
        f"min({cell}) FILTER ({cell} > {low})",
        f"count_if({cell} = {high})",
        f"max({cell}) FILTER ({cell} < {high})",
    ]


def measure_quantiles(facts: Facts) -> dict[str, Quantiles]:
    """Return quantiles and skew of every numeric feature, and of an integer-valued label's peers."""
    sample = facts.sample
    found = {}
    for column in facts.info.with_role(Role.FEATURE):
        if column.name not in sample.numeric:
            continue
        values = sample.numeric[column.name]
        values = values[~np.isnan(values)]
        if len(values):
            found[column.name] = _quantiles(column.name, values, sample.sampled)
    return found


def _quantiles(name: str, values: NDArray[np.float64], sampled: bool) -> Quantiles:
    positive = values[values > 0]
    has_positive = len(positive) > 0
    return Quantiles(
        column=name,
        levels=LEVELS,
        values=np.quantile(values, LEVELS),
        n_rows=len(values),
        skew=_skew(values),
        skew_after_log=_skew(np.log1p(values)) if values.min() >= 0 and len(values) >= N_VALUES_FOR_A_LOG else None,
        positive_p1=float(np.quantile(positive, 0.01)) if has_positive else None,
        positive_median=float(np.median(positive)) if has_positive else None,
        sampled=sampled,
    )


def _skew(values: NDArray[np.float64]) -> float:
    """Return the moment coefficient of skewness, 0 for a constant column."""
    scale = float(np.abs(values).max())
    if scale == 0:
        return 0.0
    centred = values / scale - (values / scale).mean()
    sd = float(centred.std())
    return float((centred**3).mean()) / sd**3 if sd > 1e-12 else 0.0


__all__ = ["CellKinds", "Cells", "ColumnTwins", "Extremes", "IdentifierShape", "Quantiles", "Spike"]
