"""Sentences that know which of their words came from the data.

`--redact` must leave out every value that came from the data while keeping
the sentence. A rule therefore writes a template and names its values; those
wrapped in `FromData` disappear when the sentence is redacted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Self

REDACTED = "▮▮▮"
MAX_VALUE_LENGTH = 60


@dataclass(frozen=True)
class FromData:
    """A value that came from a cell: a category, a number, a date.

    >>> str(FromData("red")), str(FromData(2.50)), str(FromData(None))
    ('red', '2.5', '(missing)')
    """

    value: str | int | float | bool | None

    def __str__(self) -> str:
        if self.value is None:
            return "(missing)"
        return show_value(show_number(self.value) if isinstance(self.value, float) else str(self.value))


@dataclass(frozen=True)
class Text:
    """A template and its values, rendered by `str()`.

    >>> text = Text("{share} of the rows have {column} = {value}",
    ...             {"share": "95 %", "column": "colour", "value": FromData("red")})
    >>> str(text)
    '95 % of the rows have colour = red'
    >>> str(text.redacted())
    '95 % of the rows have colour = ▮▮▮'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return "".join(piece for piece, _ in self.pieces())

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the sentence in pieces, each with whether it came from the data.

        >>> list(Text("colour = {value}.", {"value": FromData("red")}).pieces())
        [('colour = ', False), ('red', True), ('.', False)]
        """
        for literal, name, spec, conversion in Formatter().parse(self.template):
            if literal:
                yield literal, False
            if name is not None:
                value = self.values[name]
                field_text = f"{{0{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
                yield field_text.format(_clean(value)), _came_from_data(value)

    def redacted(self) -> Text:
        """Return the same sentence with every `FromData` value replaced."""
        return Text(self.template, {name: _without_data(value) for name, value in self.values.items()})


class Told(str):
    """A text that names values of the data, and in `redacted` how it reads without them.

    >>> told = Told("'wolf' is rare", f"{REDACTED} is rare")
    >>> told, told.redacted, without_data("as it is")
    ("'wolf' is rare", '▮▮▮ is rare', 'as it is')
    """

    __slots__ = ("redacted",)
    redacted: str

    def __new__(cls, words: str, redacted: str = REDACTED) -> Self:
        """Return the text as it reads with what came from the data, and keep how it reads without."""
        told = super().__new__(cls, words)
        told.redacted = redacted
        return told


def without_data(text: str) -> str:
    """Return a text without the values of the data that it is known to name."""
    return text.redacted if isinstance(text, Told) else text


def show_value(value: str | None) -> str:
    r"""Return a cell's text on one line, clipped, control characters made visible.

    >>> show_value("a\nb"), show_value(""), show_value(None)
    ('a\\nb', '(empty)', '▮▮▮')
    """
    if value is None:
        return REDACTED
    if value == "":
        return "(empty)"
    return show_line(value, MAX_VALUE_LENGTH)


def show_line(text: str, most: int) -> str:
    r"""Return a text on one line of at most `most` characters, control characters made visible.

    >>> show_line("a\tb", 10), show_line("abcdef", 4)
    ('a\\tb', 'abc…')
    """
    visible = "".join(_visible(character) for character in text[: most + 1])
    return visible if len(visible) <= most else visible[: most - 1] + "…"


def show_number(value: float) -> str:
    """Return a number with up to six significant digits and no exponent where it can be avoided.

    >>> show_number(2.5), show_number(1234567.0), show_number(1e-9)
    ('2.5', '1234567', '1e-09')
    """
    if value == int(value) and abs(value) < 1e15 if abs(value) != float("inf") else False:
        return str(int(value))
    return f"{value:.6g}"


def show_rounded(value: float, digits: int = 3) -> str:
    """Return a measured number with a few significant digits, thousands separated by commas.

    >>> show_rounded(41234.5), show_rounded(0.012345), show_rounded(4.24e-11, 2)
    ('41,200', '0.0123', '4.2e-11')
    """
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if 1000 <= abs(rounded) < 1e15 else show_number(rounded)


def show_share(share: float) -> str:
    """Return a fraction as a percentage that never rounds to a false 0 or 100.

    >>> show_share(0.5), show_share(0.9996), show_share(0.00002), show_share(0.0)
    ('50 %', '99.96 %', '0.002 %', '0 %')
    """
    percent = 100 * share
    for digits in range(1, 7):
        rounded = round(percent, digits)
        exact_end = percent in (0.0, 100.0)
        if exact_end or rounded not in (0.0, 100.0):
            significant = percent if 0.1 <= percent <= 99.9 else 0.0
            shown = f"{significant:.3g}" if significant else f"{rounded:.{digits}f}".rstrip("0").rstrip(".")
            return f"{shown} %"
    return "under 0.000001 %" if percent < 50 else "over 99.999999 %"


def show_count(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: thousands separated by commas.

    >>> show_count(1, "row"), show_count(12345, "row"), show_count(2, "class", "classes")
    ('1 row', '12,345 rows', '2 classes')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def join_words(words: list[str], most: int = 5) -> str:
    """Return words as a list for a sentence, the tail counted.

    >>> join_words(["a", "b", "c"]), join_words(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most:,} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _visible(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return character.encode("unicode_escape", "backslashreplace").decode("ascii")
    return character


def _clean(value: object) -> object:
    if isinstance(value, list):
        return join_words([str(_clean(item)) for item in value])
    return show_value(value) if isinstance(value, str) and not value.isprintable() else value


def _came_from_data(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(item, FromData) for item in value)
    return isinstance(value, FromData)


def _without_data(value: object) -> object:
    if isinstance(value, FromData):
        return REDACTED
    if isinstance(value, list):
        return [REDACTED if isinstance(item, FromData) else item for item in value]
    return value
