"""Keeping a report readable where one defect hits thousands of columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dataaudit.text import Text, show_count

if TYPE_CHECKING:
    from dataaudit.model import Finding
    from dataaudit.rules._base import Rule

MOST_NAMES_LISTED = 1000


def fold(rule: Rule, weighted: Iterable[tuple[float, Finding]], most: int) -> Iterator[Finding]:
    """Yield the worst findings one by one and the rest as a single one.

    Parameters
    ----------
    rule : Rule
        Whose findings they are.
    weighted : iterable of (float, Finding)
        Findings with how bad each is; compared within a severity.
    most : int
        Findings yielded one by one.

    Yields
    ------
    Finding
        At most `most`, worst first, then one that lists the columns of all
        others in its evidence (the first 1,000), with their highest severity.
    """
    ranked = [finding for _, finding in sorted(weighted, key=_rank)]
    yield from ranked[:most]
    if len(ranked) > most:
        yield _folded(rule, ranked[most:])


def _rank(pair: tuple[float, Finding]) -> tuple[object, ...]:
    """Order by severity and weight; ties by subject, so that the order of columns does not show."""
    weight, finding = pair
    return -finding.severity, -weight, finding.columns, finding.splits, finding.identity


def _folded(rule: Rule, rest: list[Finding]) -> Finding:
    names = list(dict.fromkeys(" = ".join(finding.columns) for finding in rest))
    message = Text(
        "{findings} of the same kind, the worst first: {columns}.",
        {"findings": show_count(len(rest), "more finding"), "columns": names},
    )
    return rule.finding(
        rest[0].severity,
        message,
        splits=tuple(dict.fromkeys(split for finding in rest for split in finding.splits)),
        evidence={"n_findings": len(rest), "n_columns": len(names), "columns": list(names[:MOST_NAMES_LISTED])},
        fix=Text("Treat these columns like the ones listed one by one."),
        identity=("folded", hashlib.blake2b("\n".join(sorted(names)).encode(), digest_size=8).hexdigest()),
    )
