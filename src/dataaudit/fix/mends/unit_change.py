"""SPLIT008, SCALE005: numbers in another unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.cells import Place, places_of, plain_text, rounded
from dataaudit.fix.edits import AnyEdit, Change, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.conversions import Conversion
    from dataaudit.model import Finding

ISO_DAY = r"^\d{4}-\d\d-\d\d"


class UnitChange(Mend):
    """Turn the numbers of a split back into the unit of train, or swap day and month back."""

    codes: ClassVar[tuple[str, ...]] = ("SPLIT008",)
    does: ClassVar[str] = "turn the numbers of a split back into the unit of train"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of each column and split that a finding names."""
        for finding in findings:
            column, split = finding.columns[0], finding.splits[1]
            conversion = facts.shifts.unit_changes[split][column].conversion
            [place] = [place for place in places_of(facts, column) if place.split == split]
            change = _swapped_back(place) if conversion.kind == "swap" else _turned_back(facts, place, conversion)
            what = f"turned back ({_show(conversion)} undone)"
            yield ReplaceCells("SPLIT008", what, None, column, {split: change})


class MixedUnits(Mend):
    """Turn the numbers that lie beyond the gap between two units into the commoner one.

    Which unit a number is in is told by its size alone, so somebody must look.
    """

    codes: ClassVar[tuple[str, ...]] = ("SCALE005",)
    does: ClassVar[str] = "turn the numbers of the rarer unit into the commoner one"
    needs_judgement: ClassVar[bool] = True

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells beyond the cut, in every split."""
        for finding in findings:
            if "factor" not in finding.evidence:
                # Told by a level of a category, which the finding's own code names.
                continue
            [column] = finding.columns
            mixed = facts.spread.mixed_units[column]
            cut = f"CAST('{mixed.cut!r}' AS DOUBLE)"
            changes = {}
            for place in places_of(facts, column):
                x = place.number
                beyond = f"{x} > {cut}" if mixed.is_larger else f"{x} > 0 AND {x} <= {cut}"
                value = f"{x} {'/' if mixed.is_larger else '*'} {mixed.factor!r}"
                changes[place.split] = _written(facts, place, beyond, value)
            what = f"{'divided' if mixed.is_larger else 'multiplied'} by {mixed.factor:,.0f}"
            judgement = "their size alone tells the two units apart"
            yield ReplaceCells("SCALE005", what, judgement, column, changes)


def _turned_back(facts: Facts, place: Place, conversion: Conversion) -> Change:
    x = place.number
    has_number = f"isfinite({x})"
    if conversion.kind == "log":
        base = f"pow({conversion.factor!r}, {x}) - {conversion.offset!r}"
        return _written(facts, place, f"{has_number} AND abs({x}) < 300", base)
    if conversion.kind == "exp":
        moved = f"({x} + {conversion.offset!r})"
        return _written(facts, place, f"{has_number} AND {moved} > 0", f"ln({moved}) / ln({conversion.factor!r})")
    return _written(facts, place, has_number, f"({x} - ({conversion.offset!r})) / ({conversion.factor!r})")


def _written(facts: Facts, place: Place, where: str, value: str) -> Change:
    """Return new numbers in the type of the column, or as doubles where that has whole numbers and they are none."""
    # What is computed where no cell changes may leave the range of a function.
    number = f"CASE WHEN {where} THEN {rounded(value)} END"
    if place.is_text:
        return Change(where, plain_text(number))
    if not place.is_whole and not place.sql_type.startswith("DECIMAL"):
        return Change(where, f"CAST({number} AS {place.sql_type})")
    n_parts = facts.dataset.engine.rows(
        f"SELECT count_if({number} <> trunc({number}) OR abs({number}) > 2e9) FROM {place.source.relation} AS source"
    )[0][0]
    if place.is_whole and not n_parts:
        return Change(where, f"CAST({number} AS {place.sql_type})")
    return Change(where, number, "DOUBLE")


def _swapped_back(place: Place) -> Change:
    """Return dates with day and month swapped where the day could be a month."""
    x = place.cell
    if place.is_text:
        where = (
            f"CASE WHEN regexp_matches({x}, '{ISO_DAY}') THEN CAST(substr({x}, 9, 2) AS INTEGER) <= 12 ELSE false END"
        )
        return Change(where, f"concat(left({x}, 5), substr({x}, 9, 2), '-', substr({x}, 6, 2), substr({x}, 11))")
    swapped = f"make_date(year({x}), day({x}), month({x}))"
    moved = f"CAST({x} + to_days(CAST({swapped} - CAST({x} AS DATE) AS INTEGER)) AS {place.sql_type})"
    return Change(f"day({x}) <= 12", f"CASE WHEN day({x}) <= 12 THEN {moved} END")


def _show(conversion: Conversion) -> str:
    """Return a conversion in words.

    >>> from dataaudit.measure.shifts.conversions import AFFINES, SIGN, TENS
    >>> _show(TENS[2]), _show(AFFINES[0]), _show(SIGN)
    ('x 1,000', '°C to °F', 'a changed sign')
    """
    return {"sign": "a changed sign", "swap": "day and month swapped"}.get(conversion.kind, conversion.name)
