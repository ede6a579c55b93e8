"""DATA009: one column holds cells of several kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Kind, Severity
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.integrity._cells import Share, dates, holds_codes, numbers, odd_rows, odd_words, say_odd
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.columns import CellKinds
    from dataaudit.measure.facts import Facts

CODE = re.compile(r"[A-Z][^a-z]*\d|[^\W\d]{1,3}[-_]?\d")  # PC 17599, A/5 21171, e4; not "about 12"
MENDED = Mended("writes numbers plainly and empties cells that are none", unsafe=True)
WHOLE_NUMBER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True)
class MixedTypes(Rule):
    """One column holds cells of several kinds.

    What it does
    ------------
    Sorts the cells of every text-stored feature in train into numbers, dates
    and other text, and names columns where a second kind is common (lower
    Wilson 95 % bound). A column that is mostly numbers, half of its cells or
    more, is meant to hold numbers, and any cell in the way is a warning as it
    is in DATA006; not so where the column looks like codes: half of the odd
    cells shown are capitals before digits (PC 17599), or there are few
    different whole numbers beside few words (1 to 22 and X).

    Also names columns that are numbers in train and hold cells that are none
    in another split.

    Why it matters
    --------------
    Two kinds in one column are often two columns, a shifted row or a code
    beside a measurement. Where train is numbers and test is not, the cells
    are lost on one side only, and the test score is about other data.

    Flagged
    -------
    300 numbers and 700 words in one column: info. 700 measured numbers and 300
    words: a warning. Numbers in train, "12 kg" in a tenth of test: a warning.

    Clean
    -----
    A column of words, of numbers, or of codes such as A12 and 00501.

    Thresholds
    ----------
    info_share : share of present cells, default 0.01
        Info from this lower bound of the second kind's share on.
    majority : share of present cells, default 0.5
        A warning from this share of numbers on, unless the column holds codes.
    n_present_majority : cells, default 15
        Least present cells of such a column; with as many DATA006 flags one
        odd cell.
    n_values_codes : different values, default 30
        Up to this number of values, each in ten cells on average, whole
        numbers beside words may be codes: info.
    nearly_all : share of present cells, default 0.9
        Columns that one kind of numbers or dates fills to this share are
        DATA006's and DATA008's.
    nearly_all_lower : share of present cells, default 0.7
        Least lower Wilson 95 % bound of the numbers for DATA006 to judge them.
    n_cells_min : cells, default 5
        Least cells of the second kind where numbers are not the majority.
    split_share : share of a split's present cells, default 0.01
        Numbers in train: a warning from this lower bound of cells that are no
        numbers in the split on; info for any such cell.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    Ticket or model numbers mix kinds on purpose, therefore info only; where
    nine tenths of them are plain numbers the others are lost in reading, and
    DATA006 warns. Where numbers are fewer than half, the column may as well be
    text with numbers in it: info. Only text-stored columns are looked at: a
    typed column has one kind.

    Fix
    ---
    Make two columns of it, or decide which kind is meant and correct the rest.
    Where numbers are meant, `dataaudit fix TRAIN --select DATA009` writes them
    plainly (words become missing with --unsafe).

    References
    ----------
    Wickham, Tidy Data, Journal of Statistical Software 59(10) (2014).
    """

    code: ClassVar[str] = "DATA009"
    name: ClassVar[str] = "mixed-types"

    info_share: float = 0.01
    majority: float = 0.5
    n_present_majority: int = 15
    n_values_codes: int = 30
    nearly_all: float = 0.9
    nearly_all_lower: float = 0.7
    n_cells_min: int = 5
    split_share: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column and split."""
        found: list[tuple[float, Finding]] = []
        for column in facts.features:
            by_split = facts.cells.get(column.name, {})
            for split, kinds in by_split.items():
                if kinds.n_present == 0:
                    continue
                if split == "train":
                    found += self._within(facts, kinds)
                elif column.kind is Kind.NUMERIC:
                    found += self._across(kinds, by_split.get("train"))
        yield from fold(self, found, self.most_findings)

    def _within(self, facts: Facts, kinds: CellKinds) -> Iterator[tuple[float, Finding]]:
        share = numbers(kinds)
        of_numbers = share.share >= self.nearly_all and share.lower >= self.nearly_all_lower
        if of_numbers or dates(kinds).share >= self.nearly_all or holds_codes(kinds):
            return
        n_numbers = kinds.n_number + kinds.n_decorated + kinds.n_leading_zero
        n_other = max(0, kinds.n_present - n_numbers - kinds.n_date)
        counts = {"numbers": n_numbers, "dates": min(kinds.n_date, kinds.n_present), "other text": n_other}
        ordered = sorted(counts.items(), key=lambda item: -item[1])
        second = Share(ordered[1][1], kinds.n_present)
        mostly_numbers = share.share >= self.majority and kinds.n_present >= self.n_present_majority
        is_warning = mostly_numbers and second.n_cells > 0 and not self._looks_like_codes(facts, kinds)
        if is_warning or (second.n_cells >= self.n_cells_min and second.lower >= self.info_share):
            severity = Severity.WARNING if is_warning else Severity.INFO
            yield second.share, self._within_finding(kinds, {name: n for name, n in ordered if n > 0}, second, severity)

    def _looks_like_codes(self, facts: Facts, kinds: CellKinds) -> bool:
        """Tell whether numbers and words are mixed on purpose."""
        n_codes = sum(CODE.match(text) is not None for _, text in kinds.odd_examples)
        if kinds.odd_examples and 2 * n_codes >= len(kinds.odd_examples):
            return True
        table = facts.tables.get(kinds.column)
        if kinds.n_decorated or table is None or table.other_key is not None:
            return False
        values = [key for key, n in zip(table.keys[:-1], table.n["train"], strict=False) if n > 0]
        few = len(values) <= self.n_values_codes and 10 * len(values) <= kinds.n_present
        return few and all(WHOLE_NUMBER.fullmatch(value) for value in values if _is_number(value))

    def _within_finding(self, kinds: CellKinds, counts: dict[str, int], second: Share, severity: Severity) -> Finding:
        message = Text(
            "{column} mixes kinds in {cells}: {counts}.",
            {
                "column": kinds.column,
                "cells": show_count(kinds.n_present, "training cell"),
                "counts": [f"{show_share(n / kinds.n_present)} {name}" for name, n in counts.items()],
            },
        )
        return self.finding(
            severity,
            message,
            columns=(kinds.column,),
            evidence={
                "n_present": kinds.n_present,
                "n_cells": dict(counts),
                "share_second_kind": second.share,
                "share_lower": second.lower,
                "share_upper": second.upper,
                "odd_cells": [*odd_words(kinds)],
            },
            fix=Text(
                "Let words become missing, `pandas.to_numeric(frame[{column}], errors='coerce')`, after a look at the "
                "cells named; if both kinds are meant, make two columns of it.",
                {"column": repr(kinds.column)},
            )
            if severity is Severity.WARNING
            else Text("Make two columns of it, or decide which kind is meant and correct the rest."),
            mended=MENDED if severity is Severity.WARNING else None,
            rows=odd_rows(kinds),
        )

    def _across(self, kinds: CellKinds, train: CellKinds | None) -> Iterator[tuple[float, Finding]]:
        odd = Share(kinds.n_present - kinds.n_number, kinds.n_present)
        if odd.n_cells == 0 or (train is not None and _as_odd(train, odd)):
            return
        named = say_odd(kinds)
        message = Text(
            "{column} is read as numbers in train, but {odd} ({share}) {verb} not read as one{named}{examples}; "
            "they count as missing.",
            {
                "column": kinds.column,
                "odd": show_count(odd.n_cells, f"{kinds.split} cell"),
                "share": show_share(odd.share),
                "verb": "does" if odd.n_cells == 1 else "do",
                "named": ": " if named else "",
                "examples": named,
            },
        )
        yield (
            odd.share,
            self.finding(
                Severity.WARNING if odd.lower >= self.split_share else Severity.INFO,
                message,
                columns=(kinds.column,),
                splits=("train", kinds.split),
                evidence={
                    "n_present": kinds.n_present,
                    "n_not_number": odd.n_cells,
                    "share_not_number": odd.share,
                    "share_lower": odd.lower,
                    "share_upper": odd.upper,
                    "odd_cells": [*odd_words(kinds)],
                },
                fix=Text("Write the column in every split as in train, in the same unit and without words."),
                mended=MENDED if odd.lower >= self.split_share else None,
                rows=odd_rows(kinds),
            ),
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_odd(train: CellKinds, odd: Share) -> bool:
    """Tell whether train has such cells as well, about as many; DATA006 names them there."""
    in_train = Share(train.n_present - train.n_number, train.n_present)
    return in_train.n_cells > 0 and odd.lower <= in_train.upper
