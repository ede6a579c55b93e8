"""SCALE003: the outermost thousandth of a numeric feature lies far out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Kind, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.columns import Quantiles
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile

Z = 1.645
OUTERMOST = 0.999  # no quantile is known between it and the maximum


@dataclass(frozen=True)
class Tail:
    """One side of a column, in units of the distance from median to quartile.

    `lower` is the tail's lower 95 % bound. `of_positives` says that zeros,
    which half of the column or more are, were left out.
    """

    side: str
    size: float
    lower: float
    median: float
    quartile: float
    end: float
    of_positives: bool


@dataclass(frozen=True)
class HeavyTail(Rule):
    """The outermost 0.1 % of a numeric feature lie far from its middle half.

    What it does
    ------------
    Measures each side of a column in units of its own body: the tail is
    (P99.9 - P50) / (P75 - P50), and mirrored on the left. The tail's lower
    95 % bound puts the P99.9 where the Wilson bound of its level lies (so 100
    rows speak of the P97, not of their maximum) and the P75 at the upper end
    of its own. A column that is zero in half of its rows or more is measured
    on its positive part. In whole numbers the body is at least 1 wide.

    Measured at 100 to 100,000 rows (200 tables each, 30 at 100,000), the
    largest lower bound was 5 for normal, 9 for exponential, 12 for gamma(.5),
    16 for t(3) and 23 for lognormal with sigma 1 columns. The tails themselves
    are 4.6 for a normal, 9 for an exponential, 22, 58 and 168 for lognormals
    with sigma 1, 1.5 and 2, and 318 for a Cauchy.

    Why it matters
    --------------
    Means, standard deviations and squared losses are then about a handful of
    rows: after standardising, all others lie within a hair of zero, and one
    row can turn the weights of a linear model or network.

    Flagged
    -------
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
        Below this never more than info: one row stands for the whole tail.
    most_findings : findings, default 50
        Columns reported one by one; the others, less bad, in a last finding.

    Limits
    ------
    It looks no further out than the P0.1 and the P99.9: cells that are fewer
    than 0.1 % of the rows, a single slip of the keyboard for instance, are not
    seen in tables of more than some 1,000 rows, however far out they lie.
    Columns whose middle half is a single value (and not zero) have no body
    to measure with and are passed over. A group of more than a quarter of
    the rows is a second population, not a tail. Two populations far apart
    look like a tail if one is small; see SCALE004.

    Fix
    ---
    A logarithm for positive columns, Yeo-Johnson for any, or clipping at the
    P0.1 and P99.9 of the training rows. Decision trees do not mind.

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
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each column with a heavy tail, the heaviest first."""
        quantiles, profiles = facts.quantiles, facts.profiles["train"]
        found = []
        for column in facts.features:
            if column.kind is Kind.NUMERIC and column.name in quantiles:
                quantile = quantiles[column.name]
                tail = _heavier(quantile, profiles[column.name])
                if tail is not None and tail.lower > self.info_tail:
                    found.append((tail.lower, self._finding(quantile, profiles[column.name], tail)))
        yield from fold(self, found, self.most_findings)

    def _finding(self, quantile: Quantiles, profile: ColumnProfile, tail: Tail) -> Finding:
        is_warning = tail.lower > self.warning_tail and quantile.n_rows >= self.n_rows_warning
        message = Text(
            "{column} has a heavy {side} tail: its {end_name} of {end} lies {size} times as far from the median "
            "{median} as the quartile {quartile} does{positives}; 5 for a normal, 9 for an exponential.",
            {
                "column": quantile.column,
                "side": tail.side,
                "end_name": "P99.9" if tail.side == "right" else "P0.1",
                "end": FromData(tail.end),
                "size": show_rounded(tail.size, 2),
                "median": FromData(tail.median),
                "quartile": FromData(tail.quartile),
                "positives": ", zeros left out" if tail.of_positives else "",
            },
        )
        return self.finding(
            Severity.WARNING if is_warning else Severity.INFO,
            message,
            columns=(quantile.column,),
            evidence={
                "n_rows": quantile.n_rows,
                "side": tail.side,
                "tail": tail.size,
                "tail_lower": tail.lower,
                "median": FromData(tail.median),
                "quartile": FromData(tail.quartile),
                "end": FromData(tail.end),
                "skew": quantile.skew,
                "skew_after_log": quantile.skew_after_log,
            },
            fix=_fix(quantile),
        )


def _heavier(quantile: Quantiles, profile: ColumnProfile) -> Tail | None:
    tails = [_tail(quantile, profile, side) for side in ("right", "left")]
    return max((tail for tail in tails if tail is not None), key=lambda tail: tail.lower, default=None)


def _tail(quantile: Quantiles, profile: ColumnProfile, side: str) -> Tail | None:
    share_zero = profile.n_zero / max(1, profile.n_present)
    positives = side == "right" and share_zero >= 0.5 and (profile.minimum or 0.0) >= 0
    offset = share_zero if positives else 0.0
    n_rows = quantile.n_rows * (1 - offset)

    def at(level: float) -> float:
        inside = offset + (1 - offset) * (level if side == "right" else 1 - level)
        return _at(quantile, inside)

    if n_rows < 1:
        return None
    narrowest = 1.0 if profile.is_integer else 0.0
    median, quartile, end = at(0.5), at(0.75), at(0.999)
    body = max(narrowest, abs(quartile - median))
    if body == 0 or quartile == median:
        return None
    slope = abs(quartile - at(0.7)) / 0.05
    body_upper = body + slope * Z * math.sqrt(0.1875 / n_rows)
    sure_end = at(1 - wilson(0.001 * n_rows, n_rows, Z)[1])
    return Tail(
        side=side,
        size=abs(end - median) / body,
        lower=abs(sure_end - median) / body_upper,
        median=median,
        quartile=quartile,
        end=end,
        of_positives=positives,
    )


def _at(quantile: Quantiles, level: float) -> float:
    """Return a quantile, between P99 and P99.9 (and mirrored) as an exponential tail would run."""
    outside = min(level, 1 - level)
    if outside >= 0.01:
        return quantile.at(level)
    way = math.log10(0.01 / max(1 - OUTERMOST, outside))
    inner, outer = (0.99, OUTERMOST) if level > 0.5 else (0.01, 1 - OUTERMOST)
    return quantile.at(inner) + way * (quantile.at(outer) - quantile.at(inner))


def _fix(quantile: Quantiles) -> Text:
    clip = "or clip it at the P0.1 and P99.9 of the training rows"
    if quantile.skew_after_log is not None and abs(quantile.skew_after_log) < abs(quantile.skew):
        return Text(
            "Take the logarithm, `frame[{column}] = numpy.log1p(frame[{column}])`, which moves the skew from {skew} to "
            "{after}; {clip}. Decision trees need neither.",
            {
                "column": repr(quantile.column),
                "skew": f"{quantile.skew:.1f}",
                "after": f"{quantile.skew_after_log:.1f}",
                "clip": clip,
            },
        )
    return Text(
        "Transform it with Yeo-Johnson (`sklearn.preprocessing.PowerTransformer()`, fitted on the training rows; "
        "the skew now is {skew}), {clip}. Decision trees need neither.",
        {"skew": f"{quantile.skew:.1f}", "clip": clip},
    )
