"""The lists beside the mended files: rows that were dropped, cells that were changed, and where all rows went."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.engine.base import quote_text
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.fix.noting import MOST_CELLS_LISTED, write_list
from dataaudit.write.accounting import RowCounts
from dataaudit.write.folder import written_to
from dataaudit.write.manifest import WrittenFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dataaudit.fix.rounds import Mended

CELL_NAMES = ("split", "row", "column", "before", "after", "code")
DROPPED_NAMES = ("split", "row", "reason", "code")
MOVED_NAMES = ("split", "row", "moved_to", "row_there")


def collect(mended: Mended, part: Path) -> tuple[dict[str, Path], list[RowCounts], list[WrittenFile]]:
    """Put the files of the last round and the lists into the folder, and clear away what only the rounds needed.

    Returns
    -------
    files : dict of split to Path
    rows : list of RowCounts
    lists : list of WrittenFile
    """
    engine = DuckDBEngine()
    try:
        rows = count_rows(engine, mended)
        lists = _write_lists(engine, mended, part)
    finally:
        engine.close()
    with written_to(part):
        files = {split: path.rename(part / path.name) for split, path in mended.stage.files.items()}
        for path in part.glob("round_*"):
            shutil.rmtree(path)
    return files, rows, lists


def count_rows(engine: DuckDBEngine, mended: Mended) -> list[RowCounts]:
    """Return where the rows of every split went."""
    stage = mended.stage
    written: dict[str, dict[str, int]] = {
        split: dict(engine.rows(f"SELECT split, count(*) FROM {_parquet([path])} GROUP BY split"))
        for split, path in stage.origins.items()
    }
    dropped: dict[str, dict[str, int]] = {split: {} for split in stage.files}
    if stage.dropped:
        counted = f"SELECT split, reason, count(*) FROM {_parquet(stage.dropped)} GROUP BY ALL ORDER BY ALL"
        for split, reason, n in engine.rows(counted):
            dropped[str(split)][str(reason)] = int(n)
    return [
        RowCounts(
            split=split,
            n_in=mended.came_in.relations[split].n_rows,
            n_kept=int(written[split].get(split, 0)),
            n_out=stage.n_rows[split],
            n_dropped=dropped[split],
            n_moved_in=sum(int(n) for origin, n in written[split].items() if origin != split),
            n_moved_out={
                other: int(origins[split]) for other, origins in written.items() if other != split and split in origins
            },
        ).check()
        for split in stage.files
    ]


def _write_lists(engine: DuckDBEngine, mended: Mended, part: Path) -> list[WrittenFile]:
    ending = "csv" if mended.came_in.sources["train"].is_csv else "parquet"
    stage = mended.stage
    written: list[WrittenFile] = []
    if stage.dropped:
        path = part / f"dropped.{ending}"
        n_rows = write_list(engine, f"SELECT * FROM {_parquet(stage.dropped)} ORDER BY split, row", path, DROPPED_NAMES)
        written.append(WrittenFile(path.name, "the rows that were dropped, as numbered in what came in", n_rows))
    if moved := _moved(stage.origins):
        path = part / f"moved.{ending}"
        n_rows = write_list(engine, moved, path, MOVED_NAMES)
        if n_rows:
            written.append(WrittenFile(path.name, "the rows that were moved, as numbered in what came in", n_rows))
        else:
            path.unlink()
    if not stage.n_cells:
        return written
    path = part / f"changed.{ending}"
    if stage.n_cells <= MOST_CELLS_LISTED:
        n_rows = write_list(engine, _changed(stage.changed), path, CELL_NAMES)
        written.append(WrittenFile(path.name, "the cells that were changed, as numbered in what came in", n_rows))
        return written
    counts = " UNION ALL ".join(
        f"SELECT {quote_text(split)} AS split, {quote_text(column)} AS column, {n} AS n_cells, "
        f"{quote_text(code)} AS code"
        for (split, column, code), n in stage.n_cells_by_column.items()
    )
    n_rows = write_list(engine, counts, path, ("split", "column", "n_cells", "code"))
    written.append(WrittenFile(path.name, "how many cells were changed, by split and column", n_rows))
    return written


def _moved(origins: Mapping[str, Path]) -> str:
    """Return SQL of the rows that are written in another split than they came in."""
    found = [
        f"SELECT split, source_row AS row, {quote_text(split)} AS moved_to, row AS row_there "
        f"FROM {_parquet([path])} WHERE split <> {quote_text(split)}"
        for split, path in origins.items()
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(found)}) ORDER BY split, row" if found else ""


def _changed(paths: Sequence[Path]) -> str:
    """Return SQL of the changed cells: what each was at first, and what it is at last."""
    rounds = " UNION ALL ".join(f"SELECT *, {i} AS turn FROM {_parquet([path])}" for i, path in enumerate(paths))
    return (
        'SELECT split, row, "column", arg_min_null(before, turn) AS before, arg_max_null(after, turn) AS after, '
        f"string_agg(DISTINCT code, ' ' ORDER BY code) AS code FROM ({rounds}) GROUP BY ALL ORDER BY ALL"
    )


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(quote_text(str(path)) for path in paths)}])"
