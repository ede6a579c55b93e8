"""SCALE002: features that are sums of other features, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_number, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.conditioning import StepSize
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.conditioning import Conditioning, NearRelation
    from dataaudit.measure.spread.relations import Relation

MOST_TERMS = 6


@dataclass(frozen=True)
class IllConditioned(Rule):
    """A feature is a weighted sum of other features, exactly or nearly.

    What it does
    ------------
    Decomposes the correlations of the numeric and boolean features on up to
    6,000 training rows in which all of them are known. A feature of whose
    variance the others leave less than a billionth unexplained is an exact
    relation: its weights are given, and counted over all rows is where it does
    not hold. Of the others it takes the condition index, the square root of
    the correlations' largest eigenvalue over their smallest, at the lower end
    of its 95 % bound, and names the features that cause it: the most
    determined one first, then the next without it. Columns that DATA004 calls
    straight lines of others are left out before.

    Why it matters
    --------------
    The weights of a linear model without a penalty are then arbitrary: they can
    grow without changing a prediction on train, and do harm where the relation
    breaks. Gradient descent needs about as many steps as the square of the
    condition index. Importances are shared out by chance, and distances count
    the same thing twice. Trees mind only the importances.

    Flagged
    -------
    total = net + tax in every row: a warning. A weight in pounds beside rounded
    kilograms, of which .01 % is unexplained: info. A full set of indicators, of
    which one is always on: info.

    Clean
    -----
    Correlations of .9. Indicators of which one level was left out.

    Thresholds
    ----------
    info_index : condition index, default 30
        Info from this lower bound on (Belsley, Kuh and Welsch 1980: from 30 on
        weights are harmed; 5 to 10 is harmless).
    most_findings : findings, default 20
        Exact relations reported one by one; the others in a last finding.

    Limits
    ------
    Needs five rows for each feature, and looks at no more than 500 features.
    Features that miss the most cells are left out where too few rows were whole.
    Sees straight relations only: neither area = width x height nor a relation
    that holds in all but some rows. One row far out can hide, or feign, a near
    relation.

    Fix
    ---
    Leave out one feature of each relation, or use a penalty (ridge). Of
    indicators nothing needs leaving out where there is a penalty or a tree.

    References
    ----------
    Belsley, Kuh and Welsch, Regression Diagnostics (1980), chapter 3; Higham,
    Analysis of the Cholesky decomposition of a semi-definite matrix (1990).
    """

    code: ClassVar[str] = "SCALE002"
    name: ClassVar[str] = "ill-conditioned"

    info_index: float = 30.0
    most_findings: int = 20

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each exact relation, and one for what is nearly determined."""
        measured = facts.spread.conditioning
        exact = [(1 / len(one.columns), self._exact(facts, measured, one)) for one in measured.relations]
        yield from fold(self, exact, self.most_findings)
        near = [one for one in measured.near if one.condition_index_lower >= self.info_index]
        if near:
            yield self._near(facts, measured, near)

    def _exact(self, facts: Facts, measured: Conditioning, relation: Relation) -> Finding:
        is_one_hot = relation.two_valued and len(set(relation.weights)) == 1
        equation, total = _equation(relation)
        return self.finding(
            Severity.INFO if is_one_hot else Severity.WARNING,
            Text(
                "{equation}{total} {where}: {meaning}",
                {
                    "equation": equation,
                    "total": total,
                    "where": _where(relation, measured),
                    "meaning": "exactly one of these indicators is on, so that each is told by the others."
                    if is_one_hot
                    else "one of them says nothing that the others do not, and a linear model's weights for them are "
                    "arbitrary.",
                },
            ),
            columns=relation.columns,
            evidence={
                "columns": list(relation.columns),
                "weights": list(relation.weights),
                "total": FromData(relation.total),
                "share_of_variance_unexplained": relation.unexplained,
                "n_rows": relation.n_rows,
                "n_rows_off": relation.n_rows_off,
                "n_rows_sampled": measured.n_rows,
                **_conditions(measured, facts.step_size),
            },
            fix=Text(
                "For a linear model without a penalty leave one level out: `OneHotEncoder(drop='first')` or "
                "`pandas.get_dummies(..., drop_first=True)`. With a penalty, or trees, keep them all."
            )
            if is_one_hot
            else Text(
                "Leave one of them out, `--exclude {column}` for one, or use a model with a penalty (ridge).",
                {"column": relation.columns[0]},
            ),
        )

    def _near(self, facts: Facts, measured: Conditioning, near: list[NearRelation]) -> Finding:
        first = near[0]
        message = Text(
            "{features} {verb} nearly determined by others, which tell all but {unexplained} of the variance of "
            "{column} ({others}){more}; the condition index of the standardised features is {index}, and weights are "
            "harmed from 30 on.",
            {
                "features": show_count(len(near), "numeric feature"),
                "verb": "is" if len(near) == 1 else "are",
                "unexplained": show_share(1 - first.r_squared),
                "column": first.column,
                "others": list(first.told_by),
                "more": ""
                if len(near) == 1
                else Text("; also {columns}", {"columns": [one.column for one in near[1:]]}),
                "index": show_rounded(first.condition_index, 2),
            },
        )
        return self.finding(
            Severity.INFO,
            message,
            columns=tuple(one.column for one in near),
            evidence={
                "n_rows_sampled": measured.n_rows,
                "n_features": measured.n_columns,
                "condition_index": first.condition_index,
                "condition_index_lower": first.condition_index_lower,
                "columns": [one.column for one in near],
                "r_squared": [one.r_squared for one in near],
                "condition_index_with_each": [one.condition_index for one in near],
                "told_by": {one.column: list(one.told_by[:MOST_TERMS]) for one in near},
                **_conditions(measured, facts.step_size),
            },
            fix=Text(
                "Leave out {columns}, or use a penalty (ridge): a linear model's weights for these features, and any "
                "model's importances, mean little otherwise.",
                {"columns": [one.column for one in near]},
            ),
            identity=("near",),
        )


def _equation(relation: Relation) -> tuple[str, FromData | str]:
    """Write the sum with its signs, the first column alone on the left if it is the sum of the others; then its total.

    The total comes from the data, the names of columns do not.
    """
    columns, weights = relation.columns, relation.weights
    is_sum = all(weight < 0 for weight in weights[1:])
    sign = -1.0 if is_sum else 1.0
    terms = [_term(*pair, first=is_sum and i == 0) for i, pair in enumerate(_signed(columns[1:], weights[1:], sign))]
    more = f" + {len(terms) - MOST_TERMS:,} more" if len(terms) > MOST_TERMS else ""
    equation = (
        f"{_term(columns[0], weights[0], first=True)}{' = ' if is_sum else ''}{''.join(terms[:MOST_TERMS])}{more}"
    )
    if not is_sum:
        return f"{equation} = ", FromData(relation.total)
    return (f"{equation} + ", FromData(relation.total)) if relation.total else (equation, "")


def _signed(columns: Sequence[str], weights: Sequence[float], sign: float) -> list[tuple[str, float]]:
    return [(column, sign * weight) for column, weight in zip(columns, weights, strict=True)]


def _term(column: str, weight: float, *, first: bool) -> str:
    size = "" if abs(weight) == 1 else f"{show_number(float(f'{abs(weight):.4g}'))} × "
    sign = ("-" if weight < 0 else "") if first else (" - " if weight < 0 else " + ")
    return f"{sign}{size}{column}"


def _where(relation: Relation, measured: Conditioning) -> str:
    if relation.n_rows == 0:
        return f"in all {show_count(measured.n_rows, 'sampled training row')}"
    if relation.n_rows_off == 0:
        return f"in all {show_count(relation.n_rows, 'training row')}"
    return f"in all but {relation.n_rows_off:,} of {show_count(relation.n_rows, 'training row')}"


def _conditions(measured: Conditioning, step: StepSize | None) -> dict[str, float | None]:
    """Return lambda_max / lambda_min and the largest stable step, before and after standardising."""
    return {
        "condition_number_without_exact": measured.condition_index**2,
        "condition_number_raw": None if step is None else step.condition_raw,
        "condition_number_standardised": None if step is None else step.condition_standardised,
        "largest_step_size": None if step is None else step.raw,
        "largest_step_size_standardised": None if step is None else step.standardised,
    }
