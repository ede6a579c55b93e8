"""A numeric target in parts of its largest value, so that squares stay within the range of a double."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.measure.labels import label_expression

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class ScaledTarget:
    """The labelled rows of a split; `mean` and `total`, the sum of squares about it, are in parts of `unit`."""

    n_rows: int
    unit: float
    mean: float
    total: float

    def number(self, cell: str) -> str:
        """Return SQL of a target about the split's mean, so that a far mean costs no digits."""
        return f"({cell} / {_literal(self.unit)} - {_literal(self.mean)})"


def measure_scaled_target(facts: Facts, split: str, others: Sequence[str] = ()) -> ScaledTarget:
    """Return the moments of a split's target, scaled by the largest of that split and others."""
    profiles = [facts.profiles[name][facts.label] for name in (split, *others)]
    ends = [abs(end) for profile in profiles for end in (profile.minimum, profile.maximum) if end is not None]
    unit = max(ends, default=0.0) or 1.0
    scaled = f"{label_expression(facts.dataset)} / {_literal(unit)}"
    n_rows, mean, sd = facts.dataset.engine.rows(
        f"SELECT count({scaled}), avg({scaled}), stddev_samp({scaled}) FROM {split}"
    )[0]
    return ScaledTarget(int(n_rows), unit, float(mean or 0.0), float(sd or 0.0) ** 2 * (int(n_rows) - 1))


def _literal(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"
