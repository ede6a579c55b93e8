"""Which other splits can be judged by their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.errors import NotMeasurable

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


def labelled_splits(facts: Facts) -> tuple[str, ...]:
    """Return the other splits that have at least one labelled row.

    Raises
    ------
    NotMeasurable
        If none has.
    """
    counts = facts.classes.counts
    splits = tuple(split for split in facts.other_splits if split in counts and counts[split].sum() > 0)
    if not splits:
        raise NotMeasurable("no other split has labels")
    return splits
