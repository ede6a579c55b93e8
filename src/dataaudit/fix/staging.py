"""One round's edits, written: the splits as files, and where each of their rows and changed cells came from.

Row numbers of lists are those of the files that came in, however many rounds there were: `origins` say of every row of
a staged file which row of which split it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.fix.edits import AnyEdit, Change, DropColumn, DropRows, MoveRows, ReplaceCells
from dataaudit.fix.noting import Done, Stage, note, write_list, written_cell
from dataaudit.measure.facts import Facts
from dataaudit.write.tables import copy_to, file_name

# Moved rows stand behind those that were there; no file has as many rows.
PLACES_PER_SPLIT = 1 << 40


def write_round(
    facts: Facts, edits: Sequence[AnyEdit], folder: Path, before: Stage, split_column: str | None
) -> tuple[Stage, list[Done]]:
    """Write every split with the edits done, into a folder of the round; return it and what was done."""
    engine = facts.dataset.engine
    if not isinstance(engine, DuckDBEngine):
        raise TypeError("files are written by DuckDB")
    folder.mkdir()
    after = Stage(
        dropped=list(before.dropped),
        changed=list(before.changed),
        n_cells=before.n_cells,
        n_cells_by_column=dict(before.n_cells_by_column),
        dropped_columns=[*before.dropped_columns, *(e.column for e in edits if isinstance(e, DropColumn))],
    )
    _read_origins(engine, facts, before)
    done = [note(engine, facts, place, edit, folder, after) for place, edit in enumerate(edits)]
    _list_dropped(engine, edits, folder, after)
    moves = next((edit.table for edit in edits if isinstance(edit, MoveRows)), None)
    for split in facts.dataset.sources:
        rows = _rows(facts, split, edits, moves)
        _write_split(engine, facts, split, edits, rows, folder, after, split_column)
    return after, done


def _read_origins(engine: DuckDBEngine, facts: Facts, before: Stage) -> None:
    """Let `fix_origins_<split>` say where each row came from; at first, it is the row itself."""
    for split in facts.dataset.sources:
        known = before.origins.get(split)
        query = (
            f"SELECT row, '{split}' AS split, row AS source_row FROM {split}"
            if known is None
            else f"SELECT row, split, source_row FROM read_parquet({quote_text(str(known))})"
        )
        engine.run(f"CREATE OR REPLACE TEMP VIEW fix_origins_{split} AS {query}")


def _list_dropped(engine: DuckDBEngine, edits: Sequence[AnyEdit], folder: Path, after: Stage) -> None:
    splits = {edit.split for edit in edits if isinstance(edit, DropRows)}
    if not splits:
        return
    reasons = " ".join(f"WHEN {place} THEN {quote_text(edit.what)}" for place, edit in enumerate(edits))
    codes = " ".join(f"WHEN {place} THEN {quote_text(edit.code)}" for place, edit in enumerate(edits))
    listed = " UNION ALL ".join(
        f"SELECT o.split, o.source_row AS row, CASE edit {reasons} END AS reason, CASE edit {codes} END AS code "
        f"FROM fix_gone_{split} JOIN fix_origins_{split} AS o USING (row)"
        for split in sorted(splits)
    )
    path = folder / "dropped.parquet"
    write_list(engine, listed, path, ("split", "row", "reason", "code"))
    after.dropped.append(path)


def _rows(facts: Facts, split: str, edits: Sequence[AnyEdit], moves: str | None) -> list[tuple[str, str]]:
    """Return the rows of a split as it is to be: (split they lie in, SQL of `row` and `place`), in their order."""
    if any(isinstance(edit, DropRows) and edit.split == split for edit in edits):
        return [(split, f"SELECT row, row AS place FROM {split} WHERE row NOT IN (SELECT row FROM fix_gone_{split})")]
    if moves is None:
        return [(split, "")]
    stay = f"SELECT row, row AS place FROM {split} WHERE row NOT IN (SELECT row FROM {moves} WHERE split = '{split}')"
    come = [
        (
            other,
            f"SELECT row, row + {PLACES_PER_SPLIT * (i + 1)} AS place FROM {_moved(moves, other, split)}",
        )
        for i, other in enumerate(facts.dataset.sources)
        if other != split
    ]
    return [(split, stay), *come]


def _moved(moves: str, start: str, target: str) -> str:
    return f"(SELECT row FROM {moves} WHERE split = '{start}' AND target = '{target}')"


def _write_split(
    engine: DuckDBEngine,
    facts: Facts,
    split: str,
    edits: Sequence[AnyEdit],
    rows: Sequence[tuple[str, str]],
    folder: Path,
    after: Stage,
    split_column: str | None,
) -> None:
    source = facts.dataset.sources[split]
    dropped = {edit.column for edit in edits if isinstance(edit, DropColumn)}
    names = [name for name in source.names if name not in dropped]
    changes = {edit.column: edit.changes or {} for edit in edits if isinstance(edit, ReplaceCells)}
    parts, origins = [], []
    for whence, chosen in rows:
        own = facts.dataset.sources[whence]
        cells = [
            _named_cell(own, source, name, changes.get(name, {}).get(whence), whence != split, split_column)
            for name in names
        ]
        listed = ", ".join(f"{cell} AS r{i}" for i, cell in enumerate(cells))
        if not chosen:
            parts.append(f"SELECT row AS place, {listed} FROM {own.relation} AS source")
            origins.append(f"SELECT row AS place, split, source_row FROM fix_origins_{whence}")
            continue
        parts.append(f"SELECT place, {listed} FROM {own.relation} AS source JOIN ({chosen}) AS chosen USING (row)")
        origins.append(
            f"SELECT place, split, source_row FROM fix_origins_{whence} JOIN ({chosen}) AS chosen USING (row)"
        )
    query = " UNION ALL ".join(parts)
    # Rows that are only read come in their order; tables of several pieces do not where cells are looked up as well.
    is_in_order = not rows[0][1] and not any(split in change for change in changes.values())
    query = f"SELECT * EXCLUDE (place) FROM ({query}){'' if is_in_order else ' ORDER BY place'}"
    path = folder / file_name(split, source)
    after.n_rows[split] = copy_to(engine, query, names, path, source)
    after.files[split] = path
    after.origins[split] = folder / f"origins_{split}.parquet"
    numbered = (
        f"SELECT row_number() OVER (ORDER BY place) - 1 AS row, split, source_row FROM ({' UNION ALL '.join(origins)})"
    )
    write_list(engine, numbered, after.origins[split], ("row", "split", "source_row"))


def _named_cell(
    own: Source,
    target: Source,
    name: str,
    change: Change | None,
    is_moved: bool,
    split_column: str | None,
) -> str:
    """Return SQL of a cell by its name, as the file of the target is to have it; a moved row says where it now is."""
    if is_moved and name == split_column:
        return f"(SELECT min(r{target.names.index(name)}) FROM {target.relation} AS target)"
    if name not in own.names:
        return "NULL"
    at = own.names.index(name)
    cell = written_cell(own, at, change)
    wanted = target.types[target.names.index(name)]
    return f"CAST({cell} AS {wanted})" if is_moved and own.types[at] != wanted else cell
