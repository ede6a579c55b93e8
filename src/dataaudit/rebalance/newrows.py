"""Made-up rows as whole rows of the source: types, spellings and the order of columns as the parents have them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.dataset import Dataset, Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.model import ColumnInfo, Kind
from dataaudit.rebalance.cells import as_written, between_numbers, between_times, is_iso, number_texts, time_texts
from dataaudit.rebalance.features import is_between
from dataaudit.rebalance.matrix import IntArray, Synthetic
from dataaudit.rebalance.ties.mending import MadeCells, mend_numbers

if TYPE_CHECKING:
    from dataaudit.rebalance.features import Features

NEW_ROWS = "rebalance_new"
NEW_CELLS = f"{NEW_ROWS}_cells"
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

    def voter(self, features: Features, name: str) -> Any:
        """Places of the parents whose category was chosen, as Arrow takes them."""
        import pyarrow as pa

        return pa.array(self.made.voters[:, features.categories.index(name)])


def create_new_rows(dataset: Dataset, features: Features, made: Synthetic, places: IntArray) -> str:
    """Create a relation of `place`, `r0`, `r1`, ...: the made-up rows at their places in the file; return its name.

    Beside it, `NEW_CELLS` says which row's each cell is: `nearer`, in `v0`, `v1`, ... a category's, and in `m0`, `m1`,
    ... what lies between the parents', NULL where the cell is the nearer's.
    """
    import pyarrow as pa

    engine, source = dataset.engine, dataset.sources["train"]
    assert isinstance(engine, DuckDBEngine)
    parents = _parents(engine, dataset, source, features, made)
    between = _between_parents(dataset, source, features, parents)
    if features.ties is not None:
        voters = dict(zip(features.categories, made.voters.T, strict=True))
        parents = _with_categories(parents, mend_numbers(features.ties, between, made.nearer, voters))
    numbers = parents.raw.column("row")
    cells: dict[str, Any] = {"place": pa.array(places), "nearer": numbers.take(parents.nearer)}
    listed = ["place"]
    for at, name in enumerate(source.names):
        column = dataset.info.column(name)
        copied = _copied(features, column, at, parents)
        cells[f"r{at}"] = copied
        expression = f"CAST(r{at} AS {source.types[at]})"
        if name in features.categories:
            cells[f"v{at}"] = numbers.take(parents.voter(features, name))
        if name in between:
            cells[f"m{at}"] = _as_cells(source, between[name], parents.raw.column(f"r{at}"), copied)
            # A number beyond the type's range would be one that no parent has: none is made, but of row numbers.
            expression = f"coalesce(TRY_CAST(m{at} AS {source.types[at]}), {expression})"
        listed.append(f"{expression} AS r{at}")
    engine.register(NEW_CELLS, pa.table(cells))
    engine.run(f"CREATE TEMP VIEW {NEW_ROWS} AS SELECT {', '.join(listed)} FROM {NEW_CELLS}")
    return NEW_ROWS


def _parents(engine: DuckDBEngine, dataset: Dataset, source: Source, features: Features, made: Synthetic) -> Parents:
    import pyarrow as pa

    used = np.unique(np.concatenate([made.first, made.second, made.voters.ravel()]))
    engine.register(PARENTS, pa.table({"row": features.rows[used]}))
    raw = ", ".join(
        f"r{i}" if PLAIN.fullmatch(sql_type) else f"CAST(r{i} AS VARCHAR) AS r{i}"
        for i, sql_type in enumerate(source.types)
    )
    between = [dataset.sql_name(column.name) for column in dataset.info.columns if is_between(features, column)]
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


def _with_categories(parents: Parents, rows: NDArray[np.bool_]) -> Parents:
    """Return parents of which some rows have all categories from the nearer one."""
    made = parents.made
    return replace(parents, made=replace(made, voters=np.where(rows[:, None], made.nearer[:, None], made.voters)))


def _copied(features: Features, column: ColumnInfo, at: int, parents: Parents) -> Any:
    """Return a column's cells copied from a parent: the one whose category was chosen, or the nearer."""
    raw = parents.raw.column(f"r{at}")
    if column.name in features.categories:
        return raw.take(parents.voter(features, column.name))
    # The name of the nearer parent, too: a new one, or none, would tell which rows, and so which class, was made up.
    return raw.take(parents.nearer)


def _between_parents(dataset: Dataset, source: Source, features: Features, parents: Parents) -> dict[str, MadeCells]:
    """Return the numbers and dates that lie between the parents', by column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = {}
    for column in dataset.info.columns:
        if not is_between(features, column):
            continue
        cells = parents.typed.column(dataset.sql_name(column.name))
        present = cells.is_valid().to_numpy()
        is_date, as_it_is = column.kind is Kind.DATETIME, None
        if column.name in features.sentinels.of_column:
            present = present & ~features.sentinels.are(column.name, cells.cast(pa.float64()).to_numpy())
        if is_date:
            values = pc.fill_null(cells.cast(pa.timestamp("us")).cast(pa.int64()), 0).to_numpy()
            made, use = between_times(values, present, parents.made)
            if source.is_csv:
                # Known before what other columns are held to is looked at: a date written oddly is the parent's.
                texts = parents.raw.column(f"r{source.names.index(column.name)}").take(parents.nearer)
                as_it_is = np.array([not is_iso(text) for text in texts.to_pylist()], dtype=bool)
                use &= ~as_it_is
        else:
            is_whole = pa.types.is_integer(cells.type)
            values = pc.fill_null(cells if is_whole else cells.cast(pa.float64()), 0).to_numpy()
            if source.types[source.names.index(column.name)] == "FLOAT":
                values = as_written(values)
            made, use = between_numbers(values, present, parents.made)
        nearer = parents.made.nearer
        found[column.name] = MadeCells(made, use, values[nearer], present[nearer], values[present], is_date, as_it_is)
    return found


def _as_cells(source: Source, made: MadeCells, raw: Any, copied: Any) -> Any:
    """Return cells as the file writes them, NULL where the nearer parent's is taken."""
    import pyarrow as pa

    if source.is_csv:
        if made.is_date:
            return pa.array(time_texts(made.values, made.use, copied.to_pylist()), pa.string())
        return pa.array(number_texts(made.values, made.use, raw.to_pylist()), pa.string())
    if made.is_date:
        return pa.array(made.values, pa.int64(), mask=~made.use).cast(pa.timestamp("us"))
    return pa.array(made.values, mask=~made.use)
