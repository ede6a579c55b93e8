"""A column as it was counted in every split, the label like any feature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# The test set stands beside train, whatever else there is: it has the same colour in every report.
ORDER = ("train", "test", "validation", "reference")
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class CountedColumn:
    """Rows of a column per key and split.

    Attributes
    ----------
    keys : sequence of str
        Categories, or intervals in their order.
    edges : array or None
        Of intervals the cuts between them: interval i holds values in (edges[i - 1], edges[i]].
    n : mapping of split to array of shape (n_keys,)
        Rows whose cell is there; splits without the column have no entry.
    n_missing : mapping of split to int
    ranges : mapping of split to (float, float)
        Smallest and largest value, of splits that have any.
    """

    column: str
    keys: Sequence[str]
    edges: FloatArray | None
    n: Mapping[str, IntArray]
    n_missing: Mapping[str, int]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    is_integer: bool = False
    is_time: bool = False
    other_key: int | None = None


def in_order(splits: Iterable[str]) -> list[str]:
    """Return splits in the order of drawing.

    >>> in_order(["train", "validation", "test"])
    ['train', 'test', 'validation']
    """
    return sorted(splits, key=ORDER.index)


def counted_feature(facts: Facts, column: str) -> CountedColumn | None:
    """Return a feature as it was counted, or None if its values were not."""
    table = facts.tables.get(column)
    if table is None:
        return None
    found = {split: facts.profiles[split][column] for split in in_order(facts.profiles)}
    profiles = {split: profile for split, profile in found.items() if not profile.absent}
    return CountedColumn(
        column=column,
        keys=table.keys[: table.missing_key],
        edges=table.edges,
        n={split: table.n[split][: table.missing_key] for split in profiles},
        n_missing={split: int(table.n[split][table.missing_key]) for split in profiles},
        ranges={
            split: (profile.minimum, profile.maximum)
            for split, profile in profiles.items()
            if profile.minimum is not None and profile.maximum is not None
        },
        is_integer=all(profile.is_integer for profile in profiles.values()),
        is_time=table.kind is Kind.DATETIME,
        other_key=table.other_key,
    )


def counted_label(facts: Facts) -> CountedColumn | None:
    """Return the label as it was counted in the splits that have it, or None if it was not."""
    if facts.info.label is None:
        return None
    if facts.info.task is not Task.REGRESSION:
        if not facts.has("classes"):
            return None
        classes = facts.classes
        counts = {split: classes.counts[split] for split in in_order(classes.counts)}
        return CountedColumn(facts.label, classes.classes, None, counts, classes.n_unlabelled)
    if not facts.has("target"):
        return None
    target = facts.target
    filled = [split for split in in_order(target.counts) if target.counts[split].sum() > 0]
    return CountedColumn(
        column=facts.label,
        keys=("",) * (len(target.edges) + 1),
        edges=target.edges,
        n={split: target.counts[split] for split in filled},
        n_missing={split: target.n_unlabelled[split] for split in filled},
        ranges={split: (target.minimum[split], target.maximum[split]) for split in filled},
    )
