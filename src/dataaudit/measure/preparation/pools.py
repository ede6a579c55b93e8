"""Which rows something may have been fitted on before the split, and their moments, from the survey alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.engine.dataset import LARGEST_TO_AVERAGE
from dataaudit.model import ColumnInfo, Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class Moments:
    """Count, range, mean and sum of squared deviations of a column over the rows of one or more splits."""

    n: int
    minimum: float
    maximum: float
    mean: float
    squares: float

    def sd(self, ddof: int) -> float:
        """Return the standard deviation with that many degrees of freedom taken off, 0 for too few rows."""
        return math.sqrt(self.squares / (self.n - ddof)) if self.n > ddof else 0.0

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return max(abs(self.minimum), abs(self.maximum))


def float_features(facts: Facts) -> list[ColumnInfo]:
    """Return the numeric features that are stored with a fraction; a fitted constant hardly ever is a whole number."""
    dataset = facts.dataset
    return [
        column
        for column in facts.features
        if column.kind is Kind.NUMERIC
        and dataset.sql_types[column.name] == "DOUBLE"
        and not dataset.surveys["train"][column.name].is_integer
        and moments_of(facts, column.name, ("train",)) is not None
    ]


def pools(facts: Facts, column: str) -> list[tuple[str, ...]]:
    """Return the groups of splits that may have been prepared as one: all of them, and train with each other one."""
    surveys, relations = facts.dataset.surveys, facts.dataset.relations
    others = [
        name
        for name in facts.other_splits
        if column not in relations[name].absent and surveys[name][column].n_present > 0
    ]
    if not others:
        return []
    both = [("train", name) for name in others] if len(others) > 1 else []
    return [("train", *others), *both]


def moments_of(facts: Facts, column: str, splits: Sequence[str]) -> Moments | None:
    """Return a column's moments over all rows of these splits, None where one has none.

    Each split's moments were added up in the order in which threads got to
    the rows, so the last digits are not the same on every machine: a mean is
    good to about 1e-13 of the standard deviation at ten million rows.
    """
    known = [_survey_moments(facts, column, split) for split in splits]
    found = [moments for moments in known if moments is not None]
    if not found or len(found) < len(known):
        return None
    n = sum(part.n for part in found)
    mean = math.fsum(part.n * part.mean for part in found) / n
    squares = math.fsum(part.squares + part.n * (part.mean - mean) ** 2 for part in found)
    return Moments(n, min(p.minimum for p in found), max(p.maximum for p in found), mean, squares)


def _survey_moments(facts: Facts, column: str, split: str) -> Moments | None:
    survey = facts.dataset.surveys[split][column]
    low, high, mean = survey.minimum, survey.maximum, survey.mean
    if survey.n_present == 0 or low is None or high is None or mean is None:
        return None
    if max(abs(low), abs(high)) >= LARGEST_TO_AVERAGE:
        return None
    return Moments(survey.n_present, low, high, mean, (survey.sd or 0.0) ** 2 * (survey.n_present - 1))
