"""The same table as files and as frames of every library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa


def csv(frame: pd.DataFrame, path: Path) -> object:
    frame.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def parquet(frame: pd.DataFrame, path: Path) -> object:
    frame.to_parquet(path.with_suffix(".parquet"), index=False)
    return path.with_suffix(".parquet")


def arrow(frame: pd.DataFrame, _: Path) -> object:
    return pa.Table.from_pandas(frame, preserve_index=False)


def polars(frame: pd.DataFrame, _: Path) -> object:
    table = pl.from_arrow(pa.Table.from_pandas(frame, preserve_index=False))
    assert isinstance(table, pl.DataFrame)
    return table


FORMS: Mapping[str, Callable[[pd.DataFrame, Path], object]] = {
    "csv": csv,
    "parquet": parquet,
    "arrow": arrow,
    "polars": polars,
}
