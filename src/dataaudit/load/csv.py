"""CSV files: decoded, read once as text into a temporary table."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import duckdb

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.dialect import Dialect, sniff_dialect
from dataaudit.load.raw import RawTable, quote_text

SNIFFED_BYTES = 1 << 20
# The spellings pandas reads as missing (pandas.read_csv, na_values).
MISSING_SPELLINGS = (
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OPENERS: dict[str, Callable[[Path], IO[bytes]]] = {
    ".gz": lambda path: gzip.open(path, "rb"),
    ".bz2": lambda path: bz2.open(path, "rb"),
    ".xz": lambda path: lzma.open(path, "rb"),
}


def read_csv(engine: DuckDBEngine, split: str, paths: list[Path], source: str) -> RawTable:
    """Read CSV files of one split into a table of text, row order kept.

    Raises
    ------
    InputError
        If a file is empty, binary or ragged, or the files' headers differ.
    """
    plain = [_plain_file(engine, path) for path in paths]
    dialects = [_dialect(file, path) for file, path in zip(plain, paths, strict=True)]
    for path, dialect in zip(paths, dialects, strict=True):
        if dialect != dialects[0]:
            raise InputError(
                f"{path.name} and {paths[0].name} have different headers",
                hint="files of one split must have the same columns in the same order",
            )
    table = f"raw_{split}"
    try:
        engine.run(_create(table, plain, dialects[0]))
        notes: tuple[str, ...] = ()
    except duckdb.Error as error:
        if not _is_encoding(error):
            raise _readable(error, paths, dialects[0]) from error
        notes = _read_as_windows_1252(engine, table, plain, paths, dialects[0])
    n_rows = int(engine.rows(f"SELECT count(*) FROM {table}")[0][0])
    names = dialects[0].names
    return RawTable(
        split=split,
        source=source,
        relation=f"(SELECT *, rowid AS row FROM {table})",
        names=names,
        types=("VARCHAR",) * len(names),
        n_rows=n_rows,
        stored_as_text=False,
        table=table,
        notes=notes,
    )


def _dialect(file: Path, path: Path) -> Dialect:
    with file.open("rb") as stream:
        start = stream.read(SNIFFED_BYTES)
    if b"\x00" in start:
        raise InputError(f"{path.name} is not text: it holds zero bytes", hint="give a CSV or Parquet file")
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = decoder.decode(start)
    except UnicodeDecodeError:
        text = start.decode("cp1252", errors="replace")
    return sniff_dialect(text, len(start) < SNIFFED_BYTES, path.name)


def _plain_file(engine: DuckDBEngine, path: Path) -> Path:
    """Return an uncompressed file in UTF-8 or a single-byte encoding, written aside where needed."""
    aside = Path(engine.folder) / f"{len(list(Path(engine.folder).iterdir()))}-{path.stem}"
    try:
        if path.suffix in OPENERS:
            with OPENERS[path.suffix](path) as packed, aside.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
            path = aside
        elif path.suffix == ".zip":
            path = _unzip(path, aside)
        elif path.suffix in (".zst", ".zstd"):
            path = _unpack_zstd(path, aside)
    except (OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise InputError(f"{path.name} cannot be unpacked: {error}", hint="the file may be truncated") from error
    return _without_utf_16(path, aside.with_suffix(".utf8"))


def _unzip(path: Path, aside: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.namelist() if not member.endswith("/")]
        if len(members) != 1:
            raise InputError(f"{path.name} holds {len(members)} files", hint="unpack it and name the one to audit")
        with archive.open(members[0]) as packed, aside.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    return aside


def _unpack_zstd(path: Path, aside: Path) -> Path:
    import pyarrow as pa

    with pa.input_stream(str(path), compression="zstd") as packed, aside.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    return aside


def _without_utf_16(path: Path, aside: Path) -> Path:
    with path.open("rb") as stream:
        mark = stream.read(2)
    if mark not in UTF_16_MARKS:
        return path
    _transcode(path, aside, "utf-16", path.name)
    return aside


def _transcode(path: Path, aside: Path, encoding: str, name: str) -> None:
    try:
        with path.open(encoding=encoding, newline="") as old, aside.open("w", encoding="utf-8", newline="") as new:
            shutil.copyfileobj(old, new, 1 << 20)
    except UnicodeError as error:
        raise InputError(f"{name} cannot be decoded as {encoding}: {error}", hint="save it as UTF-8") from error


def _read_as_windows_1252(
    engine: DuckDBEngine, table: str, plain: list[Path], paths: list[Path], dialect: Dialect
) -> tuple[str, ...]:
    """Read again what was not UTF-8; latin-1 takes the few bytes Windows-1252 leaves undefined."""
    recoded = []
    for number, (file, path) in enumerate(zip(plain, paths, strict=True)):
        aside = Path(engine.folder) / f"recoded-{table}-{number}.csv"
        try:
            _transcode(file, aside, "cp1252", path.name)
        except InputError:
            _transcode(file, aside, "latin-1", path.name)
        recoded.append(aside)
    engine.run(f"DROP TABLE IF EXISTS {table}")
    try:
        engine.run(_create(table, recoded, dialect))
    except duckdb.Error as error:
        raise _readable(error, paths, dialect) from error
    return (f"{paths[0].name} is not UTF-8; it was read as Windows-1252.",)


def _create(table: str, files: list[Path], dialect: Dialect) -> str:
    columns = ", ".join(f"'r{i}': 'VARCHAR'" for i in range(len(dialect.names)))
    listed = ", ".join(quote_text(str(file)) for file in files)
    spellings = ", ".join(quote_text(spelling) for spelling in MISSING_SPELLINGS)
    delimiter = "\\t" if dialect.delimiter == "\t" else dialect.delimiter
    return (
        f"CREATE TEMP TABLE {table} AS SELECT * FROM read_csv([{listed}], auto_detect = false, "
        f"columns = {{{columns}}}, header = {str(dialect.has_header).lower()}, delim = '{delimiter}', "
        f"""quote = '"', escape = '"', nullstr = [{spellings}], max_line_size = 16777216)"""
    )


def _is_encoding(error: duckdb.Error) -> bool:
    return "Invalid unicode" in str(error)


def _readable(error: duckdb.Error, paths: list[Path], dialect: Dialect) -> InputError:
    """Turn DuckDB's many lines about a broken CSV into one that names the line."""
    text = str(error).partition("\n\n")[0]
    line = re.search(r"Line: (\d+)", text)
    where = f"{paths[0].name}, line {line[1]}" if line and len(paths) == 1 else paths[0].name
    width = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if width:
        return InputError(
            f"{where}: {width[2]} cells where the header has {len(dialect.names)}",
            hint="mend the line (a cell that holds the delimiter needs quotes)",
        )
    if re.search(r"(?i)maximum line size", text):
        return InputError(f"{where}: a line is longer than 16 MB", hint="look for an unclosed quote or a huge cell")
    first = next((part for part in text.splitlines() if part.strip()), "unknown error")
    return InputError(f"{where} cannot be read as CSV: {first}", hint="look for an unclosed quote")
