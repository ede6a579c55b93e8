"""DuckDB's `try_strptime` written for Spark: a pattern for the whole text, its parts put together."""

from __future__ import annotations

import re

from dataaudit.engine.spark.casts import quote

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = {
    "Y": "([0-9]{1,4})",
    "m": "(0?[1-9]|1[0-2])",
    "d": "(0?[1-9]|[12][0-9]|3[01])",
    "b": f"({'|'.join(MONTHS)})",
    "H": "([01]?[0-9]|2[0-3])",
    "M": "([0-5]?[0-9])",
    "S": "([0-5]?[0-9])",
}


def try_strptime(cell: str, time_format: str) -> str:
    """Return SQL of the time a text names in this format, NULL for other texts.

    Raises
    ------
    ValueError
        If the format has a part that is not in `PARTS`.
    """
    text = f"CAST({cell} AS STRING)"
    letters = re.findall("%(.)", time_format)
    unknown = [letter for letter in letters if letter not in PARTS]
    if unknown:
        raise ValueError(f"%{unknown[0]} in {time_format!r} is not translated")
    pattern = rf"(?i)\A\s*{_pattern(time_format)}\s*\z"
    found = {letter: f"regexp_extract({text}, {quote(pattern)}, {i})" for i, letter in enumerate(letters, start=1)}
    month = found.get("m") or f"CAST(array_position({_months()}, lower({found['b']})) AS STRING)"
    day = f"concat(lpad({found['Y']}, 4, '0'), '-', {month}, '-', {found['d']})"
    clock = ":".join("%s" for _ in "HMS")
    parts = ", ".join(found.get(letter, "'0'") for letter in "HMS")
    time = f"CAST(concat({day}, ' ', format_string('{clock}', {parts})) AS TIMESTAMP)"
    return f"(CASE WHEN {text} RLIKE {quote(pattern)} THEN {time} END)"


def _pattern(time_format: str) -> str:
    pieces = re.split("%(.)", time_format)
    return "".join(PARTS[piece] if i % 2 else _literal(piece) for i, piece in enumerate(pieces))


def _literal(piece: str) -> str:
    return re.escape(piece).replace("\\ ", r"\s+")


def _months() -> str:
    return f"array({', '.join(quote(month) for month in MONTHS)})"
