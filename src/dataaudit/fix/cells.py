"""SQL of cells as the files hold them: read as numbers, and written back in the type of their column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import Source
from dataaudit.load.csv import MISSING_SPELLINGS, missing_spellings
from dataaudit.rules.integrity.missing_values import DISGUISES

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

# Undone, a factor leaves the last digits of a double wrong.
N_DIGITS = 12
LARGEST_PLAIN = 1e15
# Among numbers or dates none of these words is an answer; a unit or a remark is none of them.
MISSING_WORDS = sorted({*DISGUISES, *(spelling.lower() for spelling in MISSING_SPELLINGS)})
TEXT = "VARCHAR"


@dataclass(frozen=True)
class Place:
    """A column in the file of a split.

    Attributes
    ----------
    cell : str
        Its name in SQL over `source.relation`.
    sql_type : str
        Its type in the file; of CSV, text.
    """

    split: str
    source: Source
    cell: str
    sql_type: str

    @property
    def is_text(self) -> bool:
        """Whether its cells are text."""
        return self.sql_type == TEXT

    @property
    def is_whole(self) -> bool:
        """Whether its type holds whole numbers only."""
        return "INT" in self.sql_type

    @property
    def text(self) -> str:
        """SQL of a cell as text."""
        return self.cell if self.is_text else f"CAST({self.cell} AS VARCHAR)"

    @property
    def present(self) -> str:
        """SQL that is true for a cell that is not read as missing."""
        return f"{self.cell} NOT IN ({missing_spellings()})" if self.source.is_csv else f"{self.cell} IS NOT NULL"

    @property
    def number(self) -> str:
        """SQL of a cell as a double; NULL of what is no number."""
        if self.is_text:
            return f"CASE WHEN NOT contains({self.cell}, '_') THEN TRY_CAST({self.cell} AS DOUBLE) END"
        return f"CAST({self.cell} AS DOUBLE)"

    @property
    def means_missing(self) -> str:
        """SQL that is true for text that is not read as missing but means it, among cells that are no such words."""
        words = ", ".join(quote_text(word) for word in MISSING_WORDS)
        return f"{self.present} AND lower(trim({self.cell})) IN ({words})"

    def has_text_in(self, words: list[str]) -> str:
        """Return SQL that is true for a cell that is one of these texts."""
        return f"{self.text} IN ({', '.join(quote_text(word) for word in words)})"


def places_of(facts: Facts, column: str) -> Iterator[Place]:
    """Yield where the files of the splits hold a column."""
    for split, source in facts.dataset.sources.items():
        if column in source.names:
            at = source.names.index(column)
            yield Place(split, source, f"r{at}", source.types[at])


def every_cell(places: Sequence[Place]) -> str:
    """Return SQL of the cells of a column that are not read as missing, as `cell` and whether they `mean` missing."""
    return " UNION ALL ".join(
        f"SELECT {place.cell} AS cell, {place.means_missing} AS mean FROM {place.source.relation} AS source "
        f"WHERE {place.present} AND trim({place.cell}) <> ''"
        for place in places
    )


def rounded(number: str) -> str:
    """Return SQL of a number without the last digits of a double, which arithmetic leaves wrong."""
    return f"CAST(printf('%.{N_DIGITS}g', {number}) AS DOUBLE)"


def plain_text(number: str) -> str:
    """Return SQL of a number as text, whole ones without a point."""
    whole = f"{number} = trunc({number}) AND abs({number}) < {LARGEST_PLAIN}"
    return f"CASE WHEN {whole} THEN CAST(CAST({number} AS BIGINT) AS VARCHAR) ELSE CAST({number} AS VARCHAR) END"
