"""DATA008: dates written as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.engine.base import quote_text
from dataaudit.fix.cells import Place, every_cell, places_of
from dataaudit.fix.edits import AnyEdit, Change, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.load.cells import DATE_FORMATS, as_time

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

HAS_OFFSET = r"([zZ]|[+-]\d\d:?\d\d|[+-]\d\d)$"


class DateAsText(Mend):
    """Write dates as ISO 8601; of Parquet and frames the column becomes one of dates.

    Safe where every cell of every split is a date in one format (or in ISO 8601), and only one order of day and month
    fits all of them. Words for missing become missing. Dates with an offset from UTC are left as they are.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA008",)
    does: ClassVar[str] = "write dates as ISO 8601"
    also_unsafe: ClassVar[str] = "where day and month may be either, or some cells are no date"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of each column."""
        for finding in findings:
            column = finding.columns[0]
            places = [place for place in places_of(facts, column) if place.is_text]
            date_format = finding.evidence["date_format"]
            formats = [] if date_format is None else [str(date_format)]
            edit = _edit(facts, column, places, formats) if places else None
            if edit is not None:
                yield edit


def _edit(facts: Facts, column: str, places: Sequence[Place], formats: Sequence[str]) -> AnyEdit | None:
    n_present, n_dates, n_missing, n_offset, n_timed = _count(facts, places, formats)
    others = [form for form in _other_orders(formats) if n_dates == _count(facts, places, [form])[1]]
    if n_offset or n_dates == 0:
        return None
    judgement = "which is the day, and which the month?" if others else None
    if n_dates + n_missing < n_present:
        judgement = judgement or "what do the cells say that are no date?"
    becomes_date = not places[0].source.is_csv and len(places) == len(list(places_of(facts, column)))
    sql_type = ("TIMESTAMP" if n_timed else "DATE") if becomes_date else None
    text_format = "%Y-%m-%d %H:%M:%S" if n_timed else "%Y-%m-%d"
    changes = {place.split: _change(place, formats, sql_type, text_format) for place in places}
    return ReplaceCells("DATA008", "dates are written as ISO 8601", judgement, column, changes)


def _change(place: Place, formats: Sequence[str], sql_type: str | None, text_format: str) -> Change:
    cell = place.cell
    parsed = _parsed(cell, formats)
    if sql_type is not None:
        return Change("true", f"CAST({parsed} AS {sql_type})", sql_type)
    # ISO dates stay as they are written; of cells that are no dates only those become missing that mean it.
    where = f"({as_time(cell)}) IS NULL AND ({parsed} IS NOT NULL OR ({place.means_missing}))"
    return Change(where, f"strftime({parsed}, '{text_format}')")


def _parsed(cell: str, formats: Sequence[str]) -> str:
    tried = [f"try_strptime({cell}, '{form}')" for form in formats]
    return f"coalesce({', '.join([as_time(cell), *tried])})" if tried else f"({as_time(cell)})"


def _count(facts: Facts, places: Sequence[Place], formats: Sequence[str]) -> tuple[int, int, int, int, int]:
    """Count the cells, those that are dates, those that mean missing, with an offset, with a time of the day."""
    parsed = f"SELECT cell, mean, {_parsed('cell', formats)} AS day FROM ({every_cell(places)})"
    row = facts.dataset.engine.rows(
        f"SELECT count(*), count(day), count_if(day IS NULL AND mean), "
        f"count_if(day IS NOT NULL AND contains(cell, ':') AND regexp_matches(cell, {quote_text(HAS_OFFSET)})), "
        f"count_if(day <> date_trunc('day', day)) FROM ({parsed})"
    )[0]
    n_present, n_dates, n_missing, n_offset, n_timed = (int(n or 0) for n in row)
    return n_present, n_dates, n_missing, n_offset, n_timed


def _other_orders(formats: Sequence[str]) -> list[str]:
    """Return the formats that swap day and month.

    >>> _other_orders(["%d/%m/%Y"]), _other_orders(["%d %b %Y"])
    (['%m/%d/%Y'], [])
    """
    swapped = [form.replace("%d", "%D").replace("%m", "%d").replace("%D", "%m") for form in formats]
    return [form for form in swapped if form in DATE_FORMATS and form not in formats]
