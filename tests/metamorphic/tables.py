"""Tables with many planted defects, and ways to hand the same table over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent.parent
MAKES = np.array(["Audi", "BMW", "Ferrari"])


@dataclass(frozen=True)
class Table:
    """Frames by split, and the options of their audit."""

    splits: Mapping[str, pd.DataFrame]
    options: Mapping[str, Any] = field(default_factory=dict)

    def with_splits(self, splits: Mapping[str, pd.DataFrame]) -> Table:
        """Return the same audit of other frames."""
        return replace(self, splits=splits)


def planted(n_rows: int, seed: int, *, is_test: bool) -> pd.DataFrame:
    """Return rows in which nearly everything is wrong that a table of classes can have wrong."""
    rng = np.random.default_rng(seed)
    make = rng.choice(3, n_rows, p=[0.3, 0.685, 0.015] if is_test else [0.495, 0.49, 0.015])
    base = rng.normal(size=n_rows)
    frame = pd.DataFrame(
        {
            "power": rng.normal(make * 0.5, 1) + (1.5 if is_test else 0),
            "leak": make * 10.0 + rng.normal(0, 0.5, n_rows),
            "colour": np.where((make == 1) & (not is_test), "red", rng.choice(["blue", "grey"], n_rows)),
            "spelling": rng.choice(["Yes", "yes", "no ", "No", "unsure"], n_rows),
            "metres": base,
            "feet": base * 3.28084,
            "income": np.exp(rng.normal(8, 2.5, n_rows)),
            "tiny": rng.normal(size=n_rows) * 1e-5,
            "age": np.where(rng.random(n_rows) < 0.05, -999, rng.integers(18, 60, n_rows)),
            "same": 1,
            "amount": [f"${value:,.2f}" for value in rng.random(n_rows) * 5000],
            "mixed": [str(i) if i % 7 else f"word {i}" for i in rng.integers(0, 500, n_rows)],
            "born": [f"{day:02d}.{month:02d}.1990" for day, month in rng.integers(1, 13, (n_rows, 2))],
            "town": [f"town {i}" for i in rng.integers(0, 60 if is_test else 40, n_rows)],
            "site": [f"site {i}" for i in rng.integers(0, 12, n_rows)],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.permutation(n_rows), unit="h"),
            "make": MAKES[make],
        }
    )
    frame["settled"] = frame["day"] + pd.to_timedelta(rng.integers(-9, 9, n_rows), unit="h")
    gaps = rng.random(n_rows) < np.where(make == 0, 0.98, 0.05 if is_test else 0.2)
    frame["doors"] = np.where(gaps, np.nan, rng.integers(2, 6, n_rows))
    frame.loc[rng.random(n_rows) < 0.03, "make"] = None
    return frame


def relabelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows under another label."""
    return rows.assign(make=rows["make"].map(dict(zip(MAKES, np.roll(MAKES, 1), strict=True))))


def classes() -> Table:
    """Return a classification table in which most rules find something."""
    train, test = planted(600, 0, is_test=False), planted(250, 1, is_test=True)
    train.loc[:3, "make"] = "Trabant"
    train = pd.concat([train, train[100:104], relabelled(train[120:125])], ignore_index=True)
    test = pd.concat([test, train[10:19], relabelled(train[40:49])], ignore_index=True)
    train["serial"] = np.random.default_rng(2).permutation(len(train))
    test["serial"] = np.arange(len(test))
    return Table({"train": train, "test": test}, {"label": "make", "group": "site", "time": "day"})


def regression() -> Table:
    """Return a regression table whose target leaks, shifts and goes beyond the training range."""

    def rows(n_rows: int, seed: int, shift: float) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        target = rng.normal(shift, 1, n_rows)
        return pd.DataFrame(
            {
                "x": target + rng.normal(0, 1, n_rows),
                "leak": target * 2 + rng.normal(0, 0.01, n_rows),
                "level": np.where(target > 1, "high", rng.choice(["low", "middle"], n_rows)),
                "noise": rng.normal(shift * 5, 1, n_rows),
                "count": rng.poisson(4, n_rows),
                "y": target,
            }
        )

    return Table({"train": rows(500, 0, 0), "validation": rows(150, 1, 0), "test": rows(200, 2, 1.2)}, {"label": "y"})


def prepared() -> Table:
    """Return a table that was oversampled, scaled, filled and target-encoded as a whole, and split afterwards."""
    rng = np.random.default_rng(0)
    label = np.repeat([0, 1], [400, 100])
    raw = pd.DataFrame({f"x{i}": rng.normal(5, 3, len(label)) + label for i in range(4)})
    drawn = np.concatenate([np.arange(len(label)), rng.choice(np.flatnonzero(label), 100)])
    raw, label, n_rows = raw.iloc[drawn].reset_index(drop=True), label[drawn], len(drawn)
    frame = (raw - raw.mean()) / raw.std(ddof=0)
    filled = rng.gamma(2, 3, 500).round(2)[drawn]
    gaps = pd.Series(np.where((rng.random(500) < 0.1)[drawn], np.nan, filled))
    frame["filled"] = gaps.fillna(gaps.mean())
    city = pd.Series(rng.integers(0, 30, 500)[drawn])
    frame["encoded"] = pd.Series(label).groupby(city).transform("mean")
    frame["y"] = label
    order = rng.permutation(n_rows)
    return Table({"train": frame.iloc[order[:420]], "test": frame.iloc[order[420:]]}, {"label": "y"})


def visits() -> Table:
    """Return rows of patients dealt at random, whose label changes slowly in time."""
    rng = np.random.default_rng(0)
    patient = np.repeat(np.arange(80), 8)
    n_rows = len(patient)
    frame = pd.DataFrame(
        {
            "patient": patient + 100,
            "sex": rng.choice(["f", "m"], 80)[patient],
            "born": rng.integers(1940, 2000, 80)[patient],
            "town": rng.choice(["A", "B", "C"], 80)[patient],
            "pulse": rng.normal(70, 9, n_rows),
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n_rows), unit="h"),
            "y": np.where(np.sin(np.arange(n_rows) / 40) > 0, "day", "night"),
        }
    )
    order = rng.permutation(n_rows)
    return Table({"train": frame.iloc[order[:450]], "test": frame.iloc[order[450:]]}, {"label": "y"})


def wards() -> Table:
    """Return rows of which one rater labels by habit; ward and the signs of two numbers tell the label."""
    rng = np.random.default_rng(0)
    n_rows = 900
    first, second = rng.normal(size=(2, n_rows))
    sick = first * second > 0
    ward = np.where(rng.random(n_rows) < 0.8, np.where(sick, "north", "south"), "east")
    rater = rng.choice(["Ada", "Bea", "Cid"], n_rows)
    habit = (rater == "Ada") & (rng.random(n_rows) < 0.35)
    label = np.where(sick | habit, "sick", "well")
    frame = pd.DataFrame({"first": first, "second": second, "ward": ward, "rater": rater, "y": label})
    order = rng.permutation(n_rows)
    return Table(
        {"train": frame.iloc[order[:700]], "test": frame.iloc[order[700:]]},
        {"label": "y", "context": ["ward", "rater"]},
    )


def prices() -> Table:
    """Return a target that is cut off at its top."""
    rng = np.random.default_rng(0)
    size = rng.lognormal(4, 0.4, 900)
    frame = pd.DataFrame({"size": size, "price": np.minimum(size * 3 + rng.normal(0, 20, 900), 240.0)})
    return Table({"train": frame.iloc[:700], "test": frame.iloc[700:]}, {"label": "price"})


def sample(name: str, label: str, ending: str, **options: str) -> Table:
    """Return a committed sample."""
    read = pd.read_csv if ending == "csv" else pd.read_parquet
    splits = {split: read(ROOT / "sample_data" / f"{name}_{split}.{ending}") for split in ("train", "test")}
    return Table(splits, {"label": label, **options})


def bundled(name: str) -> Table:
    """Return one of scikit-learn's tables, every third row in test."""
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    return Table({"train": frame[frame.index % 3 > 0], "test": frame[frame.index % 3 == 0]}, {"label": "target"})


TABLES = {
    "planted": classes,
    "regression": regression,
    "prepared": prepared,
    "visits": visits,
    "wards": wards,
    "prices": prices,
    "cars": lambda: sample("cars", "make", "csv"),
    "earthquakes": lambda: sample("earthquakes", "event", "parquet", group="station", time="start_time"),
    "iris": lambda: bundled("iris"),
    "breast_cancer": lambda: bundled("breast_cancer"),
    "diabetes": lambda: bundled("diabetes"),
}
