"""pandas, polars and pyarrow frames, handed to the engine as Arrow without copying where possible."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable

if TYPE_CHECKING:
    import pyarrow as pa


def is_frame(source: object) -> bool:
    """Return whether the source is a pandas, polars or pyarrow table."""
    return _library(source) in ("pandas", "polars", "pyarrow") and hasattr(source, "shape")


def register_frame(engine: DuckDBEngine, split: str, frame: object) -> RawTable:
    """Register a frame as the relation of a split; row i is the frame's i-th row.

    Raises
    ------
    InputError
        If two columns have the same name, or a column cannot be turned into Arrow.
    """
    table = _as_arrow(frame, split)
    import numpy as np
    import pyarrow as pa

    names = tuple(str(name) for name in table.column_names)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(
            f"the {split} frame has {names.count(repeated[0])} columns named {repeated[0]!r}",
            hint="give every column a name of its own",
        )
    table = table.rename_columns([f"r{i}" for i in range(len(names))])
    table = table.append_column("row", pa.array(np.arange(table.num_rows)))
    engine.register(f"frame_{split}", table)
    described = engine.rows(f"DESCRIBE SELECT * FROM frame_{split}")
    return RawTable(
        split=split,
        source=f"{_library(frame)} frame",
        relation=f"frame_{split}",
        names=names,
        types=tuple(str(row[1]) for row in described[: len(names)]),
        n_rows=table.num_rows,
        stored_as_text=True,
    )


def _as_arrow(frame: Any, split: str) -> pa.Table:
    import pyarrow as pa

    library = _library(frame)
    if library == "pyarrow":
        table: pa.Table = frame
        return table
    if library == "polars":
        return frame.lazy().collect().to_arrow()
    return pa.table(_pandas_columns(frame, split), names=[str(name) for name in frame.columns])


def _pandas_columns(frame: Any, split: str) -> list[pa.Array]:
    """Return the columns as Arrow; cells of several kinds in one column become text."""
    import pyarrow as pa

    columns = []
    for position in range(frame.shape[1]):
        series = frame.iloc[:, position]
        try:
            columns.append(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            present = series.notna()
            columns.append(pa.Array.from_pandas(series.astype(object).where(~present, series.map(str))))
        except OverflowError as error:
            raise InputError(
                f"column {frame.columns[position]!r} of the {split} frame does not fit 64-bit numbers",
                hint="turn it into text or float first",
            ) from error
    return [_flat(column) for column in columns]


def _flat(column: Any) -> Any:
    """Return a chunked array as it is and a dictionary-encoded one as its values."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    return column


def _library(source: object) -> str:
    return type(source).__module__.partition(".")[0]
