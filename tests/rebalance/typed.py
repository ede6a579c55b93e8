"""Frames of pandas, polars and pyarrow with a column of every type that a row can be made up of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

N_ROWS, N_RARE = 240, 40
LETTERS = ("low", "middle", "high")


def _draws(seed: int) -> dict[str, Any]:
    """Return what the columns of all libraries are made of: independent draws, a few missing."""
    rng = np.random.default_rng(seed)
    letters = rng.choice(LETTERS, (5, N_ROWS))
    return {
        "x": rng.normal(size=N_ROWS).round(3),
        "y": np.where(np.arange(N_ROWS) % (N_ROWS // N_RARE) == 0, "rare", "common"),
        "letters": letters,
        "whole": rng.integers(0, 100, (6, N_ROWS)),
        "large": rng.integers(10**6, 10**9, (4, N_ROWS)),
        "missing": rng.random((6, N_ROWS)) < 0.05,
    }


def _numbers(values: Any, missing: Any) -> list[int | None]:
    return [None if gone else int(value) for value, gone in zip(values, missing, strict=True)]


def in_pandas(seed: int = 0) -> pd.DataFrame:
    d = _draws(seed)
    whole, large, missing = d["whole"], d["large"], d["missing"]
    day = np.datetime64("2021-03-01") + (large[0] % 900).astype("timedelta64[D]")
    stamp = pd.Timestamp("2021-03-01") + pd.to_timedelta(large[1] % 10**8, unit="s")
    money = pd.array(
        [Decimal(f"{value // 100}.{value % 100:02d}") for value in (large[2] % 10**7).tolist()],
        dtype=pd.ArrowDtype(pa.decimal128(12, 2)),
    )
    return pd.DataFrame(
        {
            "x": d["x"],
            "period": pd.PeriodIndex(pd.to_datetime(day), freq="M"),
            "interval": pd.cut(whole[0], [-1, 10, 40, 70, 100]).astype(pd.IntervalDtype("int64", "right")),
            "binned": pd.cut(whole[5], [-1, 20, 50, 100]),
            "took": pd.to_timedelta(large[3], unit="s"),
            "ranked": pd.Categorical(d["letters"][0], LETTERS, ordered=True),
            "sizes": pd.Categorical(whole[1] % 60),
            "Int16": pd.array(_numbers(whole[2], missing[0]), dtype="Int16"),
            "boolean": pd.array(np.where(missing[1], None, whole[3] > 50), dtype="boolean"),
            "string": pd.array(np.where(missing[2], None, d["letters"][1]), dtype="string"),
            "uint8": whole[4].astype("uint8"),
            "float32": (large[0] % 9900 / 100).astype("float32"),
            "stamp": pd.DatetimeIndex(stamp).tz_localize("UTC").tz_convert("Europe/Berlin"),
            "seconds": pd.DatetimeIndex(stamp[::-1]).as_unit("s"),
            "money": money,
            "arrow string": pd.array(d["letters"][2], dtype=pd.ArrowDtype(pa.string())),
            "arrow int": pd.array(_numbers(large[2] % 977, missing[3]), dtype=pd.ArrowDtype(pa.int32())),
            "sparse": pd.arrays.SparseArray(np.where(whole[0] < 60, 0.0, large[3] % 500 + 1.0)),
            "date": pd.array([one.item() for one in day[::-1]], dtype=object),
            "y": d["y"],
        },
        index=pd.Index(np.arange(N_ROWS) + 1000, name="number"),
    )


def in_polars(seed: int = 0) -> pl.DataFrame:
    d = _draws(seed)
    whole, large, missing, letters = d["whole"], d["large"], d["missing"], d["letters"]
    start = dt.datetime.fromisoformat("2021-03-01")
    stamps = [start + dt.timedelta(seconds=int(value) % 10**8) for value in large[1]]
    berlin = pl.Series(stamps).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    pairs = [[int(a), int(b)] for a, b in zip(whole[0], whole[1], strict=True)]
    return pl.DataFrame(
        {
            "x": d["x"],
            "took": pl.Series((large[0] * 1000).tolist()).cast(pl.Duration("ms")),
            "few": pl.Series((whole[0] % 5 + 1).tolist()).cast(pl.Duration("us")),
            "letter": pl.Series(letters[0]).cast(pl.Categorical),
            "ranked": pl.Series(letters[1]).cast(pl.Enum(LETTERS)),
            "pair": pl.Series(pairs, dtype=pl.Array(pl.Int16, 2)),
            "list": pl.Series([[float(b), float(a)] for a, b in pairs], dtype=pl.List(pl.Float32)),
            "struct": pl.Series([{"a": a, "b": str(b)} for a, b in pairs]),
            "money": pl.Series((large[2] % 10**7 / 100).round(2)).cast(pl.Decimal(12, 2)),
            "clock": pl.Series((large[3] % 86_400 * 10**9).tolist()).cast(pl.Time),
            "stamp": berlin,
            "day": pl.Series(stamps[::-1]).cast(pl.Date),
            "UInt8": pl.Series(_numbers(whole[2], missing[0]), dtype=pl.UInt8),
            "Int128": pl.Series(_numbers(large[3] % 967, missing[1]), dtype=pl.Int128),
            "float32": pl.Series((large[0] % 9900 / 100).astype("float32")),
            "boolean": pl.Series(np.where(missing[2], None, whole[3] > 50).tolist()),
            "binary": pl.Series([text.encode() for text in letters[2]]),
            "y": d["y"],
        }
    )


def in_arrow(seed: int = 0) -> pa.Table:
    d = _draws(seed)
    whole, large, missing, letters = d["whole"], d["large"], d["missing"], d["letters"]
    money = [Decimal(f"{value // 100}.{value % 100:02d}") for value in (large[2] % 10**7).tolist()]
    numbers = _numbers(whole[4] + 1, missing[1])
    columns = {
        "x": pa.array(d["x"]),
        "took": pa.array(large[0], pa.duration("us")),
        "few": pa.array(whole[0] % 5 + 1, pa.duration("s")),
        "letter": pa.array(letters[0].tolist()).dictionary_encode(),
        "numbers": pa.array(numbers, pa.int64()).dictionary_encode(),
        "large": pa.array(letters[1].tolist(), pa.large_string()),
        "money": pa.array(money, pa.decimal128(12, 2)),
        "stamp": pa.array(10**9 * 10**3 + large[1] * 1000, pa.timestamp("ms", "Europe/Berlin")),
        "nanoseconds": pa.array(10**18 + large[2] * 10**9, pa.timestamp("ns")),
        "day": pa.array(18_000 + large[3] % 900, pa.int64()).cast(pa.int32()).cast(pa.date32()),
        "clock": pa.array(large[3] % 86_400, pa.int64()).cast(pa.int32()).cast(pa.time32("s")),
        "list": pa.array([[int(a), int(b)] for a, b in whole[:2].T], pa.list_(pa.int16())),
        "fixed": pa.array([[float(b), float(a)] for a, b in whole[:2].T], pa.list_(pa.float32(), 2)),
        "struct": pa.array([{"a": int(a), "b": str(b)} for a, b in whole[:2].T]),
        "binary": pa.array([text.encode() for text in letters[2]], pa.binary()),
        "uint8": pa.array(_numbers(whole[2], missing[0]), pa.uint8()),
        "float32": pa.array((large[0] % 9900 / 100).astype("float32")),
        "y": pa.array(d["y"].tolist()),
    }
    fields = [pa.field(name, column.type, nullable=name != "x") for name, column in columns.items()]
    return pa.table(list(columns.values()), schema=pa.schema(fields, metadata={"who": "somebody"}))


MAKERS = {"pandas": in_pandas, "polars": in_polars, "pyarrow": in_arrow}


def is_same(one: Any, other: Any) -> bool:
    """Return whether two frames have the same cells, types, names and, of pandas, index."""
    if isinstance(one, pa.Table):
        # Dictionaries may list the same cells in other orders.
        return one.schema.equals(other.schema, check_metadata=True) and one.to_pylist() == other.to_pylist()
    if isinstance(one, pl.DataFrame):
        return one.schema == other.schema and one.equals(other)
    pd.testing.assert_frame_equal(one, other)
    return True


def column_list(frame: Any, name: str) -> list[Any]:
    """Return the cells of a column, as one compares them."""
    column = frame[name]
    cells = column.to_pylist() if isinstance(frame, pa.Table) else column.to_list()
    return [repr(cell) for cell in cells]
