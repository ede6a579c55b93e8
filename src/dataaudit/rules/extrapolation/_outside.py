"""How rows beyond the range of train are judged: the same for features and for the target."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dataaudit.intervals import outside_range_tail, wilson
from dataaudit.model import Evidence, Kind, Severity
from dataaudit.rules._values import show_cell
from dataaudit.text import FromData, Text, join_words, show_count, show_number, show_share


@dataclass(frozen=True)
class Outside:
    """Rows of a split below and above the range of one column in train."""

    column: str
    kind: Kind
    split: str
    n_rows: int
    n_below: int
    n_above: int
    n_train: int
    train_minimum: float
    train_maximum: float
    minimum: float
    maximum: float
    iqr_train: float

    @property
    def n_outside(self) -> int:
        """Rows below or above."""
        return self.n_below + self.n_above

    @property
    def share(self) -> float:
        """Rows outside as a fraction of the split's rows."""
        return self.n_outside / max(1, self.n_rows)

    @property
    def share_lower(self) -> float:
        """Lower bound of Wilson's 95 % interval of the share."""
        return wilson(self.n_outside, self.n_rows)[0]

    @property
    def distance(self) -> float:
        """How far the furthest value lies beyond, in interquartile ranges of train.

        Where half of the rows of train are equal, in its whole range;
        infinite if train has one value only.
        """
        beyond = max(self.train_minimum - self.minimum, self.maximum - self.train_maximum, 0.0)
        unit = self.iqr_train if self.iqr_train > 0 else self.train_maximum - self.train_minimum
        if beyond <= 0:
            return 0.0
        return beyond / unit if unit > 0 else math.inf

    @property
    def chance(self) -> float:
        """Chance of so many rows outside in a random split of a continuous column."""
        if self.n_outside * (self.n_train + 1) <= 2 * self.n_rows:
            return 1.0  # No more than expected.
        return outside_range_tail(self.n_outside, self.n_rows, self.n_train)


@dataclass(frozen=True)
class Steps:
    """Thresholds of the severities, as the rules' fields say."""

    warning_share: float
    warning_distance: float
    error_share: float
    error_distance: float

    def severity(self, outside: Outside) -> Severity:
        """Return how bad rows outside are that chance does not explain."""
        return self.of(outside.share_lower, outside.distance)

    def of(self, lower: float, distance: float) -> Severity:
        """Return how bad at least such a share of rows is, at such a distance in interquartile ranges of train."""
        if lower >= self.error_share and distance >= self.error_distance:
            return Severity.ERROR
        if lower >= self.warning_share or distance >= self.warning_distance:
            return Severity.WARNING
        return Severity.INFO


def message(outside: Outside, sureness: str = "") -> Text:
    """Return the sentence that says where the rows lie, and the one on how sure models are of them."""
    sides = []
    values: dict[str, object] = {"split": outside.split, "column": outside.column}
    if outside.n_above:
        sides.append("{above} ({share_above}) above {train_maximum}, the largest in train: up to {maximum}")
        values |= {
            "above": show_count(outside.n_above, "row"),
            "share_above": show_share(outside.n_above / outside.n_rows),
            "train_maximum": show_cell(outside.kind, outside.train_maximum),
            "maximum": show_cell(outside.kind, outside.maximum),
        }
    if outside.n_below:
        sides.append("{below} ({share_below}) below {train_minimum}, the smallest in train: down to {minimum}")
        values |= {
            "below": show_count(outside.n_below, "row"),
            "share_below": show_share(outside.n_below / outside.n_rows),
            "train_minimum": show_cell(outside.kind, outside.train_minimum),
            "minimum": show_cell(outside.kind, outside.minimum),
        }
    values |= {
        "expected": show_number(round(2 * outside.n_rows / (outside.n_train + 1), 1)),
        "distance": _distance_words(outside),
        "sureness": sureness,
    }
    return Text(
        "In {column}, {split} has "
        + join_words(sides)
        + "{distance}. A random split would have about {expected}.{sureness}",
        values,
    )


def evidence(outside: Outside, chance: float) -> dict[str, Evidence]:
    """Return the numbers behind the sentence; `chance` is over all columns."""
    return {
        "n_rows": outside.n_rows,
        "n_rows_below": outside.n_below,
        "n_rows_above": outside.n_above,
        "share_outside": outside.share,
        "share_outside_lower": outside.share_lower,
        "n_rows_train": outside.n_train,
        "train_minimum": show_cell(outside.kind, outside.train_minimum),
        "train_maximum": show_cell(outside.kind, outside.train_maximum),
        "minimum": FromData(None) if math.isnan(outside.minimum) else show_cell(outside.kind, outside.minimum),
        "maximum": FromData(None) if math.isnan(outside.maximum) else show_cell(outside.kind, outside.maximum),
        "distance_iqr": outside.distance if math.isfinite(outside.distance) else None,
        "p_value_bonferroni": min(1.0, chance),
    }


def _distance_words(outside: Outside) -> str:
    if not math.isfinite(outside.distance):
        return ", where train has a single value"
    unit = "interquartile ranges" if outside.iqr_train > 0 else "times train's whole range"
    return f", {show_number(float(f'{outside.distance:.2g}'))} {unit} beyond"
