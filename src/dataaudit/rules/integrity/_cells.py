"""What the rules about cells share: the text-stored features and their odd cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.intervals import wilson
from dataaudit.model import Rows, shown_rows
from dataaudit.text import FromData

if TYPE_CHECKING:
    from dataaudit.measure.columns import CellKinds
    from dataaudit.measure.facts import Facts

READ_AS_NUMBER = ("BIGINT", "DOUBLE")
READ_AS_TIME = "TIMESTAMP"
MOST_ODD_NAMED = 3


@dataclass(frozen=True)
class Share:
    """Cells of one kind among the present ones, with the Wilson 95 % interval."""

    n_cells: int
    n_present: int

    @property
    def share(self) -> float:
        """Cells of the kind as a fraction of the present ones."""
        return self.n_cells / max(1, self.n_present)

    @property
    def lower(self) -> float:
        """Lower bound of the share."""
        return wilson(self.n_cells, self.n_present)[0]

    @property
    def upper(self) -> float:
        """Upper bound of the share."""
        return wilson(self.n_cells, self.n_present)[1]


def text_features(facts: Facts, split: str = "train") -> Iterator[CellKinds]:
    """Yield what the cells of each feature read from text parse as, in file order."""
    for column in facts.features:
        kinds = facts.cells.get(column.name, {}).get(split)
        if kinds is not None and kinds.n_present > 0:
            yield kinds


def numbers(kinds: CellKinds) -> Share:
    """Return the share of numbers, plain or with a currency sign, separator, per cent sign or quotes."""
    return Share(kinds.n_number + kinds.n_decorated, kinds.n_present)


def dates(kinds: CellKinds) -> Share:
    """Return the share of dates."""
    return Share(kinds.n_date, kinds.n_present)


def holds_codes(kinds: CellKinds, share: float = 0.01) -> bool:
    """Tell whether leading zeros make the column one of codes, not of numbers."""
    return kinds.n_leading_zero >= share * kinds.n_present and kinds.n_leading_zero > 0


def odd_words(kinds: CellKinds) -> list[FromData]:
    """Return the first odd cells, each different text once."""
    words = dict.fromkeys(text for _, text in kinds.odd_examples)
    return [FromData(word) for word in words]


def say_odd(kinds: CellKinds) -> list[FromData]:
    """Return the odd cells to name in a sentence, each with its row."""
    first: dict[str, int] = {}
    for number, text in kinds.odd_examples:
        first.setdefault(text, number)
    return [FromData(f"{text} (row {number})") for text, number in list(first.items())[:MOST_ODD_NAMED]]


def odd_rows(kinds: CellKinds) -> tuple[Rows, ...]:
    """Return the rows of the odd cells, as far as they are known."""
    if not kinds.odd_examples:
        return ()
    shown = shown_rows(kinds.split, [number for number, _ in kinds.odd_examples])
    return (Rows(shown.split, shown.numbers, truncated=kinds.n_odd > len(shown.numbers)),)
