"""Columns of frames as Arrow arrays of types that the engine knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def from_pandas(series: Any) -> Any:
    """Return a pandas column as an Arrow array; cells of several kinds in one column become text."""
    import pyarrow as pa

    if hasattr(series, "sparse"):
        series = series.sparse.to_dense()
    try:
        array = pa.Array.from_pandas(series)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeEncodeError):
        return _texts(series)
    # Categories that are intervals (pandas.cut) have no type the engine knows.
    is_named = pa.types.is_dictionary(array.type) and isinstance(array.type.value_type, pa.BaseExtensionType)
    return _texts(series) if is_named else array


def _texts(series: Any) -> Any:
    import pyarrow as pa

    cells = [None if missing else _as_text(cell) for cell, missing in zip(series, series.isna(), strict=True)]
    return pa.array(cells, pa.string())


def plain_column(column: Any) -> Any:
    """Return a column without encodings and with a type that DuckDB can scan.

    Dictionaries and run-ends are decoded, half floats widened, decimals that
    are too long for DuckDB become floats, and a column without a type is an
    empty column of text, as in a CSV file.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain_column(pa.chunked_array([chunk.storage for chunk in _chunks(column)], kind.storage_type))
    if pa.types.is_dictionary(kind):
        return plain_column(column.cast(kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        return plain_column(pc.run_end_decode(column))
    for is_kind, wanted in (
        (pa.types.is_null, pa.string()),
        (pa.types.is_float16, pa.float32()),
        (pa.types.is_decimal256, pa.float64()),
    ):
        if is_kind(kind):
            return column.cast(wanted)
    return column


def _chunks(column: Any) -> list[Any]:
    import pyarrow as pa

    return list(column.chunks) if isinstance(column, pa.ChunkedArray) else [column]


def _as_text(cell: Any) -> str:
    """Return a cell as text that is valid UTF-8; the halves of a surrogate pair are spelt out."""
    return str(cell).encode("utf-8", "backslashreplace").decode("utf-8")


def read_arrow_schema(paths: Sequence[str]) -> bytes | None:
    """Return the Arrow schema of the files as bytes; None where they do not agree or are not at hand."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schemas = [pq.read_schema(path) for path in paths]
    except (OSError, pa.ArrowException):
        # Out of Arrow's reach (a store on the web), or with a column that only DuckDB knows.
        return None
    first = schemas[0]
    return bytes(first.serialize()) if all(schema.equals(first) for schema in schemas) else None
