"""The rows that are tried on: a bounded sample of train that keeps its rare classes, and what belongs together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, quote_text
from dataaudit.engine.draw import draw_expression, draw_limit
from dataaudit.errors import InputError
from dataaudit.measure.forest import fetch_cells
from dataaudit.measure.labels import label_expression, label_text
from dataaudit.model import ColumnInfo, Role, Task
from dataaudit.rebalance.evaluate.coding import NAMED, ORDERED, Coded, code_cells, code_names
from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.evaluate.together import blocks_of
from dataaudit.rebalance.matrix import BoolArray, FloatArray, IntArray
from dataaudit.rebalance.sentinels import Sentinels

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_CLASSES = 50
MAX_FEATURES = 300
# Of a class that a sample in proportion would leave fewer of, so many are taken.
FEWEST_OF_CLASS = 100
# Draws are uniform, so a class is asked for a few rows more than are wanted.
SPARE = 1.2
SPARE_ROWS = 60


@dataclass(frozen=True)
class TriedRows:
    """Labelled rows of train, ascending by number.

    Attributes
    ----------
    labels : int array of shape (n_rows,)
        Places among `classes`.
    n_codes : tuple of int
        How many categories each column of them has.
    weights : float array of shape (n_rows,)
        How many rows of train each stands for, 1 on average; all 1 where classes have their natural shares.
    blocks : int array of shape (n_rows,)
        Rows of one number never stand on both sides of a fold: one group, or copies.
    times : float array of shape (n_rows,) or None
    n_rows_train : int
        Labelled rows of train.
    coded : Coded
        What the columns of the cells are.
    sentinels : Sentinels
        Numbers that stand for missing, which a sampler is to know.
    """

    cells: Cells
    labels: IntArray
    classes: tuple[str, ...]
    n_codes: tuple[int, ...]
    weights: FloatArray
    blocks: IntArray
    times: FloatArray | None
    n_rows_train: int
    notes: tuple[str, ...] = ()
    coded: Coded = field(default_factory=Coded)
    sentinels: Sentinels = field(default_factory=Sentinels)

    @property
    def n_rows(self) -> int:
        """Rows that are here."""
        return len(self.labels)

    @property
    def shares(self) -> FloatArray:
        """Share of every class in train."""
        found: FloatArray = np.bincount(self.labels, self.weights, len(self.classes)) / self.weights.sum()
        return found

    @property
    def asked_of(self) -> tuple[int, ...]:
        """Classes that are scored against the rest: of two the rarer one, of equally rare ones the second."""
        if len(self.classes) != 2:
            return tuple(range(len(self.classes)))
        return (0,) if self.shares[0] < self.shares[1] else (1,)

    def take(self, kept: BoolArray) -> TriedRows:
        """Return some of the rows; classes without any are gone."""
        codes, labels = np.unique(self.labels[kept], return_inverse=True)
        weights = self.weights[kept]
        return replace(
            self,
            cells=self.cells.take(kept),
            labels=labels.astype(np.int64),
            classes=tuple(self.classes[code] for code in codes),
            weights=weights / weights.mean(),
            blocks=self.blocks[kept],
            times=None if self.times is None else self.times[kept],
        )


def check_classes(facts: Facts) -> None:
    """Raise InputError if there is nothing to compare: no classes, one, or very many; or no feature."""
    label = str(facts.info.label)
    if facts.info.task is Task.REGRESSION:
        raise InputError(
            f"evaluate needs classes, and the label {label!r} is a number",
            hint="if its values are classes, declare --task multiclass",
        )
    n_classes = int((facts.classes.counts["train"] > 0).sum())
    if not 2 <= n_classes <= MAX_CLASSES:
        raise InputError(
            f"evaluate compares models of 2 to {MAX_CLASSES} classes, and the label {label!r} has {n_classes}",
            hint="name the column of classes with --label",
        )
    if not tried_columns(facts):
        raise InputError("there is no feature that a plain model could learn from", "exclude fewer columns")


def tried_columns(facts: Facts) -> list[ColumnInfo]:
    """Return the features that models are given: up to 300 by name, no texts and no embeddings."""
    columns = sorted(facts.info.with_role(Role.FEATURE), key=lambda column: column.name)
    return [column for column in columns if column.kind in (*ORDERED, *NAMED)][:MAX_FEATURES]


def class_quotas(counts: Mapping[str, int], n_wanted: int) -> dict[str, int]:
    """Return how many rows of every class to take: in proportion, but of a rare one 100, or all it has.

    >>> class_quotas({"no": 9_800, "yes": 200}, 5_000), class_quotas({"no": 999_900, "yes": 300}, 5_000)
    ({'no': 4900, 'yes': 100}, {'no': 4900, 'yes': 100})
    """
    total = sum(counts.values())
    if total <= n_wanted:
        return dict(counts)
    raised = {name: min(n, FEWEST_OF_CLASS) for name, n in counts.items() if n * n_wanted < FEWEST_OF_CLASS * total}
    left = max(0, n_wanted - sum(raised.values()))
    others = sum(n for name, n in counts.items() if name not in raised)
    return {name: raised[name] if name in raised else round(left * n / others) for name, n in counts.items()}


def read_rows(facts: Facts, n_wanted: int, sentinels: Sentinels | None = None) -> TriedRows:
    """Fetch about that many labelled rows of train.

    Raises
    ------
    InputError
        If a time is declared and no row has one.
    """
    counted = facts.classes.counts["train"]
    counts = {name: int(n) for name, n in zip(facts.classes.classes, counted, strict=True) if n}
    quotas = class_quotas(counts, n_wanted)
    relation = _drawn(facts, counts, quotas)
    label = label_expression(facts.dataset)
    query = f"SELECT {label} AS y, {draw_expression(facts.seed)} AS draw FROM {relation} ORDER BY row"
    arrays = facts.dataset.engine.arrays(query)
    texts = np.array([label_text(value) for value in arrays["y"].tolist()], dtype=object)
    classes = tuple(counts)
    labels = np.array([classes.index(text) for text in texts], dtype=np.int64)
    chosen = _lowest_draws(labels, np.asarray(arrays["draw"]), [quotas[name] for name in classes])
    labels = labels[chosen]
    weights = _weights(labels, list(counts.values()))
    columns = tried_columns(facts)
    found = {name: values[chosen] for name, values in fetch_cells(facts, columns, relation).items()}
    cells, n_codes, coded = code_cells(columns, found)
    groups, times = _declared(facts, relation, chosen)
    blocks, n_copies = blocks_of(groups, cells)
    rows = TriedRows(
        cells,
        labels,
        classes,
        n_codes,
        weights,
        blocks,
        times,
        sum(counts.values()),
        tuple(_notes(facts, n_copies)),
        coded,
        sentinels or Sentinels(),
    )
    if times is None:
        return rows
    if np.isnan(times).all():
        raise InputError("no labelled row has a time", "leave out --time, or name another column")
    return rows.take(~np.isnan(times)) if np.isnan(times).any() else rows


def _drawn(facts: Facts, counts: Mapping[str, int], quotas: Mapping[str, int]) -> str:
    """Return what stands after FROM for some rows more than are wanted of every class."""
    label = label_expression(facts.dataset)
    if quotas == counts:
        return f"(SELECT * FROM train WHERE {label} IS NOT NULL)"
    sql_type = facts.dataset.sql_types[str(facts.info.label)]
    limits = " ".join(
        f"WHEN CAST({quote_text(name)} AS {sql_type}) THEN {draw_limit(n, int(quotas[name] * SPARE) + SPARE_ROWS)}"
        for name, n in counts.items()
    )
    return f"(SELECT * FROM train WHERE {draw_expression(facts.seed)} < CASE {label} {limits} ELSE 0 END)"


def _lowest_draws(labels: IntArray, draws: IntArray, quotas: list[int]) -> IntArray:
    chosen = []
    for code, quota in enumerate(quotas):
        own = np.flatnonzero(labels == code)
        chosen.append(own[np.argsort(draws[own], kind="stable")[:quota]])
    return np.sort(np.concatenate(chosen))


def _weights(labels: IntArray, counts: list[int]) -> FloatArray:
    """Return 1 where classes were taken in proportion, else what brings back their natural shares."""
    shares = np.array(counts) / sum(counts)
    taken = np.bincount(labels, minlength=len(counts))
    if np.abs(taken - shares * taken.sum()).max() <= len(counts):
        return np.ones(len(labels))
    return np.asarray((shares / (taken / taken.sum()))[labels], dtype=np.float64)


def _declared(facts: Facts, relation: str, chosen: IntArray) -> tuple[list[NDArray[Any]], FloatArray | None]:
    """Return the groups' cells and the times of the chosen rows, as far as they are declared."""
    groups = [column for column in facts.info.with_role(Role.GROUP) if column.declared]
    times = [column for column in facts.info.with_role(Role.TIME) if column.declared][:1]
    found = {name: values[chosen] for name, values in fetch_cells(facts, [*groups, *times], relation).items()}
    if not times:
        return [found[column.name] for column in groups], None
    values = found[times[0].name]
    if times[0].kind in ORDERED:
        moments = as_float(values)
    else:
        moments = code_names(values, len(values) + 1).astype(np.float64)
        moments[moments < 0] = np.nan
    return [found[column.name] for column in groups], moments


def _notes(facts: Facts, n_copies: int) -> list[str]:
    notes = []
    known = {column.name for column in tried_columns(facts)}
    left_out = [column.name for column in facts.info.with_role(Role.FEATURE) if column.name not in known]
    if left_out:
        shown = ", ".join(repr(name) for name in left_out[:5])
        more = f" and {len(left_out) - 5:,} more" if len(left_out) > 5 else ""
        notes.append(f"The models were not given {shown}{more}: texts, or beyond {MAX_FEATURES} features.")
    if n_copies:
        notes.append(f"{n_copies:,} rows that are copies of others stand on one side of every fold with them.")
    return notes
