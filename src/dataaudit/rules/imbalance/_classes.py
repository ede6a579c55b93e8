"""What the balance rules share: classes that training rows have, and how small each is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.figures import Bars
from dataaudit.intervals import wilson

if TYPE_CHECKING:
    from dataaudit.measure.labels import ClassCounts

MOST_BARS = 20


@dataclass(frozen=True)
class ClassSize:
    """One class among the labelled training rows.

    `of_balanced` is its share divided by 1/K, the share it would have in a
    balanced table; `of_balanced_upper` the same of the upper Wilson 95 % bound.
    """

    name: str
    n_rows: int
    share: float
    share_upper: float
    of_balanced: float
    of_balanced_upper: float


def class_sizes(classes: ClassCounts) -> list[ClassSize]:
    """Return the classes that occur in train, the rarest first."""
    counts = {name: int(n) for name, n in zip(classes.classes, classes.counts["train"], strict=True) if n > 0}
    n_rows = sum(counts.values())
    sizes = [_size(name, n, n_rows, len(counts)) for name, n in counts.items()]
    return sorted(sizes, key=lambda size: (size.n_rows, size.name))


def _size(name: str, n: int, n_rows: int, n_classes: int) -> ClassSize:
    upper = wilson(n, n_rows)[1]
    return ClassSize(name, n, n / n_rows, upper, n / n_rows * n_classes, upper * n_classes)


def effective_classes(sizes: list[ClassSize]) -> float:
    """Return exp(H), the number of equally large classes that would be as varied."""
    return math.exp(-sum(size.share * math.log(size.share) for size in sizes))


def n_classes_holding(sizes: list[ClassSize], share: float) -> int:
    """Return how many of the commonest classes hold a share of the rows together.

    >>> sizes = [_size("rare", 10, 100, 2), _size("common", 90, 100, 2)]
    >>> n_classes_holding(sizes, 0.9)
    1
    """
    n_rows = sum(size.n_rows for size in sizes)
    held = 0
    for i, size in enumerate(reversed(sizes), start=1):
        held += size.n_rows
        if held >= share * n_rows:
            return i
    return len(sizes)


@dataclass(frozen=True)
class NoSkill:
    """What a model that has learnt nothing scores: it answers the commonest class, and the shares as probabilities.

    `brier` sums over all classes: twice the one of a single probability where there are two.
    """

    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    average_precision_of_rarest: float
    log_loss: float
    brier: float


def no_skill(sizes: list[ClassSize]) -> NoSkill:
    """Return the scores of no skill for these shares.

    >>> no_skill([_size("rare", 10, 100, 2), _size("common", 90, 100, 2)]).balanced_accuracy
    0.5
    """
    shares = [size.share for size in sizes]
    largest = shares[-1]
    return NoSkill(
        accuracy=largest,
        balanced_accuracy=1 / len(shares),
        macro_f1=2 * largest / (1 + largest) / len(shares),
        average_precision_of_rarest=shares[0],
        log_loss=-sum(share * math.log(share) for share in shares),
        brier=sum(share * (1 - share) for share in shares),
    )


def class_bars(sizes: list[ClassSize]) -> Bars:
    """Return a picture of the shares, the commonest first; of very many, the two ends."""
    ordered = sizes[::-1]
    if len(ordered) > MOST_BARS:
        ordered = ordered[: MOST_BARS // 2] + ordered[-MOST_BARS // 2 :]
    return Bars(
        "Share of each class in train",
        tuple(size.name for size in ordered),
        {"train": tuple(size.share for size in ordered)},
    )
