"""Rows beyond what train shows (RANGE001 to 003), and splits that can tell little (SPLIT007)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import BUNDLED, DRAWN, Scene, Splits, dealt, features

N_ROWS = 2_000
LONG = ("digits", "classification", "gamma", "drawn")
WITH_TARGET = ("diabetes", "regression", "friedman1")
OF_CLASSES = ("digits", "gamma", "drawn")
NOTHING_OF_SIZE = ("SPLIT007",)


def table_or_drawn(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table, or rows drawn with two columns that go together."""
    return frame if len(frame) else linked(seed, 0.95, 6)


def linked(seed: int, correlation: float, n_columns: int) -> pd.DataFrame:
    """Return normal columns of which the first two go together, and a label that hangs on both."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(N_ROWS, n_columns))
    values[:, 1] = correlation * values[:, 0] + np.sqrt(1 - correlation**2) * values[:, 1]
    target = (values[:, 0] + values[:, 1] + random.normal(size=N_ROWS) > 0).astype(int)
    return pd.DataFrame(values).add_prefix("x").assign(target=target)


def beyond_in_test(share: float, distance: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Let a share of the test rows lie so many interquartile ranges beyond the largest of one column."""
    random = np.random.default_rng(seed)
    train, test = dealt(table_or_drawn(frame, seed), seed)
    varied = [name for name in features(train) if train[name].quantile(0.75) > train[name].quantile(0.25)]
    column = random.choice(varied)
    apart = train[column].quantile(0.75) - train[column].quantile(0.25)
    beyond = train[column].max() + distance * apart * random.uniform(1, 1.3, len(test))
    is_beyond = random.permutation(len(test)) < np.ceil(share * len(test))
    return train, test.assign(**{column: test[column].mask(is_beyond, pd.Series(beyond, test.index))})


def off_the_line(share: float, correlation: float, n_columns: int, _: pd.DataFrame, seed: int) -> Splits:
    """Mirror the second of two linked columns in a share of the test rows: within every range, off the line."""
    random = np.random.default_rng(seed)
    train, test = dealt(linked(seed, correlation, n_columns), seed)
    is_off = random.permutation(len(test)) < share * len(test)
    side = random.choice([-1.0, 1.0], len(test)) * random.uniform(1, 2, len(test))
    return train, test.assign(x0=np.where(is_off, side, test["x0"]), x1=np.where(is_off, -side, test["x1"]))


def shuffled_cells(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Take every other cell of a share of the test rows from another test row: each as before, together new."""
    random = np.random.default_rng(seed)
    train, test = dealt(frame, seed)
    test, rows = test.copy(), random.permutation(len(test))[: round(share * len(test))]
    for column in features(test)[::2]:
        place = test.columns.get_loc(column)
        test.iloc[rows, place] = test.iloc[random.permutation(len(test))[: len(rows)], place].to_numpy()
    return train, test


def moved_to_test(low: float, high: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Let test alone have the rows whose target lies between two quantiles, those at the ends included."""
    train, test = dealt(frame, seed)
    ends = frame["target"].quantile([low, high]).to_numpy()
    is_moved = train["target"].between(*ends)
    return train[~is_moved], pd.concat([test, train[is_moved]]).sort_index()


def few_to_test(n_rows: int, frame: pd.DataFrame, seed: int) -> Splits:
    """Leave so many test rows of the rarest class."""
    train, test = dealt(table_or_drawn(frame, seed), seed)
    rarest = test["target"] == test["target"].value_counts().index[-1]
    return train, test[~rarest | (rarest.cumsum() <= n_rows)]


def few_with_target(n_rows: int, frame: pd.DataFrame, seed: int) -> Splits:
    """Leave so many test rows of a numeric target."""
    train, test = dealt(frame, seed)
    return train, test.head(n_rows)


def as_dealt(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the table as it is."""
    return dealt(frame, seed)


def heavy_tailed(_: pd.DataFrame, seed: int) -> Splits:
    """Draw Cauchy and lognormal columns, some of them products of others."""
    random = np.random.default_rng(seed)
    drawn = pd.DataFrame(random.standard_cauchy((N_ROWS, 4))).add_prefix("x")
    drawn = drawn.join(pd.DataFrame(random.lognormal(0, 2, (N_ROWS, 4))).add_prefix("z"))
    return dealt(drawn.assign(product=drawn["x0"] * drawn["z0"], target=random.integers(0, 2, N_ROWS)), seed)


def linked_alone(correlation: float, n_columns: int, _: pd.DataFrame, seed: int) -> Splits:
    """Draw linked columns and leave them."""
    return dealt(linked(seed, correlation, n_columns), seed)


def of_categories(_: pd.DataFrame, seed: int) -> Splits:
    """Draw categories of many sizes, two of which go together."""
    random = np.random.default_rng(seed)
    drawn = pd.DataFrame(
        {f"c{n}": [f"v{i}" for i in np.minimum(random.geometric(1 / n, N_ROWS), 40)] for n in (2, 3, 5, 8)}
    )
    drawn["same"] = drawn["c5"].where(random.random(N_ROWS) < 0.9, "v1")
    return dealt(drawn.assign(target=random.integers(0, 2, N_ROWS)), seed)


SCENES = (
    Scene("RANGE001", "10 % of test 3 IQR beyond", "easy", partial(beyond_in_test, 0.1, 3.0), tables=LONG),
    # Of 15 columns, five rows of 240 are no more than chance.
    Scene("RANGE001", "2 % of test 3 IQR beyond", "hard", partial(beyond_in_test, 0.02, 3.0), tables=OF_CLASSES),
    Scene("RANGE002", "10 % off a line of .95", "easy", partial(off_the_line, 0.1, 0.95, 6), tables=("drawn",)),
    Scene("RANGE002", "8 % off a line of .9, of 12", "hard", partial(off_the_line, 0.08, 0.9, 12), tables=("drawn",)),
    Scene(
        "RANGE002",
        "cells of other rows in half of test",
        "easy",
        partial(shuffled_cells, 0.5),
        tables=("breast_cancer", "digits"),
    ),
    Scene(
        "RANGE002",
        "cells of other rows in 20 % of test",
        "hard",
        partial(shuffled_cells, 0.2),
        tables=("breast_cancer", "digits"),
    ),
    Scene("RANGE003", "the largest 8 % in test alone", "easy", partial(moved_to_test, 0.92, 1.0), tables=WITH_TARGET),
    Scene("RANGE003", "the largest 3 % in test alone", "hard", partial(moved_to_test, 0.97, 1.0), tables=WITH_TARGET),
    Scene("RANGE003", "from .4 to .6 in test alone", "easy", partial(moved_to_test, 0.4, 0.6), tables=WITH_TARGET),
    Scene("RANGE003", "from .7 to .85 in test alone", "hard", partial(moved_to_test, 0.7, 0.85), tables=WITH_TARGET),
    Scene("SPLIT007", "20 test rows of a class", "easy", partial(few_to_test, 20), tables=OF_CLASSES),
    Scene("SPLIT007", "100 test rows of a class", "hard", partial(few_to_test, 100), tables=("gamma", "drawn")),
    Scene("SPLIT007", "60 test rows with a target", "easy", partial(few_with_target, 60), tables=WITH_TARGET),
    *(
        # A few categories repeat whole rows, and noisy labels contradict one another in them.
        Scene(None, name, "control", make, tables=tables, not_asked=(*NOTHING_OF_SIZE, "LABEL001"))
        for name, make, tables in (
            ("another random split", as_dealt, (*BUNDLED, *DRAWN)),
            ("heavy tails and products", heavy_tailed, ("drawn",)),
            ("six columns, two of them linked", partial(linked_alone, 0.95, 6), ("drawn",)),
            ("sixty columns, two of them linked", partial(linked_alone, 0.95, 60), ("drawn",)),
            ("categories alone", of_categories, ("drawn",)),
        )
    ),
)
