"""CSV on Spark: the dialect is told from the file's first lines, the file is parsed once and kept as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.engine.base import EngineError
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.errors import told_apart
from dataaudit.errors import InputError
from dataaudit.load.csv import MISSING_SPELLINGS, recode, same_dialect, unify_line_ends
from dataaudit.load.csv_errors import LONGEST_LINE, check_closed, unlike_header
from dataaudit.load.dialect import Dialect
from dataaudit.load.raw import RawTable, rows_of_files
from dataaudit.load.remote_file import whole_names
from dataaudit.load.spark.frames import as_raw
from dataaudit.load.spark.numbering import FILE, PLACE, Part, by_file, in_path_order, number_rows, rows_in_path_order
from dataaudit.load.spark.parquet import local_uri
from dataaudit.load.unpack import is_utf_8, plain_file

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

BROKEN = "__broken"
NOT_DECODED = "\ufffd"


@dataclass(frozen=True)
class FileCounts:
    """What the first look at a parsed file counts: its rows, and the signs of trouble.

    `broken` is the place of the first record of another number of cells than
    the header. `may_be_open` is true where the last cell of all has several
    lines: its quote may not be closed.
    """

    part: Part
    n_not_decoded: int
    n_line_ends: int
    broken: int | None
    may_be_open: bool


def read_csv(engine: SparkEngine, split: str, paths: list[Path], shown: str, keep_cells: bool = False) -> RawTable:
    """Read CSV files of one split into a persisted frame of text, row order kept.

    With `keep_cells` the spellings of missing cells can still be read, as `cells_<split>`.

    Raises
    ------
    InputError
        If a file is empty, binary or ragged, or the files' headers differ.
    """
    names = [path.name for path in paths]
    files = [plain_file(Path(engine.folder), path) for path in paths]
    dialect = same_dialect(files, names)
    files, notes, counts = _parse(engine, split, files, names, dialect, keep_cells)
    raw = relation_of(engine, split, counts, in_path_order(counts, files), dialect, shown, keep_cells)
    n_rows = rows_in_path_order({name: found.part for name, found in counts.items()}, files)
    return replace(raw, notes=notes, files=rows_of_files(whole_names(paths), n_rows))


def relation_of(
    engine: SparkEngine,
    split: str,
    counts: Mapping[str, FileCounts],
    order: Sequence[str],
    dialect: Dialect,
    shown: str,
    keep_cells: bool = False,
) -> RawTable:
    """Return kept files as a raw table, their rows numbered through the files in this order."""
    kept = engine.kept(f"raw_{split}")
    parts = {name: found.part for name, found in counts.items()}
    numbered = number_rows(kept.drop(BROKEN), parts, order)
    if keep_cells:
        cells = engine.keep(f"cells_{split}", numbered, persisted=False)
        numbered = cells.select(*_known([name for name in cells.columns if name != "row"]), "row")
    n_rows = sum(part.n_rows for part in parts.values())
    raw = as_raw(engine, split, numbered, dialect.names, shown, n_rows)
    files = rows_of_files(order, [parts[name].n_rows for name in order])
    return replace(
        raw,
        stored_as_text=False,
        table=f"raw_{split}",
        files=files,
        as_written=f"cells_{split}" if keep_cells else None,
        delimiter=dialect.delimiter,
        has_header=dialect.has_header,
    )


def _parse(
    engine: SparkEngine, split: str, files: list[Path], names: list[str], dialect: Dialect, keep_cells: bool
) -> tuple[list[Path], tuple[str, ...], dict[str, FileCounts]]:
    """Parse the files into a persisted frame; what is not UTF-8 or ends its lines in two ways is mended in a copy."""
    folder = Path(engine.folder)
    notes: tuple[str, ...] = ()
    mended: set[str] = set()
    while True:
        counts = _count(engine, split, files, names, dialect, keep_cells)
        if "encoding" not in mended and _any_undecoded(counts) and not all(is_utf_8(file) for file in files):
            mended.add("encoding")
            files, found = recode(folder, files, names)
            notes += found
        elif "line ends" not in mended and any(found.n_line_ends for found in counts.values()):
            mended.add("line ends")
            files, _ = unify_line_ends(folder, files, names, dialect)
        else:
            _check_whole(counts, files, names, dialect)
            return files, notes, counts
        engine.drop(f"raw_{split}")


def _any_undecoded(counts: Mapping[str, FileCounts]) -> bool:
    return any(found.n_not_decoded for found in counts.values())


def _count(
    engine: SparkEngine, split: str, files: list[Path], names: list[str], dialect: Dialect, keep_cells: bool
) -> dict[str, FileCounts]:
    try:
        with told_apart():
            frame = parsed(engine, [local_uri(file) for file in files], dialect, keep_cells)
            return first_look(engine.keep(f"raw_{split}", frame, persisted=True))
    except EngineError as error:
        shown = names[0] if len(names) == 1 else f"one of {names[0]} and {len(names) - 1} more"
        if "exceeds the maximum number of characters" in error.details or "maxCharsPerColumn" in error.details:
            raise InputError(
                f"{shown}: a cell is longer than {LONGEST_LINE >> 20} MB",
                hint="look for an unclosed quote or a huge cell",
            ) from error
        reason = error.message.partition(": ")[2]
        raise InputError(f"{shown} cannot be read as CSV: {reason}", hint="look for an unclosed quote") from error


def parsed(engine: SparkEngine, uris: list[str], dialect: Dialect, keep_cells: bool = False) -> DataFrame:
    """Return the cells as text, with the place of every row in its file; missing ones NULL, unless cells are kept."""
    from pyspark.sql import functions as sf

    cells = [f"r{i}" for i in range(len(dialect.names))]
    frame = (
        engine.session.read.schema(", ".join(f"{cell} STRING" for cell in (*cells, BROKEN)))
        .option("sep", dialect.delimiter)
        .option("header", dialect.has_header)
        .option("quote", '"')
        .option("escape", '"')
        # Newlines inside quotes belong to the cell.
        .option("multiLine", True)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", BROKEN)
        .option("maxCharsPerColumn", LONGEST_LINE)
        .option("maxColumns", len(cells) + 100)
        .csv(uris)
    )
    # Rows of one file come in its order, in one partition.
    placed = by_file(frame, sf.monotonically_increasing_id())
    known = [sf.col(cell) for cell in cells] if keep_cells else _known(cells)
    return placed.select(*known, BROKEN, FILE, PLACE)


def _known(cells: Sequence[str]) -> list[Column]:
    """Return the cells with NULL for spellings of a missing one."""
    from pyspark.sql import functions as sf

    return [sf.when(~sf.col(cell).isin(*MISSING_SPELLINGS), sf.col(cell)).alias(cell) for cell in cells]


def first_look(kept: DataFrame) -> dict[str, FileCounts]:
    """Count, in one job, the rows of every file and the signs of trouble in them."""
    from pyspark.sql import functions as sf

    cells = [name for name in kept.columns if name not in (BROKEN, FILE, PLACE)]
    broken = sf.when(sf.col(BROKEN).isNotNull(), sf.col(PLACE))
    counted = kept.groupBy(FILE).agg(
        sf.count(sf.lit(1)).alias("n"),
        sf.min(PLACE).alias("first"),
        sf.count_if(sf.concat_ws("", *cells).contains(NOT_DECODED)).alias("n_not_decoded"),
        sf.count_if(sf.col(cells[-1]).endswith("\r")).alias("n_line_ends"),
        sf.min(broken).alias("broken"),
        sf.max_by(sf.coalesce(sf.col(cells[-1]).contains("\n"), sf.lit(False)), PLACE).alias("may_be_open"),
    )
    return {
        row[FILE]: FileCounts(
            part=Part(row["n"], row["first"]),
            n_not_decoded=row["n_not_decoded"],
            n_line_ends=row["n_line_ends"],
            broken=None if row["broken"] is None else row["broken"] - row["first"],
            may_be_open=row["may_be_open"],
        )
        for row in counted.collect()
    }


def _check_whole(counts: Mapping[str, FileCounts], files: list[Path], names: list[str], dialect: Dialect) -> None:
    for file, shown in zip(files, names, strict=True):
        for name in in_path_order(counts, [file]):
            found = counts[name]
            if found.may_be_open:
                check_closed(file, shown, dialect)
            if found.broken is not None:
                raise unlike_header(file, shown, found.broken + dialect.has_header, dialect)
