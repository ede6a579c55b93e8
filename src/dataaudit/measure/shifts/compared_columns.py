"""The columns of a split that may stand in another unit than in train, with what tells that they differ at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from dataaudit.engine.base import as_float
from dataaudit.measure.drift import Drift, column_drift
from dataaudit.measure.sample import as_number
from dataaudit.measure.shifts.column_pair import ColumnPair
from dataaudit.measure.shifts.curves import FloatArray, curve_distance
from dataaudit.measure.shifts.row_labels import labels_of_rows
from dataaudit.model import Kind, Role, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

LEAST_BEFORE = 0.2
ALPHA = 0.005
FEWEST_ROWS = 20
# A column of so many zeros hides what happened to its other cells, which then must be so many.
LEAST_ZEROS, FEWEST_BESIDE_ZEROS = 0.3, 30

ColumnRole = Literal["feature", "label", "time"]


@dataclass(frozen=True)
class Compared:
    """A column that surely differs, with cells of both sides.

    Attributes
    ----------
    drift : Drift
        How far the curves lie apart as they stand; where `zeros_left_out`, those of the cells seen that are not 0.
    """

    drift: Drift
    pair: ColumnPair
    is_date: bool
    role: ColumnRole
    zeros_left_out: bool


def compared_columns(facts: Facts, split: str, n_splits: int) -> tuple[int, Iterator[Compared]]:
    """Return how many columns were compared, and those that surely differ."""
    drifts = _drifts(facts, split)
    times = [column.name for column in facts.info.with_role(Role.TIME) if _has_dates(facts, column.name, split)]
    label = _label_drift(facts, split)
    n_columns = len(drifts) + len(times) + (label is not None)
    most = ALPHA / max(1, n_columns * n_splits)
    return n_columns, _differing(facts, split, drifts, label, times, most)


def _differing(
    facts: Facts, split: str, drifts: list[Drift], label: Drift | None, times: list[str], most: float
) -> Iterator[Compared]:
    for drift in drifts:
        if drift.p_value < most:
            cells = [facts.shifts.split_rows[side].cells[drift.column] for side in ("train", split)]
            is_date = facts.info.column(drift.column).kind is Kind.DATETIME
            yield from _enough(drift, cells, is_date=is_date, role="feature")
    if label is not None and label.p_value < most:
        yield from _enough(
            label, [labels_of_rows(facts, side) for side in ("train", split)], is_date=False, role="label"
        )
    for name in times:
        cells = [_cells(facts, name, side) for side in ("train", split)]
        time = seen_drift(name, split, ColumnPair(*cells))
        if time.p_value < most:
            yield from _enough(time, cells, is_date=True, role="time")


def _enough(drift: Drift, cells: list[FloatArray], *, is_date: bool, role: ColumnRole) -> Iterator[Compared]:
    """Yield the column if its curves lie far enough apart; else, if it is mostly zeros, if the others do."""
    pair, zeros_left_out = ColumnPair(*cells), False
    if drift.effect < LEAST_BEFORE:
        if is_date or min(_share_of_zeros(pair.train), _share_of_zeros(pair.other)) < LEAST_ZEROS:
            return
        pair, zeros_left_out = ColumnPair(pair.train[pair.train != 0], pair.other[pair.other != 0]), True
        if min(pair.sizes) < FEWEST_BESIDE_ZEROS:
            return
        seen = seen_drift(drift.column, drift.split, pair)
        drift = replace(seen, p_value=max(seen.p_value, drift.p_value))
    if drift.effect >= LEAST_BEFORE and min(pair.sizes) >= FEWEST_ROWS:
        yield Compared(drift, pair, is_date, role, zeros_left_out)


def _share_of_zeros(values: FloatArray) -> float:
    return float((values == 0).mean()) if len(values) else 0.0


def seen_drift(column: str, split: str, pair: ColumnPair) -> Drift:
    """Return the distance of the cells seen, with the chance that Kolmogorov's distribution gives it."""
    n, m = pair.sizes
    if not n or not m:
        return Drift(column, split, "ks", 0.0, 0.0, 1.0, n, m)
    effect, noise = curve_distance(pair.train, pair.other), math.sqrt(1 / n + 1 / m)
    chance = min(1.0, 2 * math.exp(-2 * (effect / noise) ** 2))
    return Drift(column, split, "ks", effect, max(0.0, effect - 1.36 * noise), chance, n, m)


def _drifts(facts: Facts, split: str) -> list[Drift]:
    """Return the distances of numbers and times; of a reference they are counted here."""
    known = facts.drifts.get(split)
    found = []
    for column in facts.features:
        if column.kind not in (Kind.NUMERIC, Kind.DATETIME) or facts.profiles[split][column.name].absent:
            continue
        if known is not None and column.name in known:
            found.append(known[column.name])
        elif column.name in facts.tables:
            found.append(column_drift(facts.tables[column.name], split))
    return found


def _label_drift(facts: Facts, split: str) -> Drift | None:
    """Return how far a numeric target lies from train's; None of a reference."""
    is_number = facts.info.label is not None and facts.info.task is Task.REGRESSION
    return facts.label_drifts.get(split) if is_number and split in facts.other_splits else None


def _has_dates(facts: Facts, name: str, split: str) -> bool:
    relations = facts.dataset.relations
    is_there = all(name not in relations[side].absent for side in ("train", split))
    return is_there and facts.info.column(name).kind is Kind.DATETIME


def _cells(facts: Facts, name: str, split: str) -> FloatArray:
    """Return the cells of a declared time in the rows of a split that were drawn."""
    number, relation = as_number(facts.dataset.sql_name(name), Kind.DATETIME), facts.shifts.split_rows[split].relation
    cells = as_float(facts.dataset.engine.arrays(f"SELECT {number} AS t FROM {relation} ORDER BY row")["t"])
    return np.asarray(cells, dtype=np.float64)
