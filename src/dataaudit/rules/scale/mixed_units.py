"""SCALE005: some rows of a feature stand in another unit than the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Rows, Severity
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._conversions import conversion_words, undoing
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.level_units import UnitOfALevel
    from dataaudit.measure.spread.residual_units import OddRows
    from dataaudit.measure.spread.units import UnitMixture

MOST_ROWS = 20


@dataclass(frozen=True)
class MixedUnits(Rule):
    """Some rows of a feature stand in another unit than the rest.

    What it does
    ------------
    Takes the decimal logarithms of every positive number and looks for two
    heaps: parted by the widest gap, or by a valley half a power of ten's way
    from the middle. They are one measurement in two units if their medians
    lie a factor of 100, 1,000 or 1,000,000 apart (to .06 of the logarithm,
    .15 where few rows say where they lie), if they are spread alike and, one
    moved onto the other, have the same shape. Found, the rows of the rarer
    unit are counted over all of train, and the category named that goes with
    them, if there is one. Then the rows of every level of a context or a
    category (at most 20 levels, 30 rows and 2 % of the rows) are compared with
    all others as SPLIT008 compares splits: factors, °F, logarithms, signs,
    days and months swapped; nearer curves and equal spreads are asked for. Last,
    every number is predicted from the others by least trimmed squares on at
    most 3,000 rows; rows far off (9 standard deviations in the middle) of which
    85 % are as predicted once x10, x2.54, x2.2046, °F or a sign is undone.

    Why it matters
    --------------
    A person of 70,000 among persons of 70 drags every mean and scale, and
    the model learns of neither. If one site records grams, weight tells the
    site.

    Flagged
    -------
    2 % of the weights around 70,000, all others around 70.

    Clean
    -----
    Prices from 1 to 1,000,000 with every size between; counts with a long
    tail; a code such as 9999 (one value is no heap: SCALE004).

    Thresholds
    ----------
    distance_max : distance in [0, 1], default 0.5
        Greatest distance of the two shapes (a quarter where the valley
        between them is not empty).
    n_rows_min : rows, default 5
        Least rows of the rarer unit, in the sample also .4 % of it.
    distance_of_level_max : distance in [0, 1], default 0.15
        Greatest distance of a level's curve and the others' once undone.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Sources: false in none of 725 columns of real tables, and in 2 of 6,000
    drawn lognormal, Pareto, gamma, t, uniform and count columns. A factor of
    1,000 put into the positive ones of the former is found in 81 % (2 % of the
    rows) and 91 % (20 %), one of 100 in 71 % and 86 %.

    Limits
    ------
    Two populations that happen to lie a power of ten apart, with the same
    spread and shape, look the same: 4 % of mixtures drawn at random. Unseen
    are, where neither a level nor the other columns tell them, factors of 10 and less (2.54, .4536, °F),
    columns that spread wider than the factor, columns with negative numbers,
    fewer than 5 rows or .4 % of the rows; several levels converted alike, and
    units that only another split has (SPLIT008).
    SCALE003 and SCALE004 may name the tail that such rows make.

    Fix
    ---
    Convert the rows of the rarer unit, and find where they came from.
    `dataaudit fix TRAIN --select SCALE005 --unsafe` converts them in every split,
    told by their size, their level, or (of at most 6,000 rows) the other columns.

    References
    ----------
    Kandel et al., Wrangler, CHI (2011), on mixed units as a fault of data;
    Hellerstein, Quantitative Data Cleaning for Large Databases (2008).
    """

    code: ClassVar[str] = "SCALE005"
    name: ClassVar[str] = "mixed-units"

    distance_max: float = 0.5
    n_rows_min: int = 5
    distance_of_level_max: float = 0.15
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each column, the one with most rows in the rarer unit first."""
        found = [
            (mixed.n_rarer / mixed.n_present, self._finding(mixed))
            for mixed in facts.spread.mixed_units.values()
            if mixed.distance <= self.distance_max and mixed.n_rarer >= self.n_rows_min
        ]
        told = {mixed.column for mixed in facts.spread.mixed_units.values()}
        found += [
            (one.n_level / (one.n_level + one.n_others), self._of_level(one))
            for one in facts.spread.level_units
            if one.column not in told and one.distance_after <= self.distance_of_level_max
        ]
        told |= {one.column for one in facts.spread.level_units}
        found += [
            (one.n_rows / one.n_seen, self._of_odd_rows(one))
            for one in facts.spread.odd_rows.values()
            if one.column not in told and one.n_rows >= self.n_rows_min
        ]
        yield from fold(self, found, self.most_findings)

    def _of_odd_rows(self, one: OddRows) -> Finding:
        lower, upper = wilson(one.n_rows, one.n_seen)
        message = Text(
            "{column} seems to hold two units: of {seen} looked at, {rows} ({share}) are what the other columns "
            "predict {conversion}; as they stand they lie {reach} standard deviations away.",
            {
                "column": one.column,
                "seen": show_count(one.n_seen, "training row"),
                "rows": f"{one.n_rows:,}",
                "share": show_share(one.n_rows / one.n_seen),
                "conversion": conversion_words(one.conversion),
                "reach": show_rounded(one.reach, 2),
            },
        )
        return self.finding(
            Severity.WARNING,
            message,
            columns=(one.column,),
            evidence={
                "conversion": one.conversion.name,
                "n_rows_of_rarer_unit_seen": one.n_rows,
                "n_rows_seen": one.n_seen,
                "n_rows_far_out": one.n_far,
                "share_lower": lower,
                "share_upper": upper,
                "standard_deviations_away": one.reach,
            },
            rows=(Rows("train", tuple(one.rows[:MOST_ROWS].tolist()), one.n_rows > MOST_ROWS or one.sampled),),
            fix=Text(
                "Look where these rows came from; if they are in another unit, convert them with `{how}`, "
                "and all others of that source.",
                {"how": undoing(one.conversion, f"frame.loc[rows, {one.column!r}]")},
            ),
            mended=None if one.sampled else Mended("converts them in every split", unsafe=True),
            identity=("rows",),
        )

    def _of_level(self, one: UnitOfALevel) -> Finding:
        names = {"column": repr(one.column), "level_column": repr(one.level_column), "value": FromData(repr(one.level))}
        where = "frame[{level_column}].astype(str) == {value}"
        if one.conversion.kind == "swap":
            how = "If so, read the dates of those rows with the right order of day and month."
        else:
            undone = undoing(one.conversion, "frame.loc[rows, {column}]")
            how = f"If so, convert these rows: `rows = {where}; frame.loc[rows, {{column}}] = {undone}`."
        return self.finding(
            Severity.WARNING,
            Text(
                "{column} where {level_column} = {value} ({rows}) looks like that of all other rows {conversion}; "
                "undone, the two curves are {after} apart instead of {before}.",
                {
                    "column": one.column,
                    "level_column": one.level_column,
                    "value": FromData(one.level),
                    "rows": show_share(one.n_level / (one.n_level + one.n_others)) + " of the rows",
                    "conversion": conversion_words(one.conversion),
                    "after": show_rounded(one.distance_after, 2),
                    "before": show_rounded(one.distance_before, 2),
                },
            ),
            columns=(one.column,),
            evidence={
                "conversion": one.conversion.name,
                "goes_with": one.level_column,
                "distance_before": one.distance_before,
                "distance_after": one.distance_after,
                "noise_after": one.noise_after,
                "chance": one.chance,
                "n_rows_of_level_seen": one.n_level,
                "n_other_rows_seen": one.n_others,
            },
            fix=Text(how, names),
            mended=Mended("converts them in every split", unsafe=True),
            identity=("level", one.level_column),
        )

    def _finding(self, mixed: UnitMixture) -> Finding:
        lower, upper = wilson(mixed.n_rarer, mixed.n_present)
        level = mixed.level
        where = "" if level is None else "; they go with {level} = {value}, {within} of whose rows are such"
        message = Text(
            "{column} seems to hold two units: {rows} ({share}) lie about {factor} times {higher} than the others, "
            "{side} {cut}, with the same spread and shape" + where + ".",
            {
                "column": mixed.column,
                "rows": show_count(mixed.n_rarer, "training row"),
                "share": show_share(mixed.n_rarer / mixed.n_present),
                "factor": show_rounded(mixed.factor),
                "higher": "higher" if mixed.is_larger else "lower",
                "side": "above" if mixed.is_larger else "below",
                "cut": FromData(float(f"{mixed.cut:.2g}")),
                "level": "" if level is None else level.column,
                "value": FromData("" if level is None else level.value),
                "within": "" if level is None else show_share(level.share_within),
            },
        )
        return self.finding(
            Severity.WARNING,
            message,
            columns=(mixed.column,),
            evidence={
                "factor": mixed.factor,
                "n_rows_of_rarer_unit": mixed.n_rarer,
                "n_rows": mixed.n_present,
                "share": mixed.n_rarer / mixed.n_present,
                "share_lower": lower,
                "share_upper": upper,
                "cut": FromData(mixed.cut),
                "distance_of_shapes": mixed.distance,
                "share_between": mixed.share_between,
                "goes_with": None if level is None else level.column,
            },
            rows=(Rows("train", mixed.rows, mixed.n_rarer > len(mixed.rows)),),
            fix=Text(
                "If so, convert them: `far = frame[{name}] {sign} {cut}; frame.loc[far, {name}] {how}= {factor}`.",
                {
                    "name": repr(mixed.column),
                    "sign": ">" if mixed.is_larger else "<",
                    "cut": FromData(float(f"{mixed.cut:.2g}")),
                    "how": "/" if mixed.is_larger else "*",
                    "factor": f"{mixed.factor:.0f}",
                },
            ),
            mended=Mended("converts them in every split", unsafe=True),
        )
