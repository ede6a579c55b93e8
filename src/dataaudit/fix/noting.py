"""What one edit did, counted and listed: the rows and cells, where they came in, the first of them as examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.fix.edits import AnyEdit, Change, DropColumn, DropRows, LeftAsItIs, MoveRows, ReplaceCells
from dataaudit.measure.facts import Facts
from dataaudit.write.tables import copy_to

# Beyond, changed cells are counted, not listed.
MOST_CELLS_LISTED = 100_000
N_EXAMPLES = 3


@dataclass(frozen=True)
class Example:
    """A row or cell that is mended: where it came in, and what it was and is."""

    split: str
    row: int
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Done:
    """What one edit did.

    `counts` are rows dropped or moved, or cells changed, by the split that they came in with; `new_type` is the type
    that a column of a Parquet file has become.
    """

    edit: AnyEdit
    counts: Mapping[str, int]
    examples: tuple[Example, ...] = ()
    new_type: str | None = None


@dataclass
class Stage:
    """The splits as they stand after a round.

    Attributes
    ----------
    files : mapping of split to Path
    origins : mapping of split to Path
        Parquet: row, split, source_row.
    dropped, changed : list of Path
        Parquet, one per round: (split, row, reason, code), and (split, row, column, before, after, code).
    n_cells : int
        Cells changed so far; if more than are listed, they are in no list.
    n_cells_by_column : dict of (split, column, code) to int
    """

    files: dict[str, Path] = field(default_factory=dict)
    origins: dict[str, Path] = field(default_factory=dict)
    n_rows: dict[str, int] = field(default_factory=dict)
    dropped: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    n_cells: int = 0
    n_cells_by_column: dict[tuple[str, str, str], int] = field(default_factory=dict)
    dropped_columns: list[str] = field(default_factory=list)


def note(engine: DuckDBEngine, facts: Facts, place: int, edit: AnyEdit, folder: Path, after: Stage) -> Done:
    """Return what an edit does, and list its changed cells; `place` is its place among the edits of the round."""
    if isinstance(edit, DropColumn | LeftAsItIs):
        return Done(edit, {})
    if isinstance(edit, DropRows):
        gone = f"(SELECT row FROM fix_gone_{edit.split} WHERE edit = {place})"
        return _done_rows(engine, edit, {edit.split: gone})
    if isinstance(edit, MoveRows):
        splits = facts.dataset.sources
        return _done_rows(
            engine, edit, {split: f"(SELECT row FROM {edit.table} WHERE split = '{split}')" for split in splits}
        )
    return _done_cells(engine, facts, place, edit, folder, after)


def _done_rows(engine: DuckDBEngine, edit: AnyEdit, rows: Mapping[str, str]) -> Done:
    # A row is counted in the split that it came in with, as the lists and accounts do.
    counts: dict[str, int] = {}
    for split, listed in rows.items():
        joined = f"fix_origins_{split} AS o JOIN {listed} AS l USING (row)"
        for origin, n in engine.rows(f"SELECT o.split, count(*) FROM {joined} GROUP BY o.split ORDER BY o.split"):
            counts[str(origin)] = counts.get(str(origin), 0) + int(n)
    examples = [
        Example(str(origin), int(number))
        for split, listed in rows.items()
        for origin, number in engine.rows(
            f"SELECT o.split, o.source_row FROM fix_origins_{split} AS o JOIN {listed} AS l USING (row) "
            f"ORDER BY row LIMIT {N_EXAMPLES}"
        )
    ]
    return Done(edit, counts, tuple(examples[:N_EXAMPLES]))


def _done_cells(engine: DuckDBEngine, facts: Facts, place: int, edit: ReplaceCells, folder: Path, after: Stage) -> Done:
    counts: dict[str, int] = {}
    examples: list[Example] = []
    new_type = None
    for split, change in (edit.changes or {}).items():
        source = facts.dataset.sources[split]
        at = source.names.index(edit.column)
        if change.sql_type not in (None, source.types[at]):
            new_type = change.sql_type
        cells = _changed_cells(source, at, change, split)
        n_here = 0
        for origin, n in engine.rows(f"SELECT split, count(*) FROM ({cells}) GROUP BY split"):
            counts[str(origin)] = counts.get(str(origin), 0) + int(n)
            n_here += int(n)
            key = (str(origin), edit.column, edit.code)
            after.n_cells_by_column[key] = after.n_cells_by_column.get(key, 0) + int(n)
        after.n_cells += n_here
        if n_here == 0:
            continue
        first = engine.rows(f"SELECT * FROM ({cells}) ORDER BY row LIMIT {N_EXAMPLES - len(examples)}")
        examples += [Example(str(one), int(row), was, now) for one, row, was, now in first]
        if after.n_cells <= MOST_CELLS_LISTED:
            path = folder / f"changed_{place}_{split}.parquet"
            named = f"{quote_text(edit.column)} AS column, before, after, {quote_text(edit.code)} AS code"
            listed = f"SELECT split, row, {named} FROM ({cells}) ORDER BY row"
            write_list(engine, listed, path, ("split", "row", "column", "before", "after", "code"))
            after.changed.append(path)
    return Done(edit, counts, tuple(examples), new_type)


def _changed_cells(source: Source, at: int, change: Change, split: str) -> str:
    """Return SQL of the cells whose text is another afterwards: split, row, before, after."""
    was, now = f"CAST(r{at} AS VARCHAR)", f"CAST({written_cell(source, at, change)} AS VARCHAR)"
    return (
        f"SELECT o.split AS split, o.source_row AS row, was AS before, now AS after FROM "
        f"(SELECT row, {was} AS was, {now} AS now FROM {source.relation} AS source) "
        f"JOIN fix_origins_{split} AS o USING (row) WHERE was IS DISTINCT FROM now"
    )


def written_cell(source: Source, at: int, change: Change | None) -> str:
    """Return SQL of a cell as it is to be written."""
    if change is None:
        return f"r{at}"
    kept = f"r{at}"
    if change.sql_type not in (None, source.types[at]):
        kept = f"TRY_CAST(r{at} AS {change.sql_type})"
    return f"CASE WHEN {change.where} THEN {change.value} ELSE {kept} END"


def write_list(engine: DuckDBEngine, query: str, path: Path, names: tuple[str, ...]) -> int:
    """Write a query to a file, CSV or Parquet by its ending, and return its rows."""
    kind = Source(path.name, "", names, (), 0, is_csv=path.suffix == ".csv")
    return copy_to(engine, query, names, path, kind)
