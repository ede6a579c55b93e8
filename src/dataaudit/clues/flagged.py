"""Which columns the findings say give the label away, and which of their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.model import Finding
from dataaudit.rules._values import interval_words
from dataaudit.text import FromData

if TYPE_CHECKING:
    from dataaudit.measure.tables import ValueTable

MISSINGNESS = "SPUR003"
BREAKS = "SPUR002"
# Below this share of the rows, the commonest values of a column say nothing of it.
LEAST_SHARE_LISTED = 0.2
MOST_LISTED = 8


@dataclass(frozen=True)
class Window:
    """Keys first..last of a table, which give the class of that name away."""

    first: int
    last: int
    class_name: str


def why_no_mix(table: ValueTable | None, findings: Sequence[Finding]) -> str | None:
    """Return why the classes per value would not show what the findings say, or None if they do."""
    if table is None:
        return "its values are not counted one by one"
    if all(finding.evidence.get("part_of_column") is not None for finding in findings):
        return "a part of its values tells, not the values as they are"
    named = any(finding.code == MISSINGNESS for finding in findings) or windows(table, findings)
    if not named and not lists_most_rows(table):
        return "nearly all its values are different"
    return None


def lists_most_rows(table: ValueTable) -> bool:
    """Return whether the commonest values, or the intervals, hold enough of the training rows to speak for them."""
    if table.is_bin:
        return True
    rows = table.n_by_class["train"].sum(axis=1)
    values = np.array([rows[key] for key in range(table.missing_key) if key != table.other_key])
    listed = int(np.sort(values)[-MOST_LISTED:].sum())
    return listed >= LEAST_SHARE_LISTED * int(rows[: table.missing_key].sum())


def windows(table: ValueTable, findings: Iterable[Finding]) -> list[Window]:
    """Return the values and intervals that the findings name, without those that overlap an earlier one."""
    found: list[Window] = []
    for finding in findings:
        value, name = finding.evidence.get("value"), finding.evidence.get("class")
        if not isinstance(value, FromData) or not isinstance(name, FromData):
            continue
        place = _place_of(table, value, finding.evidence.get("n_rows_with_value"))
        if place is not None and not any(place[0] <= other.last and other.first <= place[1] for other in found):
            found.append(Window(*place, str(name.value)))
    return found


def _place_of(table: ValueTable, value: FromData, n_rows: object) -> tuple[int, int] | None:
    """Return the first and last key of a value or interval, found by its words and its rows."""
    keys = range(table.missing_key)
    if not table.is_bin:
        return next(((key, key) for key in keys if table.keys[key] == value.value), None)
    before = np.concatenate([[0], np.cumsum(table.n_by_class["train"].sum(axis=1))])
    for first in keys:
        for last in np.flatnonzero(before[first + 1 : table.missing_key + 1] - before[first] == n_rows) + first:
            if interval_words(table, first, int(last))[1] == value:
                return first, int(last)
    return None
