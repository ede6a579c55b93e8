"""DATA004: two features say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.text import Text, show_count, show_number

if TYPE_CHECKING:
    from dataaudit.measure.columns import ColumnTwins
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class DuplicateColumn(Rule):
    """Two features say the same.

    What it does
    ------------
    Names pairs of columns that are equal in all training rows, go one-to-one
    (each value of one with one value of the other), or where one is a
    straight line of the other. Asks first whether chance could do it: columns
    of these counts, dealt at random, agree like this once in n!/prod(n_v!)
    times; that chance times the number of pairs must be small.

    Why it matters
    --------------
    The model sees one thing twice: weights of linear models become arbitrary,
    importances are shared out between the two, and distances count it double.
    A leak in one is hidden by removing only the other.

    Flagged
    -------
    education and education_num; a length in cm and in inches.

    Clean
    -----
    Two columns that agree in 99 % of the rows: one of them knows more.

    Thresholds
    ----------
    chance_most : probability, default 0.01
        Pairs that chance alone would make as likely as this are passed over.
    most_findings : findings, default 50
        Pairs reported one by one; the others in a last finding.

    Limits
    ------
    Sees pairs only, not a sum of two other columns. A twin of the label is a
    leak: LEAK005.

    Fix
    ---
    Keep one of the two, `--exclude` the other. `dataaudit fix TRAIN --select
    DATA004` drops the second of two equal ones (of two that are recoded, with
    --unsafe).

    References
    ----------
    Belsley, Kuh and Welsch, Regression Diagnostics (1980), chapter 3.
    """

    code: ClassVar[str] = "DATA004"
    name: ClassVar[str] = "duplicate-column"

    chance_most: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each pair."""
        features = {column.name for column in facts.features}
        pairs = [
            twins
            for twins in facts.twins
            if facts.info.label not in (twins.first, twins.second) and {twins.first, twins.second} & features
        ]
        if not pairs:
            return
        n_pairs = max(1, len(features) * (len(features) - 1) // 2)
        found = []
        for twins in pairs:
            log_chance = math.log(n_pairs) - _log_ways(facts, twins)
            if log_chance < math.log(self.chance_most):
                found.append((float(twins.n_rows), self._finding(twins, _other_than_feature(twins, features))))
        yield from fold(self, found, self.most_findings)

    def _finding(self, twins: ColumnTwins, to_exclude: str) -> Finding:
        message = Text(
            "{relation}, in all {rows}: the model sees the same thing twice.",
            {"relation": _relation(twins), "rows": show_count(twins.n_rows, "training row")},
        )
        return self.finding(
            Severity.WARNING,
            message,
            columns=(twins.first, twins.second),
            evidence={
                "relation": twins.relation,
                "n_rows": twins.n_rows,
                "slope": twins.slope,
                "intercept": twins.intercept,
            },
            fix=Text(
                "Keep one of the two: `dataaudit audit ... --exclude {column}`, or drop it: "
                "`dataaudit fix ... --select DATA004{unsafe}`.",
                {"column": to_exclude, "unsafe": "" if twins.relation == "equal" else " --unsafe"},
            ),
        )


def _relation(twins: ColumnTwins) -> Text:
    first, second = twins.first, twins.second
    if twins.relation == "equal":
        return Text("{first} and {second} are equal", {"first": first, "second": second})
    if twins.relation == "recoded" or twins.slope is None or twins.intercept is None:
        return Text(
            "Each value of {first} goes with one value of {second} and back", {"first": first, "second": second}
        )
    return Text(
        "{second} is {slope} × {first}{sign}{intercept}",
        {
            "second": second,
            "slope": show_number(twins.slope),
            "first": first,
            "sign": " - " if twins.intercept < 0 else " + ",
            "intercept": show_number(abs(twins.intercept)),
        },
    )


def _other_than_feature(twins: ColumnTwins, features: set[str]) -> str:
    """Return the column to leave out: the second, unless only the first is a feature."""
    return twins.second if twins.second in features else twins.first


def _log_ways(facts: Facts, twins: ColumnTwins) -> float:
    """Return the log of the number of ways to deal out the values of one of the two."""
    table = facts.tables.get(twins.first) or facts.tables.get(twins.second)
    if table is None:
        return math.lgamma(twins.n_rows + 1)
    counts = table.n["train"]
    return math.lgamma(int(counts.sum()) + 1) - sum(math.lgamma(int(n) + 1) for n in counts)
