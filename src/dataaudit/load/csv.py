"""CSV files: decoded, read once as text into a temporary table."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from dataaudit.engine.base import EngineError, quote_text
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.csv_errors import LONGEST_LINE, is_encoding, is_mixture_of_line_ends, readable
from dataaudit.load.dialect import Dialect, sniff_dialect
from dataaudit.load.line_ends import with_one_line_end
from dataaudit.load.raw import RawTable, quote_paths, rows_of_files
from dataaudit.load.remote_file import whole_names
from dataaudit.load.unpack import is_utf_8, plain_file, transcode
from dataaudit.text import join_words

SNIFFED_BYTES = 1 << 20
SHARE_CONTROL_OF_BINARY = 0.02
CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\r\v\f\x1b")
# The spellings pandas reads as missing (pandas.read_csv, na_values).
MISSING_SPELLINGS = (
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)
Mended = tuple[list[Path], tuple[str, ...]]


def read_csv(engine: DuckDBEngine, split: str, paths: list[Path], source: str, keep_cells: bool = False) -> RawTable:
    """Read CSV files of one split into a table of text, row order kept.

    With `keep_cells` the table holds how missing cells were spelt, too: one that is nothing between two delimiters is
    NULL, two quotes are the empty text.

    Raises
    ------
    InputError
        If a file is empty, binary or ragged, or the files' headers differ.
    """
    plain = [plain_file(Path(engine.folder), path) for path in paths]
    shown = [path.name for path in paths]
    dialect = same_dialect(plain, shown)
    engine.make_room_for(len(dialect.names))
    table = f"raw_{split}"
    notes = _create_table(engine, table, plain, shown, dialect, () if keep_cells else MISSING_SPELLINGS)
    counts = _row_counts(engine, table, len(plain))
    names = dialect.names
    as_written = f"(SELECT *, rowid AS row FROM {table})"
    return RawTable(
        split=split,
        source=source,
        relation=_without_missing(table, len(names)) if keep_cells else as_written,
        names=names,
        types=("VARCHAR",) * len(names),
        n_rows=sum(counts),
        stored_as_text=False,
        table=table,
        notes=notes,
        files=rows_of_files(whole_names(paths), counts),
        as_written=as_written if keep_cells else None,
        delimiter=dialect.delimiter,
        has_header=dialect.has_header,
    )


def _without_missing(table: str, n_columns: int) -> str:
    """Return what stands after FROM for the table with NULL for every spelling of a missing cell."""
    spellings = missing_spellings()
    cells = ", ".join(f"CASE WHEN r{i} NOT IN ({spellings}) THEN r{i} END AS r{i}" for i in range(n_columns))
    return f"(SELECT {cells}, rowid AS row FROM {table})"


def missing_spellings() -> str:
    """Return the spellings of missing cells as SQL, for IN."""
    return ", ".join(quote_text(spelling) for spelling in MISSING_SPELLINGS)


def _row_counts(engine: DuckDBEngine, table: str, n_files: int) -> list[int]:
    """Count the rows of each file; of several, the table says which one a row came from."""
    if n_files == 1:
        return [int(engine.rows(f"SELECT count(*) FROM {table}")[0][0])]
    counts = [0] * n_files
    for number, n_rows in engine.rows(f"SELECT file_index, count(*) FROM {table} GROUP BY 1"):
        counts[int(number)] = int(n_rows)
    return counts


def same_dialect(files: list[Path], names: list[str]) -> Dialect:
    """Return the dialect of the files of one split, which people know by these names; InputError if they differ."""
    dialects = [_dialect(file, name) for file, name in zip(files, names, strict=True)]
    for name, dialect in zip(names, dialects, strict=True):
        if dialect != dialects[0]:
            raise InputError(
                f"{name} and {names[0]} have different headers",
                hint="files of one split must have the same columns in the same order",
            )
    return dialects[0]


def _dialect(file: Path, name: str) -> Dialect:
    start, complete = _start(file)
    if b"\x00" in start:
        raise InputError(f"{name} is not text: it holds zero bytes", hint="give a CSV or Parquet file")
    n_control = len(start) - len(start.translate(None, CONTROL_BYTES))
    if n_control > SHARE_CONTROL_OF_BINARY * len(start):
        raise InputError(
            f"{name} is not text: {n_control:,} of its first {len(start):,} bytes are control characters",
            hint="give a CSV or Parquet file",
        )
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = decoder.decode(start)
    except UnicodeDecodeError:
        text = start.decode("cp1252", errors="replace")
    return sniff_dialect(text, complete, name)


def _start(file: Path) -> tuple[bytes, bool]:
    """Return the file's first bytes, enough for two lines if lines are not too long, and whether they are all."""
    with file.open("rb") as stream:
        start = stream.read(SNIFFED_BYTES)
        if len(start.splitlines()) < 3:
            start += stream.read(LONGEST_LINE)
        return start, not stream.read(1)


def _create_table(
    engine: DuckDBEngine,
    table: str,
    files: list[Path],
    names: list[str],
    dialect: Dialect,
    spellings: tuple[str, ...],
) -> tuple[str, ...]:
    """Create the table; what DuckDB stumbles over is mended in a copy, each kind of trouble once."""
    folder = Path(engine.folder)
    mends: dict[Callable[[EngineError], bool], Callable[[list[Path]], Mended]] = {
        is_encoding: lambda broken: recode(folder, broken, names),
        is_mixture_of_line_ends: lambda broken: unify_line_ends(folder, broken, names, dialect),
    }
    notes: tuple[str, ...] = ()
    while True:
        try:
            engine.run(_create(table, files, dialect, spellings))
        except EngineError as error:
            trouble = next((known for known in mends if known(error)), None)
            if trouble is None:
                raise readable(error, files, names, dialect) from error
            if is_encoding in mends and not all(is_utf_8(file) for file in files):
                trouble = is_encoding
            engine.run(f"DROP TABLE IF EXISTS {table}")
            files, found = mends.pop(trouble)(files)
            notes += found
        else:
            return notes


def recode(folder: Path, files: list[Path], names: list[str]) -> Mended:
    """Decode what is not UTF-8; latin-1 takes the few bytes that Windows-1252 leaves undefined."""
    recoded, told = [], []
    for file, name in zip(files, names, strict=True):
        if is_utf_8(file):
            recoded.append(file)
            continue
        told.append(name)
        try:
            recoded.append(transcode(folder, file, "cp1252", name))
        except InputError:
            recoded.append(transcode(folder, file, "latin-1", name))
    was, it = ("is", "it was") if len(told) == 1 else ("are", "they were")
    return recoded, (f"{join_words(told)} {was} not UTF-8; {it} read as Windows-1252.",)


def unify_line_ends(folder: Path, files: list[Path], names: list[str], dialect: Dialect) -> Mended:
    """Return copies of the files in which every line ends alike."""
    return [with_one_line_end(folder, f, n, dialect) for f, n in zip(files, names, strict=True)], ()


def _create(table: str, files: list[Path], dialect: Dialect, spellings: tuple[str, ...]) -> str:
    columns = ", ".join(f"'r{i}': 'VARCHAR'" for i in range(len(dialect.names)))
    missing = ", ".join(quote_text(spelling) for spelling in spellings or ("",))
    origin = ", file_index" if len(files) > 1 else ""
    delimiter = "\\t" if dialect.delimiter == "\t" else dialect.delimiter
    return (
        f"CREATE TEMP TABLE {table} AS SELECT *{origin} FROM read_csv({quote_paths(files)}, "
        f"auto_detect = false, compression = 'none', "
        f"columns = {{{columns}}}, header = {str(dialect.has_header).lower()}, skip = {dialect.n_blank_lines}, "
        f"""delim = '{delimiter}', quote = '"', escape = '"', nullstr = [{missing}], """
        f"allow_quoted_nulls = {str(bool(spellings)).lower()}, "
        # By itself DuckDB would take half a gigabyte for lines that may be this long.
        f"max_line_size = {LONGEST_LINE}, buffer_size = {2 * LONGEST_LINE})"
    )
