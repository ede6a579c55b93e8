"""Whether a split follows the order of train, as if both had been cut from one sorted file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.order import RowOrder

FloatArray = NDArray[np.float64]

# The ends of train are its first and its last sixteenth.
N_PARTS = 16
# From which distance on two mixes of labels have little in common, and hardly anything.
FAR, APART = 0.8, 0.95
LEAST_ROWS = 20


@dataclass(frozen=True)
class Following:
    """A split whose labels lie on from an end of train."""

    split: str
    end: str
    drift: Drift


def splits_that_follow(
    facts: Facts, least_distance: float, least_explained: float, alpha: float
) -> Iterator[Following]:
    """Yield the splits that look as if train had been cut off a file in the order of the label.

    Nothing is said where a time was declared, or where the rows of train
    stand in the order of a date: then the splits may well follow one another.
    """
    orders, drifts = facts.links.row_orders, facts.label_drifts
    train = orders["train"]
    if facts.info.with_role(Role.TIME) or train.dates:
        return
    for split, drift in drifts.items():
        differs = drift.lower >= least_distance and drift.p_value * len(drifts) < alpha
        if differs and split in orders and int(orders[split].blocks.sum()) >= LEAST_ROWS:
            end = _end(train, orders[split], least_explained)
            if end is not None:
                yield Following(split, end, drift)


def _end(train: RowOrder, other: RowOrder, least_explained: float) -> str | None:
    """Return the end of train that the split lies on from, None where it lies on from neither.

    Its mix of labels is nearer to that end than to all of train, or has little
    in common with it, and it has a single class or is in the order of the
    label itself; or it has hardly any label in common with train. Mixed rows
    in no order are none that were cut off: so looks a natural test beside a
    train to which rows were appended.
    """
    parts = train.grouped(N_PARTS)
    whole, mix = _shares(parts.sum(axis=0)), _shares(other.blocks.sum(axis=0))
    ends = {"end": _apart(mix, _shares(parts[-1])), "beginning": _apart(mix, _shares(parts[0]))}
    nearest = min(ends, key=lambda end: ends[end])
    distance = _apart(mix, whole)
    if distance >= APART:
        return nearest
    is_cut = int((mix > 0).sum()) == 1 or other.position.lower >= least_explained
    return nearest if is_cut and (ends[nearest] < distance or distance >= FAR) else None


def _shares(counts: NDArray[np.int64]) -> FloatArray:
    shares: FloatArray = counts / max(1, int(counts.sum()))
    return shares


def _apart(one: FloatArray, other: FloatArray) -> float:
    """Return the share of rows that would have to change class for two mixes to be alike."""
    return float(np.abs(one - other).sum()) / 2
