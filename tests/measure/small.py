"""Small random tables with everything that makes counting hard: ties, gaps, constants, several kinds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

SEEDS = (0, 1, 2)
WORDS = ["red", "green", "blue", "Blue", "b l u e", "NaN!", "naïve", "it's", '"quoted"', "a|b"]
NUMBERS = ("measure", "tenth", "count", "constant", "huge")
NAMES = ("level", "flag", "code")


def mixed(n_rows: int = 300, seed: int = 0, shift: float = 0.0, task: str = "multiclass") -> pd.DataFrame:
    """Return a table of every kind of column, a tenth of the cells missing, with the label `y`."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "measure": rng.normal(shift, 1, n_rows),
            "tenth": np.round(rng.normal(shift, 1, n_rows), 1),
            "count": pd.array(rng.poisson(3 + shift, n_rows), dtype="Int64"),
            "constant": np.full(n_rows, 7.5),
            "huge": rng.normal(0, 1e12, n_rows),
            "level": rng.choice(WORDS, n_rows, p=np.arange(1, 11) / 55),
            "flag": pd.array(rng.random(n_rows) < 0.3, dtype="boolean"),
            "code": [f"item {i}" for i in rng.geometric(0.05, n_rows)],
            "when": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 10**8, n_rows), unit="s"),
        }
    )
    for name in frame.columns:
        if name != "constant":
            frame.loc[rng.random(n_rows) < 0.1, name] = None
    frame["y"] = _label(rng, n_rows, task, frame["measure"].fillna(0).to_numpy())
    return frame


def _label(rng: np.random.Generator, n_rows: int, task: str, measure: np.ndarray) -> pd.Series:
    if task == "regression":
        values = pd.Series(np.round(measure + rng.normal(0, 1, n_rows), 2))
    else:
        names = np.array(["ant", "bee", "cat"] if task == "multiclass" else ["no", "yes"])
        noisy = measure + rng.normal(0, 1, n_rows)
        values = pd.Series(names[np.digitize(noisy, [-0.5, 1.0] if task == "multiclass" else [0.5])], dtype=object)
    values[rng.random(n_rows) < 0.05] = None
    return values


def coarse(n_rows: int, seed: int, task: str = "multiclass") -> pd.DataFrame:
    """Return a table of so few different rows that many are alike."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": rng.choice(["p", "q", None], n_rows),
            "b": rng.choice([0.5, 1.5, np.nan], n_rows),
            "c": pd.array(rng.integers(0, 3, n_rows), dtype="Int64"),
            "y": rng.choice([1.5, 2.5, 4.0, np.nan] if task == "regression" else ["m", "n", None], n_rows),
        }
    )


def texts(column: pd.Series) -> list[str | None]:
    """Return each cell as the text that tables key it by, None where missing."""
    return [
        None if pd.isna(cell) else (str(cell).lower() if column.dtype == "boolean" else str(cell)) for cell in column
    ]


def floats(column: pd.Series) -> np.ndarray:
    """Return numbers, and dates in seconds since 1970, as float64 with NaN for missing."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        return column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.array([np.nan if pd.isna(cell) else cell.timestamp() for cell in column])


def present(column: pd.Series) -> np.ndarray:
    """Return the cells that are not missing, as floats."""
    values = floats(column)
    return values[~np.isnan(values)]


def rows_alike(frame: pd.DataFrame, names: Iterable[str]) -> list[tuple[object, ...]]:
    """Return every row as a tuple that is equal for equal rows; missing equals missing."""
    return [
        tuple(None if pd.isna(cell) else cell for cell in row) for row in frame[list(names)].itertuples(index=False)
    ]
