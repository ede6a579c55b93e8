"""Labels that are wrong, missing or odd: contradictory copies (LABEL001, 002), gaps (005), odd targets (006)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt
from benchmarks.plants.rows_and_labels import FEWEST_ROWS, copied

from dataaudit.model import Severity

REGRESSION = ("diabetes", "regression", "friedman1")
FEWEST_CODES = 2
MISSING_CODE = -999.0
ROUND = 5
Remake = Callable[[pd.Series, np.random.Generator], object]


def with_another_label(rows: pd.DataFrame, train: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Give every row another class, or the number of a training row, that is not its own."""
    others = train["target"].to_numpy()
    return rows.assign(target=[random.choice(others[others != own]) for own in rows["target"]])


def contradicted(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Append copies of a share of the training rows, of eight at least, with another label."""
    train, test = dealt(frame, seed)
    random = np.random.default_rng(seed)
    n_copies = max(FEWEST_ROWS, round(share * len(train)))
    copies = with_another_label(train.iloc[random.choice(len(train), n_copies, replace=False)], train, random)
    return pd.concat([train, copies], ignore_index=True), test


def unlabelled(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Take the label from a share of all rows."""
    drawn = np.random.default_rng(seed).random(len(frame)) < share
    kind = "float64" if frame["target"].dtype.kind == "f" else "Int64"
    return dealt(frame.assign(target=frame["target"].astype(kind).mask(drawn)), seed)


def remade(remake: Remake, frame: pd.DataFrame, seed: int) -> Splits:
    """Deal the table with another target made of its own."""
    return dealt(frame.assign(target=remake(frame["target"], np.random.default_rng(seed))), seed)


def coded(share: float, frame: pd.DataFrame, seed: int) -> Splits:
    """Write -999 in the place of a share of train's targets, of two at least."""
    train, test = dealt(frame, seed)
    n_coded = max(FEWEST_CODES, round(share * len(train)))
    places = np.random.default_rng(seed).choice(len(train), n_coded, replace=False)
    target = train["target"].to_numpy(copy=True)
    target[places] = MISSING_CODE
    return train.assign(target=target), test


def capped(level: float, target: pd.Series, _: np.random.Generator) -> object:
    """Cut the target off at a quantile."""
    return target.clip(upper=target.quantile(level))


def heaped(share: float, target: pd.Series, random: np.random.Generator) -> object:
    """Return marks from 0 to 100, whole numbers, a share of them rounded to fives."""
    marks = _marks(target)
    return np.where(random.random(len(marks)) < share, ROUND * np.round(marks / ROUND), marks)


def wild(target: pd.Series, _: np.random.Generator) -> object:
    """Return a target spread like a lognormal."""
    return np.exp(_standardised(target))


def counted(target: pd.Series, random: np.random.Generator) -> object:
    """Return counts whose mean hangs on the target."""
    return random.poisson(np.exp(1.5 + 0.5 * _standardised(target))).astype(float)


def on_a_grid(target: pd.Series, _: np.random.Generator) -> object:
    """Return the target rounded to halves, twenty or so of them."""
    return np.round(_standardised(target) * 8) / 2


def as_marks(target: pd.Series, _: np.random.Generator) -> object:
    """Return marks from 0 to 100, whole numbers."""
    return _marks(target)


def _standardised(target: pd.Series) -> np.ndarray:
    return ((target - target.mean()) / target.std()).to_numpy()


def _marks(target: pd.Series) -> np.ndarray:
    return np.round(100 * (target - target.min()) / (target.max() - target.min())).to_numpy()


def _target(name: str, dose: str, remake: Remake, least: Severity = Severity.WARNING) -> Scene:
    return Scene("LABEL006", name, dose, partial(remade, remake), least=least, tables=REGRESSION)


def _clean(name: str, remake: Remake) -> Scene:
    return Scene(None, name, "control", partial(remade, remake), tables=REGRESSION)


SCENES = (
    Scene("LABEL001", "15 % of train again, other label", "easy", partial(contradicted, 0.15)),
    Scene("LABEL001", "3 % of train again, other label", "hard", partial(contradicted, 0.03)),
    Scene("LABEL002", "10 % of test from train, other label", "easy", partial(copied, with_another_label, 0.1)),
    Scene("LABEL002", "2 % of test from train, other label", "hard", partial(copied, with_another_label, 0.02)),
    Scene("LABEL005", "20 % without a label", "easy", partial(unlabelled, 0.2)),
    Scene("LABEL005", "12 % without a label", "hard", partial(unlabelled, 0.12)),
    _target("target cut off at its P90", "easy", partial(capped, 0.9)),
    _target("target cut off at its P96", "hard", partial(capped, 0.96)),
    _target("40 % of the targets rounded to fives", "easy", partial(heaped, 0.4)),
    _target("15 % of the targets rounded to fives", "hard", partial(heaped, 0.15), Severity.INFO),
    Scene("LABEL006", "2 % of train's targets -999", "easy", partial(coded, 0.02), tables=REGRESSION),
    Scene("LABEL006", "0.5 % of train's targets -999", "hard", partial(coded, 0.005), tables=REGRESSION),
    _clean("a target like a lognormal", wild),
    _clean("a target of counts", counted),
    _clean("a target rounded to halves", on_a_grid),
    _clean("a target of whole marks", as_marks),
)
