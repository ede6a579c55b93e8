"""DATA003: a feature has one value, or nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import ColumnInfo, Finding, Kind, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile


@dataclass(frozen=True)
class Commonest:
    """The commonest value of a column in train; of a bin the interval."""

    value: str
    n_rows: int
    n_rows_all: int


@dataclass(frozen=True)
class ConstantColumn(Rule):
    """A feature has one value in all training rows, or nearly so.

    What it does
    ------------
    Takes the share of the commonest value of every feature among all
    training rows. One value in all rows is a warning; info if the lower
    Wilson 95 % bound of its share reaches `info_share`.

    Why it matters
    --------------
    A constant column tells a model nothing; it often is the trace of a filter
    or of a join that failed. Standardising it divides by zero. If it varies
    in other splits, the model meets values there it has never seen.

    Flagged
    -------
    country is DE in all 5,000 rows: a warning. A flag set in 2 of 20,000 rows:
    info.

    Clean
    -----
    A flag set in 2 % of the rows.

    Thresholds
    ----------
    info_share : share of rows, default 0.999
        Info from this lower bound on.
    n_rows_warning : rows, default 20
        Below this a constant column is info: a flag set in one row of ten
        would look the same with a chance above a tenth.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    A column of one value and missing cells is not constant: what is missing
    may tell something (SPUR003). All-missing columns are DATA002's.

    Fix
    ---
    Leave it out: `dataaudit audit ... --exclude COLUMN`; find out why it does
    not vary. `dataaudit fix TRAIN --select DATA003` drops the columns that are
    wholly constant.

    References
    ----------
    Kuhn and Johnson, Applied Predictive Modeling (2013), section 3.5.
    """

    code: ClassVar[str] = "DATA003"
    name: ClassVar[str] = "constant-column"

    info_share: float = 0.999
    n_rows_warning: int = 20
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column, constant ones first."""
        found = []
        for column in facts.features:
            commonest = _commonest(facts, column)
            severity = None if commonest is None else self._severity(commonest)
            if commonest is not None and severity is not None:
                found.append((commonest.n_rows / commonest.n_rows_all, self._finding(column.name, commonest, severity)))
        yield from fold(self, found, self.most_findings)

    def _severity(self, commonest: Commonest) -> Severity | None:
        if commonest.n_rows_all < 2:
            return None
        if commonest.n_rows == commonest.n_rows_all:
            return Severity.WARNING if commonest.n_rows_all >= self.n_rows_warning else Severity.INFO
        lower, _ = wilson(commonest.n_rows, commonest.n_rows_all)
        return Severity.INFO if lower >= self.info_share else None

    def _finding(self, column: str, commonest: Commonest, severity: Severity) -> Finding:
        constant = commonest.n_rows == commonest.n_rows_all
        lower, upper = wilson(commonest.n_rows, commonest.n_rows_all)
        message = Text(
            "{column} is {value} in {rows}.",
            {
                "column": column,
                "value": FromData(commonest.value),
                "rows": f"all {show_count(commonest.n_rows_all, 'training row')}"
                if constant
                else f"all but {commonest.n_rows_all - commonest.n_rows:,} of "
                f"{show_count(commonest.n_rows_all, 'training row')} "
                f"({show_share(commonest.n_rows / commonest.n_rows_all)})",
            },
        )
        return self.finding(
            severity,
            message,
            columns=(column,),
            evidence={
                "n_rows": commonest.n_rows_all,
                "n_rows_of_value": commonest.n_rows,
                "value": FromData(commonest.value),
                "share": commonest.n_rows / commonest.n_rows_all,
                "share_lower": lower,
                "share_upper": upper,
            },
            fix=Text(
                "Leave it out, `dataaudit audit ... --exclude {column}`{mend}, and find out why it does not vary.",
                {"column": column, "mend": " or `dataaudit fix ... --select DATA003`" if constant else ""},
            ),
        )


def _commonest(facts: Facts, column: ColumnInfo) -> Commonest | None:
    profile = facts.profiles["train"].get(column.name)
    if profile is None or profile.absent or profile.n_present == 0 or column.kind is Kind.EMBEDDING:
        return None
    if profile.minimum is not None and profile.minimum == profile.maximum:
        value = str(FromData(profile.minimum)) if column.kind is Kind.NUMERIC else _key(facts, column.name)
        return Commonest(value, profile.n_present, profile.n_rows)
    if column.kind in (Kind.NUMERIC, Kind.DATETIME):
        return _commonest_number(facts, column, profile)
    return _commonest_key(facts, column.name, profile)


def _commonest_number(facts: Facts, column: ColumnInfo, profile: ColumnProfile) -> Commonest | None:
    """Return the commonest value of a column that varies, if one makes up nearly all of the sample."""
    quantile = facts.quantiles.get(column.name)
    if quantile is None or quantile.at(0.01) != quantile.at(0.99):
        return None
    value = quantile.at(0.5)
    ends = facts.extremes.get(column.name)
    counts = {0.0: profile.n_zero} | ({} if ends is None else {end.value: end.n_rows for end in (ends.low, ends.high)})
    if value in counts and column.kind is Kind.NUMERIC:
        return Commonest(str(FromData(value)), counts[value], profile.n_rows)
    found = _commonest_key(facts, column.name, profile)
    if found is None or column.kind is Kind.DATETIME:
        return found
    return replace(found, value=str(FromData(value)))


def _commonest_key(facts: Facts, column: str, profile: ColumnProfile) -> Commonest | None:
    table = facts.tables.get(column)
    if table is None:
        return None
    counts = table.n["train"].copy()
    counts[[table.missing_key, *([] if table.other_key is None else [table.other_key])]] = 0
    index = int(counts.argmax())
    # A bin may hold more than one value; where the range says the column varies, at least one row differs.
    n_rows = min(int(counts[index]), profile.n_rows - 1) if table.is_bin else int(counts[index])
    return Commonest(table.keys[index], n_rows, profile.n_rows)


def _key(facts: Facts, column: str) -> str:
    table = facts.tables.get(column)
    return "one value" if table is None else table.keys[int(table.n["train"].argmax())]
