"""Hand-made tables in which columns go together, and what is to hold in every row that is made up of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

GRADES = np.array(["none", "basic", "middle", "high", "top"])


def tied(seed: int = 0, n: int = 400, n_rare: int = 60) -> pd.DataFrame:
    """Return a table of which no column but `free`, `colour` and `size` is free of the others."""
    rng = np.random.default_rng(seed)
    rare = np.arange(n) < n_rare
    grade = np.clip(rng.integers(0, 4, n) + rare, 0, 4)
    kind = rng.integers(0, 3, n)
    fee, tip = rng.integers(0, 40, n) + 5 * rare, rng.integers(0, 40, n)
    start = np.datetime64("2024-01-01") + rng.integers(0, 300, n).astype("timedelta64[D]")
    age = rng.integers(18, 80, n)
    married = rng.random(n) < 0.5
    minutes = np.round(rng.uniform(5, 300, n) + 40 * rare, 1)
    plan = rng.random(n) < 0.4
    frame = pd.DataFrame(
        {
            "free": rng.normal(size=n).round(3) + rare,
            "colour": rng.choice(["red", "green", "blue"], n),
            "grade": GRADES[grade],
            # No order, so that no number lies between: a code of the grade.
            "grade_number": np.array([40, 10, 30, 50, 20])[grade],
            "is_a": (kind == 0).astype(int),
            "is_b": (kind == 1).astype(int),
            "is_c": (kind == 2).astype(int),
            "fee": fee,
            "tip": tip,
            "total": fee + tip,
            "start": start.astype("datetime64[us]"),
            "end": (start + rng.integers(0, 4, n).astype("timedelta64[D]")).astype("datetime64[us]"),
            "age": age,
            "generation": np.where(age < 30, "young", np.where(age < 60, "middle", "old")),
            "married": np.where(married, "yes", "no"),
            "spouse_age": np.where(married, age + rng.integers(-9, 10, n), np.nan),
            "minutes": minutes,
            "charge": np.floor(minutes * 17 + 0.5 + 1e-6) / 100,
            "plan": np.where(plan, "yes", "no"),
            "messages": np.where(plan, rng.integers(5, 50, n), 0),
            "y": np.where(rare, "yes", "no"),
        }
    )
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def categories_only(seed: int = 0, n: int = 400, n_rare: int = 60) -> pd.DataFrame:
    """Return a table of categories: a town tells its region, one of three flags is on, a job is for adults only."""
    rng = np.random.default_rng(seed)
    rare = np.arange(n) < n_rare
    town = (rng.integers(0, 6, n) + 2 * rare) % 8
    kind = rng.integers(0, 3, n)
    age = rng.choice(["child", "adult", "old"], n)
    frame = pd.DataFrame(
        {
            "town": np.array([f"town {i}" for i in range(8)])[town],
            "region": np.array(["north", "east", "south", "west"])[town // 2],
            "is_a": kind == 0,
            "is_b": kind == 1,
            "is_c": kind == 2,
            "age": age,
            "job": np.where(age == "child", "none", rng.choice(["none", "clerk", "cook"], n)),
            "free": rng.choice(list("pqrs"), n),
            "y": np.where(rare, "yes", "no"),
        }
    )
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def pairs(frame: pd.DataFrame, first: str, second: str) -> set[tuple[object, ...]]:
    """Return the pairs of values that stand together."""
    return set(map(tuple, frame[[first, second]].astype(str).to_numpy().tolist()))


def broken(frame: pd.DataFrame, made: pd.DataFrame) -> dict[str, int]:
    """Count the made-up rows in which what goes together in all rows of the frame does not."""
    counts = {
        "determined": int((~_known(frame, made, "grade", "grade_number")).sum()),
        "one-hot": int((made[["is_a", "is_b", "is_c"]].astype(int).sum(axis=1) != 1).sum()),
        "sum": int((made["total"] != made["fee"] + made["tip"]).sum()),
        "order": int((made["end"] < made["start"]).sum()),
        "binned": int(
            (
                made["generation"] != np.where(made["age"] < 30, "young", np.where(made["age"] < 60, "middle", "old"))
            ).sum()
        ),
        "missing": int((made["spouse_age"].isna() != (made["married"] == "no")).sum()),
        "rounded": int(((made["charge"] - made["minutes"] * 0.17).abs() > 0.00501).sum()),
        "nothing": int(((made["messages"] > 0) != (made["plan"] == "yes")).sum()),
    }
    return {name: n for name, n in counts.items() if n}


def _known(frame: pd.DataFrame, made: pd.DataFrame, first: str, second: str) -> pd.Series:
    known = pairs(frame, first, second)
    return pd.Series([row in known for row in map(tuple, made[[first, second]].astype(str).to_numpy().tolist())])
