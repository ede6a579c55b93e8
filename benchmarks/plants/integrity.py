"""Defects of cells, rows and columns (DATA001 to 009): what `benchmarks.fixes` mends beside the scenes of detection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt, features

from dataaudit.model import Severity

TABLES = ("wine", "diabetes", "gamma")
Add = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]
COLOURS = np.array(["blue", "grey", "black"])


def added(add: Add, frame: pd.DataFrame, seed: int) -> Splits:
    """Put columns beside the others, before the rows are dealt."""
    return dealt(add(frame, np.random.default_rng(seed)), seed)


def repeated(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Repeat a share of the rows within each split, behind the others."""
    random = np.random.default_rng(seed)
    train, test = (
        pd.concat([split, split.iloc[random.choice(len(split), round(share * len(split)), replace=False)]])
        for split in dealt(frame, seed)
    )
    return train.reset_index(drop=True), test.reset_index(drop=True)


def emptied_rows(frame: pd.DataFrame, seed: int) -> Splits:
    """Take all features from the first five rows of train."""
    train, test = dealt(frame, seed)
    train = train.reset_index(drop=True)
    train.loc[:4, features(frame)] = np.nan
    return train, test


def of_one_value(frame: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Add a column that has one value."""
    return frame.assign(country="DE")


def without_a_cell(frame: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Add a column that holds nothing."""
    return frame.assign(remark=np.nan)


def signs_for_missing(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add colours, a tenth of them unknown and written as a question mark."""
    return frame.assign(colour=np.where(random.random(len(frame)) < 0.1, "?", random.choice(COLOURS, len(frame))))


def infinite_cells(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add ratios, some of which were divided by zero."""
    return frame.assign(ratio=np.where(random.random(len(frame)) < 0.05, np.inf, random.normal(size=len(frame))))


def again(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add a measurement twice."""
    once = random.normal(size=len(frame))
    return frame.assign(once=once, again=once)


def again_in_inches(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add a height in two units."""
    height = random.normal(170, 9, len(frame))
    return frame.assign(height=height, inches=height / 2.54)


def numbered(frame: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Add a number of every row."""
    return frame.assign(customer_id=np.arange(len(frame)) + 10_000)


def as_text(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add whole numbers stored as text."""
    return frame.assign(amount=random.integers(0, 5_000, len(frame)).astype(str))


def with_signs(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add prices with a dollar sign and commas."""
    return frame.assign(price=[f"${one:,.2f}" for one in random.gamma(3, 900, len(frame))])


def spelt_otherwise(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add cities, some in capitals, some with a space behind."""
    cities = random.choice(["Rome", "Ulm", "Bonn"], len(frame))
    turn = random.random(len(frame))
    respelt = np.where(turn < 0.1, np.char.upper(cities), np.char.add(cities, " "))
    return frame.assign(city=np.where(turn < 0.2, respelt, cities))


def days_as_text(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add days as people in Europe write them."""
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 900, len(frame)), unit="D")
    return frame.assign(day=days.strftime("%d/%m/%Y"))


def with_words(share: float, words: tuple[str, ...], frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add numbers, and words in the place of some."""
    weights = random.normal(70, 9, len(frame)).round(1).astype(str)
    is_word = random.random(len(frame)) < share
    return frame.assign(weight=np.where(is_word, random.choice(words, len(frame)), weights))


def _of(code: str, name: str, add: Add, least: Severity = Severity.WARNING) -> Scene:
    return Scene(code, name, "told", partial(added, add), least=least, tables=TABLES)


SCENES = (
    Scene("DATA001", "8 % of the rows again", "told", partial(repeated, 0.08), tables=TABLES),
    _of("DATA002", "'?' in 10 % of a category", signs_for_missing, Severity.INFO),
    _of("DATA002", "5 % infinite cells", infinite_cells),
    _of("DATA002", "a column without a cell", without_a_cell),
    Scene("DATA002", "five rows without a feature", "told", emptied_rows, least=Severity.INFO, tables=TABLES),
    _of("DATA003", "a column of one value", of_one_value),
    _of("DATA004", "a column twice", again),
    _of("DATA004", "a height in two units", again_in_inches),
    _of("DATA005", "a number of every row", numbered, Severity.INFO),
    _of("DATA006", "whole numbers as text", as_text, Severity.INFO),
    # Beside the features of diabetes, of about .05, prices are of an unlike scale, which is told once they are numbers.
    Scene("DATA006", "prices with signs and commas", "told", partial(added, with_signs), tables=("wine", "gamma")),
    _of("DATA007", "20 % of the cities respelt", spelt_otherwise),
    _of("DATA008", "days as text", days_as_text),
    _of("DATA006", "5 % 'missing' among numbers", partial(with_words, 0.05, ("missing",))),
    _of("DATA006", "5 % 'about 70' among numbers", partial(with_words, 0.05, ("about 70", "80 kg"))),
    _of("DATA009", "30 % 'missing' among numbers", partial(with_words, 0.3, ("missing",))),
    _of("DATA009", "30 % 'about 70' among numbers", partial(with_words, 0.3, ("about 70", "80 kg"))),
)
