"""What a plant is, what a control is, and the tables that both grow in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from sklearn import datasets

from dataaudit.model import Severity

BUNDLED = ("iris", "wine", "breast_cancer", "diabetes", "digits")
DRAWN = ("classification", "regression", "friedman1", "gamma", "coarse")
LEAST_EASY, LEAST_HARD = 0.95, 0.80

# Fits on the first table and applies what it fitted to the second.
Prepare = Callable[[pd.DataFrame, pd.DataFrame, int], pd.DataFrame]


class NotPlanted(Exception):
    """Raised by a preparation that cannot be had of a table; the run does not count."""


@dataclass(frozen=True)
class Plant:
    """One defect at one dose; a bar of None means that the rule tells what it can, and is not held to a share."""

    rule: str
    name: str
    dose: str
    prepare: Prepare
    bar: float | None
    before: Callable[[pd.DataFrame, int], pd.DataFrame] | None = None
    after: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    least: Severity = Severity.WARNING


@dataclass(frozen=True)
class Control:
    """A table without the defect that looks a little as if it had it; it is split at random."""

    rule: str
    name: str
    table: Callable[[int], pd.DataFrame]


@cache
def load_table(name: str) -> pd.DataFrame:
    """Return a table with the label `target`, its features as floats."""
    if name in BUNDLED:
        frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
        return frame.drop_duplicates(ignore_index=True).astype({c: float for c in frame.columns if c != "target"})
    random = np.random.default_rng(0)
    if name == "classification":
        x, y = datasets.make_classification(800, 15, n_informative=6, random_state=0)
    elif name == "regression":
        x, y = datasets.make_regression(600, 10, noise=10, random_state=0)
    elif name == "friedman1":
        x, y = datasets.make_friedman1(700, 8, noise=1, random_state=0)
    elif name == "gamma":
        x = random.gamma(2, 10, (2000, 12)).round(1)
        y = (x[:, 0] + random.normal(0, 10, 2000) > 20).astype(int)
    else:
        x = random.poisson(20, (500, 8)).astype(float)
        y = (x[:, 0] + random.normal(0, 4, 500) > 20).astype(int)
    return pd.DataFrame(x).add_prefix("x").assign(target=y)


def features(frame: pd.DataFrame) -> list[str]:
    """Return the columns that are no label."""
    return [column for column in frame.columns if column != "target"]


def rounded(decimals: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what stores the features with so many decimals."""
    return lambda frame: frame.round(dict.fromkeys(features(frame), decimals))


def single(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its features in single precision."""
    return frame.astype(dict.fromkeys(features(frame), "float32"))
