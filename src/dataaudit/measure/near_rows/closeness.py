"""How alike two cells of a column must be to count as nearly equal, and how often two rows are so by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import evenly
from dataaudit.measure.sample import as_number
from dataaudit.model import ColumnInfo, Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

# A step of the grid, in interquartile ranges: wide beside the tolerances, so that few near cells are cut apart.
GRID_STEP = 0.25
# Tolerances, in interquartile ranges, from wide to none but the rounding of doubles.
TOLERANCES = (0.1, 0.01, 0.001, 1e-9)
ORDERED = (Kind.NUMERIC, Kind.DATETIME)
# Spaces, also narrow, wide and invisible ones, and the signs that stand for them.
IGNORED_SIGNS = " \t\r\n_-.\u00a0\u200b\u2009\u202f\u3000\ufeff"
MAX_COLUMNS = 500
ROWS_TO_TELL_SIGNS = 1_000


@dataclass(frozen=True)
class Closeness:
    """One feature: how its cells are compared.

    Attributes
    ----------
    cell : str
        The column's name in statements.
    scale : float
        Of ordered columns the interquartile range (where that is 0, the
        standard deviation), in the column's unit or seconds; 0 for others.
    bits : float
        Minus log2 of the chance that two training rows have the same grid cell.
    chance_alike : tuple of float
        The chance that two training rows agree, for every tolerance in `TOLERANCES`.
    """

    column: str
    kind: Kind
    cell: str
    scale: float
    bits: float
    chance_alike: tuple[float, ...]
    is_ascii: bool = True

    @property
    def is_ordered(self) -> bool:
        """Whether cells are compared by their distance."""
        return self.kind in ORDERED

    def grid(self) -> str:
        """Return SQL of the part of a row's key: the step a number falls in, or the text in its normal form."""
        if self.is_ordered:
            return f"hash(floor({self.number('')} / {self.scale * GRID_STEP!r} + 0.5e0))"
        if self.is_ascii and self.kind is not Kind.EMBEDDING:
            # Nearly the normal form, in a quarter of its time.
            return f"hash(lower(replace(replace(replace({self.text('')}, ' ', ''), '-', ''), '_', '')))"
        return f"hash({self._form('')})"

    def is_off(self, tolerance: float) -> str:
        """Return SQL of 1 where a cell of `o` and of `t` are further apart than so many scales, else 0."""
        if self.is_ordered:
            ours, theirs = self.number("o."), self.number("t.")
            apart = f"abs({ours} - {theirs}) > {self.scale * tolerance!r}"
            return f"CASE WHEN coalesce({apart}, ({ours} IS NULL) <> ({theirs} IS NULL)) THEN 1 ELSE 0 END"
        # Most texts are the same to the letter, and need not be brought to their form.
        same = f"o.{self.cell} IS NOT DISTINCT FROM t.{self.cell}"
        apart = f"coalesce({self._form('o.')} <> {self._form('t.')}, true)"
        return f"CASE WHEN {same} THEN 0 WHEN {apart} THEN 1 ELSE 0 END"

    def number(self, of: str) -> str:
        """Return SQL of the cell of `of` as a number, dates in seconds."""
        return as_number(f"{of}{self.cell}", self.kind)

    def text(self, of: str) -> str:
        """Return SQL of the cell of `of` as text."""
        return f"CAST({of}{self.cell} AS VARCHAR)"

    def _form(self, of: str) -> str:
        text = f"lower({self.text(of)})"
        if self.kind in (Kind.BOOLEAN, Kind.EMBEDDING):
            return text
        # Signs without a counterpart are taken out.
        return f"translate({text if self.is_ascii else f'strip_accents({text})'}, '{IGNORED_SIGNS}', '')"


def measure_closeness(facts: Facts) -> tuple[Closeness, ...]:
    """Return how the cells of features that vary, and that no split lacks, are compared; of more than 500, of 500."""
    absent = {name for relation in facts.dataset.relations.values() for name in relation.absent}
    features = sorted((column for column in facts.features if column.name not in absent), key=lambda c: c.name)
    features = evenly(features, MAX_COLUMNS)
    texts = [column for column in features if column.kind in (Kind.CATEGORICAL, Kind.TEXT)]
    plain = _without_foreign_letters(facts, texts)
    known = (
        _of_ordered(facts, column) if column.kind in ORDERED else _of_others(facts, column, plain)
        for column in features
    )
    return tuple(closeness for closeness in known if closeness is not None)


def _of_ordered(facts: Facts, column: ColumnInfo) -> Closeness | None:
    values = facts.sample.numeric[column.name]
    present = values[np.isfinite(values)]
    if present.size < 2:
        return None
    low, high = np.quantile(present, (0.25, 0.75))
    with np.errstate(over="ignore", invalid="ignore"):
        scale = float(high - low) or float(np.std(present))
    if not 0 < scale < float("inf"):
        return None
    with np.errstate(over="ignore"):
        steps = np.floor(values / (scale * GRID_STEP) + 0.5)
    chances = tuple(_chance_within(values, scale * tolerance) for tolerance in TOLERANCES)
    bits = -np.log2(_chance_equal(np.unique(steps, return_counts=True, equal_nan=True)[1]))
    return Closeness(column.name, column.kind, facts.dataset.sql_name(column.name), scale, float(bits), chances)


def _of_others(facts: Facts, column: ColumnInfo, plain: frozenset[str]) -> Closeness | None:
    table = facts.tables.get(column.name)
    if table is None:
        chance = 1 / max(2.0, float(facts.dataset.surveys["train"][column.name].n_distinct or facts.sample.n_rows))
    else:
        counts = np.delete(table.n["train"], [] if table.other_key is None else [table.other_key])
        chance = float((counts.astype(float) ** 2).sum() / max(1, int(table.n["train"].sum())) ** 2)
    if chance >= 1:
        return None
    chance = max(chance, 1 / max(2, facts.sample.n_rows_train))
    chances = (chance,) * len(TOLERANCES)
    cell = facts.dataset.sql_name(column.name)
    return Closeness(column.name, column.kind, cell, 0.0, float(-np.log2(chance)), chances, column.name in plain)


def _chance_within(values: FloatArray, tolerance: float) -> float:
    """Return the share of pairs of rows that lie so near one another, from every row and one drawn for it."""
    n_rows = len(values)
    order = np.random.default_rng(0).permutation(n_rows)
    other = values[np.roll(order, 1)]
    with np.errstate(invalid="ignore", over="ignore"):
        alike = np.abs(values[order] - other) <= tolerance
    alike |= np.isnan(values[order]) & np.isnan(other)
    return (int(alike.sum()) + 1) / (n_rows + 1)


def _chance_equal(counts: NDArray[np.int64]) -> float:
    """Return the chance that two different rows fall into one of these cells together, never quite 0."""
    n_rows = float(counts.sum())
    pairs = float((counts * (counts - 1.0)).sum())
    return (pairs + 1) / (n_rows * (n_rows - 1) + 1)


def _without_foreign_letters(facts: Facts, columns: Sequence[ColumnInfo]) -> frozenset[str]:
    """Return the text columns whose first sampled cells are ASCII: others must be taken to their base letters."""
    if not columns:
        return frozenset()
    dataset = facts.dataset
    cells = [dataset.sql_name(column.name) for column in columns]
    longer = ", ".join(f"count_if(strlen({cell}) > length({cell}))" for cell in cells)
    rows = f"SELECT {', '.join(cells)} FROM {facts.sample.some_rows(ROWS_TO_TELL_SIGNS)}"
    found = dataset.engine.rows(f"SELECT {longer} FROM ({rows})")[0]
    return frozenset(column.name for column, n_foreign in zip(columns, found, strict=True) if n_foreign == 0)
