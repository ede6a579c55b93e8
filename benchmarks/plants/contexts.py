"""Who labelled and where a row was gathered, told by the label (SPUR005, LABEL004); sites that follow the features."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt, features

SITES = np.array(["Aachen", "Bremen", "Celle", "Dresden"])
RATERS = np.array(["Ada", "Bea", "Cid", "Dan", "Eve"])
WITH_CLASSES = ("iris", "wine", "breast_cancer", "digits", "classification", "gamma", "coarse")
LARGE = ("breast_cancer", "digits", "classification", "gamma")
LINKED = ("breast_cancer", "classification", "gamma", "diabetes", "regression", "friedman1")
LARGER = ("digits", "classification", "gamma")
BOTH = ("breast_cancer", "digits", "classification", "gamma", "diabetes", "regression", "friedman1")


def classes_of(target: pd.Series, n_classes: int) -> np.ndarray:
    """Return a number below n_classes per row that follows the label."""
    if target.dtype.kind == "f":
        return pd.qcut(target, n_classes, labels=False).to_numpy()
    return (target.rank(method="dense").astype(int) - 1).to_numpy() % n_classes


def site_of_label(share_at_random: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Give every class a site of its own, but for a share of the rows."""
    random = np.random.default_rng(seed)
    places = classes_of(frame["target"], 3 if frame["target"].dtype.kind == "f" else len(SITES))
    drawn = random.random(len(frame)) < share_at_random
    sites = SITES[np.where(drawn, random.integers(0, len(SITES), len(frame)), places)]
    return dealt(frame.assign(site=sites), seed)


def site_of_features(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the rows to sites by the feature that goes with the label most, so that sites differ as it does."""
    numbers = frame[features(frame)].select_dtypes("number")
    strongest = numbers.corrwith(pd.Series(classes_of(frame["target"], 2), frame.index)).abs().idxmax()
    random = np.random.default_rng(seed)
    place = frame[strongest].rank(pct=True) + random.normal(0, 0.4, len(frame))
    return dealt(frame.assign(site=SITES[pd.qcut(place, len(SITES), labels=False)]), seed)


def colour_of_label(share_true: float, sites: np.ndarray, frame: pd.DataFrame, seed: int) -> Splits:
    """Let a colour name the class in a share of the rows, but at the last site, where it is drawn."""
    random = np.random.default_rng(seed)
    site = random.choice(sites, len(frame))
    places = classes_of(frame["target"], 3)
    drawn = (random.random(len(frame)) > share_true) | (site == sites[-1])
    colour = np.array(["red", "green", "blue"])[np.where(drawn, random.integers(0, 3, len(frame)), places)]
    return dealt(frame.assign(site=site, colour=colour), seed)


def anywhere(name: str, frame: pd.DataFrame, seed: int) -> Splits:
    """Draw the site or the annotator of every row."""
    drawn = np.random.default_rng(seed).choice(RATERS, len(frame))
    return dealt(frame.assign(**{name: drawn}), seed)


def biased(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Let one annotator of five give the commonest other class to a share of what she labels."""
    random = np.random.default_rng(seed)
    who = random.choice(RATERS, len(frame))
    classes = frame["target"].value_counts().index
    habit = (who == RATERS[0]) & (random.random(len(frame)) < share)
    return dealt(frame.assign(annotator=who, target=frame["target"].where(~habit, classes[0])), seed)


def case_mix(frame: pd.DataFrame, seed: int) -> Splits:
    """Give the annotators other cases each, by the feature that goes with the label most."""
    train, test = site_of_features(frame, seed)
    return train.rename(columns={"site": "annotator"}), test.rename(columns={"site": "annotator"})


def labelled_twice(share_wrong: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Have every item labelled by two annotators, of whom one draws a share of the labels."""
    random = np.random.default_rng(seed)
    drawn = np.where(random.random(len(frame)) < share_wrong, random.permutation(frame["target"]), frame["target"])
    first, second = frame.assign(annotator="Ada"), frame.assign(annotator="Bea", target=drawn)
    train, test = (
        pd.concat([first.loc[part.index], second.loc[part.index]], ignore_index=True) for part in dealt(frame, seed)
    )
    return train, test


AT_SITE, BY_WHOM = {"context": "site"}, {"context": "annotator"}
SCENES = (
    Scene("SPUR005", "a site per class", "easy", partial(site_of_label, 0.0), AT_SITE),
    Scene("SPUR005", "a site per class, 25 % elsewhere", "hard", partial(site_of_label, 0.25), AT_SITE),
    Scene("LABEL004", "one of five annotators, 60 % habit", "easy", partial(biased, 0.6), BY_WHOM, tables=LARGE),
    Scene("LABEL004", "one of five annotators, 35 % habit", "hard", partial(biased, 0.35), BY_WHOM, tables=LARGER),
    Scene("LABEL004", "two annotators, 60 % at random", "easy", partial(labelled_twice, 0.6), BY_WHOM, tables=BOTH),
    Scene("LABEL004", "two annotators, 50 % at random", "hard", partial(labelled_twice, 0.5), BY_WHOM, tables=BOTH),
    Scene(
        "SPUR002",
        "no link at one site of two",
        "easy",
        partial(colour_of_label, 1.0, SITES[:2]),
        AT_SITE,
        tables=LINKED,
    ),
    Scene(
        "SPUR002",
        "link in 80 %, none at one of four",
        "hard",
        partial(colour_of_label, 0.8, SITES),
        AT_SITE,
        tables=LINKED,
    ),
    Scene(None, "sites at random", "control", partial(anywhere, "site"), AT_SITE),
    Scene(None, "annotators at random", "control", partial(anywhere, "annotator"), BY_WHOM),
    Scene(None, "sites that follow a feature", "control", site_of_features, AT_SITE),
    Scene(None, "annotators with other cases each", "control", case_mix, BY_WHOM),
)
