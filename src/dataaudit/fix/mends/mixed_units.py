"""SCALE005: some rows of a feature stand in another unit than the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.engine.base import quote_text
from dataaudit.fix.cells import Place, places_of
from dataaudit.fix.converting import show_conversion, swapped_back, turned_back, undone, written
from dataaudit.fix.edits import AnyEdit, Change, LeftAsItIs, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.fix.rows_out_of_line import rows_out_of_line
from dataaudit.text import show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.conversions import Conversion
    from dataaudit.measure.spread.level_units import UnitOfALevel
    from dataaudit.model import Finding


class MixedUnits(Mend):
    """Turn the numbers of the rarer unit into the commoner one, in every split.

    Which rows they are, their size tells, or the level of a category, or what the other columns predict: somebody must
    look. Of a level, those splits are converted in which that brings its rows nearer to the others of train. What the
    other columns predict is known of tables of at most 6,000 rows a split only; of larger ones nothing is done.
    """

    codes: ClassVar[tuple[str, ...]] = ("SCALE005",)
    does: ClassVar[str] = "turn the numbers of the rarer unit into the commoner one"
    needs_judgement: ClassVar[bool] = True

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of the rarer unit, told by what the finding was told by."""
        for finding in findings:
            [column] = finding.columns
            if "factor" in finding.evidence:
                yield _by_size(facts, column)
            elif finding.identity[0] == "level":
                yield _by_level(facts, column, finding.identity[1])
            else:
                yield _by_prediction(facts, column)


def _by_size(facts: Facts, column: str) -> AnyEdit:
    mixed = facts.spread.mixed_units[column]
    cut = f"CAST('{mixed.cut!r}' AS DOUBLE)"
    changes = {}
    for place in places_of(facts, column):
        x = place.number
        beyond = f"{x} > {cut}" if mixed.is_larger else f"{x} > 0 AND {x} <= {cut}"
        value = f"{x} {'/' if mixed.is_larger else '*'} {mixed.factor!r}"
        changes[place.split] = written(facts, place, beyond, value)
    what = f"{'divided' if mixed.is_larger else 'multiplied'} by {mixed.factor:,.0f}"
    return ReplaceCells("SCALE005", what, "their size alone tells the two units apart", column, changes)


def _by_level(facts: Facts, column: str, level_column: str) -> AnyEdit:
    [unit] = [one for one in facts.spread.level_units if (one.column, one.level_column) == (column, level_column)]
    is_level = f"CAST({facts.dataset.sql_name(level_column)} AS VARCHAR) = {quote_text(unit.level)}"
    changes = {}
    for place in places_of(facts, column):
        if place.split == "train" or _is_converted_in(facts, place.split, unit, is_level):
            rows = f"row IN (SELECT row FROM {place.split} WHERE {is_level})"
            changes[place.split] = _undone(facts, place, unit.conversion, rows)
    where = f"{level_column} = {show_value(unit.level)}"
    what = f"turned back ({show_conversion(unit.conversion)} undone) where {where}"
    return ReplaceCells("SCALE005", what, f"are rows of {where} in another unit, or other things?", column, changes)


def _by_prediction(facts: Facts, column: str) -> AnyEdit:
    found = rows_out_of_line(facts, column)
    conversion = facts.spread.odd_rows[column].conversion
    what = f"turned back ({show_conversion(conversion)} undone) where the other columns say so"
    if found is None:
        reason = "which rows they are is known of a sample only: convert them where the table is made"
        return LeftAsItIs("SCALE005", what, reason, column)
    changes = {}
    for place in places_of(facts, column):
        rows = f"row IN ({', '.join(str(row) for row in found[place.split]) or 'NULL'})"
        changes[place.split] = _undone(facts, place, conversion, rows)
    return ReplaceCells("SCALE005", what, "the other columns alone tell which rows they are", column, changes)


def _undone(facts: Facts, place: Place, conversion: Conversion, rows: str) -> Change:
    return swapped_back(place, rows) if conversion.kind == "swap" else turned_back(facts, place, conversion, rows)


def _is_converted_in(facts: Facts, split: str, unit: UnitOfALevel, is_level: str) -> bool:
    """Return whether undoing the conversion brings the level's rows of a split nearer to all others of train."""
    if unit.conversion.kind == "swap":
        return True
    if unit.level_column in facts.dataset.relations[split].absent:
        return False
    cell = facts.dataset.sql_name(unit.column)
    [(others,)] = facts.dataset.engine.rows(f"SELECT median({cell}) FROM train WHERE NOT ({is_level})")
    [(own,)] = facts.dataset.engine.rows(f"SELECT median({cell}) FROM {split} WHERE {is_level}")
    if own is None or others is None:
        return False
    back = undone(unit.conversion, float(own))
    return abs(back - float(others)) < abs(float(own) - float(others))
