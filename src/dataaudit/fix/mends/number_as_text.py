"""DATA006, DATA009: numbers written as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.engine.base import quote_text
from dataaudit.fix.cells import Place, every_cell, places_of
from dataaudit.fix.edits import AnyEdit, Change, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.load.cells import is_number
from dataaudit.model import Severity

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

CURRENCIES = "$€£¥"
SIGNS = r"""['"$€£¥%\s]"""
THOUSANDS = r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?"
DECIMAL_COMMA = r"[-+]?\d+,\d+"
PLAIN = r"[-+]?\d+(\.\d+)?"
DECORATED = r"""['"$€£¥\s]*[-+]?['"$€£¥\s]*[\d,.]+\s*[%'"€$£¥]*"""
# Beyond, a double no longer holds every whole number, and a long code would lose its end.
MOST_DIGITS = 15


@dataclass(frozen=True)
class Written:
    """How the cells of a column are written, counted over all splits."""

    n_present: int
    n_plain: int
    n_decorated: int
    n_missing_words: int
    n_percent: int
    n_currencies: int
    n_thousands: int
    n_decimal_commas: int
    n_parts: int
    n_long: int

    @property
    def n_others(self) -> int:
        """Cells that are neither a number nor a word for missing."""
        return self.n_present - self.n_plain - self.n_decorated - self.n_missing_words

    @property
    def is_ambiguous(self) -> bool:
        """Whether the signs stand for several things: two currencies, per cent beside none, a comma for two things."""
        n_numbers = self.n_plain + self.n_decorated
        two_commas = self.n_thousands > 0 and self.n_decimal_commas > 0
        return self.n_currencies > 1 or 0 < self.n_percent < n_numbers or two_commas


class NumberAsText(Mend):
    """Write numbers plainly: no currency sign, thousands separator, per cent sign or quotes; make words for missing so.

    Of Parquet and frames the column becomes one of numbers. Where signs mean several things (two currencies, per cent
    in some cells, commas for thousands and for decimals) nothing is done. Other words among the numbers, such as
    "about 12", become missing only with judgement.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA006", "DATA009")
    does: ClassVar[str] = "write numbers plainly, without signs and separators; words for missing become missing"
    also_unsafe: ClassVar[str] = "where they may be codes, or some cells are no number"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the decorated cells first; the words in the way once there are no others."""
        for finding in findings:
            column = finding.columns[0]
            places = [place for place in places_of(facts, column) if place.is_text]
            if (finding.code == "DATA009" and finding.severity is Severity.INFO) or not places:
                continue
            written = _count(facts, places)
            if written.is_ambiguous or written.n_long:
                continue
            may_be_codes = finding.severity is Severity.INFO and written.n_decorated + written.n_others > 0
            judgement = "are these numbers, or codes?" if may_be_codes else None
            becomes_number = not places[0].source.is_csv and len(places) == len(list(places_of(facts, column)))
            if written.n_decorated or written.n_missing_words or (becomes_number and not written.n_others):
                sql_type = _number_type(written) if becomes_number and not written.n_others else None
                changes = {place.split: _plainly(place, written, sql_type) for place in places}
                yield ReplaceCells(finding.code, "numbers are written plainly", judgement, column, changes)
            elif written.n_others:
                changes = {
                    place.split: Change(f"{place.present} AND NOT {is_number(place.cell)}", "NULL") for place in places
                }
                what = "cells that are no number become missing"
                yield ReplaceCells(finding.code, what, "what do these cells say?", column, changes)


def _count(facts: Facts, places: Sequence[Place]) -> Written:
    different = f"SELECT cell, mean, count(*) AS n FROM ({every_cell(places)}) GROUP BY cell, mean"
    told = (
        f"SELECT cell, n, {is_number('cell')} AS plain, mean AS missing, {_bare('cell')} AS bare, "
        f"{_is_decorated('cell')} AS decorated FROM ({different})"
    )
    n_digits = "length(regexp_replace(cell, '[^0-9]', '', 'g'))"
    number = "(plain OR (decorated AND NOT missing))"
    conditions = (
        "true",
        "plain",
        "NOT plain AND NOT missing AND decorated",
        "NOT plain AND missing",
        f"{number} AND contains(cell, '%')",
        f"{number} AND {_is(THOUSANDS, 'bare')}",
        f"{number} AND {_is(DECIMAL_COMMA, 'bare')} AND NOT {_is(THOUSANDS, 'bare')}",
        f"{number} AND NOT regexp_full_match(bare, '[-+]?[0-9,]+')",
        f"plain AND {n_digits} > {MOST_DIGITS} AND TRY_CAST(cell AS BIGINT) IS NULL",
    )
    listed = ", ".join(f"coalesce(sum(n) FILTER (WHERE {condition}), 0)" for condition in conditions)
    currencies = " + ".join(
        f"CAST(coalesce(bool_or({number} AND contains(cell, '{sign}')), false) AS INTEGER)" for sign in CURRENCIES
    )
    row = facts.dataset.engine.rows(f"SELECT {listed}, {currencies} FROM ({told})")[0]
    present, plain, decorated, missing, percent, thousands, commas, parts, long, n_currencies = (int(n) for n in row)
    # A decimal comma is a part behind the point, too.
    return Written(present, plain, decorated, missing, percent, n_currencies, thousands, commas, parts + commas, long)


def _plainly(place: Place, written: Written, sql_type: str | None) -> Change:
    cell = place.cell
    bare = _bare(cell)
    plain = f"replace({bare}, ',', '{'.' if written.n_decimal_commas else ''}')"
    to_number = f"NOT {is_number(cell)} AND NOT ({place.means_missing}) AND {_is_decorated(cell)}"
    where = f"({to_number}) OR ({place.means_missing})"
    value = f"CASE WHEN {to_number} THEN {plain} END"
    if sql_type is None:
        return Change(where, value)
    return Change(where, f"CAST({value} AS {sql_type})", sql_type)


def _number_type(written: Written) -> str:
    return "DOUBLE" if written.n_parts else "BIGINT"


def _bare(cell: str) -> str:
    return f"regexp_replace({cell}, {quote_text(SIGNS)}, '', 'g')"


def _is_decorated(cell: str) -> str:
    """Return SQL that is true for a cell that is a number once the signs around it are taken off."""
    forms = " OR ".join(_is(form, _bare(cell)) for form in (THOUSANDS, DECIMAL_COMMA, PLAIN))
    return f"({_is(DECORATED, cell)} AND ({forms}))"


def _is(form: str, cell: str) -> str:
    return f"regexp_full_match({cell}, {quote_text(form)})"
