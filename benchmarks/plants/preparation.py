"""Preparation fitted on all rows before the split: scalers (LEAK006), imputers (LEAK007), target encoders (LEAK009)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from benchmarks.plants._plant import Plant, Prepare, rounded, scenes_of, single
from benchmarks.plants._scene import features
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from dataaudit.model import Severity

Scaler = MaxAbsScaler | MinMaxScaler | RobustScaler | StandardScaler


def scale(make: Callable[[], Scaler], n_columns: int | None) -> Prepare:
    """Return the preparation that scales all columns, or so many drawn ones that vary."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        names = [name for name in features(frame) if fitted_on[name].nunique() > 1]
        if n_columns is not None:
            names = np.random.default_rng(seed).permutation(names)[:n_columns].tolist()
        scaler = make().fit(fitted_on[names])
        return frame.assign(**dict(zip(names, scaler.transform(frame[names]).T, strict=True)))

    return prepare


def impute(strategy: str) -> Prepare:
    """Return the preparation that fills gaps."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, _: int) -> pd.DataFrame:
        names = features(frame)
        imputer = SimpleImputer(strategy=strategy, keep_empty_features=True).fit(fitted_on[names])
        return frame.assign(**dict(zip(names, imputer.transform(frame[names]).T, strict=True)))

    return prepare


def encode(m: float) -> Prepare:
    """Return the preparation that encodes the column `category` by the smoothed mean of the target."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, _: int) -> pd.DataFrame:
        y = target_number(fitted_on)
        groups = y.groupby(fitted_on["category"]).agg(["sum", "count"])
        codes = (groups["sum"] + m * y.mean()) / (groups["count"] + m)
        return frame.assign(category=frame["category"].map(codes).fillna(y.mean()))

    return prepare


def target_number(frame: pd.DataFrame) -> pd.Series:
    """Return the target as it is encoded: a number as it is, of several classes the first against the rest."""
    y = frame["target"]
    return y.astype(float) if y.nunique() == 2 or y.dtype.kind == "f" else (y == 0).astype(float)


def with_gaps(share: float, n_columns: int | None = None) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return what empties a share of the cells, of all columns or of so many drawn ones."""

    def before(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        names = features(frame)
        if n_columns is not None:
            names = random.permutation([name for name in names if frame[name].nunique() > 1])[:n_columns].tolist()
        gaps = random.random((len(frame), len(names))) < share
        return frame.assign(**{name: frame[name].mask(gaps[:, i]) for i, name in enumerate(names)})

    return before


def with_category(n_levels: int) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return what adds a category of so many levels, of which the target depends a little."""

    def before(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        rank = target_number(frame).rank(pct=True)
        place = (rank + random.normal(0, 0.5, len(frame))).rank(pct=True)
        return frame.assign(category=np.minimum((place * n_levels).astype(int), n_levels - 1))

    return before


PLANTS = (
    Plant("LEAK006", "standard, all columns", "easy", scale(StandardScaler, None)),
    Plant("LEAK006", "robust, all columns", "easy", scale(RobustScaler, None)),
    Plant("LEAK006", "standard, one column", "hard", scale(StandardScaler, 1)),
    Plant("LEAK006", "standard, one column, 4 decimals", "hard", scale(StandardScaler, 1), after=rounded(4)),
    Plant("LEAK006", "standard, all, single precision", "hard", scale(StandardScaler, None), after=single),
    Plant("LEAK006", "standard, all, 2 decimals", "hard", scale(StandardScaler, None), after=rounded(2)),
    Plant("LEAK006", "min-max, all columns", "told", scale(MinMaxScaler, None)),
    Plant("LEAK006", "max-abs, all columns", "told", scale(MaxAbsScaler, None)),
    Plant("LEAK007", "mean, 10 % of all cells", "easy", impute("mean"), before=with_gaps(0.1)),
    Plant("LEAK007", "mean, 5 % of one column", "hard", impute("mean"), before=with_gaps(0.05, 1)),
    Plant("LEAK007", "median, 10 % (info)", "told", impute("median"), before=with_gaps(0.1), least=Severity.INFO),
    Plant("LEAK007", "most frequent, 10 %", "told", impute("most_frequent"), before=with_gaps(0.1)),
    Plant("LEAK009", "mean, 10 levels", "easy", encode(0.0), before=with_category(10)),
    Plant("LEAK009", "m = 10, 10 levels", "hard", encode(10.0), before=with_category(10)),
    Plant("LEAK009", "mean, 60 levels", "hard", encode(0.0), before=with_category(60)),
)

SCENES = scenes_of(PLANTS)
