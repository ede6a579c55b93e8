"""A dataset: named splits as relations of one engine, and what each column is.

Every relation has the columns `row` (0-based position in the file as read)
and `c0`, `c1`, ... in the order of `DatasetInfo.columns`. Names from the data
never stand in a statement, so no name can break one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataaudit.engine.base import Engine
from dataaudit.model import ColumnInfo, DatasetInfo


@dataclass(frozen=True)
class Relation:
    """One split as the engine knows it.

    `absent` names columns the split's file does not have; they are NULL there.
    `n_infinite` counts infinite cells, which the relation shows as NULL.
    """

    name: str
    n_rows: int
    absent: frozenset[str] = frozenset()
    n_infinite: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Dataset:
    """Splits, columns and the engine that holds them.

    `classes` are the texts of the label's classes (empty in regression and
    without a label), sorted as the report shows them.
    """

    engine: Engine
    info: DatasetInfo
    relations: Mapping[str, Relation]
    classes: tuple[str, ...] = ()

    def sql_name(self, column: str) -> str:
        """Return the column's name in statements: `c` and its position."""
        return f"c{self._positions[column]}"

    @property
    def _positions(self) -> Mapping[str, int]:
        return _positions_of(self.info.columns)


def _positions_of(columns: tuple[ColumnInfo, ...]) -> dict[str, int]:
    return {column.name: position for position, column in enumerate(columns)}
