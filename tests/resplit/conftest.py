"""Tables of what splitting is about, and scikit-learn's splitter beside ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SAMPLES = Path(__file__).parents[2] / "sample_data"


def plain(n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Rows of noise, and three classes of 15, 43 and 42 %."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"x{i}": rng.normal(size=n_rows).round(9) for i in range(5)})
    frame["k"] = rng.choice(list("abcd"), n_rows)
    frame["y"] = np.where(rng.random(n_rows) < 0.15, "rare", np.where(rng.random(n_rows) < 0.5, "p", "q"))
    return frame


def dealt_groups(n_rows: int, n_groups: int, seed: int) -> np.ndarray:
    """Groups of very different sizes."""
    rng = np.random.default_rng(seed)
    return rng.choice(n_groups, n_rows, p=rng.dirichlet(np.ones(n_groups)))


def nearly(frame: pd.DataFrame, n_rows: int, seed: int = 1, scale: float = 0.002) -> pd.DataFrame:
    """Return rows that nearly agree with rows of the frame."""
    rng = np.random.default_rng(seed)
    copies = frame.sample(n_rows, random_state=seed)
    numbers = [column for column in frame if column.startswith("x")]
    copies[numbers] += rng.normal(size=(n_rows, len(numbers))) * scale
    return copies


def with_times(frame: pd.DataFrame, seed: int = 0, n_days: int = 365) -> pd.DataFrame:
    """Add hours within a year, in no order."""
    rng = np.random.default_rng(seed)
    hours = pd.to_timedelta(rng.integers(0, n_days * 24, len(frame)), "h")
    return frame.assign(t=pd.Timestamp("2024-01-01") + hours)


@pytest.fixture
def table() -> pd.DataFrame:
    return plain()
