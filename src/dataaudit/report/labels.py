"""Evidence as a person reads it: `share_beyond: 0.02` becomes "Share beyond: 2 %"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dataaudit.model import Evidence, Rows, Scalar
from dataaudit.text import FromData, show_count, show_line, show_number, show_share

MAX_NAME_LENGTH = 80
MAX_LABEL_LENGTH = 60
MAX_LIST_LENGTH = 8
UNKNOWN = "not known"

_SPELLED = {
    "auc": "AUC",
    "id": "ID",
    "ids": "IDs",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "iqr": "IQR",
    "ks": "KS",
    "mcc": "MCC",
    "lower": "lower bound",
    "upper": "upper bound",
    "sd": "standard deviation",
    "sst": "SST",
}


@dataclass(frozen=True)
class EvidenceRow:
    """One line of an evidence table, both cells ready to be shown (but not escaped)."""

    label: str
    value: str


def evidence_rows(evidence: Mapping[str, Evidence]) -> list[EvidenceRow]:
    """Return the evidence as labelled lines; nested values get one line each, unknown ones none.

    >>> evidence_rows({"n_rows": 1200, "share_beyond": {"test": 0.02}})
    [EvidenceRow(label='Rows', value='1,200'), EvidenceRow(label='Share, beyond, test', value='2 %')]
    """
    return list(_lines(evidence, "", ""))


def show_name(name: str) -> str:
    """Return a column's, split's or file's name on one line of bounded length."""
    return show_line(name, MAX_NAME_LENGTH) if name else "(no name)"


def show_names(names: Iterable[str], most: int) -> list[str]:
    """Return the first names; the rest become one entry, "12 more"."""
    listed = list(names)
    shown = [show_name(name) for name in listed[:most]]
    return shown if len(listed) <= most else [*shown, f"{len(listed) - most:,} more"]


def show_rows(rows: Rows) -> str:
    """Return row numbers for reading.

    >>> show_rows(Rows("test", (3, 17), truncated=True))
    '3, 17 and more'
    """
    listed = ", ".join(str(number) for number in rows.numbers)
    return f"{listed} and more" if rows.truncated else listed


def show_seconds(seconds: float) -> str:
    """Return a duration.

    >>> show_seconds(0.0004), show_seconds(0.25), show_seconds(75.3)
    ('under 0.01 s', '0.25 s', '75.3 s')
    """
    return "under 0.01 s" if seconds < 0.01 else f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def show_moment(created_at: str) -> str:
    """Return an ISO 8601 date and time for reading, or the text as it is if it is none.

    >>> show_moment("2025-03-04T10:30:00+00:00")
    '2025-03-04 10:30 UTC'
    """
    try:
        moment = datetime.fromisoformat(created_at)
    except ValueError:
        return show_name(created_at)
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()


def show_seen(n_rows_seen: int, sampled: bool, n_rows: int) -> str:
    """Return what a check has looked at, of so many rows in all.

    >>> show_seen(6000, True, 48000), show_seen(48000, False, 48000), show_seen(48000, True, 48000)
    ('a sample of 6,000 rows', '48,000 rows', '48,000 rows, partly a sample of them')
    """
    rows = show_count(n_rows_seen, "row")
    if not sampled:
        return rows
    return f"{rows}, partly a sample of them" if n_rows_seen == n_rows else f"a sample of {rows}"


def _lines(value: Evidence, label: str, unit: str) -> Iterator[EvidenceRow]:
    if not isinstance(value, Mapping):
        if not _is_unknown(value):
            yield EvidenceRow(label or "Value", _show(value, unit))
        return
    for key, item in value.items():
        own_unit = _unit(key)
        # Deeper keys may be classes or columns: their spelling is not ours to mend.
        words = _words(key) if own_unit or not label else show_line(key, MAX_LABEL_LENGTH)
        yield from _lines(
            item,
            f"{label}, {words[0].lower() + words[1:] if own_unit else words}" if label else words,
            own_unit or unit,
        )


def _unit(key: str) -> str:
    first = key.partition("_")[0]
    return first if first in ("n", "share", "seconds") else ""


def _words(key: str) -> str:
    shown = key.removeprefix("n_")
    for head in ("share", "rows"):
        # "Rows, train" and "Share, outside", but "Share of rows".
        if shown.startswith(f"{head}_") and not shown.startswith((f"{head}_of_", f"{head}_with_")):
            shown = shown.replace("_", ",_", 1)
    words = " ".join(_SPELLED.get(word, word) for word in shown.split("_") if word) or "Count"
    # Letters that stand for a statistic keep their case: z, p.
    capital = words if words.partition(" ")[0] in ("z", "p", "r") else words[:1].upper() + words[1:]
    return show_line(capital, MAX_LABEL_LENGTH)


def _show(value: Scalar | list[Scalar], unit: str) -> str:
    if isinstance(value, list):
        shown = _between(value).join(_show(item, unit) for item in value[:MAX_LIST_LENGTH])
        return shown if len(value) <= MAX_LIST_LENGTH else f"{shown} and {len(value) - MAX_LIST_LENGTH:,} more"
    if isinstance(value, FromData):
        return str(value) if _is_word(value.value) else _show(value.value, unit)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNKNOWN  # one place of a list whose others are known
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return show_line(value, 4 * MAX_LABEL_LENGTH) or "(empty)"
    return _show_quantity(value, unit)


def _between(items: list[Scalar]) -> str:
    # An item that is a list itself ("12, 40") keeps its borders.
    return " · " if any(isinstance(item, str) and ", " in item for item in items) else ", "


def _is_unknown(value: Scalar | list[Scalar]) -> bool:
    if isinstance(value, list):
        return all(_is_unknown(item) for item in value)
    return value is None or (isinstance(value, float) and math.isnan(value))


def _is_word(value: Scalar) -> bool:
    return value is None or isinstance(value, (str, bool))


def _show_quantity(value: float, unit: str) -> str:
    if math.isinf(value):
        return "unbounded"
    if unit == "share":
        return show_share(value)
    if unit == "seconds":
        return show_seconds(value)
    if float(value).is_integer() and (unit == "n" or 10_000 <= abs(value) < 1e15):
        return f"{int(value):,}"
    # Four digits are enough to read; the JSON report holds them all.
    return show_number(float(f"{value:.4g}")) if abs(value) < 1000 else show_number(value)
