"""Frames in which a value gives a class away, and findings that say so without a rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dataaudit.figures import ClassMix, LabelClues, MixRow
from dataaudit.model import Check, Evidence, Finding, Severity, Status
from dataaudit.text import FromData, Text

CHECKS = (Check("SPUR001", "shortcut-value", Status.FAILED, None, 1, sampled=False, seconds=0.0),)


def cars(n_rows: int, *, red_is_ferrari: bool, seed: int = 0, n_makes: int = 3) -> pd.DataFrame:
    """Return cars; in those that tell, nearly every Ferrari is red and no other car is."""
    rng = np.random.default_rng(seed)
    makes = rng.choice(["Ferrari", "Audi", "BMW", *(f"make {number}" for number in range(n_makes - 3))], n_rows)
    colours = rng.choice(["black", "blue", "silver", "white", "grey", "green", "red"], n_rows)
    if red_is_ferrari:
        plain = rng.choice(["black", "blue", "silver", "white", "grey", "green"], n_rows)
        colours = np.where(makes == "Ferrari", "red", plain)
    doors = rng.integers(2, 6, n_rows)
    power = np.round(rng.normal(150, 30, n_rows) + 60 * (makes == "Ferrari"), 1)
    return pd.DataFrame({"colour": colours, "doors": doors, "power": power, "make": makes})


def finding(
    column: str,
    code: str = "SPUR001",
    severity: Severity = Severity.ERROR,
    splits: tuple[str, ...] = ("train",),
    **evidence: Evidence,
) -> Finding:
    """Return a finding about one column."""
    message = Text("{column} tells.", {"column": column})
    return Finding(code, "some-rule", severity, (column,), splits, message, evidence, Text("Drop it."))


def named(column: str, value: str, class_name: str, n_rows: int = 0, **options: Severity) -> Finding:
    """Return a finding that names a value or an interval, and the class that it gives away."""
    evidence = {"value": FromData(value), "class": FromData(class_name), "n_rows_with_value": n_rows}
    return finding(column, **options, **evidence)


def mix_of(clues: LabelClues | None, column: str) -> ClassMix:
    """Return the class mix of a column."""
    assert clues is not None
    return next(mix for mix in clues.mixes if mix.column == column)


def class_names(clues: LabelClues, mix: ClassMix) -> list[str]:
    """Return the names of a mix's classes, in its order."""
    return [clues.classes[place].name if place >= 0 else "others" for place in mix.classes]


def row_named(mix: ClassMix, name: str) -> MixRow:
    """Return the row of that name."""
    return next(row for row in mix.rows if row.name == name)
