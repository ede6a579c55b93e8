"""Shortcuts no column shows by itself: the order of rows, names of rows, sets of gaps (SPUR004), pairs (SPUR006)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import SHARE_TEST, TABLES, Scene, Splits, dealt

from dataaudit.model import Severity

MOST_CLASSES = 20
N_CODES = 30
N_HONEST = 20
OF_NUMBERS = ("diabetes", "regression", "friedman1")
OF_CLASSES = tuple(name for name in TABLES if name not in OF_NUMBERS)
Make = Callable[[pd.DataFrame, np.ndarray, np.random.Generator], pd.DataFrame]


def classes(frame: pd.DataFrame) -> np.ndarray:
    """Return the number of each row's class; of a numeric target, whether it lies above the median."""
    target = frame["target"]
    if target.nunique() > MOST_CLASSES:
        return (target > target.median()).to_numpy().astype(int)
    return np.unique(target, return_inverse=True)[1]


def mixed(values: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Return the values, a share of them dealt anew among their rows."""
    values = values.copy()
    rows = np.flatnonzero(random.random(len(values)) < share)
    values[rows] = values[random.permutation(rows)]
    return values


def in_order(frame: pd.DataFrame, seed: int, share: float) -> pd.DataFrame:
    """Return the rows in the order of the label, a share of them shuffled."""
    ordered = frame.iloc[np.random.default_rng(seed).permutation(len(frame))].sort_values("target", kind="stable")
    return ordered.iloc[mixed(np.arange(len(frame)), share, np.random.default_rng(seed))].reset_index(drop=True)


def ordered_dealt(frame: pd.DataFrame, seed: int, *, share: float = 0.0) -> Splits:
    """Deal the rows of a sorted file, each split in its order."""
    return dealt(in_order(frame, seed, share), seed)


def ordered_cut(frame: pd.DataFrame, seed: int, *, share: float = 0.0) -> Splits:
    """Cut a sorted file in two."""
    frame = in_order(frame, seed, share)
    n_train = len(frame) - round(SHARE_TEST * len(frame))
    return frame.iloc[:n_train], frame.iloc[n_train:]


def in_turn(frame: pd.DataFrame, seed: int) -> Splits:
    """Put the rows of train so that the classes take turns."""
    train, test = dealt(frame, seed)
    number = classes(train)
    turn = pd.Series(number).groupby(number).cumcount().to_numpy()
    return train.iloc[np.lexsort((number, turn))], test


def shuffled(make: Make, share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Put columns that know the class beside the features, with a share of the classes dealt anew, and shuffle."""
    random = np.random.default_rng(seed)
    frame = frame.iloc[random.permutation(len(frame))].reset_index(drop=True)
    return dealt(make(frame, mixed(classes(frame), share, random), random), seed)


def two_classes(make: Make, share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Do the same with a label of two classes, as equal as the table's allow."""
    number = classes(frame)
    upper = number > number.max() / 2
    return shuffled(make, share, frame.assign(target=upper.astype(int)), seed)


def numbered_by_class(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with ids given out class by class."""
    place = np.lexsort((random.random(len(frame)), number)).argsort()
    return frame.assign(case=place * 3 + 70_000 + random.integers(0, 3, len(frame)))


def numbered_in_turn(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with ids from which the class is left over."""
    n_classes = max(2, int(number.max()) + 1)
    return frame.assign(case=random.permutation(len(frame)) * n_classes + number + 10**12 * n_classes)


def named_by_class(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with names of files that begin with a sign of the class."""
    drawn = random.permutation(len(frame))
    return frame.assign(file=[f"{'ktmbwqrsvz'[k % 10]}x_{i:05d}.png" for k, i in zip(number, drawn, strict=True)])


def gaps_in_sets(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with columns whose gaps tell the class only together: its bits, each turned round by a coin."""
    n_bits = max(1, int(number.max()).bit_length())
    coin = random.integers(0, 2, len(frame))
    gaps = [coin, *(((number >> bit) & 1) ^ coin for bit in range(n_bits))]
    columns = {f"lab{i}": np.where(gap == 1, np.nan, random.normal(size=len(frame))) for i, gap in enumerate(gaps)}
    return frame.assign(**columns)


def signs(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with two numbers whose signs differ in one class and agree in the other."""
    first, second = random.normal(size=len(frame)), np.abs(random.normal(size=len(frame)))
    return frame.assign(charge=first, spin=second * np.sign(first) * np.where(number == 1, -1, 1))


def same_codes(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with two codes that are the same in one class."""
    first = random.integers(0, N_CODES, len(frame))
    other = (first + random.integers(1, N_CODES, len(frame))) % N_CODES
    names = np.array([f"country {i}" for i in range(N_CODES)])
    return frame.assign(card=names[first], billing=names[np.where(number == 1, first, other)])


def later(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with two numbers of which the second is a little larger in one class, smaller in the other."""
    first = random.lognormal(3, 1, len(frame))
    return frame.assign(opened=first, closed=first * np.exp(np.where(number == 1, 1, -1) * random.exponential(0.1)))


def codes_in_turn(frame: pd.DataFrame, number: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the table with two codes whose sum, divided by the number of classes, leaves the class over."""
    n_classes = max(2, int(number.max()) + 1)
    first = random.integers(0, n_classes, len(frame))
    names = np.array([f"level {i}" for i in range(n_classes)])
    return frame.assign(outer=names[first], inner=names[(number - first) % n_classes])


def difference(frame: pd.DataFrame, seed: int, *, noise: float) -> Splits:
    """Put two numbers beside the features whose difference is the target, with noise of so many deviations."""
    random, target = np.random.default_rng(seed), frame["target"]
    first = random.normal(0, 3 * target.std(), len(frame))
    second = first - target + random.normal(0, 1, len(frame)) * noise * target.std()
    return dealt(frame.assign(before=first, after=second), seed)


def many_categories(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal a table with categories of many levels, ids, and gaps, all of which know nothing, and permuted labels."""
    random, n_rows = np.random.default_rng(seed), len(frame)
    frame = frame.assign(
        target=random.permutation(frame["target"]),
        street=[f"street {i}" for i in random.integers(0, n_rows // 3, n_rows)],
        town=[f"t{i}" for i in random.integers(0, 100, n_rows)],
        trade=random.choice([f"trade {i}" for i in range(20)], n_rows),
        number=random.permutation(n_rows) * 7,
        file=[f"{'abcdefgh'[i % 8]}_{i:05d}.png" for i in random.permutation(n_rows)],
    )
    gaps = {f"lab{i}": np.where(random.random(n_rows) < 0.1 * (i + 1), np.nan, 1.0 * i) for i in range(6)}
    return dealt(frame.assign(**gaps), seed)


def in_order_of_a_feature(frame: pd.DataFrame, seed: int) -> Splits:
    """Cut a table with permuted labels whose rows stand in the order of another column."""
    random = np.random.default_rng(seed)
    frame = frame.assign(target=random.permutation(frame["target"]), height=np.sort(random.normal(size=len(frame))))
    n_train = len(frame) - round(SHARE_TEST * len(frame))
    return frame.iloc[:n_train], frame.iloc[n_train:]


def honest(frame: pd.DataFrame, seed: int) -> Splits:
    """Put twenty features beside the others that each tell a little of the label."""
    random, number = np.random.default_rng(seed), classes(frame)
    shift = (number - number.mean()) / max(1e-9, number.std())
    return dealt(frame.assign(**{f"h{i}": shift * 0.7 + random.normal(size=len(frame)) for i in range(N_HONEST)}), seed)


CASE, FILE = {"id": "case"}, {"id": "file"}
SCENES = (
    Scene("SPUR004", "file in the order of the label", "easy", ordered_dealt, least=Severity.INFO),
    Scene("SPUR004", "the same, 40 % shuffled", "hard", partial(ordered_dealt, share=0.4), least=Severity.INFO),
    Scene("SPUR004", "the same, 60 % shuffled", "told", partial(ordered_dealt, share=0.6), least=Severity.INFO),
    Scene("SPUR004", "test cut from a sorted file", "easy", ordered_cut),
    Scene("SPUR004", "the same, 10 % shuffled", "told", partial(ordered_cut, share=0.1)),
    Scene("SPUR004", "classes in turn", "hard", in_turn, least=Severity.INFO),
    Scene("SPUR004", "ids by class, declared", "easy", partial(shuffled, numbered_by_class, 0.0), CASE),
    Scene("SPUR004", "ids by class, 20 % dealt anew", "hard", partial(shuffled, numbered_by_class, 0.2), CASE),
    Scene("SPUR004", "ids modulo the classes", "hard", partial(shuffled, numbered_in_turn, 0.0), CASE),
    Scene("SPUR004", "names of files by class", "easy", partial(shuffled, named_by_class, 0.0)),
    Scene("SPUR004", "names, declared, 20 % dealt anew", "hard", partial(shuffled, named_by_class, 0.2), FILE),
    Scene("SPUR004", "gaps in sets", "easy", partial(shuffled, gaps_in_sets, 0.0)),
    Scene("SPUR004", "gaps in sets, 10 % dealt anew", "hard", partial(shuffled, gaps_in_sets, 0.1)),
    Scene("SPUR006", "signs of two numbers", "easy", partial(two_classes, signs, 0.0)),
    Scene("SPUR006", "the same, 2 % dealt anew", "hard", partial(two_classes, signs, 0.02)),
    Scene("SPUR006", "the same, 10 % dealt anew", "hard", partial(two_classes, signs, 0.1), least=Severity.INFO),
    Scene("SPUR006", "two codes are the same", "easy", partial(two_classes, same_codes, 0.0)),
    Scene("SPUR006", "which of two is larger", "easy", partial(two_classes, later, 0.0)),
    Scene("SPUR006", "two codes modulo the classes", "hard", partial(shuffled, codes_in_turn, 0.0), tables=OF_CLASSES),
    Scene("SPUR006", "difference of two numbers", "hard", partial(difference, noise=0.1), tables=OF_NUMBERS),
    Scene(None, "categories of many levels, permuted labels", "control", many_categories),
    Scene(None, "in the order of a feature, permuted labels", "control", in_order_of_a_feature),
    Scene(None, "twenty honest features", "control", honest),
)
