"""Files that only the session can read: s3://, hdfs://, abfss:// and what else it is set up for."""

from __future__ import annotations

from pathlib import PurePosixPath

from dataaudit.engine.base import EngineError
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.errors import cause, told_apart
from dataaudit.errors import InputError
from dataaudit.load.dialect import Dialect, sniff_dialect
from dataaudit.load.raw import RawTable
from dataaudit.load.spark.csv import FileCounts, first_look, parsed, relation_of
from dataaudit.load.spark.parquet import numbered_files

CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".csv.bz2", ".csv.zst", ".tsv.gz")
N_LINES_SNIFFED = 1_000


def is_remote(named: list[str]) -> bool:
    """Return whether the paths are addresses for the session to read."""
    return all("://" in name for name in named)


def read_remote(engine: SparkEngine, split: str, named: list[str]) -> RawTable:
    """Read what lies at the addresses: CSV if they end like it, Parquet otherwise.

    Raises
    ------
    InputError
        If the session cannot read them.
    """
    shown = PurePosixPath(named[0]).name if len(named) == 1 else f"{len(named)} addresses"
    is_csv = all(name.lower().endswith(CSV_ENDINGS) for name in named)
    from pyspark.errors import AnalysisException

    try:
        with told_apart():
            return _read_csv(engine, split, named, shown) if is_csv else _read_parquet(engine, split, named, shown)
    except AnalysisException as error:
        raise _unreadable(shown, cause(str(error))) from error
    except EngineError as error:
        raise _unreadable(shown, error.message.partition(": ")[2]) from error


def _unreadable(shown: str, reason: str) -> InputError:
    return InputError(
        f"{shown} cannot be read by Spark: {reason}", hint="look at the address, and at what the session may read"
    )


def _read_parquet(engine: SparkEngine, split: str, named: list[str], shown: str) -> RawTable:
    return numbered_files(engine, split, engine.session.read.parquet(*named), None, shown)


def _read_csv(engine: SparkEngine, split: str, named: list[str], shown: str) -> RawTable:
    """Tell the dialect by the first lines that the session reads; its rows are mended in no way."""
    head = engine.session.read.text(named[0]).limit(N_LINES_SNIFFED)
    lines = [str(row[0]) for row in head.collect()]
    dialect = sniff_dialect("\n".join(lines), len(lines) < N_LINES_SNIFFED, shown)
    kept = engine.keep(f"raw_{split}", parsed(engine, named, dialect), persisted=True)
    counts = first_look(kept)
    _check_whole(counts, dialect)
    return relation_of(engine, split, counts, sorted(counts), dialect, shown)


def _check_whole(counts: dict[str, FileCounts], dialect: Dialect) -> None:
    for file, found in sorted(counts.items()):
        if found.broken is not None:
            number = found.broken + 1 + dialect.has_header
            raise InputError(
                f"{PurePosixPath(file).name}, record {number:,}: another number of cells than the header's "
                f"{len(dialect.names):,}",
                hint="mend the record (a cell that holds the delimiter needs quotes)",
            )
