"""Letters and what is left of them without their accents, which Spark has no function for."""

from __future__ import annotations

import unicodedata
from functools import cache

COMBINING = "".join(map(chr, range(0x300, 0x370)))
# Latin, Greek, Cyrillic, Hebrew and Arabic letters with a sign of their own. (DuckDB's own function knows all.)
LETTERS = (*range(0xC0, 0x700), *range(0x1E00, 0x2000))


@cache
def without_accents(cell: str) -> str:
    """Return Spark's SQL of a text without accents, whether they are part of a letter or follow it."""
    pairs = [(letter, unicodedata.normalize("NFD", letter)[0]) for letter in map(chr, LETTERS)]
    accented = [(letter, base) for letter, base in pairs if base != letter and base.isalpha()]
    letters, bases = "".join(letter for letter, _ in accented), "".join(base for _, base in accented)
    # What has no counterpart is taken out.
    return f"translate({cell}, '{letters}{COMBINING}', '{bases}')"
