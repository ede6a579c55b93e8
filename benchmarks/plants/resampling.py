"""Classes oversampled before the split (LEAK008), and tables that are merely coarse, collinear or smooth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.plants._plant import Plant, Prepare, rounded, scenes_of, single
from benchmarks.plants._scene import NotPlanted, Scene, Splits, dealt, features, load_table
from imblearn.over_sampling import ADASYN, SMOTE, SMOTENC, SVMSMOTE, BorderlineSMOTE, RandomOverSampler
from sklearn.preprocessing import StandardScaler

RULE = "LEAK008"
SHARE_MINORITY, LEAST_MINORITY = 0.1, 30
MOST_CLASSES = 20
# Rows, columns, standard deviation in steps, share of the rare class.
LATTICES = (
    (12_000, 4, 4, 0.03),
    (8_000, 4, 3, 0.02),
    (18_000, 4, 5, 0.05),
    (4_000, 3, 6, 0.05),
    (6_000, 6, 8, 0.1),
    (10_000, 5, 20, 0.3),
)
MIXED_STEPS = (1000.0, 50.0, 0.25, 1.0, 5.0)
CATEGORIES = ("kind", "colour", "grade")


def imbalanced(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table with rows of one class dropped until a tenth is left of it (of many classes, a quarter of it).

    At least 30 rows are kept. A numeric target is cut at its median first.
    """
    if frame["target"].nunique() > MOST_CLASSES:
        frame = frame.assign(target=(frame["target"] > frame["target"].median()).astype(int))
    name = minority(frame, seed)
    own = np.flatnonzero(frame["target"] == name)
    wanted = min(len(own) // 4, SHARE_MINORITY / (1 - SHARE_MINORITY) * (len(frame) - len(own)))
    n_kept = max(LEAST_MINORITY, int(wanted))
    dropped = np.random.default_rng(seed).permutation(own)[n_kept:]
    return frame.drop(frame.index[dropped]).reset_index(drop=True)


def minority(frame: pd.DataFrame, seed: int) -> object:
    """Return the class whose rows are made few: another one with every seed."""
    names = sorted(frame["target"].unique())
    return names[seed % len(names)]


def with_categories(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the imbalanced table with columns of whole numbers that are codes: of 4, 9 and 15 levels."""
    frame = imbalanced(frame, seed)
    random = np.random.default_rng(seed)
    return frame.assign(
        **{name: random.integers(0, n, len(frame)) for name, n in zip(CATEGORIES, (4, 9, 15), strict=True)}
    )


def resample(make: Callable[..., Any], raise_by: float | None = None, **given: Any) -> Prepare:
    """Return the preparation that oversamples to balance, or raises the smallest class by a share; test is left alone.

    It resamples the rows it is fitted on; others pass through.
    """

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        if frame is not fitted_on:
            return frame
        counts = frame["target"].value_counts()
        wanted: Any = "auto" if raise_by is None else {counts.idxmin(): int((1 + raise_by) * counts.min())}
        options = {"random_state": seed, "sampling_strategy": wanted, **given}
        try:
            x, y = make(**options).fit_resample(frame.drop(columns="target"), frame["target"])
        except (RuntimeError, ValueError) as error:
            # ADASYN makes no rows of a class that no other class is near.
            raise NotPlanted from error
        if len(x) - len(frame) < 0.1 * counts.min():
            raise NotPlanted
        return x.assign(target=y)

    return prepare


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table as whole numbers, each column at about a thousand levels."""
    names = features(frame)
    scale = 200 / frame[names].std().replace(0, 1)
    return frame.assign(**{name: (frame[name] * scale[name]).round().astype(int) for name in names})


def scaled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table standardised."""
    names = features(frame)
    return frame.assign(**dict(zip(names, StandardScaler().fit_transform(frame[names]).T, strict=True)))


def _plant(name: str, dose: str, prepare: Prepare, **given: Any) -> Plant:
    return Plant(RULE, name, dose, prepare, **{"before": imbalanced, **given})


# In these controls each split is scaled by itself, though only train is balanced: a value means another thing there.
BY_ITSELF = ("SPUR002",)
PLANTS = (
    _plant("SMOTE to balance", "easy", resample(SMOTE)),
    _plant("copies to balance", "easy", resample(RandomOverSampler)),
    _plant("SMOTE, half as many again", "hard", resample(SMOTE, 0.5)),
    _plant("copies, half as many again", "hard", resample(RandomOverSampler, 0.5)),
    _plant("ADASYN", "hard", resample(ADASYN)),
    _plant("BorderlineSMOTE", "hard", resample(BorderlineSMOTE)),
    _plant("SVMSMOTE", "hard", resample(SVMSMOTE)),
    _plant(
        "SMOTENC with codes", "hard", resample(SMOTENC, categorical_features=list(CATEGORIES)), before=with_categories
    ),
    _plant("SMOTE, 3 decimals", "hard", resample(SMOTE), after=rounded(3)),
    _plant("SMOTE, single precision", "hard", resample(SMOTE), after=single),
    _plant("SMOTE, whole numbers", "hard", resample(SMOTE), after=whole, not_asked=BY_ITSELF),
    _plant("SMOTE, then standardised", "hard", resample(SMOTE), after=scaled, not_asked=BY_ITSELF),
    _plant("SMOTE, 2 decimals", "told", resample(SMOTE), after=rounded(2)),
)


def _table(values: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values).add_prefix("x").assign(target=y)


def _two_classes(n_rows: int, random: np.random.Generator) -> np.ndarray:
    return (random.random(n_rows) < random.choice([0.1, 0.3, 0.5])).astype(int)


def coarse_unlike(seed: int) -> pd.DataFrame:
    """Return counts of which one class has much smaller ones, so that its rows repeat far more often."""
    random = np.random.default_rng(seed)
    y = _two_classes(1000, random)
    return _table(random.poisson(np.where(y, random.choice([0.5, 1, 2]), 5)[:, None], (1000, 5)), y)


def coarse_alike(seed: int) -> pd.DataFrame:
    """Return small counts that are alike in both classes."""
    random = np.random.default_rng(seed)
    return _table(random.poisson(random.choice([1, 3, 10]), (800, 5)), _two_classes(800, random))


def yes_or_no(seed: int) -> pd.DataFrame:
    """Return flags of which one class has fewer, with a redundant one."""
    random = np.random.default_rng(seed)
    y = _two_classes(900, random)
    flags = (random.random((900, 12)) < np.where(y, 0.1, 0.4)[:, None]).astype(int)
    return _table(np.column_stack([flags, 1 - flags[:, 0]]), y)


def categories(seed: int) -> pd.DataFrame:
    """Return categories of which one class uses fewer, every second time as flags, every third with their sums."""
    random = np.random.default_rng(seed)
    y = _two_classes(900, random)
    n_columns, concentration = random.integers(3, 8), random.choice([0.5, 2, 10])
    codes = np.empty((900, n_columns), dtype=np.int64)
    for j in range(n_columns):
        for label, n_levels in ((0, 7), (1, random.integers(2, 5))):
            shares = random.dirichlet(np.full(n_levels, concentration))
            codes[y == label, j] = random.choice(n_levels, (y == label).sum(), p=shares)
    frame = _table(codes, y)
    if seed % 3 == 0:
        frame = frame.assign(total=codes.sum(axis=1), first=codes[:, 0] + codes[:, 1], last=codes[:, -1] - codes[:, 1])
    if seed % 2:
        names = [f"x{j}" for j in range(n_columns)]
        frame = pd.get_dummies(frame, columns=names, dtype=float)
    return frame


def sums(seed: int) -> pd.DataFrame:
    """Return columns that are sums and differences of others, to one decimal or in full."""
    random = np.random.default_rng(seed)
    parts = random.gamma(2, 5, (800, 4))
    parts = parts if seed % 2 else parts.round(1)
    together = np.column_stack([parts, parts.sum(axis=1), parts[:, 0] + parts[:, 1], parts[:, 0] - parts[:, 2]])
    return _table(together, _two_classes(800, random))


def low_rank(seed: int) -> pd.DataFrame:
    """Return 12 columns that are linear functions of 1, 2 or 3, with or without a little noise."""
    random = np.random.default_rng(seed)
    rank = seed % 3 + 1
    x = random.normal(size=(800, rank)) @ random.normal(size=(rank, 12)) + random.choice([0, 1e-6, 1e-3])
    return _table(x + random.choice([0, 1e-6, 1e-3]) * random.normal(size=x.shape), _two_classes(800, random))


def one_hot(seed: int) -> pd.DataFrame:
    """Return three numbers and two columns of categories as flags."""
    random = np.random.default_rng(seed)
    codes = pd.DataFrame({"a": random.choice(list("pqrst"), 800), "b": random.choice(list("uvw"), 800)})
    flags = pd.get_dummies(codes).astype(float)
    return pd.concat([flags, _table(random.normal(10, 2, (800, 3)).round(1), _two_classes(800, random))], axis=1)


def smooth(seed: int) -> pd.DataFrame:
    """Return eight oscillations over time, densely sampled and rounded, the classes taking turns."""
    random = np.random.default_rng(seed)
    time = np.linspace(0, 20, 1500)[:, None]
    x = np.sin(time * random.uniform(1, 4, 8) + random.uniform(0, 6, 8)).round(random.choice([2, 3, 6]))
    return _table(x, (np.sin(time[:, 0] * random.uniform(0.5, 2)) > 0.3).astype(int))


def random_walk(seed: int) -> pd.DataFrame:
    """Return random walks, plain or smooth, the classes taking turns."""
    random = np.random.default_rng(seed)
    steps = random.normal(size=(1500, 6))
    walk = np.cumsum(steps, axis=0) if seed % 2 else np.cumsum(np.cumsum(steps, axis=0), axis=0) / 100
    return _table(walk.round(2), np.arange(1500) // 100 % 2)


def money(seed: int) -> pd.DataFrame:
    """Return amounts with a heavy tail in cents, many of them zero."""
    random = np.random.default_rng(seed)
    amounts = random.lognormal(3, 2, (1000, 8)).round(2) * (random.random((1000, 8)) < 0.5)
    return _table(amounts, _two_classes(1000, random))


def standardised_counts(seed: int) -> pd.DataFrame:
    """Return counts on a grid that scaling hides."""
    random = np.random.default_rng(seed)
    return scaled(_table(random.poisson(random.choice([4, 15, 60]), (800, 4)).astype(float), _two_classes(800, random)))


def recorded_twice(seed: int) -> pd.DataFrame:
    """Return a table of which a tenth of the rows, of every class, stand twice."""
    random = np.random.default_rng(seed)
    frame = imbalanced(load_table("gamma"), seed)
    return pd.concat([frame, frame.iloc[random.permutation(len(frame))[: len(frame) // 10]]], ignore_index=True)


def lattice(seed: int, step: float | None) -> pd.DataFrame:
    """Return normal numbers on a lattice of this step, or of a different one in every column, with one rare class.

    Rows, columns, spread and imbalance change with the seed; every second table is of whole numbers where the step is,
    every third starts half a step off zero.
    """
    random = np.random.default_rng(seed)
    n_rows, n_columns, spread, share = LATTICES[seed % len(LATTICES)]
    steps = np.resize(MIXED_STEPS, n_columns) if step is None else np.full(n_columns, step)
    x = np.round(random.normal(60, spread, (n_rows, n_columns))) * steps + (steps / 2 if seed % 3 == 2 else 0)
    is_whole = seed % 2 == 0 and bool((x == np.round(x)).all())
    return _table(x.astype(np.int64) if is_whole else x, (random.random(n_rows) < share).astype(int))


def heaped(seed: int) -> pd.DataFrame:
    """Return amounts in hundreds of which four in five are whole thousands."""
    frame, random = lattice(seed, 1000.0), np.random.default_rng(1000 + seed)
    names = features(frame)
    off = random.integers(1, 10, (len(frame), len(names))) * 100 * (random.random((len(frame), len(names))) < 0.2)
    return frame.assign(**(frame[names] + off))


def bundled(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal a table made imbalanced."""
    return dealt(imbalanced(frame, seed), seed)


def made(table: Callable[[int], pd.DataFrame]) -> Callable[[pd.DataFrame, int], Splits]:
    """Return the scene of a table that is made of a seed alone."""
    return lambda _, seed: dealt(table(seed), seed)


MADE = {
    "coarse, classes unlike": coarse_unlike,
    "coarse, classes alike": coarse_alike,
    "flags, classes unlike": yes_or_no,
    "categories, classes unlike": categories,
    "sums of columns": sums,
    "low rank": low_rank,
    "one-hot": one_hot,
    "smooth series": smooth,
    "random walks": random_walk,
    "amounts": money,
    "counts, standardised": standardised_counts,
    "rows recorded twice": recorded_twice,
    "lattice of step 1000": partial(lattice, step=1000.0),
    "lattice of step 50": partial(lattice, step=50.0),
    "lattice of step .25": partial(lattice, step=0.25),
    "lattice of mixed steps": partial(lattice, step=None),
    "heaped amounts": heaped,
}
# Classes that live on other values are given away by them, and coarse columns have rows alike of other classes.
UNCLEAN_FOR = {"coarse, classes unlike": ("SPUR001",), "flags, classes unlike": ("LABEL001",)}
SCENES = (
    *scenes_of(PLANTS),
    Scene(None, "imbalanced", "control", bundled, tables=("iris", "wine", "breast_cancer", "digits")),
    *(
        Scene(None, name, "control", made(table), tables=("drawn",), not_asked=UNCLEAN_FOR.get(name, ()))
        for name, table in MADE.items()
    ),
)
