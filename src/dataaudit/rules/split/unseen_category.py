"""SPLIT004: rows of a split have categories that train never shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import binomial_tail, normal_quantile
from dataaudit.rules._figures import split_figure
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.drift import UnseenValues
    from dataaudit.measure.facts import Facts

MANY_SINGLE = 30


@dataclass(frozen=True)
class UnseenCategory(Rule):
    """More rows of another split have unseen categories than rare values explain.

    What it does
    ------------
    Compares the share of rows whose category train never shows with what Good
    and Turing expect: categories seen once in train, over its rows. Where few
    categories are that rare, two exact chances are asked as well: that so
    many of the rare categories fall wholly into the split, and that one as
    common as the commonest unseen one does.

    Why it matters
    --------------
    A model has no parameter for a category it never saw: an encoder fails or
    maps it to nothing. Many of them mean another country, shop or year.

    Flagged
    -------
    60 of 500 test rows have the city "Lyon", which none of 2,000 training rows has.

    Clean
    -----
    A random split of a column of 10,000 postal codes, where 20 % of the test
    rows are unseen and as many were to be expected.

    Thresholds
    ----------
    z_min : standard errors, default 3
        The excess over the expected share must be so many standard errors,
        m e (1 - e) + m² (f1 + 2 f2) / n² + 1 being the variance of the rows;
        more where more columns are judged (see alpha).
    excess_min : share of rows, default 0.005
        A warning needs the excess to be above this.
    error_excess : share of rows, default 0.1
        An error from this excess on, be there a hundred rows or ten million.
    alpha : probability, default 0.01
        Over all columns and splits together (Bonferroni).
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Columns read as numbers are RANGE001's. Spelling variants count as new
    categories; DATA007 names them.

    Fix
    ---
    Check the spelling; let the encoder keep a place for unknown values; or
    split again so that train shows what test asks.

    References
    ----------
    Good, Biometrika 40:237 (1953); Esty, Annals of Statistics 11:905 (1983)
    for the variance.
    """

    code: ClassVar[str] = "SPLIT004"
    name: ClassVar[str] = "unseen-category"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    z_min: float = 3.0
    excess_min: float = 0.005
    error_excess: float = 0.1
    alpha: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per column and split."""
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        judged = [unseen for columns in facts.unseen.values() for unseen in columns.values()]
        alpha = self.alpha / max(1, len(judged))
        z_needed = max(self.z_min, normal_quantile(alpha))
        for unseen in judged:
            if unseen.n_rows_unseen == 0 or _excess(unseen) <= self.excess_min or _z(unseen) <= z_needed:
                continue
            if unseen.n_once >= MANY_SINGLE or chance(unseen) < alpha:
                yield _excess(unseen), self._finding(facts, unseen)

    def _finding(self, facts: Facts, unseen: UnseenValues) -> Finding:
        share = unseen.n_rows_unseen / unseen.n_rows
        lower, upper = (bound - _expected(unseen) for bound in wilson(unseen.n_rows_unseen, unseen.n_rows))
        return self.finding(
            Severity.ERROR if round(_excess(unseen), 12) >= self.error_excess else Severity.WARNING,
            Text(
                "{rows} of {split} ({share}) have a value of {column} that train never shows: {values}, such as "
                "{examples}; rare values let expect {expected}.",
                {
                    "rows": show_count(unseen.n_rows_unseen, "row"),
                    "split": unseen.split,
                    "share": show_share(share),
                    "column": unseen.column,
                    "values": show_count(unseen.n_values_unseen, "value"),
                    "examples": [FromData(example) for example in unseen.examples[:3]],
                    "expected": show_share(_expected(unseen)),
                },
            ),
            columns=(unseen.column,),
            splits=("train", unseen.split),
            evidence={
                "n_rows": unseen.n_rows,
                "n_rows_unseen": unseen.n_rows_unseen,
                "share_unseen": share,
                "share_unseen_expected": _expected(unseen),
                "share_excess_lower": lower,
                "share_excess_upper": upper,
                "z_excess": _z(unseen),
                "n_values_unseen": unseen.n_values_unseen,
                "n_rows_train": unseen.n_train,
                "n_values_once_in_train": unseen.n_once,
                "values": [FromData(example) for example in unseen.examples],
            },
            fix=Text(
                "Check the spelling of these values of {column}; if they are real, let the encoder keep a place for "
                "unknown values, or split again so that train shows them.",
                {"column": unseen.column},
            ),
            figure=split_figure(facts, unseen.column, unseen.split),
        )


def chance(unseen: UnseenValues) -> float:
    """Return a bound of the chance that a random split leaves so much unseen.

    A category of c rows falls wholly into the split with a probability of at
    most s^c, s being the split's share of all rows; so of those unseen or
    once in train at most the share s is unseen; and a table has room for
    N / c categories of c rows. The bound is twice the smaller of the two.
    """
    n_both = unseen.n_train + unseen.n_rows
    share = unseen.n_rows / n_both
    by_values = binomial_tail(unseen.n_values_unseen, unseen.n_values_unseen + unseen.n_once, share)
    commonest = max(unseen.n_rows_commonest, math.ceil(unseen.n_rows_unseen / max(1, unseen.n_values_unseen)))
    by_rows = n_both / commonest * share**commonest
    return min(1.0, 2 * min(by_values, by_rows))


def _expected(unseen: UnseenValues) -> float:
    return min(1.0, unseen.n_once / max(1, unseen.n_train))


def _excess(unseen: UnseenValues) -> float:
    return unseen.n_rows_unseen / unseen.n_rows - _expected(unseen)


def _z(unseen: UnseenValues) -> float:
    """Return the excess in standard errors; the 1 keeps tables without rare values from certainty."""
    expected, rows = _expected(unseen), unseen.n_rows
    of_expectation = (rows / max(1, unseen.n_train)) ** 2 * (unseen.n_once + 2 * unseen.n_twice)
    return _excess(unseen) * rows / math.sqrt(rows * expected * (1 - expected) + of_expectation + 1)
