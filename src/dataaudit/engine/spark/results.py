"""What Spark hands back, as the rows and arrays that the measurements expect."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import Row

if TYPE_CHECKING:
    import pyarrow as pa


def rows_of(table: pa.Table) -> list[Row]:
    """Return the rows of an Arrow table as Python values."""
    columns = [[_plain(value) for value in column.to_pylist()] for column in table.columns]
    return list(zip(*columns, strict=True)) if columns else []


def arrays_of(table: pa.Table) -> dict[str, NDArray[Any]]:
    """Return the columns of an Arrow table as numpy arrays, masked where missing."""
    return {name: _array(column) for name, column in zip(table.column_names, table.columns, strict=True)}


def _plain(value: Any) -> Any:
    """Return a decimal without places as the whole number it stands for."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _array(column: pa.ChunkedArray) -> NDArray[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    missing = pc.is_null(column).to_numpy()
    if pa.types.is_decimal(kind):
        column, kind = column.cast(pa.float64()), pa.float64()
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        filled = column.fill_null(False if pa.types.is_boolean(kind) else 0).to_numpy()
        return np.ma.masked_array(filled, mask=missing) if missing.any() else filled
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return np.ma.masked_array(values, mask=missing) if missing.any() else values
