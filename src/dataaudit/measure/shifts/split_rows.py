"""Some rows of every split as numbers that mean the same in all of them: what models of the splits are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.engine.draw import draw_expression, draw_limit
from dataaudit.measure.forest import fetch_cells
from dataaudit.model import ColumnInfo, Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 6_000
MAX_CELLS = 6_000_000
LEFT_OUT = (Kind.TEXT, Kind.EMBEDDING)


@dataclass(frozen=True)
class SplitRows:
    """Rows of one split, all of them where they fit.

    Attributes
    ----------
    rows : int array of shape (n_rows,)
        Row numbers, ascending.
    cells : mapping of column to float array of shape (n_rows,)
        Numbers as they are, dates in seconds since 1970, categories as their
        places in the alphabet of all splits' categories; NaN where missing.
    n_rows_split : int
        Rows that the split has.
    relation : str
        What stands after FROM for these rows, to ask the engine for more of them in the order of `row`.
    """

    rows: NDArray[np.int64]
    cells: Mapping[str, NDArray[np.float64]]
    n_rows_split: int
    relation: str = ""

    @property
    def n_rows(self) -> int:
        """Rows that are here."""
        return len(self.rows)

    @property
    def sampled(self) -> bool:
        """Whether rows were left out."""
        return self.n_rows < self.n_rows_split


def measure_split_rows(facts: Facts) -> dict[str, SplitRows]:
    """Draw up to 6,000 rows of every split, fewer of very wide tables; of the features, all but texts and embeddings.

    Columns stand in the order of their names, so that the file's order does not show.
    """
    columns = sorted((one for one in facts.features if one.kind not in LEFT_OUT), key=lambda column: column.name)
    n_wanted = min(MAX_ROWS, max(1, MAX_CELLS // max(1, len(columns))))
    drawn = {split: _fetch(facts, split, columns, n_wanted) for split in facts.dataset.relations}
    numbers: dict[str, dict[str, NDArray[np.float64]]] = {split: {} for split in drawn}
    for column in columns:
        cells = {split: found[column.name] for split, (_, found) in drawn.items()}
        is_number = column.kind in (Kind.NUMERIC, Kind.DATETIME)
        for split, values in ({s: as_float(v) for s, v in cells.items()} if is_number else _places(cells)).items():
            numbers[split][column.name] = values
    return {
        split: SplitRows(
            rows, numbers[split], facts.dataset.relations[split].n_rows, _source(facts, split, n_wanted).relation
        )
        for split, (rows, _) in drawn.items()
    }


def _fetch(
    facts: Facts, split: str, columns: Sequence[ColumnInfo], n_wanted: int
) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
    """Return row numbers and cells, in the order of rows."""
    source = _source(facts, split, n_wanted)
    # Not the relation: of 10,000 columns `SELECT *` below a statement costs more than what it asks for.
    taken = f"{source.named} {source.where}"
    rows = np.asarray(facts.dataset.engine.arrays(f"SELECT row FROM {taken} ORDER BY row")["row"], dtype=np.int64)
    cells = _numbers_of_sample(facts, columns, rows) if split == "train" else {}
    return rows, cells | fetch_cells(facts, [column for column in columns if column.name not in cells], taken)


def _numbers_of_sample(facts: Facts, columns: Sequence[ColumnInfo], rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Return the numbers of rows that the sample holds already."""
    sample = facts.sample
    known = facts.dataset.engine.arrays(f"SELECT row FROM {sample.relation} ORDER BY row")["row"]
    places = np.searchsorted(np.asarray(known, dtype=np.int64), rows)
    return {column.name: sample.numeric[column.name][places] for column in columns if column.name in sample.numeric}


@dataclass(frozen=True)
class _Source:
    """Where rows of a split come from: a relation, and the condition that draws some of them."""

    named: str
    where: str

    @property
    def relation(self) -> str:
        """What stands after FROM for them."""
        return f"(SELECT * FROM {self.named} {self.where})" if self.where else self.named


def _source(facts: Facts, split: str, n_wanted: int) -> _Source:
    n_rows = facts.dataset.relations[split].n_rows
    is_train = split == "train"
    named, draw = (facts.sample.relation, facts.sample.draw) if is_train else (split, draw_expression(facts.seed))
    return _Source(named, "" if n_rows <= n_wanted else f"WHERE {draw} < {draw_limit(n_rows, n_wanted)}")


def _places(cells: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """Return each category's place in the alphabet of all splits, which no row order and no engine changes."""
    missing = {split: np.ma.getmaskarray(values) for split, values in cells.items()}
    known = {split: np.asarray(values)[~missing[split]].astype(np.str_) for split, values in cells.items()}
    alphabet = np.unique(np.concatenate(list(known.values())))
    placed = {}
    for split, names in known.items():
        placed[split] = np.full(len(missing[split]), np.nan)
        placed[split][~missing[split]] = np.searchsorted(alphabet, names)
    return placed
