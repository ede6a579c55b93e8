"""DATA008: dates that are written as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.integrity._cells import READ_AS_TIME, dates, odd_rows, odd_words, say_odd, text_features
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.columns import CellKinds
    from dataaudit.measure.facts import Facts

DAY_OR_MONTH_FIRST = ("%d/%m", "%m/%d", "%d-%m", "%m-%d", "%d.%m", "%m.%d")


@dataclass(frozen=True)
class DateAsText(Rule):
    """A feature holds dates, but written as text.

    What it does
    ------------
    Counts the cells of every text-stored feature in train that read as a
    date, in ISO 8601 or one of the usual formats. Info for ISO dates stored
    as text; a warning where the format is another one, which most readers
    take for text, or where some cells are no dates.

    Why it matters
    --------------
    As text a date is a category that no future row will have, and sorting it
    puts 02/01/2021 before 31/12/2020. Where day and month can be mistaken for
    each other, a reader that guesses mixes both in one column.

    Flagged
    -------
    31/12/2020, 01/02/2021 in a CSV: a warning. ISO dates in a Parquet column
    of strings: info.

    Clean
    -----
    A CSV column of ISO dates, or a Parquet column of timestamps.

    Thresholds
    ----------
    date_share : share of present cells, default 0.9
        From this share of dates on the column is meant to be one.
    date_share_lower : share of present cells, default 0.7
        Least lower Wilson 95 % bound of it, so that a handful of cells
        decides nothing.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    Years alone (2020) and compact dates (20201231) are numbers here. Formats
    off the list of usual ones stay text.

    Fix
    ---
    `frame[column] = pandas.to_datetime(frame[column], format="%d/%m/%Y")`, and
    store ISO dates. `dataaudit fix TRAIN --select DATA008` does so where one
    format fits all cells, and one order of day and month.

    References
    ----------
    ISO 8601-1:2019, Date and time: representations for information interchange.
    """

    code: ClassVar[str] = "DATA008"
    name: ClassVar[str] = "date-as-text"

    date_share: float = 0.9
    date_share_lower: float = 0.7
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column, those with most odd cells first."""
        found = []
        for kinds in text_features(facts):
            share = dates(kinds)
            if share.share >= self.date_share and share.lower >= self.date_share_lower:
                odd = kinds.n_date < kinds.n_present or kinds.read_as != READ_AS_TIME
                if odd or kinds.stored_as_text:
                    found.append((1 - share.share, self._finding(kinds, odd)))
        yield from fold(self, found, self.most_findings)

    def _finding(self, kinds: CellKinds, odd: bool) -> Finding:
        ambiguous = kinds.date_format is not None and kinds.date_format.startswith(DAY_OR_MONTH_FIRST)
        named = say_odd(kinds)
        n_odd = kinds.n_present - kinds.n_date
        message = Text(
            "{column} holds dates as text: {share} of its {cells} {format}.{ambiguous}{odd}{examples}",
            {
                "column": kinds.column,
                "share": show_share(dates(kinds).share),
                "cells": show_count(kinds.n_present, "training cell"),
                "format": "are ISO 8601 dates" if kinds.date_format is None else f"read as {kinds.date_format}",
                "ambiguous": " Day and month can be mistaken for each other." if ambiguous else "",
                "odd": f" {show_count(n_odd, 'cell')} {'does' if n_odd == 1 else 'do'} not: "
                if n_odd and named
                else "",
                "examples": named if n_odd else "",
            },
        )
        return self.finding(
            Severity.WARNING if odd else Severity.INFO,
            message,
            columns=(kinds.column,),
            evidence={
                "n_present": kinds.n_present,
                "n_date": kinds.n_date,
                "n_odd": n_odd,
                "share_date": dates(kinds).share,
                "share_date_lower": dates(kinds).lower,
                "date_format": kinds.date_format,
                "day_and_month_ambiguous": ambiguous,
                "stored_as_text": kinds.stored_as_text,
                "read_as": kinds.read_as,
                "odd_cells": [*odd_words(kinds)] if n_odd else [],
            },
            fix=Text(
                "Read it as dates: `frame[{column}] = pandas.to_datetime(frame[{column}], format={format})`; "
                "store ISO 8601, as `dataaudit fix ... --select DATA008` does.",
                {"column": repr(kinds.column), "format": repr(kinds.date_format or "ISO8601")},
            ),
            rows=odd_rows(kinds) if n_odd else (),
        )
