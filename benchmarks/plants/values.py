"""Values and gaps that give a class away (SPUR001 to 003), and labels that are wrong (LABEL003)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt

WITH_CLASSES = ("breast_cancer", "digits", "classification", "gamma", "coarse")
OF_TWO_CLASSES = ("breast_cancer", "classification", "gamma", "coarse")
LEARNABLE = ("breast_cancer", "digits", "separable")
COLOURS = np.array(["blue", "grey", "black", "white"])


def painted(frame: pd.DataFrame, share_of_class: float, share_of_others: float, seed: int) -> pd.Series:
    """Return a colour per row: red for so much of the rarest class and of the others."""
    random = np.random.default_rng(seed)
    rarest = frame["target"] == frame["target"].value_counts().index[-1]
    is_red = random.random(len(frame)) < np.where(rarest, share_of_class, share_of_others)
    return pd.Series(np.where(is_red, "red", random.choice(COLOURS, len(frame))), frame.index)


def red_means_class(share_of_class: float, share_of_others: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Paint one class red, in train and in test."""
    return dealt(frame.assign(colour=painted(frame, share_of_class, share_of_others, seed)), seed)


def red_in_train_alone(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Let a colour go with the label in train, and be drawn in test."""
    random = np.random.default_rng(seed)
    train, test = dealt(frame, seed)
    is_number = frame["target"].dtype.kind == "f"
    place = pd.qcut(frame["target"], 4, labels=False) if is_number else pd.factorize(frame["target"])[0] % 4
    drawn = random.random(len(frame)) > share
    colour = pd.Series(COLOURS[np.where(drawn, random.integers(0, 4, len(frame)), place)], frame.index)
    return (
        train.assign(colour=colour[train.index]),
        test.assign(colour=random.choice(COLOURS, len(test))),
    )


def missing_by_class(share_of_class: float, share_of_others: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Blank one column in a share of the rows of the rarest class, and in another of the other rows."""
    random = np.random.default_rng(seed)
    rarest = frame["target"] == frame["target"].value_counts().index[-1]
    is_missing = random.random(len(frame)) < np.where(rarest, share_of_class, share_of_others)
    drawn = pd.Series(random.normal(size=len(frame)), frame.index)
    return dealt(frame.assign(income=drawn.mask(is_missing)), seed)


def with_wrong_labels(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Give another class, drawn, to a share of the rows."""
    random = np.random.default_rng(seed)
    classes = np.sort(frame["target"].unique())
    place = np.searchsorted(classes, frame["target"])
    wrong = random.random(len(frame)) < share
    moved = (place + np.where(wrong, random.integers(1, len(classes), len(frame)), 0)) % len(classes)
    return dealt(frame.assign(target=classes[moved]), seed)


SCENES = (
    Scene(
        "SPUR001", "red is one class, and it red", "easy", partial(red_means_class, 0.98, 0.001), tables=WITH_CLASSES
    ),
    Scene("SPUR001", "red is 70 % of one class", "hard", partial(red_means_class, 0.7, 0.0), tables=OF_TWO_CLASSES),
    Scene("SPUR002", "95 % by colour in train alone", "easy", partial(red_in_train_alone, 0.95)),
    Scene("SPUR002", "60 % by colour in train alone", "hard", partial(red_in_train_alone, 0.6)),
    Scene(
        "SPUR003", "missing in 95 % of one class", "easy", partial(missing_by_class, 0.95, 0.03), tables=OF_TWO_CLASSES
    ),
    Scene("SPUR003", "missing in 80 % and 10 %", "hard", partial(missing_by_class, 0.8, 0.1), tables=OF_TWO_CLASSES),
    Scene("LABEL003", "12 % wrong labels", "easy", partial(with_wrong_labels, 0.12), tables=LEARNABLE),
    Scene("LABEL003", "8 % wrong labels", "hard", partial(with_wrong_labels, 0.08), tables=LEARNABLE),
)
