"""Sentences and rule documentation as HTML: code spans, values of the data marked, all of it escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from dataaudit.text import Text, show_line

MAX_SENTENCE_LENGTH = 900
_OPTION = re.compile(r"(--?[a-z][a-z-]{0,30})")
_BULLET = re.compile(r"^[-*] ")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or the items of a list."""

    text: Markup
    items: tuple[Markup, ...] = ()


def sentence(text: Text) -> Markup:
    """Return a sentence as HTML: `code` in backticks, values that came from the data marked as such."""
    return Markup("").join(_marked(_clipped(text.pieces())))


def paragraphs(section: str) -> list[Paragraph]:
    """Return a section of a rule's documentation as paragraphs and lists."""
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", section) if block.strip()]
    return [_paragraph(block) for block in blocks]


def _paragraph(block: str) -> Paragraph:
    lines = [line.strip() for line in block.splitlines()]
    if not _BULLET.match(lines[0]):
        return Paragraph(_coded(" ".join(lines)))
    items: list[str] = []
    for line in lines:
        if _BULLET.match(line):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return Paragraph(Markup(""), tuple(_coded(item) for item in items))


def _coded(text: str) -> Markup:
    return Markup("").join(_marked([(text, False)]))


def _clipped(pieces: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    left = MAX_SENTENCE_LENGTH
    for piece, from_data in pieces:
        if left <= 0:
            return
        yield show_line(piece, left), from_data
        left -= len(piece)


def _marked(pieces: Iterable[tuple[str, bool]]) -> Iterator[Markup]:
    in_code = False
    for piece, from_data in pieces:
        if from_data:
            yield escape(piece) if in_code else Markup('<bdi class="value">{}</bdi>').format(piece)
            continue
        for number, part in enumerate(re.split("`+", piece)):
            if number:
                in_code = not in_code
                yield Markup("<code>") if in_code else Markup("</code>")
            yield _with_options(part) if in_code else escape(part)
    if in_code:
        yield Markup("</code>")


def _with_options(code: str) -> Markup:
    # A browser may end a line inside "--select"; a command reads better when it does not.
    parts = _OPTION.split(code)
    return Markup("").join(
        Markup('<span class="option">{}</span>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )
