"""pandas, polars and pyarrow frames, handed to the engine as Arrow without copying where possible."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dataaudit.engine.base import EngineError
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.arrow import from_pandas, plain_column
from dataaudit.load.raw import RawTable

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS_OF_DECIMAL = 38
FRAMES = ("DataFrame", "LazyFrame", "Table", "RecordBatch")


def is_frame(source: object) -> bool:
    """Return whether the source is a pandas, polars or pyarrow table."""
    ancestors = {(ancestor.__module__.partition(".")[0], ancestor.__name__) for ancestor in type(source).__mro__}
    return any((library, name) in ancestors for library in ("pandas", "polars", "pyarrow") for name in FRAMES)


def register_frame(engine: DuckDBEngine, split: str, frame: object) -> RawTable:
    """Register a frame as the relation of a split; row i is the frame's i-th row.

    Raises
    ------
    InputError
        If two columns have the same name, or a column has a type that cannot be counted.
    """
    names, columns = frame_columns(frame, split)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(
            f"the {split} frame has {names.count(repeated[0])} columns named {repeated[0]!r}",
            hint="give every column a name of its own",
        )
    import numpy as np
    import pyarrow as pa

    engine.make_room_for(len(names))
    n_rows = len(columns[0]) if columns else 0
    table = pa.table([*columns, np.arange(n_rows)], names=[*(f"r{i}" for i in range(len(names))), "row"])
    described = _describe(engine, split, table, names)
    return RawTable(
        split=split,
        source=f"{library_of(frame)} frame",
        relation=f"frame_{split}",
        names=names,
        types=tuple(str(row[1]) for row in described[: len(names)]),
        n_rows=n_rows,
        stored_as_text=True,
    )


def _describe(engine: DuckDBEngine, split: str, table: pa.Table, names: tuple[str, ...]) -> list[Any]:
    """Register the table and return its columns as DuckDB sees them; InputError names a type it does not know."""
    try:
        engine.register(f"frame_{split}", table)
        return engine.rows(f"DESCRIBE SELECT * FROM frame_{split}")
    except EngineError as error:
        unknown = ", ".join(
            f"{name!r} ({column.type})"
            for name, column in zip(names, table.columns, strict=False)
            if not _is_known(engine, column)
        )
        raise InputError(
            f"the {split} frame has columns of types that cannot be counted: {unknown}",
            hint="leave them out or turn them into text",
        ) from error


def _is_known(engine: DuckDBEngine, column: Any) -> bool:
    import pyarrow as pa

    try:
        engine.register("one_column", pa.table([column], names=["r0"]))
        engine.rows("DESCRIBE SELECT * FROM one_column")
    except EngineError:
        return False
    return True


def frame_columns(frame: Any, split: str) -> tuple[tuple[str, ...], list[Any]]:
    """Return the names and the Arrow columns of a frame."""
    library = library_of(frame)
    if library == "pandas":
        names = tuple(str(name) for name in frame.columns)
        return names, [plain_column(from_pandas(frame.iloc[:, i])) for i in range(frame.shape[1])]
    table = _polars_to_arrow(frame, split) if library == "polars" else frame
    return tuple(str(name) for name in table.schema.names), [plain_column(column) for column in table.columns]


def _polars_to_arrow(frame: Any, split: str) -> Any:
    import polars as pl
    import pyarrow as pa

    collected = frame.lazy().collect()
    objects = [name for name, dtype in collected.schema.items() if dtype == pl.Object]
    if objects:
        raise InputError(
            f"column {objects[0]!r} of the {split} frame holds Python objects",
            hint="leave it out or turn it into text",
        )
    return pa.table([_series_to_arrow(column) for column in collected], names=collected.columns)


def _series_to_arrow(series: Any) -> Any:
    """Return a polars column as Arrow; 128-bit integers, which Arrow lacks, as decimals or, if too long, as text."""
    import polars as pl
    import pyarrow as pa

    try:
        return series.to_arrow()
    except pa.ArrowInvalid:
        try:
            return series.cast(pl.Decimal(DIGITS_OF_DECIMAL, 0)).to_arrow()
        except pl.exceptions.PolarsError:
            return series.cast(pl.String).to_arrow()


def library_of(frame: object) -> str:
    """Return whose frame it is; a class derived from one counts as one."""
    libraries = [ancestor.__module__.partition(".")[0] for ancestor in type(frame).__mro__]
    return next(library for library in libraries if library in ("pandas", "polars", "pyarrow"))
