"""Small tables with every kind of column, written as CSV or Parquet, and what is read back from a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

N_COMMON, N_RARE = 160, 40


def every_kind(seed: int = 0, n_common: int = N_COMMON, n_rare: int = N_RARE) -> pd.DataFrame:
    """Return a table with columns of all kinds, classes that overlap, and missing cells."""
    rng = np.random.default_rng(seed)
    n = n_common + n_rare
    rare = np.arange(n) % (n // n_rare) == 0 if n % n_rare == 0 else np.arange(n) < n_rare
    size = np.round(rng.normal(10 + 2 * rare, 2, n), 2)
    size[rng.random(n) < 0.05] = np.nan
    days = np.datetime64("2024-01-01") + rng.integers(0, 300, n).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "id": np.arange(1, n + 1),
            "size": size,
            "children": rng.integers(0, 9, n) + 3 * rare,
            "income": rng.integers(10_000, 90_000, n) * 10,
            "member": rng.random(n) < np.where(rare, 0.7, 0.3),
            "colour": pd.Series(rng.choice(["red", "green", "blue"], n, p=[0.5, 0.3, 0.2])).where(rng.random(n) > 0.04),
            "day": days.astype("datetime64[us]"),
            "note": [
                f"note number {rng.integers(10**9)} on row {row}, which is long enough to be text" for row in range(n)
            ],
            "y": np.where(rare, "yes", "no"),
        }
    )


def numbers_only(seed: int = 0, n_common: int = 150, n_rare: int = 30) -> pd.DataFrame:
    """Return two clouds of points that overlap."""
    rng = np.random.default_rng(seed)
    rare = np.arange(n_common + n_rare) >= n_common
    points = rng.normal(size=(len(rare), 3)) + rare[:, None]
    frame = pd.DataFrame(points, columns=["a", "b", "c"]).round(3)
    return frame.assign(y=rare.astype(int)).sample(frac=1, random_state=seed, ignore_index=True)


def write(frame: pd.DataFrame, path: Path) -> str:
    """Write a table by the ending of its name."""
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return str(path)


def read(path: Path) -> pd.DataFrame:
    """Read a table by the ending of its name; the cells of CSV as they stand."""
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.suffix == ".csv" else pd.read_parquet(path)


def listed(folder: Path, stem: str) -> pd.DataFrame:
    """Read a list of a folder; parents as lists of numbers."""
    path = next(folder.glob(f"{stem}.*"))
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    found = pd.read_csv(path)
    if "parent_rows" in found:
        found["parent_rows"] = [None if pd.isna(text) else json.loads(text) for text in found["parent_rows"]]
    return found


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text())
