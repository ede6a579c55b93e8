"""Tables on disk with something to find, and copies of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def table() -> pd.DataFrame:
    """200 rows, three of them in two copies, a constant column and a class of 30."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=200).round(6),
            "z": rng.normal(size=200).round(6),
            "same": 1,
            "y": np.where(np.arange(200) < 30, "rare", "usual"),
        }
    )
    frame.iloc[197:] = frame.iloc[:3].to_numpy()
    return frame.sample(frac=1, random_state=1)


@pytest.fixture
def on_disk(tmp_path: Path, table: pd.DataFrame) -> Callable[[str], dict[str, object]]:
    """Write the table as train and test, of one kind of file, and return their paths."""

    def write(kind: str) -> dict[str, object]:
        parts = {"train": table.iloc[:150], "test": table.iloc[150:]}
        for name, part in parts.items():
            path = tmp_path / f"{name}.{kind}"
            part.to_csv(path, index=False) if kind == "csv" else part.to_parquet(path, index=False)
        return {name: str(tmp_path / f"{name}.{kind}") for name in parts}

    return write
