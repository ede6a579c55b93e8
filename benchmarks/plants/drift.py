"""Splits that differ from train and from the world (SPLIT001 to 006, 009), and train alone resampled, which is fine."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import NotPlanted, Scene, Splits, dealt, features
from benchmarks.plants.resampling import imbalanced, minority
from imblearn.over_sampling import SMOTE

WITH_CLASSES = ("breast_cancer", "digits", "classification", "gamma", "coarse")
OF_MORE_CLASSES = ("iris", "wine", "digits")
OF_TWO_CLASSES = ("breast_cancer", "classification", "gamma", "coarse")
LARGER = ("breast_cancer", "digits", "classification", "regression", "friedman1", "gamma", "coarse")
# Columns that go together, of which many are permuted against the others.
TIED = ("breast_cancer", "diabetes", "digits", "classification")
FINE = ("breast_cancer", "classification", "gamma")
N_DRAWN = 1_500
COLOURS = ["red", "green", "blue", "grey"]


def fewer_of_a_class(share_kept: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Keep a share of the test rows of train's commonest class."""
    train, test = dealt(frame, seed)
    own = test.index[test["target"] == train["target"].value_counts().index[0]]
    drawn = np.random.default_rng(seed).permutation(own)
    return train, test.drop(index=drawn[round(share_kept * len(own)) :])


def shifted(n_sd: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Move one column of test by so many standard deviations."""
    train, test = dealt(frame, seed)
    column = varied(train, seed)
    return train, test.assign(**{column: test[column] + n_sd * train[column].std()})


def varied(frame: pd.DataFrame, seed: int) -> str:
    """Return a column of many values, drawn."""
    names = [name for name in features(frame) if frame[name].value_counts(normalize=True).iloc[0] < 0.3]
    return str(np.random.default_rng(seed).choice(names))


def emptied(share_train: float, share_test: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Blank shares of one column."""
    random = np.random.default_rng(seed)
    train, test = dealt(frame, seed)
    column = random.choice(features(frame))
    blank = [
        part.assign(**{column: part[column].mask(random.random(len(part)) < share)})
        for part, share in ((train, share_train), (test, share_test))
    ]
    return blank[0], blank[1]


def with_new_city(share: float, new: list[str], frame: pd.DataFrame, seed: int) -> Splits:
    """Give a share of the test rows one of the cities that train never shows."""
    random = np.random.default_rng(seed)
    train, test = dealt(frame, seed)
    cities = [f"city {i}" for i in range(12)]
    is_new = random.random(len(test)) < share
    return (
        train.assign(city=random.choice(cities, len(train))),
        test.assign(city=np.where(is_new, random.choice(new, len(test)), random.choice(cities, len(test)))),
    )


def tied(correlation: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Add two columns that go together in train, and as much against one another in test."""
    random = np.random.default_rng(seed)
    train, test = dealt(frame, seed)
    parts = []
    for part, sign in ((train, 1), (test, -1)):
        first, noise = random.normal(size=(2, len(part)))
        second = sign * correlation * first + np.sqrt(1 - correlation**2) * noise
        parts.append(part.assign(first=first, second=second))
    return parts[0], parts[1]


def permuted(frame: pd.DataFrame, seed: int) -> Splits:
    """Permute every second column of test against the others, all of them together."""
    train, test = dealt(frame, seed)
    half = features(frame)[::2]
    order = np.random.default_rng(seed).permutation(len(test))
    return train, test.assign(**{name: test[name].to_numpy()[order] for name in half})


def without_a_class(place: int, share_left: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Leave a class out of train (0) or of test (1), but for a share of its rows in the other."""
    random = np.random.default_rng(seed)
    parts = list(dealt(frame, seed))
    name = minority(frame, seed)
    other = parts[1 - place]
    dropped = other.index[(other["target"] == name) & (random.random(len(other)) >= share_left)]
    if ((other["target"] == name).sum() - len(dropped)) < 1:
        raise NotPlanted
    parts[place] = parts[place][parts[place]["target"] != name]
    parts[1 - place] = other.drop(index=dropped)
    return parts[0], parts[1]


def in_thirds(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Deal the rows to train, test and the world."""
    train, rest = dealt(frame, seed)
    return train.iloc[::2], train.iloc[1::2], rest


def two_of_three(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the rows to train and test, some kept back for the world."""
    return in_thirds(frame, seed)[:2]


def world(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the rows that were kept back."""
    return in_thirds(frame, seed)[2]


def world_elsewhere(n_sd: float, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the rows kept back, one column moved."""
    rows = world(frame, seed)
    column = varied(rows, seed)
    return rows.assign(**{column: rows[column] + n_sd * rows[column].std()})


def drawn_classes(share_train: float, share_test: float, _frame: pd.DataFrame, seed: int) -> Splits:
    """Draw splits in which so many rows are of the class 1, which all columns but one tell."""
    random = np.random.default_rng(seed)
    parts = []
    for n_rows, share in ((2 * N_DRAWN, share_train), (N_DRAWN, share_test)):
        y = (random.random(n_rows) < share).astype(int)
        values = random.normal(np.outer(y, [2, 1, 1, 0.5, 0]), 1)
        parts.append(pd.DataFrame(values).add_prefix("x").assign(colour=random.choice(COLOURS, n_rows), target=y))
    return parts[0], parts[1]


def resampled_train(how: str, frame: pd.DataFrame, seed: int) -> Splits:
    """Make the classes of train equally common by drawing again, by SMOTE, or by leaving rows out; leave test alone."""
    train, test = two_of_three(imbalanced(frame, seed), seed)
    counts = train["target"].value_counts()
    if how == "SMOTE":
        if counts.min() < 7:
            raise NotPlanted
        values, target = SMOTE(random_state=seed).fit_resample(train[features(train)], train["target"])
        return values.assign(target=target), test
    size = int(counts.max() if how == "over" else counts.min())
    parts = [
        own.sample(size, replace=size > len(own), random_state=seed) for _, own in train.groupby("target", sort=True)
    ]
    return pd.concat(parts, ignore_index=True), test


def world_of_imbalanced(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the rows kept back from the table whose rare class has few."""
    return world(imbalanced(frame, seed), seed)


def by_patient(_frame: pd.DataFrame, seed: int) -> Splits:
    """Draw rows of patients who differ, and deal whole patients."""
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(60), 25)
    values = random.normal(0, 0.8, (60, 5))[who] + random.normal(0, 0.6, (len(who), 5))
    rows = pd.DataFrame(values).add_prefix("x").assign(patient=[f"p{i}" for i in who])
    rows["sex"] = random.choice(["f", "m"], 60)[who]
    rows["target"] = (values[:, 0] + random.normal(0, 1, len(who)) > 0).astype(int)
    is_test = np.isin(who, random.permutation(60)[:20])
    return rows[~is_test], rows[is_test]


DRAWN = {"tables": ("drawn",)}
# What is true of these controls: their classes differ, on purpose, or train is made of copies.
ON_PURPOSE = ("LEAK008", "LEAK001", "SPUR001")
SCENES = (
    Scene(
        "SPLIT001",
        "test with 30 % of the commonest class",
        "easy",
        partial(fewer_of_a_class, 0.3),
        tables=OF_TWO_CLASSES,
    ),
    Scene(
        "SPLIT001",
        "test with 45 % of the commonest class",
        "hard",
        partial(fewer_of_a_class, 0.45),
        tables=OF_TWO_CLASSES,
    ),
    Scene("SPLIT001", "1 % of a class become 4 %", "hard", partial(drawn_classes, 0.01, 0.04), **DRAWN),
    Scene("SPLIT002", "a column moved by 1 sd", "easy", partial(shifted, 1.0), tables=LARGER),
    Scene("SPLIT002", "a column moved by half a sd", "hard", partial(shifted, 0.5), tables=LARGER),
    Scene("SPLIT003", "missing in 5 % and 35 %", "easy", partial(emptied, 0.05, 0.35), tables=LARGER),
    Scene("SPLIT003", "missing in 5 % and 18 %", "hard", partial(emptied, 0.05, 0.18), tables=LARGER),
    Scene(
        "SPLIT004", "15 % of test in new cities", "easy", partial(with_new_city, 0.15, ["Lyon", "Oslo"]), tables=LARGER
    ),
    Scene("SPLIT004", "6 % of test in a new city", "hard", partial(with_new_city, 0.06, ["Lyon"]), tables=LARGER),
    Scene("SPLIT005", "two columns tied by .95, and reversed", "easy", partial(tied, 0.95), tables=FINE),
    Scene("SPLIT005", "two columns tied by .8, and reversed", "hard", partial(tied, 0.8), tables=FINE),
    Scene("SPLIT005", "half of the columns permuted in test", "hard", permuted, tables=TIED),
    Scene("SPLIT006", "a class that test does not have", "easy", partial(without_a_class, 1, 1.0), tables=WITH_CLASSES),
    Scene(
        "SPLIT006", "a class that train does not have", "hard", partial(without_a_class, 0, 0.3), tables=OF_MORE_CLASSES
    ),
    Scene("SPLIT009", "the world 1 sd away", "easy", two_of_three, tables=LARGER, world=partial(world_elsewhere, 1.0)),
    Scene(
        "SPLIT009", "the world half a sd away", "hard", two_of_three, tables=LARGER, world=partial(world_elsewhere, 0.5)
    ),
    Scene(
        "SPLIT009",
        "half of test of a class of 5 %",
        "easy",
        partial(drawn_classes, 0.5, 0.5),
        {"prior": {"1": 0.05}},
        **DRAWN,
    ),
    Scene(
        "SPLIT009", "3 % of a class of 1 %", "hard", partial(drawn_classes, 0.5, 0.03), {"prior": {"1": 0.01}}, **DRAWN
    ),
    Scene(None, "a reference drawn at random", "control", two_of_three, tables=LARGER, world=world),
    Scene(None, "classes as declared", "control", partial(drawn_classes, 0.05, 0.05), {"prior": {"1": 0.05}}, **DRAWN),
    Scene(
        None,
        "train balanced, test as declared",
        "control",
        partial(drawn_classes, 0.5, 0.05),
        {"prior": {"1": 0.05}},
        **DRAWN,
    ),
    *(
        Scene(
            None,
            f"train balanced by {name}, test as the world",
            "control",
            partial(resampled_train, how),
            tables=LARGER,
            not_asked=ON_PURPOSE,
            world=world_of_imbalanced,
        )
        for how, name in (("over", "drawing again"), ("SMOTE", "SMOTE"), ("under", "leaving out"))
    ),
    Scene(None, "whole patients in test", "control", by_patient, {"group": "patient"}, **DRAWN),
)
