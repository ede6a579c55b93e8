"""Columns in which some rows stand in another unit than the rest: copies of one curve a power of ten apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.shifts.curves import FloatArray
from dataaudit.measure.spread.unit_heaps import FEWEST_ROWS, Heaps, two_heaps
from dataaudit.model import Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_ROWS = 20_000
# Columns whose largest value is not so many times the smallest cannot hold two units.
LEAST_RATIO = 50.0
MOST_LEVELS = 50
LEAST_PURE = 0.95
MOST_COLUMNS_OF_LEVELS = 50
MOST_ROWS_OF_LEVELS = 6_000
MOST_ROW_NUMBERS = 20


@dataclass(frozen=True)
class UnitOfLevel:
    """A category whose rows hold the rarer unit, and hardly any others do.

    Attributes
    ----------
    share_within, share_elsewhere : float
        Rows of the rarer unit among those of the category, and among all others.
    """

    column: str
    value: str
    share_within: float
    share_elsewhere: float


@dataclass(frozen=True)
class UnitMixture:
    """One column whose rows lie in two heaps of the same shape.

    Attributes
    ----------
    factor : float
        The power of ten between both, over 1.
    cut : float
        Where the heaps part.
    is_larger : bool
        Whether the rarer unit has the larger numbers.
    n_rarer, n_present : int
        Rows of the rarer unit, and all that have a number, over all of train.
    distance : float
        Distance of the heaps' curves once they are brought together (on the sample).
    share_between : float
        Rows in the valley per rows at the middle of the rarer heap; 0 of a gap.
    rows : tuple of int
        The first row numbers of the rarer unit.
    level : UnitOfLevel or None
        The category that it goes with, if there is one.
    """

    column: str
    factor: float
    cut: float
    is_larger: bool
    n_rarer: int
    n_present: int
    distance: float
    share_between: float
    rows: tuple[int, ...]
    level: UnitOfLevel | None
    sampled: bool = False


def measure_mixed_units(facts: Facts) -> dict[str, UnitMixture]:
    """Look at every positive feature that spans enough; what is found is counted over all rows."""
    found = {}
    for name in _spanning(facts):
        values = facts.sample.numeric[name]
        heaps = two_heaps(_thinned(values[np.isfinite(values)]))
        if heaps is not None:
            found[name] = _counted(facts, name, heaps)
    return found


def _spanning(facts: Facts) -> Iterator[str]:
    profiles = facts.profiles["train"]
    for column in facts.features:
        profile = profiles[column.name]
        low, high = profile.minimum, profile.maximum
        if column.kind is not Kind.NUMERIC or low is None or high is None or profile.n_present < FEWEST_ROWS:
            continue
        if high > 0 and (low <= 0 or high / LEAST_RATIO >= low):
            yield column.name


def _thinned(values: FloatArray) -> FloatArray:
    if len(values) <= MOST_ROWS:
        return values
    places = np.linspace(0, len(values) - 1, MOST_ROWS).astype(np.int64)
    thinned: FloatArray = values[places]
    return thinned


def _counted(facts: Facts, name: str, heaps: Heaps) -> UnitMixture:
    engine, cell = facts.dataset.engine, f"CAST({facts.dataset.sql_name(name)} AS DOUBLE)"
    cut = f"CAST('{heaps.cut!r}' AS DOUBLE)"
    is_rarer = f"{cell} > {cut}" if heaps.is_larger else f"({cell} <= {cut} AND {cell} > 0)"
    [(n_rarer, n_present)] = engine.rows(f"SELECT count_if({is_rarer}), count({cell}) FROM train")
    rows = engine.rows(f"SELECT row FROM train WHERE {is_rarer} ORDER BY row LIMIT {MOST_ROW_NUMBERS}")
    return UnitMixture(
        name,
        10.0**heaps.power,
        heaps.cut,
        heaps.is_larger,
        int(n_rarer),
        int(n_present),
        heaps.distance,
        heaps.share_between,
        tuple(int(row) for (row,) in rows),
        _level(facts, name, is_rarer),
        facts.sample.sampled or facts.sample.n_rows > MOST_ROWS,
    )


def _level(facts: Facts, name: str, is_rarer: str) -> UnitOfLevel | None:
    """Return the category that nearly all rows of the rarer unit have and hardly any other row."""
    candidates = [
        column.name
        for column in facts.info.with_role(Role.FEATURE, Role.CONTEXT, Role.GROUP)
        if column.kind in (Kind.CATEGORICAL, Kind.BOOLEAN) and column.name in facts.tables
        if len(facts.tables[column.name].keys) <= MOST_LEVELS
    ][:MOST_COLUMNS_OF_LEVELS]
    if not candidates:
        return None
    listed = ", ".join(
        f"CAST({facts.dataset.sql_name(column)} AS VARCHAR) AS c{place}" for place, column in enumerate(candidates)
    )
    relation = facts.sample.some_rows(MOST_ROWS_OF_LEVELS)
    arrays = facts.dataset.engine.arrays(
        f"SELECT CASE WHEN {is_rarer} THEN 1 ELSE 0 END AS rarer, {listed} FROM {relation} "
        f"WHERE {facts.dataset.sql_name(name)} IS NOT NULL ORDER BY row"
    )
    rarer = np.asarray(arrays["rarer"], dtype=np.bool_)
    for place, column in enumerate(candidates):
        cells = _texts(arrays[f"c{place}"])
        named, counts = np.unique(cells[rarer], return_counts=True)
        if not len(named):
            return None
        value = str(named[counts.argmax()])
        own = cells == value
        within, elsewhere = float(rarer[own].mean()), float(rarer[~own].mean()) if (~own).any() else 1.0
        if value and within >= LEAST_PURE and elsewhere <= 1 - LEAST_PURE:
            return UnitOfLevel(column, value, within, elsewhere)
    return None


def _texts(values: NDArray[Any]) -> NDArray[np.str_]:
    """Return texts, the empty one where a cell is missing."""
    missing = np.ma.getmaskarray(values)
    found = np.where(missing, "", np.ma.getdata(values))
    return found.astype(np.str_)
