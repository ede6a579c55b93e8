"""SPLIT007: a split has too few rows of a class for its recall to mean much."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.split._labelled import labelled_splits
from dataaudit.text import FromData, Text, show_count, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import ClassCounts

ASSUMED_RECALL = 0.9


@dataclass(frozen=True)
class TestTooSmall(Rule):
    """A split has so few rows of a class that its recall is hardly known.

    What it does
    ------------
    Takes the half width of Wilson's 95 % interval that the recall of each
    class would have if it were 90 %, and the accuracy likewise; says how many
    rows would be needed.

    Why it matters
    --------------
    With 20 rows of a class, a model that finds 18 of them has a recall
    between 70 % and 97 %: two models cannot be told apart. Even without a
    single error among n rows, an error rate of 3/n stays possible.

    Flagged
    -------
    200 test rows of which 8 are "fraud".

    Clean
    -----
    500 test rows of each class.

    Thresholds
    ----------
    warning_half_width : share of rows, default 0.05
        A warning above this (fewer than 141 rows of a class).
    error_half_width : share of rows, default 0.1
        An error above this (fewer than 37 rows of a class).

    Limits
    ------
    Counts rows as if they were independent; rows of one group or one day tell
    less. The interval of average precision or of a mean error differs. Many
    classes make small ones likely: then average over classes, with its error.

    Fix
    ---
    Hold out more rows of the class, use repeated cross-validation, or gather
    more; and give the interval beside every score.

    References
    ----------
    Wilson, JASA 22:209 (1927); Hanley and Lippman-Hand, JAMA 249:1743 (1983)
    for 3/n.
    """

    code: ClassVar[str] = "SPLIT007"
    name: ClassVar[str] = "test-too-small"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES, Need.OTHER_SPLIT)

    warning_half_width: float = 0.05
    error_half_width: float = 0.1

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        for split in labelled_splits(facts):
            sizes = _sizes(facts.classes, split)
            widest = half_width(min(sizes.values()))
            if widest > self.warning_half_width:
                severity = Severity.ERROR if widest > self.error_half_width else Severity.WARNING
                yield self._finding(facts, split, sizes, severity)

    def _finding(self, facts: Facts, split: str, sizes: dict[str, int], severity: Severity) -> Finding:
        smallest = min(sizes, key=lambda name: (sizes[name], name))
        n_rows = sizes[smallest]
        n_all = int(facts.classes.counts[split].sum())
        needed = rows_needed(self.warning_half_width)
        n_small = sum(half_width(n) > self.warning_half_width for n in sizes.values())
        message = Text(
            "{split} has {rows} of {smallest}: a recall of {recall} would be known to ± {width} percentage points only"
            "{zero}. {small}; {needed} of a class bring it to ± {wanted}.",
            {
                "split": split,
                "rows": show_count(n_rows, "row"),
                "smallest": FromData(smallest),
                "recall": show_share(ASSUMED_RECALL),
                "width": show_number(round(100 * half_width(n_rows), 1)),
                "zero": _zero_errors(n_rows),
                "small": _small_words(n_small, len(sizes)),
                "needed": show_count(needed, "row"),
                "wanted": show_number(round(100 * self.warning_half_width, 1)),
            },
        )
        return self.finding(
            severity,
            message,
            columns=(facts.label,),
            splits=(split,),
            evidence={
                "n_rows": n_all,
                "smallest_class": FromData(smallest),
                "n_rows_smallest_class": n_rows,
                "half_width_recall": half_width(n_rows),
                "half_width_accuracy": half_width(n_all),
                "share_errors_possible_without_one_seen": min(1.0, 3 / n_rows) if n_rows else 1.0,
                "n_classes": len(sizes),
                "n_classes_too_small": n_small,
                "n_rows_needed": needed,
            },
            fix=Text(
                "Hold out at least {needed} of every class, or use repeated cross-validation; until then give the "
                "interval beside every score.",
                {"needed": show_count(needed, "row")},
            ),
        )


def half_width(n_rows: int) -> float:
    """Return half the width of Wilson's 95 % interval of a recall of .9 on so many rows.

    >>> round(half_width(100), 3), half_width(0)
    (0.06, 0.5)
    """
    lower, upper = wilson(ASSUMED_RECALL * n_rows, n_rows)
    return (upper - lower) / 2


def rows_needed(width: float) -> int:
    """Return the least number of rows whose half width is at most that.

    >>> rows_needed(0.05), rows_needed(0.1)
    (141, 37)
    """
    if not 0 < width < 1:
        return 0
    low, high = 0, math.ceil(4 / width**2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(middle) <= width else (middle + 1, high)
    return low


def _sizes(classes: ClassCounts, split: str) -> dict[str, int]:
    """Return the rows per class of train or of the split."""
    occurs = (classes.counts["train"] > 0) | (classes.counts[split] > 0)
    named = zip(classes.classes, classes.counts[split].tolist(), occurs.tolist(), strict=True)
    return {name: n for name, n, here in named if here}


def _zero_errors(n_rows: int) -> str:
    if n_rows == 0:
        return ""
    return f", and even without an error {show_share(min(1.0, 3 / n_rows))} may be wrong"


def _small_words(n_small: int, n_classes: int) -> str:
    words = "has" if n_small == 1 else "have"
    return f"{n_small:,} of {show_count(n_classes, 'class', 'classes')} {words} too few rows"
