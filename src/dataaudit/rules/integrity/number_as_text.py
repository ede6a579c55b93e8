"""DATA006: numbers that are written as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.integrity._cells import (
    READ_AS_NUMBER,
    holds_codes,
    numbers,
    odd_rows,
    odd_words,
    say_odd,
    text_features,
)
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.columns import CellKinds
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class NumberAsText(Rule):
    """A feature holds numbers, but written as text.

    What it does
    ------------
    Counts the cells of every text-stored feature in train that read as a
    number, plainly or once a currency sign, a thousands separator, a per cent
    sign or quotes are taken off. Where nearly all do and some do not do so
    plainly, it names the cells in the way. Columns whose cells start with a
    zero (00501) are codes and left in peace.

    Why it matters
    --------------
    One "n/k" among a million numbers makes a reader take the column for
    text: as categories its order is lost, and one-hot encoding makes a column
    of every number. Read as numbers, the odd cells become missing unseen.

    Flagged
    -------
    Prices written $1,200. Ages with 3 cells "unknown" among 997 numbers.

    Clean
    -----
    A CSV column of plain numbers. Postcodes such as 00501. Words.

    Thresholds
    ----------
    number_share : share of present cells, default 0.9
        From this share of numbers on the column is meant to be one.
    number_share_lower : share of present cells, default 0.7
        Least lower Wilson 95 % bound of it, so that a handful of cells
        decides nothing.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    Fewer numbers than `number_share` are DATA009's, which warns of them just
    the same while they are half of the cells or more. Few whole numbers beside
    a few words (1 to 22 and X) may be categories on purpose: info. Numbers
    written plainly but stored as text (Parquet) are info.

    Fix
    ---
    Strip what is in the way and say which words mean missing:
    `pandas.to_numeric(frame[column].str.replace(r"[$,%]", "", regex=True), errors="coerce")`.
    `dataaudit fix TRAIN --select DATA006` does so where the signs mean one thing only
    (cells such as "about 12" become missing with --unsafe).

    References
    ----------
    Wickham, Tidy Data, Journal of Statistical Software 59(10) (2014).
    """

    code: ClassVar[str] = "DATA006"
    name: ClassVar[str] = "number-as-text"

    number_share: float = 0.9
    number_share_lower: float = 0.7
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column, those with most odd cells first."""
        found = []
        for kinds in text_features(facts):
            share = numbers(kinds)
            meant = share.share >= self.number_share and share.lower >= self.number_share_lower
            if meant and not holds_codes(kinds):
                finding = self._judge_column(kinds)
                if finding is not None:
                    found.append((1 - kinds.n_number / kinds.n_present, finding))
        yield from fold(self, found, self.most_findings)

    def _judge_column(self, kinds: CellKinds) -> Finding | None:
        read_as_number = kinds.read_as in READ_AS_NUMBER
        if kinds.n_number == kinds.n_present:
            return self._stored(kinds, read_as_number) if kinds.stored_as_text else None
        codes = not read_as_number and kinds.n_decorated == 0
        return self._odd(kinds, Severity.INFO if codes else Severity.WARNING, read_as_number)

    def _stored(self, kinds: CellKinds, read_as_number: bool) -> Finding:
        message = Text(
            "{column} is stored as text, but all its {cells} are numbers{read}.",
            {
                "column": kinds.column,
                "cells": show_count(kinds.n_present, "training cell"),
                "read": "; it is read as numbers here" if read_as_number else "",
            },
        )
        return self.finding(
            Severity.INFO,
            message,
            columns=(kinds.column,),
            evidence=self._evidence(kinds),
            fix=Text("Store it as numbers, `dataaudit fix ... --select DATA006`; if it is a code, leave it as text."),
        )

    def _odd(self, kinds: CellKinds, severity: Severity, read_as_number: bool) -> Finding:
        n_not_plain = kinds.n_present - kinds.n_number
        named = say_odd(kinds)
        message = Text(
            "{column} holds numbers in {share} of its cells, but {odd} {verb} not read as one{named}{examples}; "
            "{consequence}.",
            {
                "column": kinds.column,
                "share": show_share(numbers(kinds).share),
                "odd": show_count(n_not_plain, "training cell"),
                "verb": "does" if n_not_plain == 1 else "do",
                "named": ": " if named else "",
                "examples": named,
                "consequence": "such cells count as missing"
                if read_as_number
                else "the whole column is taken for categories or text",
            },
        )
        return self.finding(
            severity,
            message,
            columns=(kinds.column,),
            evidence=self._evidence(kinds),
            fix=Text(
                "After a look at the cells named, strip the signs and let words for missing become missing: "
                "`dataaudit fix ... --select DATA006` (other words: with `--unsafe`)."
            ),
            rows=odd_rows(kinds),
        )

    def _evidence(self, kinds: CellKinds) -> dict[str, Evidence]:
        share = numbers(kinds)
        return {
            "n_present": kinds.n_present,
            "n_number": kinds.n_number,
            "n_decorated": kinds.n_decorated,
            "n_odd": kinds.n_odd,
            "share_number": share.share,
            "share_number_lower": share.lower,
            "stored_as_text": kinds.stored_as_text,
            "read_as": kinds.read_as,
            "odd_cells": [*odd_words(kinds)],
        }
