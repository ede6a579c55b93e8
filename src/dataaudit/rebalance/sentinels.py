"""Numbers that stand for missing cells, as the audit tells them: of a made-up row's cell they are what missing is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rebalance.matrix import BoolArray, FloatArray
from dataaudit.text import REDACTED, FromData, Told, show_number

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_NAMED = 8


@dataclass(frozen=True)
class Sentinels:
    """What stands for missing in each column, if anything does."""

    of_column: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def are(self, column: str, values: FloatArray) -> BoolArray:
        """Return which of a column's numbers stand for missing."""
        return np.isin(values, np.array(self.of_column.get(column, ()), dtype=np.float64))

    def without(self, column: str, values: FloatArray) -> FloatArray:
        """Return a column's numbers, NaN where one stands for missing."""
        return np.where(self.are(column, values), np.nan, values) if column in self.of_column else values

    def notes(self, makes_rows: bool) -> tuple[str, ...]:
        """Return what a reader is told of them, without values of the data where none may be shown."""
        if not self.of_column:
            return ()
        by_code: dict[float, list[str]] = {}
        for name, codes in self.of_column.items():
            for code in codes:
                by_code.setdefault(code, []).append(name)
        done = "distances are told as if those cells were missing"
        if makes_rows:
            done += "; a made-up row has such a number where its nearer parent has it, and none between it and another"

        def told(shown: Callable[[float], str]) -> str:
            listed = "; ".join(
                f"{shown(code)} in {_listed(names)}" for code, names in list(by_code.items())[:MOST_NAMED]
            )
            more = f"; and {len(by_code) - MOST_NAMED} more" if len(by_code) > MOST_NAMED else ""
            return f"Numbers that seem to stand for missing cells (SCALE004): {listed}{more}. So {done}."

        return (Told(told(show_number), told(lambda _: REDACTED)),)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(repr(name) for name in names[:MOST_NAMED]) + more


def find_sentinels(facts: Facts, thresholds: Mapping[str, Mapping[str, object]] | None = None) -> Sentinels:
    """Return what SCALE004 takes for a missing cell in the training rows, be it sure of it (-999) or not (0).

    Asked of the rule itself, whether or not it is among those that the audit was asked for: what a made-up row may have
    is to be what a later audit holds it to.
    """
    from dataaudit.rules._discover import build_rules
    from dataaudit.rules.scale.sentinel_value import SentinelValue

    found: dict[str, tuple[float, ...]] = {}
    for rule in build_rules((SentinelValue.code,), (), thresholds):
        assert isinstance(rule, SentinelValue)
        # Both ends of a column and its zero: so many that none is folded away.
        for finding in replace(rule, most_findings=3 * len(facts.features)).judge(facts):
            value = finding.evidence["value"]
            if isinstance(value, FromData) and isinstance(value.value, float | int):
                name = finding.columns[0]
                found[name] = (*found.get(name, ()), float(value.value))
    return Sentinels({column.name: found[column.name] for column in facts.features if column.name in found})
