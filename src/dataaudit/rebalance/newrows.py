"""Made-up rows as whole rows of the source: types, spellings and the order of columns as the parents have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dataaudit.engine.dataset import Dataset, Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.model import ColumnInfo, Kind, Role
from dataaudit.rebalance.cells import between_numbers, between_times, number_texts, time_texts
from dataaudit.rebalance.matrix import IntArray, Synthetic

if TYPE_CHECKING:
    from dataaudit.rebalance.features import Features

NEW_ROWS = "rebalance_new"
PARENTS = "rebalance_parents"
# Types that Arrow hands over as they are; others go through their text.
PLAIN = re.compile(r"VARCHAR|BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|DECIMAL.*|DATE|TIMESTAMP.*")
INTEGER = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT)")


@dataclass(frozen=True)
class Parents:
    """The parents' cells: as the file holds them, and typed."""

    raw: Any
    typed: Any
    made: Synthetic

    @property
    def nearer(self) -> Any:
        """Places of the nearer parents, as Arrow takes them."""
        import pyarrow as pa

        return pa.array(self.made.nearer)


def create_new_rows(dataset: Dataset, features: Features, made: Synthetic, places: IntArray) -> str:
    """Create a relation of `place`, `r0`, `r1`, ...: the made-up rows at their places in the file; return its name."""
    import pyarrow as pa

    engine, source = dataset.engine, dataset.sources["train"]
    assert isinstance(engine, DuckDBEngine)
    parents = _parents(engine, dataset, source, features, made)
    cells: dict[str, Any] = {"place": pa.array(places)}
    listed = ["place"]
    for at, name in enumerate(source.names):
        column = dataset.info.column(name)
        copied, between = _cells(dataset, source, features, column, at, parents)
        cells[f"r{at}"] = copied
        expression = f"CAST(r{at} AS {source.types[at]})"
        if between is not None:
            cells[f"m{at}"] = between
            # A number beyond the type's range would be one that no parent has: none is made, but of row numbers.
            expression = f"coalesce(TRY_CAST(m{at} AS {source.types[at]}), {expression})"
        listed.append(f"{expression} AS r{at}")
    engine.register(f"{NEW_ROWS}_cells", pa.table(cells))
    engine.run(f"CREATE TEMP VIEW {NEW_ROWS} AS SELECT {', '.join(listed)} FROM {NEW_ROWS}_cells")
    return NEW_ROWS


def _parents(engine: DuckDBEngine, dataset: Dataset, source: Source, features: Features, made: Synthetic) -> Parents:
    import pyarrow as pa

    used = np.unique(np.concatenate([made.first, made.second, made.voters.ravel()]))
    engine.register(PARENTS, pa.table({"row": features.rows[used]}))
    raw = ", ".join(
        f"r{i}" if PLAIN.fullmatch(sql_type) else f"CAST(r{i} AS VARCHAR) AS r{i}"
        for i, sql_type in enumerate(source.types)
    )
    between = [dataset.sql_name(column.name) for column in dataset.info.columns if _is_between(features, column)]
    typed = ", ".join(["row", *between])
    with engine.planning_for(len(source.names)):
        return Parents(
            raw=engine.table(
                f"SELECT row, {raw} FROM {source.relation} AS source SEMI JOIN {PARENTS} USING (row) ORDER BY row"
            ),
            typed=engine.table(f"SELECT {typed} FROM train SEMI JOIN {PARENTS} USING (row) ORDER BY row"),
            made=Synthetic(
                made.labels,
                np.searchsorted(used, made.first),
                np.searchsorted(used, made.second),
                made.steps,
                np.searchsorted(used, made.voters),
                made.others,
            ),
        )


def _is_between(features: Features, column: ColumnInfo) -> bool:
    return column.name in features.numbers or (
        column.role is Role.TIME and column.kind in (Kind.NUMERIC, Kind.DATETIME)
    )


def _cells(
    dataset: Dataset, source: Source, features: Features, column: ColumnInfo, at: int, parents: Parents
) -> tuple[Any, Any]:
    """Return a column's cells copied from a parent, and, where there are any, those that take their place."""
    import pyarrow as pa

    raw = parents.raw.column(f"r{at}")
    if column.name in features.categories:
        voters = parents.made.voters[:, features.categories.index(column.name)]
        return raw.take(pa.array(voters)), None
    copied = raw.take(parents.nearer)
    if _is_between(features, column):
        return copied, _between(dataset, source, column, raw, copied, parents)
    # The name of the nearer parent, too: a new one, or none, would tell which rows, and so which class, was made up.
    return copied, None


def _between(dataset: Dataset, source: Source, column: ColumnInfo, raw: Any, copied: Any, parents: Parents) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = parents.typed.column(dataset.sql_name(column.name))
    present = cells.is_valid().to_numpy()
    if column.kind is Kind.DATETIME:
        stamps = pc.fill_null(cells.cast(pa.timestamp("us")).cast(pa.int64()), 0).to_numpy()
        times, use = between_times(stamps, present, parents.made)
        if source.is_csv:
            return pa.array(time_texts(times, use, copied.to_pylist()), pa.string())
        return pa.array(times, pa.int64(), mask=~use).cast(pa.timestamp("us"))
    is_whole = pa.types.is_integer(cells.type)
    values = pc.fill_null(cells if is_whole else cells.cast(pa.float64()), 0).to_numpy()
    numbers, use = between_numbers(values, present, parents.made)
    if source.is_csv:
        return pa.array(number_texts(numbers, use, raw.to_pylist()), pa.string())
    return pa.array(numbers, mask=~use)
