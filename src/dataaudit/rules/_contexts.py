"""What SPUR005 and LABEL004 ask of a context's levels: which differ from like rows, and by how much at least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.rules._chance import normal_quantile
from dataaudit.text import FromData

if TYPE_CHECKING:
    from dataaudit.measure.links.contexts import ContextEffect, LevelEffect


@dataclass(frozen=True)
class Deviation:
    """A level whose labels differ, and the least difference that chance leaves over all that were looked at."""

    effect: LevelEffect
    least: float

    @property
    def sentence(self) -> FromData:
        """What differs: level, class, and both shares."""
        effect = self.effect
        expected = effect.observed - effect.difference
        if effect.label_class is None:
            return FromData(f"{effect.level}: mean place {effect.observed:.2f}, like rows of others {expected:.2f}")
        return FromData(
            f"{effect.level}: {effect.observed:.0%} {effect.label_class}, like rows of others {max(0.0, expected):.0%}"
        )


def deviations(effect: ContextEffect, alpha: float, difference_min: float) -> list[Deviation]:
    """Return the levels that differ by at least `difference_min` for certain, the largest difference first.

    For certain: the lower bound at `alpha` over all levels and classes
    (Bonferroni).
    """
    z = normal_quantile(alpha / max(1, 2 * effect.n_tried))
    found = [Deviation(one, abs(one.difference) - z * one.standard_error) for one in effect.levels]
    sure = [one for one in found if one.least >= difference_min]
    return sorted(sure, key=lambda one: (-one.least, one.effect.level, one.effect.label_class or ""))
