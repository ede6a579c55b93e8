"""Rows of train put into test, as they are or a little changed (LEAK001, 002), and the label in disguise (LEAK005)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt, features

FEWEST_ROWS = 8
CITIES = ("Bad Aibling", "São Paulo", "New York", "Köln", "Rom", "Ulm")
Change = Callable[[pd.DataFrame, pd.DataFrame, np.random.Generator], pd.DataFrame]


def copied(change: Change, share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Put changed copies of training rows in the place of a share of the test rows, of eight at least."""
    train, test = dealt(frame, seed)
    random = np.random.default_rng(seed)
    n_copies = max(FEWEST_ROWS, round(share * len(test)))
    copies = change(train.iloc[random.choice(len(train), n_copies, replace=False)], train, random)
    return train, pd.concat([test.iloc[n_copies:], copies], ignore_index=True)


def as_they_are(rows: pd.DataFrame, _: pd.DataFrame, __: np.random.Generator) -> pd.DataFrame:
    """Return the rows."""
    return rows


def jittered(noise: float) -> Change:
    """Return the change that adds normal noise of so many standard deviations to every number."""

    def change(rows: pd.DataFrame, train: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        names = [name for name in features(rows) if rows[name].dtype.kind == "f"]
        return rows.assign(
            **{name: rows[name] + random.normal(0, noise, len(rows)) * train[name].std() for name in names}
        )

    return change


def one_cell_changed(rows: pd.DataFrame, train: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Put a value of another training row, not the same, into one cell of every row."""
    names = [name for name in features(rows) if train[name].nunique() > 1]
    rows = rows.copy()
    for place in range(len(rows)):
        column = rows.columns.get_loc(str(random.choice(names)))
        others = train.iloc[:, column][train.iloc[:, column] != rows.iat[place, column]]
        rows.iat[place, column] = others.iat[int(random.integers(len(others)))]
    return rows


def to_fewer_digits(rows: pd.DataFrame, train: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Round every number to a fiftieth or less of its column's standard deviation."""
    names = [name for name in features(rows) if rows[name].dtype.kind == "f" and train[name].std() > 0]
    return rows.assign(**{name: rows[name].round(int(np.ceil(1.4 - np.log10(train[name].std())))) for name in names})


def written_otherwise(rows: pd.DataFrame, _: pd.DataFrame, __: np.random.Generator) -> pd.DataFrame:
    """Write the city in capitals, with a space more, and its letters with accents in two signs."""
    return rows.assign(city=rows["city"].str.normalize("NFD").str.upper() + " ")


def with_cities(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table with a city in every row."""
    return frame.assign(city=np.random.default_rng(seed).choice(CITIES, len(frame)))


def with_fine_numbers(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table with noise on numbers stored in steps, so that rounding them changes something."""
    random = np.random.default_rng(seed)
    names = [name for name in features(frame) if frame[name].std() > 0]
    return frame.assign(**{name: frame[name] + random.normal(0, 0.1, len(frame)) * frame[name].std() for name in names})


def twins_before_the_split(frame: pd.DataFrame, seed: int) -> Splits:
    """Append jittered copies of a tenth of the rows, and deal: the table has near twins, the split is random."""
    random = np.random.default_rng(seed)
    copies = jittered(0.001)(frame.iloc[random.choice(len(frame), len(frame) // 10, replace=False)], frame, random)
    return dealt(pd.concat([frame, copies], ignore_index=True), seed)


def coarse(n_levels: int, n_columns: int, frame: pd.DataFrame, seed: int) -> Splits:
    """Keep a few columns in a few steps, so that rows are alike by chance."""
    names = [name for name in features(frame) if frame[name].std() > 0][:n_columns]
    steps = {name: frame[name].rank(pct=True).mul(n_levels - 1).round() for name in names}
    return dealt(pd.DataFrame(steps).assign(target=frame["target"]), seed)


def disguised(disguise: Callable[[pd.Series, np.random.Generator], object], frame: pd.DataFrame, seed: int) -> Splits:
    """Put the label, in disguise, beside the features."""
    return dealt(frame.assign(note=disguise(frame["target"], np.random.default_rng(seed))), seed)


def recoded(target: pd.Series, random: np.random.Generator) -> object:
    """Return another code for every class; a number times a factor, with an offset."""
    if target.dtype.kind == "f":
        return -1.8 * target + 32
    names = target.unique()
    return target.map(dict(zip(names, random.permutation(len(names)) * 7.0 + 3, strict=True)))


def noisy(share_wrong: float, noise: float, target: pd.Series, random: np.random.Generator) -> object:
    """Return the label with so many wrong classes, or noise of so many standard deviations."""
    if target.dtype.kind == "f":
        return target + random.normal(0, noise, len(target)) * target.std()
    drawn = random.permutation(target.to_numpy())
    return np.where(random.random(len(target)) < share_wrong, drawn, target)


def in_a_text(target: pd.Series, random: np.random.Generator) -> object:
    """Return a sentence with the class in it, or the target to two or three digits, among other numbers."""
    if target.dtype.kind == "f":
        n_decimals = max(0, int(np.ceil(1 - np.log10(target.std()))))
        words = target.map(f"{{:.{n_decimals}f}}".format)
    else:
        words = target.map("type{}".format)
    who, day = random.integers(0, 500, len(target)), random.integers(1, 29, len(target))
    return [f"seen by {a} on day {b}: {word}, to be checked" for a, b, word in zip(who, day, words, strict=True)]


def permuted(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the label anew, so that no feature knows it."""
    return dealt(frame.assign(target=np.random.default_rng(seed).permutation(frame["target"])), seed)


def _of(prepare: Callable[[pd.DataFrame, int], pd.DataFrame], change: Change, share: float) -> Callable[..., Splits]:
    return lambda frame, seed: copied(change, share, prepare(frame, seed), seed)


# Coarse columns are what LABEL001 warns of: rows alike in them have different labels.
COARSE = ("LABEL001",)
SCENES = (
    Scene("LEAK001", "20 % of test copied", "easy", partial(copied, as_they_are, 0.2)),
    Scene("LEAK001", "5 % of test copied", "hard", partial(copied, as_they_are, 0.05)),
    Scene("LEAK002", "20 % copied with .1 % noise", "easy", partial(copied, jittered(0.001), 0.2)),
    Scene("LEAK002", "20 % copied, text respelt", "easy", _of(with_cities, written_otherwise, 0.2)),
    Scene("LEAK002", "8 % copied with 1 % noise", "hard", partial(copied, jittered(0.01), 0.08)),
    Scene("LEAK002", "8 % copied, one cell changed", "hard", partial(copied, one_cell_changed, 0.08)),
    Scene("LEAK002", "8 % copied and rounded", "hard", _of(with_fine_numbers, to_fewer_digits, 0.08)),
    Scene("LEAK005", "label recoded or scaled", "easy", partial(disguised, recoded)),
    Scene("LEAK005", "label in a text", "easy", partial(disguised, in_a_text)),
    Scene("LEAK005", "label, 1 % noise", "easy", partial(disguised, partial(noisy, 0.01, 0.1))),
    Scene("LEAK005", "label, 4 % noise", "hard", partial(disguised, partial(noisy, 0.04, 0.25))),
    Scene(None, "a random split", "control", dealt),
    Scene(None, "near twins dealt at random", "control", twins_before_the_split),
    Scene(None, "3 columns of 4 steps", "control", partial(coarse, 4, 3), not_asked=COARSE),
    Scene(None, "6 columns of 6 steps", "control", partial(coarse, 6, 6), not_asked=COARSE),
    Scene(None, "permuted labels", "control", permuted),
)
