"""DuckDB inside the process: the default engine."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
from numpy.typing import NDArray

from dataaudit.engine.base import MAX_ROWS_TO_UNPIVOT, EngineError, Row
from dataaudit.errors import ConfigError, DataAuditError

if TYPE_CHECKING:
    import pyarrow as pa

# A statement that is wrong in itself is a defect of the code that wrote it, and must be seen as one.
DEFECTS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.InternalException,
    duckdb.OutOfRangeException,
    duckdb.ParserException,
    duckdb.SyntaxException,
    duckdb.TypeMismatchException,
)
INTERRUPTED = "Query interrupted"
# Enough for ten million rows at full speed, and little enough to leave the machine to others.
DEFAULT_MEMORY_BYTES = 10**9
# A column of a table takes 32 kB before its first cell, and a few tables are open at once.
BYTES_PER_COLUMN = 131_072
MAX_COLUMNS_TO_OPTIMIZE = 500


class DuckDBEngine:
    """One in-memory database that may spill into a temporary folder of its own.

    Parameters
    ----------
    memory_limit : str, optional
        As DuckDB writes it ("4GB"); otherwise 1 GB, or what a table of very many columns needs at least. What
        does not fit is spilled to disk.
    threads : int, optional
        Worker threads; all cores otherwise.

    Notes
    -----
    Extensions are neither installed nor loaded by themselves, so no statement
    can open a network connection until `LOAD httpfs` has been run.
    """

    def __init__(self, memory_limit: str | None = None, threads: int | None = None) -> None:
        self._may_raise_limit = memory_limit is None
        # Temporary tables belong to one connection, which two threads must not use at once.
        self._alone = threading.RLock()
        self._n_planning = 0
        self.folder = _new_folder()
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self.connection = _connect(_options(self.folder, memory_limit, threads))
        except duckdb.Error as error:
            self._remove_folder()
            raise ConfigError(
                f"DuckDB does not take memory limit {memory_limit!r} with {threads} threads",
                hint="write --memory-limit like 500MB or 4GB, and --threads as a whole number from 1",
            ) from error

    def run(self, statement: str) -> None:
        """Run a statement that returns nothing."""
        with self._alone, _told_apart():
            self.connection.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query whose result is small."""
        with self._alone, _told_apart():
            return self.connection.execute(query).fetchall()

    def arrays(self, query: str) -> dict[str, NDArray[Any]]:
        """Return a query's columns as numpy arrays, masked where missing."""
        with self._alone, _told_apart():
            return self.connection.execute(query).fetchnumpy()

    def table(self, query: str) -> pa.Table:
        """Return a query's rows as an Arrow table, types as the engine has them."""
        with self._alone, _told_apart():
            return self.connection.sql(query).to_arrow_table()

    def register(self, name: str, table: object) -> None:
        """Let statements scan an Arrow table by this name, without copying it."""
        with self._alone, _told_apart():
            self.connection.register(name, table)

    def forget(self, name: str) -> None:
        """Let go of an Arrow table that was registered."""
        with self._alone, _told_apart():
            self.connection.unregister(name)

    def make_room_for(self, n_columns: int) -> None:
        """Raise the memory limit, if nobody set one, to what a table of so many columns needs at least."""
        needed = n_columns * BYTES_PER_COLUMN
        if self._may_raise_limit and needed > DEFAULT_MEMORY_BYTES:
            self.run(f"SET memory_limit = '{needed} bytes'")

    @contextmanager
    def planning_for(self, n_columns: int) -> Iterator[None]:
        """Leave out, for wide tables, the optimizers whose time grows with the square of the columns.

        3,000 columns of CSV: 14 s with them, 0.8 s without. On narrow tables
        they save parsing a cell twice.
        """
        if n_columns <= MAX_COLUMNS_TO_OPTIMIZE:
            yield
            return
        with self._alone:
            self._n_planning += 1
            self.run("SET disabled_optimizers = 'common_subexpressions,statistics_propagation'")
        try:
            yield
        finally:
            with self._alone:
                self._n_planning -= 1
                if self._n_planning == 0:
                    self.run("RESET disabled_optimizers")

    def count_each(self, relation: str, n_rows: int, keys: Sequence[str], label: str) -> str:
        """Return one grouping per key, or one for all keys below one another where the relation is short.

        A grouping of its own reads one column and counts small keys in an
        array, but must be set up: in a table of 10,000 columns that takes
        longer than counting a few thousand rows.
        """
        sums = "count(*) AS n, sum(t) AS s, sum(t * t) AS q"
        if n_rows <= MAX_ROWS_TO_UNPIVOT:
            named = ", ".join(f"{key} AS k{i}" for i, key in enumerate(keys))
            places = ", ".join(f"k{i}" for i in range(len(keys)))
            return (
                f"SELECT CAST(substr(name, 2) AS INTEGER) AS col, key, y, {sums} "
                f"FROM (SELECT {named}, {label} FROM {relation}) "
                f"UNPIVOT INCLUDE NULLS (key FOR name IN ({places})) GROUP BY ALL"
            )
        return " UNION ALL ".join(
            f"SELECT col, key, y, {sums} FROM (SELECT {i} AS col, {key} AS key, {label} FROM {relation}) GROUP BY ALL"
            for i, key in enumerate(keys)
        )

    def close(self) -> None:
        """Close the database and remove its temporary folder."""
        self.connection.close()
        self._remove_folder()


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell apart who is at fault for what DuckDB raises: the limits, the code, the data, or the user's Ctrl+C."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise DataAuditError(
            "the memory limit is too small for this table",
            hint="raise --memory-limit, or lower --threads (each thread needs its own share)",
        ) from error
    except DEFECTS:
        raise
    except duckdb.Error as error:
        told = EngineError(str(error))
        # What the message leaves out, a traceback of its cause would show.
        raise told from error if told.details == str(error) else None
    except RuntimeError as error:
        # What DuckDB's binding makes of Ctrl+C.
        if INTERRUPTED in str(error):
            raise KeyboardInterrupt from error
        raise


def _new_folder() -> str:
    try:
        return tempfile.mkdtemp(prefix="dataaudit-")
    except OSError as error:
        raise ConfigError(
            f"no temporary folder can be made: {error.strerror}", hint="let TMPDIR name a folder that can be written"
        ) from error


def _connect(options: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    if str(options.get("memory_limit", "")).strip().startswith("-"):
        # DuckDB itself takes it for no limit at all.
        raise duckdb.InvalidInputException("a negative memory limit")
    connection = duckdb.connect(":memory:", config=options)
    # Times with an offset are compared in UTC, whatever the zone of the machine.
    connection.execute("SET TimeZone = 'UTC'")
    # DuckDB turns its own bar on, on stdout, where Python is interactive.
    connection.execute("SET enable_progress_bar = false")
    # Read ahead, a row group of 2,000 columns would be one block of a gigabyte; the disk needs no reading ahead.
    connection.execute("SET disable_parquet_prefetching = true")
    return connection


def _options(folder: str, memory_limit: str | None, threads: int | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "temp_directory": folder,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "memory_limit": f"{DEFAULT_MEMORY_BYTES} bytes" if memory_limit is None else memory_limit,
    }
    if threads is not None:
        options["threads"] = threads
    return options
