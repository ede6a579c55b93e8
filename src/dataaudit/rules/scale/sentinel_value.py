"""SCALE004: a number such as -999 that stands for a missing cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.columns import Extremes, Quantiles, Spike
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.zeros import ZerosTogether

MENDED = "makes it missing in every split"
CODES = (
    *(-1.0, -9.0, 9.0, -88.0, 88.0, -98.0, 98.0, -99.0, 99.0, -99.9, -9.99),
    *(-888.0, 888.0, -998.0, 998.0, -999.0, 999.0, -9998.0, 9998.0, -9999.0, 9999.0, -99999.0, 99999.0),
    *(-999999.0, 999999.0, -1e6, 1e6, 1e20, -1e20, -32768.0, 32767.0, 65535.0, -2147483648.0, 2147483647.0),
)
LARGEST_SMALL_CODE = 9.99


@dataclass(frozen=True)
class Candidate:
    """A spike at one end that stands apart: its gap in units of the rest's P95 - P5."""

    spike: Spike
    gap: float


@dataclass(frozen=True)
class Together:
    """Another column, and how often this one is zero where that is."""

    other: str
    counted: ZerosTogether


@dataclass(frozen=True)
class SentinelValue(Rule):
    """A number such as -999 stands for a missing cell.

    What it does
    ------------
    Looks at the lowest and highest value of every numeric feature, over all
    rows. It is taken for a code if it is on the list of usual codes (-1, -9,
    -99, -999, -9999, 99, 999, 9999, 99999, 1e6, 1e20, the limits of 16- and
    32-bit integers and their like), stands apart from the next value by half
    of the rest's P95 - P5 or more, and is not a single row. The quantiles are
    taken without the codes, so that many codes do not hide themselves. A code
    that is the only value below zero needs no such gap: it is one with
    `n_rows_lone` rows, `share_lone` of the rows and `times_next` times the rows
    of the next value.

    Says as info where zero looks like a missing cell, as in a column of blood
    pressures with zeros: zero is the lowest value, in `n_rows_min` rows or
    more; the positives' P1 is `zero_share_of_median` of their median or more;
    and so is the lowest positive, which is also 1.5 spacings or more above
    zero. The spacing is the distance from the lowest positive to the median of
    the positives, divided by the steps that the column's 25 quantiles have in
    between. A column of whole numbers must also start at `zero_gap_of_counts`
    or later. Where a few positives come near zero (a normal column of many
    rows), zeros are told all the same if they are `times_next` times the
    hundredth of the positives below their P1, a fifth of the rows at most, and
    the P1 is `zero_share_of_median_thin` of the median or more.

    Where zeros are many, no gap tells a missing cell from a true nothing (no
    second floor, no porch). Then the zeros of another column must say it too:
    one of which the above holds is zero in few rows, in nearly all of which
    this one is zero as well, as of cells that go missing together. The gap
    above zero must then be `zero_gap_of_lowest` spacings of the lowest tenth of
    the positives.

    Why it matters
    --------------
    To the model -999 is a measurement: it drags means and scales, and a
    linear model or network treats the row as extreme. Imputers do not see it.

    Flagged
    -------
    Temperatures between -10 and 35 of which 40 are -999.

    Clean
    -----
    Ages from 0 to 99. Grades -1, 0, 1. Counts with zeros.

    Thresholds
    ----------
    gap : fraction of the rest's P95 - P5, default 0.5
        Least distance of a code from the next value.
    n_rows_min : rows, default 5
        Rows a code must have.
    far_gap : fraction of the rest's P95 - P5, default 2
        From this distance on `n_rows_far` rows are enough.
    n_rows_far : rows, default 2
        Rows a code must have that is at the `far_gap`.
    n_rows_lone : rows, default 10
        Least rows of a code that is the only value below zero.
    share_lone : share of rows, default 0.002
        Least share of such a code.
    times_next : rows per row, default 5
        Least rows of such a code for each of the next value, and of zeros for
        each positive cell below the P1.
    n_values_min : distinct values, default 12
        Least number of values beside a code of one digit, or beside zero:
        below it, -1 or 9 may well be a grade. The others need the `far_gap`.
    zero_gap_of_counts : least positive whole number, default 5
        Whole numbers that start lower after zero are counts, and zero is one.
    zero_share_of_median : fraction of the positives' median, default 0.1
        Least P1 of the positives, and least positive value, for zero to
        stand apart.
    zero_share_of_median_thin : fraction of the positives' median, default 0.25
        Least P1 of the positives where a few of them come near zero.
    zero_share_most : share of rows, default 0.2
        Largest share of zeros there.
    share_together : share of rows, default 0.9
        Of the other column's zeros, in which this one is zero too: lower 95 %
        bound.
    zero_gap_of_lowest : spacings of the lowest positives, default 5
        Least gap above zero where another column's zeros speak for it.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Sources: with a gap of .5 and the list, 5 of 5,612 real columns were
    flagged, and 82 to 96 % of -999, 999 and 9999 put into clean ones found.

    Limits
    ------
    A code between real values, or two codes side by side (998 and 999), is
    not seen. A true ceiling (a count that stops at 99) looks the same. Where
    zeros are many, and no other column is zero with them, zero is passed over,
    missing or not.

    Fix
    ---
    Read the code as missing: `frame[column] = frame[column].replace(-999, numpy.nan)`
    or `pandas.read_csv(..., na_values={column: [-999]})`; then impute. `dataaudit
    fix TRAIN --select SCALE004` makes it missing in every split (zeros with
    --unsafe).

    References
    ----------
    Qahtan et al., FAHES: detecting disguised missing values, KDD (2018).
    """

    code: ClassVar[str] = "SCALE004"
    name: ClassVar[str] = "sentinel-value"

    gap: float = 0.5
    n_rows_min: int = 5
    far_gap: float = 2.0
    n_rows_far: int = 2
    n_rows_lone: int = 10
    share_lone: float = 0.002
    times_next: float = 5.0
    n_values_min: int = 12
    zero_gap_of_counts: int = 5
    zero_share_of_median: float = 0.1
    zero_share_of_median_thin: float = 0.25
    zero_share_most: float = 0.2
    share_together: float = 0.9
    zero_gap_of_lowest: float = 5.0
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each column and code, the most frequent first."""
        extremes = facts.extremes
        found: list[tuple[float, Finding]] = []
        apart: list[tuple[Extremes, Quantiles]] = []
        beside: list[tuple[Extremes, Quantiles]] = []
        for column in facts.features:
            ends, quantile = extremes.get(column.name), facts.quantiles.get(column.name)
            if ends is None or quantile is None:
                continue
            for candidate in self._codes(facts, ends, quantile):
                finding = self._finding(ends, candidate)
                found.append((candidate.spike.n_rows / ends.n_present, finding))
            if self._zero_is_far(facts, ends, quantile):
                is_apart = self._zero_stands_apart(ends, quantile) or self._zero_is_spike(facts, ends, quantile)
                (apart if is_apart else beside).append((ends, quantile))
            elif self._zero_is_spike(facts, ends, quantile):
                apart.append((ends, quantile))
        found += [(ends.low.n_rows / ends.n_present, self._zero(ends, quantile, None)) for ends, quantile in apart]
        for ends, quantile in beside:
            together = self._zero_with_another(facts, ends, [other.column for other, _ in apart])
            if together is not None:
                found.append((ends.low.n_rows / ends.n_present, self._zero(ends, quantile, together)))
        yield from fold(self, found, self.most_findings)

    def _codes(self, facts: Facts, ends: Extremes, quantile: Quantiles) -> Iterator[Candidate]:
        low, high = (_share_of_code(spike, ends.n_present) for spike in (ends.low, ends.high))
        if low + high >= 1:
            return
        body = 1 - low - high
        spread = quantile.at(low + 0.95 * body) - quantile.at(low + 0.05 * body)
        for spike in (ends.low, ends.high):
            if not _is_code(spike.value) or spike.next_value is None or spread <= 0:
                continue
            gap = abs(spike.next_value - spike.value) / spread
            if (self._is_apart(spike, gap) or self._is_lone(spike, ends.n_present)) and self._is_no_grade(
                facts, ends.column, quantile, spike, gap
            ):
                yield Candidate(spike, gap)

    def _is_apart(self, spike: Spike, gap: float) -> bool:
        near = gap >= self.gap and spike.n_rows >= self.n_rows_min
        return near or (gap >= self.far_gap and spike.n_rows >= self.n_rows_far)

    def _is_lone(self, spike: Spike, n_present: int) -> bool:
        """Tell whether a code is the only value below zero, in many more rows than the next value."""
        enough = spike.n_rows >= max(self.n_rows_lone, self.share_lone * n_present)
        return spike.n_rows_next is not None and enough and spike.n_rows >= self.times_next * spike.n_rows_next

    def _is_no_grade(self, facts: Facts, column: str, quantile: Quantiles, spike: Spike, gap: float) -> bool:
        if abs(spike.value) > LARGEST_SMALL_CODE and gap >= self.far_gap:
            return True
        return _has_values(facts, column, quantile, self.n_values_min)

    def _zero_is_far(self, facts: Facts, ends: Extremes, quantile: Quantiles) -> bool:
        """Tell whether zero is the lowest value, and the positives lie far above it beside their median."""
        lowest, first, median = ends.low, quantile.positive_p1, quantile.positive_median
        if lowest.value != 0 or lowest.next_value is None or first is None or median is None:
            return False
        if lowest.n_rows < self.n_rows_min or min(first, lowest.next_value) < self.zero_share_of_median * median:
            return False
        is_integer = facts.profiles["train"][ends.column].is_integer
        if is_integer and lowest.next_value < self.zero_gap_of_counts:
            return False
        return _has_values(facts, ends.column, quantile, self.n_values_min)

    def _zero_stands_apart(self, ends: Extremes, quantile: Quantiles) -> bool:
        """Tell whether the gap above zero is wide beside the spacing of the positives."""
        lowest, median = ends.low.next_value or 0.0, quantile.positive_median or 0.0
        inside = np.unique(quantile.values[(quantile.values >= lowest) & (quantile.values <= median)])
        return lowest >= 1.5 * (median - lowest) / max(1, len(inside) - 1)

    def _zero_is_spike(self, facts: Facts, ends: Extremes, quantile: Quantiles) -> bool:
        """Tell whether zeros are many beside the few positives near zero."""
        first, median, n_zero = quantile.positive_p1, quantile.positive_median, ends.low.n_rows
        if ends.low.value != 0 or first is None or median is None or n_zero < self.n_rows_min:
            return False
        if first < self.zero_share_of_median_thin * median or n_zero > self.zero_share_most * ends.n_present:
            return False
        if facts.profiles["train"][ends.column].is_integer and first < self.zero_gap_of_counts:
            return False
        is_many = n_zero >= self.times_next * 0.01 * (ends.n_present - n_zero)
        return is_many and _has_values(facts, ends.column, quantile, self.n_values_min)

    def _zero_with_another(self, facts: Facts, ends: Extremes, others: Sequence[str]) -> Together | None:
        """Return the column whose zeros, fewer, are nearly all in rows where this one is zero too."""
        low = facts.spread.low_positives(ends.column) if others else None
        if low is None or low.spacing is None or low.minimum < self.zero_gap_of_lowest * low.spacing:
            return None
        every = [Together(other, facts.spread.zeros_together(other, ends.column)) for other in others]
        sure = [one for one in every if self._goes_with(one.counted)]
        return max(sure, key=lambda one: (one.counted.n_zero, one.other), default=None)

    def _goes_with(self, counted: ZerosTogether) -> bool:
        by_chance = counted.n_zero_other / max(1, counted.n_rows)
        lower = wilson(counted.n_both, counted.n_zero)[0]
        return counted.n_zero >= self.n_rows_min and lower >= max(self.share_together, (1 + by_chance) / 2)

    def _finding(self, ends: Extremes, candidate: Candidate) -> Finding:
        spike = candidate.spike
        lower, upper = wilson(spike.n_rows, ends.n_present)
        message = Text(
            "{column} holds {code} in {rows} ({share}); its next value is {next}, {gap} times the spread of all "
            "others away, so {code_again} seems to stand for a missing cell.",
            {
                "column": ends.column,
                "code": FromData(spike.value),
                "rows": show_count(spike.n_rows, "training row"),
                "share": show_share(spike.n_rows / ends.n_present),
                "next": FromData(spike.next_value),
                "gap": show_rounded(candidate.gap, 2),
                "code_again": FromData(spike.value),
            },
        )
        return self.finding(
            Severity.WARNING,
            message,
            columns=(ends.column,),
            evidence={
                "value": FromData(spike.value),
                "n_rows": spike.n_rows,
                "share": spike.n_rows / ends.n_present,
                "share_lower": lower,
                "share_upper": upper,
                "next_value": FromData(spike.next_value),
                "gap_per_spread": candidate.gap,
            },
            fix=_fix(ends.column, spike.value),
            mended=Mended(MENDED),
            identity=("low" if spike == ends.low else "high",),
        )

    def _zero(self, ends: Extremes, quantile: Quantiles, together: Together | None) -> Finding:
        share = ends.low.n_rows / ends.n_present
        message = Text(
            "{column} is 0 in {rows} ({share}) while its positive values start at {next} "
            "(median {median}){together}: does 0 stand for a missing cell?",
            {
                "together": ""
                if together is None
                else f", and in {together.counted.n_both:,} of "
                f"{show_count(together.counted.n_zero, 'row')} in which {together.other} is 0",
                "column": ends.column,
                "rows": show_count(ends.low.n_rows, "training row"),
                "share": show_share(share),
                "next": FromData(ends.low.next_value),
                "median": FromData(quantile.positive_median),
            },
        )
        return self.finding(
            Severity.INFO,
            message,
            columns=(ends.column,),
            evidence={
                "value": FromData(0.0),
                "n_rows": ends.low.n_rows,
                "share": share,
                "next_value": FromData(ends.low.next_value),
                "positive_p1": FromData(quantile.positive_p1),
                "positive_median": FromData(quantile.positive_median),
                "zero_together_with": None if together is None else together.other,
            },
            fix=_fix(ends.column, 0.0),
            mended=Mended(MENDED, unsafe=True),
            identity=("zero",),
        )


def _is_code(value: float) -> bool:
    return any(abs(value - code) <= 1e-9 * abs(code) for code in CODES)


def _share_of_code(spike: Spike, n_present: int) -> float:
    return spike.n_rows / n_present if _is_code(spike.value) else 0.0


def _has_values(facts: Facts, column: str, quantile: Quantiles, most: int) -> bool:
    """Tell whether a column has that many values, by its quantiles or else by its table."""
    if len(np.unique(quantile.values)) >= most:
        return True
    table = facts.tables.get(column)
    return table is not None and int((table.n["train"][: table.missing_key] > 0).sum()) >= most


def _fix(column: str, value: float) -> Text:
    return Text(
        "If so, read it as missing, `frame[{column}] = frame[{column}].replace({value}, numpy.nan)`, and impute.",
        {"column": repr(column), "value": FromData(value)},
    )
