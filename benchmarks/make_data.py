"""Write the benchmark tables: n rows x 51 columns, train 80 %, test 20 %.

30 floats on 5 scales (every sixth with 5 % missing), 5 integers, 10
categoricals of 3 to 39 values, 3 text columns of 10^3 to 10^5 values, a
timestamp, a row id, and a binary label `y` with 2 % positives.

Usage: python benchmarks/make_data.py N_ROWS FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N_FLOATS, N_INTEGERS, N_CATEGORICALS = 30, 5, 10
TEXT_CARDINALITIES = (1_000, 10_000, 100_000)
CHUNK_ROWS = 100_000
SHARE_TRAIN = 0.8
SHARE_POSITIVE = 0.02


def chunk(rng: np.random.Generator, first_row: int, n_rows: int) -> pa.Table:
    """Return rows first_row .. first_row + n_rows of the benchmark table."""
    label = rng.random(n_rows) < SHARE_POSITIVE
    columns: dict[str, pa.Array] = {}
    for i in range(N_FLOATS):
        scale = 10.0 ** (i % 5)
        values = scale * (rng.standard_normal(n_rows) + (0.3 * label if i < 5 else 0.0))
        missing = rng.random(n_rows) < 0.05 if i % 6 == 0 else None
        columns[f"float_{i}"] = pa.array(values, mask=missing)
    for i in range(N_INTEGERS):
        columns[f"integer_{i}"] = pa.array(rng.integers(0, 10 ** (i + 1), n_rows))
    for i in range(N_CATEGORICALS):
        n_values = 3 + 4 * i
        columns[f"category_{i}"] = pa.array([f"level {v}" for v in rng.integers(0, n_values, n_rows)])
    for n_values in TEXT_CARDINALITIES:
        words = rng.integers(0, n_values, n_rows)
        columns[f"text_{n_values}"] = pa.array([f"note about item {v:06d} of the shop" for v in words])
    seconds = 1_700_000_000 + np.arange(first_row, first_row + n_rows) * 7
    columns["time"] = pa.array(seconds.astype("datetime64[s]"))
    columns["row_id"] = pa.array(np.arange(first_row, first_row + n_rows))
    columns["y"] = pa.array(label.astype(np.int64))
    return pa.table(columns)


def write_split(path: Path, rng: np.random.Generator, first_row: int, n_rows: int) -> None:
    """Write one split as a Parquet file, chunk by chunk."""
    writer: pq.ParquetWriter | None = None
    for start in range(0, n_rows, CHUNK_ROWS):
        table = chunk(rng, first_row + start, min(CHUNK_ROWS, n_rows - start))
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def make(n_rows: int, folder: Path, seed: int = 0) -> tuple[Path, Path]:
    """Write `train.parquet` and `test.parquet` into folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    n_train = round(n_rows * SHARE_TRAIN)
    train, test = folder / "train.parquet", folder / "test.parquet"
    write_split(train, rng, 0, n_train)
    write_split(test, rng, n_train, n_rows - n_train)
    return train, test


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for written in make(int(sys.argv[1]), Path(sys.argv[2])):
        print(written)
