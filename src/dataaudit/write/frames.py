"""Rows and columns of data frames, taken in the frame's own library, so that its types stay what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def in_memory(frame: Any) -> Any:
    """Return a table as it is, a lazy one collected, a record batch as a table."""
    if hasattr(frame, "iloc"):
        return frame
    if hasattr(frame, "collect"):
        return frame.collect()
    if is_arrow(frame):
        import pyarrow as pa

        return frame if isinstance(frame, pa.Table) else pa.Table.from_batches([frame])
    return frame


def is_arrow(frame: Any) -> bool:
    """Return whether a table is one of pyarrow; pandas offers columns by their names, so it is asked for first."""
    return not hasattr(frame, "iloc") and hasattr(frame, "column_names")


def names_of(frame: Any) -> list[str]:
    """Return the names of the columns of a table in memory."""
    return [str(name) for name in (frame.column_names if is_arrow(frame) else frame.columns)]


def take_rows(frame: Any, numbers: NDArray[np.int64]) -> Any:
    """Return these rows of a pandas, polars or pyarrow table; a pandas index goes with them."""
    if hasattr(frame, "iloc"):
        return frame.iloc[numbers]
    frame = in_memory(frame)
    return _arrow_rows(frame, numbers) if is_arrow(frame) else frame[numbers]


def _arrow_rows(table: Any, numbers: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    try:
        return table.take(numbers)
    except pa.ArrowNotImplementedError:
        return pa.table([_arrow_cells(column, numbers) for column in table.columns], schema=table.schema)


def _arrow_cells(column: Any, numbers: NDArray[np.int64]) -> Any:
    """Return these cells of an Arrow column; Arrow itself takes none of views and of encoded runs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_run_end_encoded(kind):
        plain = pc.run_end_decode(column).take(numbers)
        return pc.run_end_encode(plain, run_end_type=kind.run_end_type)
    for is_view, taken in ((pa.types.is_string_view, pa.large_string()), (pa.types.is_binary_view, pa.large_binary())):
        if is_view(kind):
            return column.cast(taken).take(numbers).cast(kind)
    return column.take(numbers)


def take_cells(frame: Any, place: int, numbers: NDArray[np.int64]) -> Any:
    """Return these rows' cells of the column at a place of a table in memory."""
    if hasattr(frame, "iloc"):
        return frame.iloc[:, place].iloc[numbers]
    column = column_at(frame, place)
    return _arrow_cells(column, numbers) if is_arrow(frame) else column[numbers]


def column_at(frame: Any, place: int) -> Any:
    """Return a column of a table in memory."""
    if hasattr(frame, "iloc"):
        return frame.iloc[:, place]
    return frame.to_series(place) if hasattr(frame, "to_series") else frame.column(place)


def select_columns(frame: Any, places: Sequence[int]) -> Any:
    """Return these columns of a table in memory."""
    if hasattr(frame, "iloc"):
        return frame.iloc[:, list(places)]
    return frame[:, list(places)] if hasattr(frame, "to_series") else frame.select(list(places))


def with_columns(frame: Any, columns: Mapping[int, Any]) -> Any:
    """Return a table in memory with other columns at some places, under the names that were there."""
    if hasattr(frame, "iloc"):
        frame = frame.copy()
        for place, column in columns.items():
            frame.isetitem(place, column.array)
        return frame
    if hasattr(frame, "to_series"):
        return frame.with_columns([column.alias(frame.columns[place]) for place, column in columns.items()])
    for place, column in columns.items():
        field = frame.schema.field(place)
        is_nullable = field.nullable or column.null_count > 0
        frame = frame.set_column(place, field.with_type(column.type).with_nullable(is_nullable), column)
    return frame


def rows_below(tables: Sequence[Any]) -> Any:
    """Return tables in memory of one library below one another, with the columns and types of the first.

    A column that a further one lacks is missing there.
    """
    first, *others = tables
    if not others:
        return first
    if hasattr(first, "iloc"):
        import pandas as pd

        return pd.concat([first, *(other.reindex(columns=first.columns) for other in others)])
    if hasattr(first, "to_series"):
        import polars as pl

        known = dict(first.schema)
        return pl.concat([first, *(_in_polars(other, known) for other in others)])
    import pyarrow as pa

    return pa.concat_tables([first, *(_in_arrow(other, first.schema) for other in others)])


def _in_polars(frame: Any, types: Mapping[str, Any]) -> Any:
    import polars as pl

    return frame.select(
        [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in types.items()
        ]
    )


def _in_arrow(table: Any, schema: Any) -> Any:
    import pyarrow as pa

    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
