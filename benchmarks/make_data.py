"""Write the benchmark tables: n rows x 51 columns (or as many as asked for), train 80 %, test 20 %.

30 floats on 5 scales (every sixth with 5 % missing), 5 integers, 10
categoricals of 3 to 39 values, 3 text columns of 10^3 to 10^5 values, a
timestamp, a row id, and a binary label `y` with 2 % positives. With another
number of columns the kinds keep their proportions; the last three always stay.

Usage: python benchmarks/make_data.py N_ROWS FOLDER [N_COLUMNS]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N_FLOATS, N_INTEGERS, N_CATEGORICALS = 30, 5, 10
TEXT_CARDINALITIES = (1_000, 10_000, 100_000)
N_FIXED = 3  # time, row_id, y
N_COLUMNS = N_FLOATS + N_INTEGERS + N_CATEGORICALS + len(TEXT_CARDINALITIES) + N_FIXED
FEWEST_COLUMNS = N_FIXED + 5
CHUNK_ROWS = 100_000
SHARE_TRAIN = 0.8
SHARE_POSITIVE = 0.02


def kinds_of(n_columns: int) -> tuple[int, int, int, int]:
    """Return the numbers of floats, integers, categoricals and texts in the proportions of the 51 columns.

    Examples
    --------
    >>> kinds_of(51), kinds_of(11), kinds_of(201)
    ((30, 5, 10, 3), (4, 1, 2, 1), (124, 21, 41, 12))
    """
    if n_columns < FEWEST_COLUMNS:
        sys.exit(f"error: {n_columns} columns are too few\nhint: ask for {FEWEST_COLUMNS} or more")
    n_free, n_free_usual = n_columns - N_FIXED, N_COLUMNS - N_FIXED
    usual = (N_INTEGERS, N_CATEGORICALS, len(TEXT_CARDINALITIES))
    integers, categoricals, texts = (max(1, round(n_free * n / n_free_usual)) for n in usual)
    return n_free - integers - categoricals - texts, integers, categoricals, texts


def chunk(rng: np.random.Generator, first_row: int, n_rows: int, n_columns: int = N_COLUMNS) -> pa.Table:
    """Return rows first_row .. first_row + n_rows of the benchmark table."""
    n_floats, n_integers, n_categoricals, n_texts = kinds_of(n_columns)
    label = rng.random(n_rows) < SHARE_POSITIVE
    columns: dict[str, pa.Array] = {}
    for i in range(n_floats):
        scale = 10.0 ** (i % 5)
        values = scale * (rng.standard_normal(n_rows) + (0.3 * label if i < 5 else 0.0))
        missing = rng.random(n_rows) < 0.05 if i % 6 == 0 else None
        columns[f"float_{i}"] = pa.array(values, mask=missing)
    for i in range(n_integers):
        columns[f"integer_{i}"] = pa.array(rng.integers(0, 10 ** (i % N_INTEGERS + 1), n_rows))
    for i in range(n_categoricals):
        n_values = 3 + 4 * (i % N_CATEGORICALS)
        columns[f"category_{i}"] = pa.array([f"level {v}" for v in rng.integers(0, n_values, n_rows)])
    for i in range(n_texts):
        again, kind = divmod(i, len(TEXT_CARDINALITIES))
        n_values = TEXT_CARDINALITIES[kind]
        name = f"text_{n_values}" + (f"_{again}" if again else "")
        words = rng.integers(0, n_values, n_rows)
        columns[name] = pa.array([f"note about item {v:06d} of the shop" for v in words])
    seconds = 1_700_000_000 + np.arange(first_row, first_row + n_rows) * 7
    columns["time"] = pa.array(seconds.astype("datetime64[s]"))
    columns["row_id"] = pa.array(np.arange(first_row, first_row + n_rows))
    columns["y"] = pa.array(label.astype(np.int64))
    return pa.table(columns)


def write_split(path: Path, rng: np.random.Generator, first_row: int, n_rows: int, n_columns: int = N_COLUMNS) -> None:
    """Write one split as a Parquet file, chunk by chunk."""
    writer: pq.ParquetWriter | None = None
    for start in range(0, n_rows, CHUNK_ROWS):
        table = chunk(rng, first_row + start, min(CHUNK_ROWS, n_rows - start), n_columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def make(n_rows: int, folder: Path, seed: int = 0, n_columns: int = N_COLUMNS) -> tuple[Path, Path]:
    """Write `train.parquet` and `test.parquet` into folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    n_train = round(n_rows * SHARE_TRAIN)
    train, test = folder / "train.parquet", folder / "test.parquet"
    write_split(train, rng, 0, n_train, n_columns)
    write_split(test, rng, n_train, n_rows - n_train, n_columns)
    return train, test


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    for written in make(int(sys.argv[1]), Path(sys.argv[2]), n_columns=int((*sys.argv, N_COLUMNS)[3])):
        print(written)
