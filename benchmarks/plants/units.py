"""Other units between splits (SPLIT008) and inside a column (SCALE005), splits scaled otherwise (SCALE006)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import TABLES, NotPlanted, Scene, Splits, dealt, features
from sklearn.preprocessing import MinMaxScaler, StandardScaler

Scaler = MinMaxScaler | StandardScaler
Convert = Callable[[pd.Series], pd.Series]

FAR_FROM_STANDARD = ("iris", "wine", "breast_cancer", "digits", "diabetes", "gamma", "coarse")
POSITIVE = ("iris", "wine", "breast_cancer", "gamma", "coarse")
# Iris has 105 rows to train on and columns of two heaps: 20 rows of another unit are not easy to tell there.
# A level needs 30 rows of its own, and of temperatures more.
WITH_ROWS_OF_A_SITE = ("breast_cancer", "digits", "diabetes", "gamma", "coarse")
POSITIVE_AND_LARGER = POSITIVE[1:]
# What a drift brings about beside.
OF_DRIFT = ("SPLIT001", "SPLIT002", "SPLIT005", "SPLIT009", "RANGE001", "RANGE002", "RANGE003")


def filled(frame: pd.DataFrame, seed: int, n_columns: int) -> list[str]:
    """Return so many columns, drawn among those that are mostly not 0 and have several values."""
    names = [c for c in features(frame) if (frame[c] != 0).mean() >= 0.5 and frame[c].nunique() >= 5]
    if not names:
        raise NotPlanted
    return np.random.default_rng(seed).permutation(names)[:n_columns].tolist()


def multiplied_in_test(factor: float, n_columns: int, frame: pd.DataFrame, seed: int) -> Splits:
    """Multiply columns of test."""
    train, test = dealt(frame, seed)
    names = filled(frame, seed, n_columns)
    return train, test.assign(**{name: test[name] * factor for name in names})


def measured_in_test(draw: str, convert: Convert, frame: pd.DataFrame, seed: int) -> Splits:
    """Add a measurement, converted in test."""
    train, test = dealt(frame.assign(measured=drawn(draw, len(frame), seed)), seed)
    return train, test.assign(measured=convert(test["measured"]))


def drawn(what: str, n_rows: int, seed: int) -> np.ndarray | pd.DatetimeIndex:
    """Return measurements of a kind."""
    random = np.random.default_rng(seed)
    if what == "heights":
        return random.normal(170, 9, n_rows).round(1)
    if what == "temperatures":
        return random.normal(15, 6, n_rows).round(1)
    if what == "incomes":
        return random.lognormal(10, 0.8, n_rows).round(2)
    if what == "dates":
        return pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 90, n_rows), unit="D")
    return random.gamma(4, 250, n_rows).round(1)


def swapped(dates: pd.Series) -> pd.Series:
    """Return dates with day and month swapped where that gives a date."""
    return dates.map(lambda one: one.replace(month=one.day, day=one.month) if one.day <= 12 else one)


def mixed_inside(share: float, factor: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Multiply a share of the cells of one positive column, in both splits."""
    is_other = np.random.default_rng(seed).random(len(frame)) < share
    names = [name for name in filled(frame, seed, len(features(frame))) if (frame[name] > 0).mean() >= 0.99]
    if not names or is_other.sum() < 10:
        raise NotPlanted
    return dealt(frame.assign(**{names[0]: frame[names[0]].where(~is_other, frame[names[0]] * factor)}), seed)


def by_site(draw: str, convert: Convert, frame: pd.DataFrame, seed: int) -> Splits:
    """Add a measurement and three sites, of which the one with a tenth of the rows measures in another unit."""
    random = np.random.default_rng(seed + 1)
    sites = random.choice(["north", "south", "west"], len(frame), p=[0.1, 0.45, 0.45])
    measured = pd.Series(drawn(draw, len(frame), seed), index=frame.index)
    converted = measured.where(sites != "north", convert(measured))
    return dealt(frame.assign(measured=converted, site=sites), seed)


def beside_another(convert: Convert, frame: pd.DataFrame, seed: int) -> Splits:
    """Add two temperatures that nearly say each other, a twentieth of one in another unit."""
    random = np.random.default_rng(seed + 1)
    noon = pd.Series(drawn("temperatures", len(frame), seed), index=frame.index)
    morning = (noon - 5 + random.normal(0, 0.8, len(frame))).round(1)
    return dealt(frame.assign(noon=noon.where(random.random(len(frame)) > 0.05, convert(noon)), morning=morning), seed)


def scaled(make: Callable[[], Scaler], by: tuple[str | None, str | None], frame: pd.DataFrame, seed: int) -> Splits:
    """Scale train and test by the scaler of "train" or "test", or not at all."""
    splits = dict(zip(("train", "test"), dealt(frame, seed), strict=True))
    names = [c for c in features(frame) if min(one[c].nunique() for one in splits.values()) > 2]
    made = []
    for split, whose in zip(splits.values(), by, strict=True):
        numbers = split[names] if whose is None else make().fit(splits[whose][names]).transform(split[names])
        made.append(split.assign(**dict(zip(names, np.asarray(numbers).T, strict=True))))
    return made[0], made[1]


def drifted(by_sd: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Move the mean of three columns of test."""
    train, test = dealt(frame, seed)
    names = filled(frame, seed, 3)
    return train, test.assign(**{name: test[name] + by_sd * frame[name].std() for name in names})


def with_long_tails(growth: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Add lognormal and count columns, those of test larger by a factor."""
    random, n_rows = np.random.default_rng(seed), len(frame)
    added = {"income": random.lognormal(3, 0.8, n_rows), "wealth": random.lognormal(3, 2, n_rows)}
    added["visits"] = random.negative_binomial(0.5, 0.01, n_rows).astype(float)
    train, test = dealt(frame.assign(**added), seed)
    return train, test.assign(income=test["income"] * growth, wealth=test["wealth"] * growth)


def _fahrenheit(celsius: pd.Series) -> pd.Series:
    return celsius * 1.8 + 32


def _tenfold(values: pd.Series) -> pd.Series:
    return values * 10


def _inches(centimetres: pd.Series) -> pd.Series:
    return centimetres / 2.54


SCENES = (
    Scene("SPLIT008", "three columns of test x 1,000", "easy", partial(multiplied_in_test, 1000.0, 3), tables=TABLES),
    Scene("SPLIT008", "three columns of test / 100", "easy", partial(multiplied_in_test, 0.01, 3), tables=TABLES),
    Scene("SPLIT008", "heights of test in inches", "hard", partial(measured_in_test, "heights", _inches)),
    Scene("SPLIT008", "temperatures of test in °F", "hard", partial(measured_in_test, "temperatures", _fahrenheit)),
    Scene("SPLIT008", "incomes of test as logarithms", "hard", partial(measured_in_test, "incomes", np.log)),
    Scene("SPLIT008", "depths of test with the sign changed", "hard", partial(measured_in_test, "depths", np.negative)),
    Scene("SPLIT008", "dates of test, day and month swapped", "hard", partial(measured_in_test, "dates", swapped)),
    Scene(
        "SCALE005", "20 % of a column x 1,000", "easy", partial(mixed_inside, 0.2, 1000.0), tables=POSITIVE_AND_LARGER
    ),
    Scene("SCALE005", "2 % of a column x 1,000", "hard", partial(mixed_inside, 0.02, 1000.0), tables=POSITIVE),
    Scene("SCALE005", "20 % of a column x 100", "told", partial(mixed_inside, 0.2, 100.0), tables=POSITIVE),
    Scene(
        "SCALE005",
        "heights of one site x 10",
        "hard",
        partial(by_site, "heights", _tenfold),
        tables=WITH_ROWS_OF_A_SITE,
    ),
    Scene(
        "SCALE005",
        "heights of one site in inches",
        "hard",
        partial(by_site, "heights", _inches),
        tables=WITH_ROWS_OF_A_SITE,
    ),
    Scene(
        "SCALE005",
        "temperatures of one site in °F",
        "told",
        partial(by_site, "temperatures", _fahrenheit),
        tables=WITH_ROWS_OF_A_SITE,
    ),
    Scene(
        "SCALE005",
        "depths of one site with the sign changed",
        "hard",
        partial(by_site, "depths", np.negative),
        tables=WITH_ROWS_OF_A_SITE,
    ),
    Scene(
        "SCALE005",
        "5 % of temperatures in °F, another beside",
        "hard",
        partial(beside_another, _fahrenheit),
        tables=WITH_ROWS_OF_A_SITE,
    ),
    Scene(
        "SCALE006",
        "test alone standardised, by itself",
        "easy",
        partial(scaled, StandardScaler, (None, "test")),
        tables=FAR_FROM_STANDARD,
    ),
    Scene(
        "SCALE006",
        "train standardised, test raw",
        "easy",
        partial(scaled, StandardScaler, ("train", None)),
        tables=FAR_FROM_STANDARD,
    ),
    Scene("SCALE006", "each split standardised by itself", "hard", partial(scaled, StandardScaler, ("train", "test"))),
    Scene(
        "SCALE006",
        "train scaled to its range, test raw",
        "told",
        partial(scaled, MinMaxScaler, ("train", None)),
        tables=FAR_FROM_STANDARD,
    ),
    Scene(None, "means of test moved by half an sd", "control", partial(drifted, 0.5), not_asked=OF_DRIFT),
    Scene(None, "long tails", "control", partial(with_long_tails, 1.0)),
    Scene(None, "incomes of test 2.5 times larger", "control", partial(with_long_tails, 2.5), not_asked=OF_DRIFT),
    Scene(
        None,
        "both standardised by train",
        "control",
        partial(scaled, StandardScaler, ("train", "train")),
    ),
)
