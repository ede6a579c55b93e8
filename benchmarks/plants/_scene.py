"""A scene: two splits made of a table, with one defect or none; and the tables scenes are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from sklearn import datasets

from dataaudit.model import Severity

BUNDLED = ("iris", "wine", "breast_cancer", "diabetes", "digits")
DRAWN = ("classification", "regression", "friedman1", "gamma", "coarse")
TABLES = (*BUNDLED, *DRAWN)
SHARE_TEST = 0.3
BARS = {"easy": 0.95, "hard": 0.80}

Splits = tuple[pd.DataFrame, pd.DataFrame]


class NotPlanted(Exception):
    """Raised where a defect cannot be had in a table; the run does not count."""


@dataclass(frozen=True)
class Scene:
    """How a table and a seed become two splits, the roles of their columns, and the rule that must find something.

    `dose` is "easy", "hard", or "told" where the rule tells what it can and is
    held to no share. A scene without a rule is a control. `tables` are those
    it is made of. `not_asked` are rules that a control is not clean for.
    `world` makes a reference sample beside the splits.
    """

    rule: str | None
    name: str
    dose: str
    make: Callable[[pd.DataFrame, int], Splits]
    roles: Mapping[str, object] = field(default_factory=dict)
    least: Severity = Severity.WARNING
    tables: tuple[str, ...] = TABLES
    not_asked: tuple[str, ...] = ()
    world: Callable[[pd.DataFrame, int], pd.DataFrame] | None = None

    @property
    def bar(self) -> float | None:
        """The share of runs in which the defect must be found."""
        return BARS.get(self.dose)


def dealt(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the rows at random, each split in the order of the table: (train, test)."""
    drawn = np.random.default_rng(1000 + seed).random(len(frame)).argsort()
    n_test = round(SHARE_TEST * len(frame))
    return frame.iloc[np.sort(drawn[n_test:])], frame.iloc[np.sort(drawn[:n_test])]


def features(frame: pd.DataFrame) -> list[str]:
    """Return the columns that are no label."""
    return [column for column in frame.columns if column != "target"]


@cache
def load_table(name: str) -> pd.DataFrame:
    """Return a table with the label `target`, its features as floats; of the name "drawn" none, where a scene draws."""
    if name == "drawn":
        return pd.DataFrame()
    if name in BUNDLED:
        frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
        return frame.drop_duplicates(ignore_index=True).astype({c: float for c in frame.columns if c != "target"})
    random = np.random.default_rng(0)
    if name == "classification":
        x, y = datasets.make_classification(800, 15, n_informative=6, random_state=0)
    elif name == "separable":
        x, y = datasets.make_classification(1200, 10, n_informative=6, class_sep=2.0, flip_y=0, random_state=0)
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
