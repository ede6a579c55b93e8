"""A plant: a preparation fitted on all rows before the split. Fitted on train alone, it is a control."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from benchmarks.plants._scene import Scene, Splits, dealt, features

from dataaudit.model import Severity

# Fits on the first table and applies what it fitted to the second.
Prepare = Callable[[pd.DataFrame, pd.DataFrame, int], pd.DataFrame]


@dataclass(frozen=True)
class Plant:
    """One preparation at one dose: what comes before it, and how its result is stored.

    `not_asked` are rules that its control is not clean for.
    """

    rule: str
    name: str
    dose: str
    prepare: Prepare
    before: Callable[[pd.DataFrame, int], pd.DataFrame] | None = None
    after: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    least: Severity = Severity.WARNING
    not_asked: tuple[str, ...] = ()

    def raw(self, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Return the table before the preparation."""
        return frame if self.before is None else self.before(frame, seed)

    def stored(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the prepared table as it is stored."""
        return frame if self.after is None else self.after(frame)

    def wrongly(self, frame: pd.DataFrame, seed: int) -> Splits:
        """Fit on all rows, then deal."""
        raw = self.raw(frame, seed)
        return dealt(self.stored(self.prepare(raw, raw, seed)), seed)

    def properly(self, frame: pd.DataFrame, seed: int) -> Splits:
        """Deal, then fit on train."""
        train, test = dealt(self.raw(frame, seed), seed)
        prepared = self.prepare(train, train, seed), self.prepare(train, test, seed)
        return self.stored(prepared[0]), self.stored(prepared[1])


def scenes_of(plants: Iterable[Plant]) -> tuple[Scene, ...]:
    """Return of every plant the scene with the defect and the control without."""
    return tuple(
        scene
        for plant in plants
        for scene in (
            Scene(plant.rule, plant.name, plant.dose, plant.wrongly, least=plant.least),
            Scene(None, f"{plant.name}, on train", "control", plant.properly, not_asked=plant.not_asked),
        )
    )


def rounded(decimals: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what stores the features with so many decimals."""
    return lambda frame: frame.round(dict.fromkeys(features(frame), decimals))


def single(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its features in single precision."""
    return frame.astype(dict.fromkeys(features(frame), "float32"))
