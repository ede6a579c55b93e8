"""Scales, dependent columns, tails and codes (SCALE001 to 004); rare classes, empty subgroups, rare targets (IMB)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import NotPlanted, Scene, Splits, dealt, features

from dataaudit.model import Severity

N_ROWS = 1500
OF_CLASSES = ("breast_cancer", "digits", "classification", "gamma", "coarse")
WITH_TARGET = ("diabetes", "regression", "friedman1", "drawn")
# Tables whose own columns have like scales. Those of "classification" are sums of one another: no control.
ALIKE = ("classification", "gamma", "friedman1", "drawn")


def plain(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table, or where a scene draws one, one of correlated normals with two classes."""
    if len(frame):
        return frame
    random = np.random.default_rng(seed)
    common = random.normal(size=(N_ROWS, 1))
    values = np.sqrt(0.5) * common + np.sqrt(0.5) * random.normal(size=(N_ROWS, 6))
    label = (values[:, 0] + random.normal(size=N_ROWS) > 0).astype(int)
    return pd.DataFrame(values.round(4)).add_prefix("x").assign(target=label)


def one_scaled(factor: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Multiply one column."""
    frame = plain(frame, seed)
    name = features(frame)[seed % len(features(frame))]
    return dealt(frame.assign(**{name: frame[name] * factor}), seed)


def with_sum(noise: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Add a column that is the sum of two others, but for noise of a share of its spread."""
    frame = plain(frame, seed)
    random = np.random.default_rng(seed)
    first, second = random.choice(features(frame), 2, replace=False)
    total = frame[first] + frame[second]
    drawn = noise * total.std() * random.normal(size=len(frame))
    return dealt(frame.assign(total=(total + drawn).round(6)), seed)


def with_tail(sigma: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Add a lognormal column."""
    frame = plain(frame, seed)
    drawn = np.random.default_rng(seed).lognormal(3, sigma, len(frame))
    return dealt(frame.assign(amount=drawn.round(2)), seed)


def with_slip(times: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Multiply one cell of train."""
    frame = plain(frame, seed)
    random = np.random.default_rng(seed)
    train, test = dealt(frame.assign(height=random.normal(170, 8, len(frame)).round(1)), seed)
    return train.assign(height=train["height"].where(train.index != random.choice(train.index), 170 * times)), test


def with_code(share: float, code: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Write a code for missing into a share of a column of temperatures."""
    frame = plain(frame, seed)
    random = np.random.default_rng(seed)
    drawn = random.normal(15, 8, len(frame)).round(1)
    return dealt(frame.assign(temperature=np.where(random.random(len(frame)) < share, code, drawn)), seed)


def few_of_one_class(n_rows: int, frame: pd.DataFrame, seed: int) -> Splits:
    """Keep so many training rows of one class."""
    train, test = dealt(frame, seed)
    rarest = frame["target"].value_counts().index[-1]
    own = train.index[train["target"] == rarest]
    if len(own) < 2 * n_rows:
        raise NotPlanted
    dropped = np.random.default_rng(seed).permutation(own)[n_rows:]
    return train.drop(index=dropped), test


def mostly_one_class(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Draw a label of which one class has a share of the rows, told by a feature."""
    frame = plain(frame, seed)
    random = np.random.default_rng(seed)
    drawn = random.normal(size=len(frame))
    return dealt(frame.assign(signal=drawn, target=(drawn > np.quantile(drawn, share)).astype(int)), seed)


def emptied(n_levels: int, column: str, frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the rows to sites, and drop one class at one of them."""
    random = np.random.default_rng(seed)
    site = pd.Series(random.integers(0, n_levels, len(frame)), frame.index).map(lambda i: f"site {i}")
    rarest = frame["target"].value_counts().index[-1]
    kept = ~((site == "site 0") & (frame["target"] == rarest))
    return dealt(frame.assign(**{column: site})[kept], seed)


def target_of(draw: Callable[[np.random.Generator, int], np.ndarray], frame: pd.DataFrame, seed: int) -> Splits:
    """Draw a numeric target."""
    frame = plain(frame, seed)
    drawn = draw(np.random.default_rng(seed), len(frame))
    return dealt(frame.assign(target=drawn.round(3)), seed)


def lognormal(sigma: float, random: np.random.Generator, n_rows: int) -> np.ndarray:
    """Return a heavy-tailed target."""
    return random.lognormal(3, sigma, n_rows)


def normal(random: np.random.Generator, n_rows: int) -> np.ndarray:
    """Return a light-tailed target."""
    return random.normal(10, 2, n_rows)


def whole(frame: pd.DataFrame, seed: int) -> Splits:
    """Return the table as it is, dealt."""
    return dealt(plain(frame, seed), seed)


def correlated(frame: pd.DataFrame, seed: int) -> Splits:
    """Draw columns of which any two are correlated by .9, and counts, an exponential and indicators beside them."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(N_ROWS, 1))
    values = np.sqrt(0.9) * common + np.sqrt(0.1) * random.normal(size=(N_ROWS, 6))
    drawn = frame.join(pd.DataFrame(values.round(4)).add_prefix("x"), how="right")
    colours = pd.get_dummies(pd.Series(random.choice(["red", "green", "blue"], N_ROWS)), prefix="colour", dtype=int)
    drawn = drawn.join(colours).assign(
        count=random.poisson(2, N_ROWS),
        spent=np.where(random.random(N_ROWS) < 0.6, 0.0, random.exponential(30, N_ROWS)).round(2),
        waited=random.exponential(5, N_ROWS).round(2),
        site=random.choice([f"site {i}" for i in range(8)], N_ROWS),
        strong=random.normal(size=N_ROWS).round(3),
    )
    return dealt(drawn.assign(target=(drawn["strong"] + random.normal(0, 1, N_ROWS) > 0).astype(int)), seed)


SCENES = (
    Scene("SCALE001", "one column times 1,000,000", "easy", partial(one_scaled, 1e6), tables=ALIKE),
    Scene("SCALE001", "one column times 1,000", "hard", partial(one_scaled, 1e3), tables=ALIKE, least=Severity.INFO),
    Scene("SCALE002", "total = a + b", "easy", partial(with_sum, 0.0), tables=ALIKE),
    Scene(
        "SCALE002", "total = a + b, 1 % of noise", "hard", partial(with_sum, 0.01), tables=ALIKE, least=Severity.INFO
    ),
    Scene("SCALE003", "lognormal, sigma 2.5", "easy", partial(with_tail, 2.5), tables=("gamma", "digits", "drawn")),
    Scene("SCALE003", "one cell a hundredfold", "easy", partial(with_slip, 100.0)),
    Scene("SCALE003", "one cell tenfold", "hard", partial(with_slip, 10.0), least=Severity.INFO),
    Scene("SCALE004", "-999 in 5 %", "easy", partial(with_code, 0.05, -999.0)),
    Scene("SCALE004", "99 in 3 %", "hard", partial(with_code, 0.03, 99.0)),
    Scene("IMB001", "15 rows of a class", "easy", partial(few_of_one_class, 15), tables=OF_CLASSES),
    Scene("IMB001", "30 rows of a class", "hard", partial(few_of_one_class, 30), tables=OF_CLASSES),
    Scene("IMB002", "97 % of one class", "easy", partial(mostly_one_class, 0.97)),
    Scene("IMB002", "92 % of one class", "hard", partial(mostly_one_class, 0.92)),
    Scene("IMB003", "4 rows of a class", "easy", partial(few_of_one_class, 4), tables=OF_CLASSES),
    Scene("IMB003", "9 rows of a class", "hard", partial(few_of_one_class, 9), tables=OF_CLASSES),
    Scene(
        "IMB004",
        "no row of a class at a site of three",
        "easy",
        partial(emptied, 3, "site"),
        {"context": "site"},
        tables=("breast_cancer", "classification", "gamma", "coarse"),
    ),
    Scene(
        "IMB004",
        "no row of a class at a site of ten",
        "hard",
        partial(emptied, 10, "site"),
        tables=("breast_cancer", "classification", "gamma", "coarse"),
    ),
    Scene(
        "IMB005", "lognormal target, sigma 2.5", "easy", partial(target_of, partial(lognormal, 2.5)), tables=WITH_TARGET
    ),
    Scene(
        "IMB005",
        "lognormal target, sigma 1.5",
        "hard",
        partial(target_of, partial(lognormal, 1.5)),
        tables=WITH_TARGET,
        least=Severity.INFO,
    ),
    Scene(None, "correlated by .9, counts, indicators", "control", correlated, tables=("drawn",)),
    Scene(None, "like scales, as they are", "control", whole, tables=("gamma", "friedman1", "drawn")),
    Scene(None, "a normal target", "control", partial(target_of, normal), tables=WITH_TARGET),
)
