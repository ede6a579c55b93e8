"""LABEL006: heaps, caps, codes and odd signs of a numeric target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules.label import _odd_words as words
from dataaudit.rules.label._oddities import (
    Code,
    Excess,
    Spike,
    codes_at,
    excess_at,
    is_small_code,
    is_whole,
    spike_at,
    zero_stands_apart,
)

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.target_shape import EndValue, TargetShape
    from dataaudit.rules.label._odd_words import Said

# Names of quantities that cannot be negative.
NEVER_NEGATIVE = re.compile(
    r"(?i:(^|[\W_])(age|price|count|counts|weight|height|length|width|depth|area|volume|duration|distance|population"
    r"|salary|wage|wages|rent|speed|mileage|rings|quantity)([\W_]|$))"
)
# Steps with this part of the largest excess explain it as well; the coarsest of them is named.
NEARLY = 0.9


@dataclass(frozen=True)
class OddTarget(Rule):
    """A numeric target is capped, heaped at round numbers, or holds codes and odd signs.

    What it does
    ------------
    Looks at the target of the training rows, whole, for five things.

    Codes: the outermost values, as far as they are usual codes (those of
    SCALE004: -1, -99, -999, 9999, ...) and lie half the others' P95 - P5 or
    more from the next value; zero, if it is the lowest and the positive values
    start far above it.

    Caps: a value at either end that more rows have than the ten values next
    to it lead to expect, by their mean and by the slope of the nearest. Zero
    at an end may be natural (no claim, no sale), and so may a whole number
    that starts at 1: the first is an info, the second is passed over.

    Heaps: more rows at the multiples of 1, 5, 10, 50, ... (or .5, .1, ...)
    than at the places between them, of which there must be four or more. Only
    whole windows count, each symmetric about its multiple, so that a smooth
    curve has no excess whatever its slope; stretches of the range that lie on
    the multiples altogether are left out (rounding to a grid, or to a number
    of digits, is no heap), and the excess must not come from one stretch.

    Negative rows, where they are 1 % or less and half of them lie as far
    below zero as half the median of the positive ones: a tail does not do
    that, a changed sign does. Infinite cells.

    Why it matters
    --------------
    A model is fitted to the number and scored by it. Rows at a cap are not
    what they say, and the best model is blamed for knowing better; one row of
    -999 outweighs thousands in a squared error; a model cannot be more exact
    than the people who rounded.

    Flagged
    -------
    House prices of which 3 % are exactly 50.0, the highest: a warning. Thirty
    yields of -999 among 1,000 from 2 to 9: an error, as they are most of the
    variance. Weights of which a third are multiples of 5: a warning.

    Clean
    -----
    Normal, lognormal, exponential and uniform numbers; counts; measurements
    rounded to halves; prices to three digits.

    Thresholds
    ----------
    info_cap : share of rows, default 0.002
        Info from this lower bound of the share of rows beyond the usual.
    warning_cap : share of rows, default 0.01
        A warning from this lower bound on. (1 % and not more, as 16 of 506
        houses at the cap are a lower bound of 1.9 %.)
    spike_factor : times, default 2
        An end must have so many times the rows that are usual next to it, by
        the lower bound, and that the nearest values lead to.
    n_rows_cap : rows, default 5
        Rows a cap must have.
    n_values_min : distinct values, default 12
        With fewer the target is a scale of grades: no caps, no small codes.
    gap : fraction of the others' P95 - P5, default 0.5
        Least distance of a code from the next value.
    n_rows_code : rows, default 2
        Rows a code must have; one of a single digit, or zero, `n_rows_cap`.
    error_variance : share of variance, default 0.5
        A code is an error if by the lower bound of its rows it makes this
        part of the target's variance: then R² and squared errors are about it.
    info_heap : share of rows, default 0.03
        Info from this lower bound of the rows in excess at round numbers
        (Bonferroni over the steps tried).
    warning_heap : share of rows, default 0.1
        A warning from this lower bound on, for a step that is ...
    warning_step : fraction of P95 - P5, default 0.05
        ... as coarse as this: finer rounding is no matter to a model.
    n_places_min : places, default 3.5
        Least effective number of places between two multiples.
    n_multiples_min : distinct values, default 5
        Multiples that must have been seen.
    negative_share : share of rows, default 0.01
        With more negative rows they are taken for natural.
    zero_gap_of_counts : least positive whole number, default 5
        As in SCALE004.
    zero_share_of_median : fraction of the positives' median, default 0.1
        As in SCALE004.

    Limits
    ------
    Train only; RANGE003 names targets of test that lie beyond it. Of targets
    with over 10,000 different values, heaps are those of the sample. A true
    limit (100 %, a full tank) looks like a cap, and ratios of small counts
    heap by themselves. Where over 95 % lie on round numbers they are taken
    for the grid. Few rows that hold most of the variance, and stretches of the
    target with hardly a row, are not looked for.

    Fix
    ---
    Codes: drop these rows, `dataaudit fix TRAIN --select LABEL006`. Caps:
    a model for censored targets, or scores with and without the rows at the
    cap. Heaps: an error metric no finer than the rounding.

    References
    ----------
    Tobin, Econometrica 26(1) (1958); Heitjan and Rubin, JASA 85 (1990), on
    heaping; Gilley and Pace, Journal of Environmental Economics and Management
    31 (1996), on the cap in the Boston houses; Qahtan et al., FAHES, KDD (2018).
    """

    code: ClassVar[str] = "LABEL006"
    name: ClassVar[str] = "odd-target"
    needs: ClassVar[tuple[Need, ...]] = (Need.REGRESSION,)

    info_cap: float = 0.002
    warning_cap: float = 0.01
    spike_factor: float = 2.0
    n_rows_cap: int = 5
    n_values_min: int = 12
    gap: float = 0.5
    n_rows_code: int = 2
    error_variance: float = 0.5
    info_heap: float = 0.03
    warning_heap: float = 0.1
    warning_step: float = 0.05
    n_places_min: float = 3.5
    n_multiples_min: int = 5
    negative_share: float = 0.01
    zero_gap_of_counts: int = 5
    zero_share_of_median: float = 0.1

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each oddity: codes, caps, zeros, heaps, negative and infinite cells."""
        shape, label = facts.target_shape, facts.label
        codes = {side: self._codes(side, ends, shape) for side, ends in (("low", shape.low), ("high", shape.high))}
        for side, ends in (("low", shape.low), ("high", shape.high)):
            yield from (self._code(label, shape, code) for code in codes[side])
            yield from self._end(label, shape, spike_at(side, ends[len(codes[side]) :], shape.n_rows))
        yield from self._heap(label, shape)
        yield from self._negative(label, shape, codes["low"])
        if shape.n_infinite > 0:
            yield self._found(Severity.WARNING, label, words.say_infinite(label, shape))

    def _found(self, severity: Severity, label: str, said: Said) -> Finding:
        return self.finding(
            severity,
            said.message,
            columns=(label,),
            evidence=said.evidence,
            fix=said.fix,
            mended=Mended("drops them") if said.identity[:1] == ("code",) else None,
            rows=said.rows,
            identity=said.identity,
            figure=said.figure,
        )

    def _codes(self, side: str, ends: tuple[EndValue, ...], shape: TargetShape) -> list[Code]:
        """Return the codes at an end, or none where one has too few rows or may be a grade."""
        found = codes_at(side, ends, shape, self.gap)
        for code in found:
            is_small = is_small_code(code.end.value)
            if code.end.n_rows < (self.n_rows_cap if is_small else self.n_rows_code):
                return []
            if is_small and len(shape.values) < self.n_values_min:
                return []
        return found

    def _code(self, label: str, shape: TargetShape, code: Code) -> Finding:
        is_most = (code.variance_share_lower or 0.0) >= self.error_variance
        severity = Severity.ERROR if is_most else Severity.WARNING
        return self._found(severity, label, words.say_code(label, shape, code, is_most))

    def _end(self, label: str, shape: TargetShape, spike: Spike | None) -> Iterator[Finding]:
        """Yield what is said of one end: zeros that stand apart, many zeros, or a cap."""
        if len(shape.values) < self.n_values_min:
            return
        if self._zero_stands_apart(shape, spike):
            yield self._found(Severity.INFO, label, words.say_zero_apart(label, shape))
        elif spike is not None and self._is_high(spike, shape):
            if spike.end.value == 0:
                yield self._found(Severity.INFO, label, words.say_many_zeros(label, shape, spike))
            else:
                severity = Severity.WARNING if spike.lower >= self.warning_cap else Severity.INFO
                yield self._found(severity, label, words.say_cap(label, shape, spike))

    def _zero_stands_apart(self, shape: TargetShape, spike: Spike | None) -> bool:
        is_low = spike is not None and spike.side == "low" and spike.end.value == 0
        if not is_low or shape.low[0].n_rows < self.n_rows_cap:
            return False
        return zero_stands_apart(shape, self.zero_gap_of_counts, self.zero_share_of_median)

    def _is_high(self, spike: Spike, shape: TargetShape) -> bool:
        if spike.end.n_rows < self.n_rows_cap or spike.lower < self.info_cap:
            return False
        if spike.side == "low" and spike.end.value == 1 and is_whole(shape):
            return False
        return spike.times >= self.spike_factor and spike.end.n_rows >= self.spike_factor * spike.nearest

    def _heap(self, label: str, shape: TargetShape) -> Iterator[Finding]:
        """Yield the coarsest step that explains nearly as much as the best, first of those that are a warning."""
        n_seen = int(shape.counts.sum())
        tried = [excess_at(heap, n_seen, len(shape.heaps)) for heap in shape.heaps]
        heaped = [excess for excess in tried if self._is_heaped(excess)]
        severity = Severity.WARNING if any(map(self._is_coarse, heaped)) else Severity.INFO
        listed = list(filter(self._is_coarse, heaped)) or heaped
        most = max((excess.lower for excess in listed), default=0.0)
        near = [excess for excess in listed if excess.lower >= NEARLY * most]
        if near:
            yield self._found(severity, label, words.say_heap(label, shape, near[-1]))

    def _is_heaped(self, excess: Excess) -> bool:
        heap = excess.heap
        if heap.n_places < self.n_places_min or heap.n_multiples < self.n_multiples_min:
            return False
        return excess.lower >= self.info_heap and excess.lower_apart >= self.info_heap / 2

    def _is_coarse(self, excess: Excess) -> bool:
        return excess.lower >= self.warning_heap and excess.heap.step_per_spread >= self.warning_step

    def _negative(self, label: str, shape: TargetShape, codes: list[Code]) -> Iterator[Finding]:
        found = shape.negatives
        if found is None or found.lowest_other is None:
            return
        n_coded = sum(code.end.n_rows for code in codes)
        n_rows, n_far = found.n_rows - n_coded, found.n_rows_far - n_coded
        if 0 < n_rows <= self.negative_share * shape.n_rows and 2 * n_far >= n_rows:
            severity = Severity.WARNING if NEVER_NEGATIVE.search(label) else Severity.INFO
            yield self._found(severity, label, words.say_negative(label, shape, n_rows))
