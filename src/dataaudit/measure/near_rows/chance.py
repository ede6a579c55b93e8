"""Would chance give a row its near twin? The matched rows' own cells, weighed by how common they are in train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.measure.near_rows.closeness import TOLERANCES, Closeness

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.near_rows.overlaps import Matching

FloatArray = NDArray[np.float64]

MAX_ROWS_WEIGHED = 1_000
COLUMNS_PER_STATEMENT = 200
# Were a row to find fewer in train, its twin is no coincidence.
FEWEST_TWINS_BY_CHANCE = 0.02


def look_closer(facts: Facts, split: str, columns: Sequence[Closeness], matching: Matching) -> dict[str, Any]:
    """Return `share_not_by_chance` and `columns_off` of up to 1,000 matched rows of a split."""
    pairs = f"SELECT * FROM near_pairs_{split} ORDER BY n_off, n_changed, row LIMIT {MAX_ROWS_WEIGHED}"
    listed = facts.dataset.engine.arrays(f"SELECT row, n_off, n_changed FROM ({pairs}) ORDER BY row")
    if not len(listed["row"]):
        return {"share_not_by_chance": 0.0, "columns_off": {}}
    n_off = np.array(listed["n_off"], dtype=np.int64)
    # A pair with cells beyond the tolerance that matches by its changed cells is judged by those.
    by_change = n_off > matching.n_off
    n_off[by_change] = np.asarray(listed["n_changed"], dtype=np.int64)[by_change]
    chance = FewOff(n_off)
    columns_off: dict[str, int] = {}
    for part in chunks(columns, COLUMNS_PER_STATEMENT):
        cells = _cells_of(facts, split, pairs, part)
        for i, column in enumerate(part):
            tolerances = np.where(by_change, TOLERANCES[-1], matching.tolerance)
            chance.add(_chance_of(facts, column, cells[f"v{i}"], tolerances))
            columns_off[column.column] = int(cells[f"d{i}"].sum())
    expected = chance.total() * facts.dataset.relations["train"].n_rows
    ranked = sorted(((n, name) for name, n in columns_off.items() if n), key=lambda pair: (-pair[0], pair[1]))
    return {
        "share_not_by_chance": float((expected < FEWEST_TWINS_BY_CHANCE).mean()),
        "columns_off": {name: n for n, name in ranked},
    }


class FewOff:
    """For every row the chance that at most so many of its independent columns disagree, built up by columns."""

    def __init__(self, n_off: NDArray[np.int64]) -> None:
        self._n_off = n_off
        self._mass = np.zeros((len(n_off), int(n_off.max()) + 1))
        self._mass[:, 0] = 1.0

    def add(self, alike: FloatArray) -> None:
        """Take in a column: the chance of every row that another row agrees with it there."""
        moved = np.column_stack([np.zeros(len(alike)), self._mass[:, :-1]])
        self._mass = self._mass * alike[:, None] + moved * (1 - alike[:, None])

    def total(self) -> FloatArray:
        """Return the chance of every row."""
        counted = np.arange(self._mass.shape[1])[None, :] <= self._n_off[:, None]
        summed: FloatArray = (self._mass * counted).sum(axis=1)
        return summed


def _cells_of(facts: Facts, split: str, pairs: str, columns: Sequence[Closeness]) -> Mapping[str, NDArray[Any]]:
    """Return of every pair each column's cell in the split (v) and whether the two cells differ (d)."""
    cells = [
        f"{column.number('o.') if column.is_ordered else column.text('o.')} AS v{i}, "
        f"{column.is_off(TOLERANCES[-1])} AS d{i}"
        for i, column in enumerate(columns)
    ]
    return facts.dataset.engine.arrays(
        f"SELECT {', '.join(cells)} FROM ({pairs}) AS p JOIN near_rows_{split} AS o ON o.row = p.row "
        "JOIN near_rows_train AS t ON t.row = p.twin ORDER BY p.row"
    )


def _chance_of(facts: Facts, column: Closeness, cells: NDArray[Any], tolerances: FloatArray) -> FloatArray:
    if column.is_ordered:
        return _share_within(facts.sample.numeric[column.column], as_float(cells), column.scale * tolerances)
    table = facts.tables.get(column.column)
    if table is None:
        return np.full(len(cells), column.chance_alike[-1])
    n_train = max(1, int(table.n["train"].sum()))
    shares = {key: n / n_train for key, n in zip(table.keys, table.n["train"].tolist(), strict=True)}
    least = 1 / n_train
    missing = np.ma.getmaskarray(cells)
    texts = np.ma.getdata(cells).tolist()
    of_missing = shares.get(table.keys[table.missing_key], least)
    return np.array(
        [of_missing if gone else max(least, shares.get(text, least)) for text, gone in zip(texts, missing, strict=True)]
    )


def _share_within(values: FloatArray, cells: FloatArray, tolerance: FloatArray) -> FloatArray:
    """Return for every cell the share of values so near it, at least one value's."""
    present = np.sort(values[~np.isnan(values)])
    # The rounding of doubles must not part a cell from its equals.
    near = tolerance + 4 * np.spacing(np.abs(np.nan_to_num(cells)))
    inside = np.searchsorted(present, cells + near, "right") - np.searchsorted(present, cells - near, "left")
    shares = np.where(np.isnan(cells), np.isnan(values).mean(), inside / max(1, len(values)))
    at_least_one: FloatArray = np.maximum(shares, 1 / max(1, len(values)))
    return at_least_one
