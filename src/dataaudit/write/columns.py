"""Cells of a column of a data frame replaced in the frame's own library and in the column's own type."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
# Beyond, pandas' numbers with a missing cell among them lose their last digits.
LARGEST_EXACT = 2**53


def replace_cells(column: Any, cells: Any, where: BoolArray) -> tuple[Any, BoolArray]:
    """Return a column with other cells at some places, in its own type.

    Parameters
    ----------
    column : pandas or polars Series, or pyarrow ChunkedArray
    cells : pyarrow ChunkedArray of the same length
        What they are to be; missing ones, too.
    where : bool array of the same length

    Returns
    -------
    (column, bool array)
        True where the type cannot hold the new cell: there it is as it was.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not where.any():
        return column, where
    cells = pc.if_else(pa.array(where), cells, pa.scalar(None, cells.type))
    if cells.null_count == len(cells):
        cells = pa.chunked_array([pa.nulls(len(cells))])
    if hasattr(column, "iloc"):
        return _replaced_in_pandas(column, cells, where)
    if hasattr(column, "to_arrow"):
        return _replaced_in_polars(column, cells, where)
    return _replaced_in_arrow(column, cells, where)


def column_of(cells: Any, like: Any) -> Any:
    """Return Arrow cells as a column of the library of another, in the type that they have."""
    if hasattr(like, "iloc"):
        import pandas as pd
        import pyarrow as pa
        import pyarrow.compute as pc

        with_missing = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}
        loses = cells.type in with_missing and cells.null_count and (pc.max(pc.abs(cells)).as_py() or 0) > LARGEST_EXACT
        found = cells.to_pandas(types_mapper=with_missing.get if loses else None)
        return found.set_axis(like.index)
    if hasattr(like, "to_arrow"):
        import polars as pl

        return pl.Series(pl.from_arrow(cells))
    return cells


def _replaced_in_pandas(column: Any, cells: Any, where: BoolArray) -> tuple[Any, BoolArray]:
    import pandas as pd
    import pyarrow.compute as pc

    dtype = column.dtype
    # Numbers would be read as years, or counted in other units.
    has_no_numbers = isinstance(dtype, pd.PeriodDtype | pd.IntervalDtype) or dtype.kind == "m"
    if has_no_numbers and cells.null_count < len(cells):
        return column, where
    chosen = cells.filter(where)
    try:
        held = _as_pandas(chosen, dtype)
    except (TypeError, ValueError, OverflowError):
        return column, where
    is_lost = held.isna().to_numpy() != pc.is_null(chosen, nan_is_null=True).to_numpy()
    places = np.flatnonzero(where)
    lost = np.zeros(len(where), dtype=bool)
    lost[places[is_lost]] = True
    is_sparse = isinstance(dtype, pd.SparseDtype)
    found = pd.Series(column.to_numpy(), column.index) if is_sparse else column.copy()
    found.iloc[places[~is_lost]] = held.array[~is_lost]
    return (found.astype(dtype) if is_sparse else found), lost


def _as_pandas(cells: Any, dtype: Any) -> Any:
    """Return Arrow cells as a pandas column of a type."""
    import pandas as pd
    import pyarrow as pa
    from pandas.api.extensions import ExtensionDtype

    if isinstance(dtype, pd.ArrowDtype):
        return pd.Series(pd.arrays.ArrowExtensionArray(_as_arrow(cells, dtype.pyarrow_dtype)))
    if dtype.kind == "O" and not isinstance(dtype, ExtensionDtype):
        return pd.Series(cells.to_pylist(), dtype=object)
    if isinstance(dtype, pd.CategoricalDtype):
        codes = dtype.categories.get_indexer(pd.Index(cells.to_pandas()))
        return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype))
    if pa.types.is_null(cells.type):
        return pd.Series(cells.to_pylist(), dtype=object).astype(dtype)
    if isinstance(dtype, pd.SparseDtype):
        dtype = dtype.subtype
    # With a missing one among them, whole numbers would become floats.
    return cells.to_pandas(types_mapper=pd.ArrowDtype if pa.types.is_integer(cells.type) else None).astype(dtype)


def _replaced_in_polars(column: Any, cells: Any, where: BoolArray) -> tuple[Any, BoolArray]:
    import polars as pl

    try:
        held = pl.Series(pl.from_arrow(cells)).cast(column.dtype, strict=False)
    except pl.exceptions.PolarsError:
        return column, where
    lost = where & (held.is_null().to_numpy() != cells.is_null().to_numpy())
    return held.zip_with(pl.Series(where & ~lost), column).alias(column.name), lost


def _replaced_in_arrow(column: Any, cells: Any, where: BoolArray) -> tuple[Any, BoolArray]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    try:
        if pa.types.is_dictionary(kind):
            return _replaced_in_dictionary(column, cells, where)
        held = _as_arrow(cells, kind)
        if isinstance(kind, pa.BaseExtensionType):
            mixed = pc.if_else(pa.array(where), _storage(held), _storage(column))
            return _as_arrow(mixed, kind), where & False
        return pc.if_else(pa.array(where), held, column), where & False
    except pa.ArrowException:
        return column, where


def _replaced_in_dictionary(column: Any, cells: Any, where: BoolArray) -> tuple[Any, BoolArray]:
    """Replace cells by others of the dictionary; where those have no order, by new ones, too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    column = column.unify_dictionaries().combine_chunks()
    known, held = column.dictionary, cells.cast(kind.value_type)
    if not kind.ordered:
        fresh = pc.unique(held.filter(pc.invert(pc.is_in(held, known)))).drop_null()
        known = pa.concat_arrays([known, fresh])
    codes = pc.index_in(held, known, skip_nulls=True)
    lost = where & (codes.is_null().to_numpy() != held.is_null().to_numpy())
    mixed = pc.if_else(pa.array(where & ~lost), codes.cast(kind.index_type), column.indices)
    arrays = [pa.DictionaryArray.from_arrays(chunk, known, ordered=kind.ordered) for chunk in mixed.chunks]
    return pa.chunked_array(arrays, kind), lost


def _as_arrow(cells: Any, kind: Any) -> Any:
    """Return Arrow cells in another type."""
    import pyarrow as pa

    if not isinstance(kind, pa.BaseExtensionType):
        return cells.cast(kind)
    chunks = cells.cast(kind.storage_type).chunks
    return pa.chunked_array([kind.wrap_array(chunk) for chunk in chunks], kind)


def _storage(column: Any) -> Any:
    import pyarrow as pa

    return pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
