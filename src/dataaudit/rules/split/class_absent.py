"""SPLIT006: a class stands in train but not in another split, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.split._labelled import labelled_splits
from dataaudit.text import FromData, Text, show_count

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import ClassCounts, IntArray


@dataclass(frozen=True)
class ClassAbsent(Rule):
    """A class of train has no row in another split, or the other way round.

    What it does
    ------------
    Compares which classes occur. A class of train without a row in the split
    is judged by how many rows its share of train lets expect there; a class
    train never shows by how many rows it has in the split.

    Why it matters
    --------------
    What is not in test is not tested, and averages over classes silently
    leave it out. What is not in train cannot be learnt: every such test row
    is wrong for certain.

    Flagged
    -------
    4 % of 1,000 training rows are "wolf"; none of 250 test rows is, where 10
    were to be expected.

    Clean
    -----
    All classes of train occur in test.

    Thresholds
    ----------
    expected_min : rows, default 3
        An error from so many expected rows on (or so many rows of a class
        that train never shows); a warning below.

    Limits
    ------
    A class of a handful of rows is missing from many a random split: that is
    the size of the table, not a fault of the split, and still worth a warning,
    since nobody can say how well that class does.

    Fix
    ---
    Split again, stratified by the label. If the class is too rare for that,
    gather more rows of it, join it with another, or leave it out of the task.

    References
    ----------
    Kohavi, IJCAI (1995), on stratified splits; e^-3 = 5 % of random splits
    lack a class of which 3 rows are expected.
    """

    code: ClassVar[str] = "SPLIT006"
    name: ClassVar[str] = "class-absent"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES, Need.OTHER_SPLIT)

    expected_min: float = 3.0

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most two findings per split."""
        splits = labelled_splits(facts)
        for split in splits:
            classes = facts.classes
            train, other = classes.counts["train"], classes.counts[split]
            expected = train / max(1, int(train.sum())) * int(other.sum())
            absent = np.flatnonzero((train > 0) & (other == 0))
            if len(absent):
                yield self._absent(facts, split, classes, absent, expected)
            new = np.flatnonzero((train == 0) & (other > 0))
            if len(new):
                yield self._new(facts, split, classes, new)

    def _absent(
        self, facts: Facts, split: str, classes: ClassCounts, absent: IntArray, expected: np.ndarray
    ) -> Finding:
        train = classes.counts["train"]
        most = int(absent[expected[absent].argmax()])
        names = _names(classes, absent, train)
        return self.finding(
            Severity.ERROR if expected[most] >= self.expected_min else Severity.WARNING,
            Text(
                "{count} of train {have} no row in {split}: {names}. Of {most}, {rows} in train let expect about "
                "{expected} among the {other}.",
                {
                    "count": show_count(len(absent), "class", "classes"),
                    "have": "has" if len(absent) == 1 else "have",
                    "split": split,
                    "names": names,
                    "most": FromData(classes.classes[most]),
                    "rows": show_count(int(train[most]), "row"),
                    "expected": f"{expected[most]:.2g}" if expected[most] < 10 else f"{expected[most]:,.0f}",
                    "other": show_count(
                        int(classes.counts[split].sum()), f"labelled row of {split}", f"rows of {split}"
                    ),
                },
            ),
            columns=(facts.label,),
            splits=("train", split),
            evidence={
                "classes_absent": list(names),
                "n_classes_absent": len(absent),
                "n_rows_expected": float(expected[most]),
                "n_rows_expected_of_all_absent": float(expected[absent].sum()),
            },
            fix=Text(
                "Split again, stratified by {label}, so that {split} holds every class; no score on {split} speaks for "
                "the absent ones.",
                {"label": facts.label, "split": split},
            ),
            identity=("absent",),
        )

    def _new(self, facts: Facts, split: str, classes: ClassCounts, new: IntArray) -> Finding:
        other = classes.counts[split]
        names = _names(classes, new, other)
        n_rows = int(other[new].sum())
        return self.finding(
            Severity.ERROR if n_rows >= self.expected_min else Severity.WARNING,
            Text(
                "{rows} of {split} {have} a class that train never shows ({names}): a model trained here is wrong on "
                "every one of them.",
                {
                    "rows": show_count(n_rows, "row"),
                    "have": "has" if n_rows == 1 else "have",
                    "split": split,
                    "names": names,
                },
            ),
            columns=(facts.label,),
            splits=("train", split),
            evidence={
                "classes_new": list(names),
                "n_classes_new": len(new),
                "n_rows": int(other.sum()),
                "n_rows_of_new_classes": n_rows,
                "share_of_new_classes": n_rows / max(1, int(other.sum())),
            },
            fix=Text(
                "Check the spelling of these classes; if they are real, split again, stratified by {label}, "
                "so that train shows them too.",
                {"label": facts.label},
            ),
            identity=("new",),
        )


def _names(classes: ClassCounts, places: IntArray, counts: IntArray) -> list[FromData]:
    ordered = sorted(places.tolist(), key=lambda place: (-int(counts[place]), place))
    return [FromData(classes.classes[place]) for place in ordered]
