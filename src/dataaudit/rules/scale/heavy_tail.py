"""SCALE003: the outermost thousandth of a numeric feature lies far out, or a few cells stretch its range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Kind, Rows, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.scale._tail_words import evidence_of_squeeze, evidence_of_tail, how_to_mend, say_tail
from dataaudit.rules.scale._tails import Tail, both_tails

if TYPE_CHECKING:
    from dataaudit.measure.columns import Quantiles
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile
    from dataaudit.measure.spread.mends import Mend
    from dataaudit.measure.spread.squeeze import Squeeze


@dataclass(frozen=True)
class HeavyTail(Rule):
    """A numeric feature has a heavy tail, or a few cells far out that stretch its range.

    What it does
    ------------
    Measures each side of a column in units of its own body: the tail is
    (P99.9 - P50) / (P75 - P50), and mirrored on the left. The tail's lower
    95 % bound puts the P99.9 where the Wilson bound of its level lies (so 100
    rows speak of the P97, not of their maximum) and the P75 at the upper end
    of its own. Below `n_rows_of_end` cells, where the P99.9 is one cell or two,
    the bound lies at the third cell from the end at most: one cell far out is no
    tail, but what stretches the range. A column that is zero in half of its rows or more is measured
    on its positive part. In whole numbers the body is at least 1 wide.

    Measured at 100 to 100,000 rows (200 tables each, 30 at 100,000), the
    largest lower bound was 5 for normal, 9 for exponential, 12 for gamma(.5),
    16 for t(3) and 23 for lognormal with sigma 1 columns. The tails themselves
    are 4.6 for a normal, 9 for an exponential, 22, 58 and 168 for lognormals
    with sigma 1, 1.5 and 2, and 318 for a Cauchy.

    Also looks at how much of the column's range its middle 99 % of cells fill:
    that share is what scaling to the minimum and maximum leaves of them. It is
    a statement about this file, and needs no interval. Rows further from the
    middle than nine times its width are counted over all rows, and named.
    Columns whose quartiles are equal are passed over here.

    For each column found it tries, on up to 20,000 cells, a logarithm,
    Yeo-Johnson, clipping at P1 and P99 and ranks, and names the first of them,
    which is the simplest, that leaves a tail and a skew below `mended_tail` and
    `mended_skew`; if none does, it says so.

    Why it matters
    --------------
    Means, standard deviations and squared losses are then about a handful of
    rows: after standardising, all others lie within a hair of zero, and one
    row can turn the weights of a linear model or network. Scaled to minimum and
    maximum, all rows but the outlier become one number.

    Flagged
    -------
    10,000 heights around 170 of which one is 17,000: a warning.
    5,000 prices from 5 to 50, thirty of them 100,000: a warning. 20,000 incomes
    spread like a lognormal with sigma 1.5: info.

    Clean
    -----
    Anything near normal, exponential or uniform, whatever its scale.

    Thresholds
    ----------
    info_tail : distances from median to quartile, default 30
        Info from this lower bound on; above all light-tailed columns measured.
    warning_tail : distances from median to quartile, default 100
        A warning from this lower bound on.
    n_rows_warning : cells, default 1000
        Below this a tail is never more than info: one row stands for all of it.
    n_rows_of_end : cells, default 3000
        From here on three cells lie beyond the P99.9.
    info_share_of_range : share of the range, default 0.05
        Info if the middle 99 % of the cells fill less.
    warning_share_of_range : share of the range, default 0.01
        A warning if they fill less.
    n_rows_range : cells, default 100
        Below this the middle 99 % are all cells.
    mended_tail : distances from median to quartile, default 15
        Half of what is told of; an exponential's is 9.
    mended_skew : skewness, default 2
        An exponential's.
    most_findings : findings, default 50
        Columns reported one by one; the others, less bad, in a last finding.

    Limits
    ------
    The tail looks no further out than the P0.1 and the P99.9; fewer cells are
    seen by the share of the range that is left to the others, and of a tail
    without gaps that share falls as rows are added. A code such as -999 also
    stretches the range: it is SCALE004's.
    Columns whose middle half is a single value (and not zero) have no body
    to measure with and are passed over. A group of more than a quarter of
    the rows is a second population, not a tail. Two populations far apart
    look like a tail if one is small; see SCALE004.

    Fix
    ---
    The transformation that the finding names: a logarithm for positive columns,
    Yeo-Johnson for any, clipping at the P1 and P99 of the training rows, or
    ranks. Mend the cells that are slips. Decision trees do not mind.

    References
    ----------
    Hoaglin, Mosteller and Tukey, Exploring Data Tables, Trends, and Shapes
    (1985), chapter 10 on elongation; Yeo and Johnson, Biometrika 87(4) (2000).
    """

    code: ClassVar[str] = "SCALE003"
    name: ClassVar[str] = "heavy-tail"

    info_tail: float = 30.0
    warning_tail: float = 100.0
    n_rows_warning: int = 1000
    n_rows_of_end: int = 3000
    info_share_of_range: float = 0.05
    warning_share_of_range: float = 0.01
    n_rows_range: int = 100
    mended_tail: float = 15.0
    mended_skew: float = 2.0
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each column with a heavy tail or a stretched range, the worst first."""
        quantiles, profiles = facts.quantiles, facts.profiles["train"]
        found = []
        for column in facts.features:
            if column.kind is Kind.NUMERIC and column.name in quantiles:
                quantile, profile = quantiles[column.name], profiles[column.name]
                tail = self._tail(facts, quantile, profile)
                squeeze = self._squeeze(facts, quantile, profile)
                if tail is not None or squeeze is not None:
                    found.append((_badness(tail, squeeze), self._finding(facts, quantile, tail, squeeze)))
        yield from fold(self, found, self.most_findings)

    def _tail(self, facts: Facts, quantile: Quantiles, profile: ColumnProfile) -> Tail | None:
        """Return the heavier tail that is heavy, and in which three cells lie."""
        tails = [tail for tail in both_tails(quantile, profile) if tail.lower > self.info_tail]
        if tails and quantile.n_rows < self.n_rows_of_end:
            low, high = facts.spread.mends(quantile.column).thirds
            tails = [tail.up_to(high if tail.side == "right" else low) for tail in tails]
        heavy = [tail for tail in tails if tail.lower > self.info_tail]
        return max(heavy, key=lambda tail: tail.lower, default=None)

    def _squeeze(self, facts: Facts, quantile: Quantiles, profile: ColumnProfile) -> Squeeze | None:
        """Return how little of the range the middle fills, if so; the P1 and P99 say where it is worth to look."""
        low, high = profile.minimum, profile.maximum
        if low is None or high is None or quantile.n_rows < self.n_rows_range or quantile.at(0.25) == quantile.at(0.75):
            return None
        within = (quantile.at(0.99) - quantile.at(0.01)) / 2 < self.info_share_of_range * (high / 2 - low / 2)
        squeeze = facts.spread.squeeze(quantile.column) if within else None
        return squeeze if squeeze is not None and squeeze.share_of_range < self.info_share_of_range else None

    def _severity(self, quantile: Quantiles, tail: Tail | None, squeeze: Squeeze | None) -> Severity:
        heavy = tail is not None and tail.lower > self.warning_tail and quantile.n_rows >= self.n_rows_warning
        stretched = squeeze is not None and squeeze.share_of_range < self.warning_share_of_range
        return Severity.WARNING if heavy or stretched else Severity.INFO

    def _finding(self, facts: Facts, quantile: Quantiles, tail: Tail | None, squeeze: Squeeze | None) -> Finding:
        mends = facts.spread.mends(quantile.column)
        mended = next((one for one in mends.after if self._is_mended(one)), None)
        rows = () if squeeze is None else squeeze.rows_far
        return self.finding(
            self._severity(quantile, tail, squeeze),
            say_tail(quantile.column, tail, squeeze),
            columns=(quantile.column,),
            evidence={
                "n_rows": quantile.n_rows,
                "skew": quantile.skew,
                **evidence_of_tail(tail),
                **evidence_of_squeeze(squeeze),
                "tail_after": {one.name: one.tail if math.isfinite(one.tail) else None for one in mends.after},
                "skew_after": {one.name: one.skew for one in mends.after},
                "mended_by": None if mended is None else mended.name,
            },
            fix=how_to_mend(quantile.column, mends, mended),
            rows=(Rows("train", rows, squeeze.n_rows_far > len(rows)),) if squeeze is not None and rows else (),
        )

    def _is_mended(self, mend: Mend) -> bool:
        return mend.tail <= self.mended_tail and abs(mend.skew) <= self.mended_skew


def _badness(tail: Tail | None, squeeze: Squeeze | None) -> float:
    """Return how bad a column is, a range in units of the middle half of a normal's."""
    stretch = 0.0 if squeeze is None else 4.0 / max(squeeze.share_of_range, 1e-300)
    return max(stretch, 0.0 if tail is None else tail.lower)
