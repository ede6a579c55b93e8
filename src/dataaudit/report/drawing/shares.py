"""Shares of categories in all splits: a bar per split with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.report.drawing.scale import Key, keys, percent_of, show_label
from dataaudit.report.mix_words import show_tenths
from dataaudit.side_figures import Share, ShareTable

MAX_ROWS = 14
# Letters of a split's name that fit above its numbers.
SHORT_NAME = 5


@dataclass(frozen=True)
class ShareBar:
    """One split of one category: lengths in per cent of the longest, and the same in words."""

    key: Key
    length: float
    lower: float
    upper: float
    share: str
    interval: str


@dataclass(frozen=True)
class SharesDrawing:
    """A table of bars: a line per category, in it a bar per split (None where the column is absent)."""

    keys: tuple[Key, ...]
    lines: tuple[tuple[str, tuple[ShareBar | None, ...]], ...]
    end: str
    room: str
    shape: str = "shares"


def draw_shares(table: ShareTable) -> SharesDrawing:
    """Return the bars on one axis, which ends where the longest interval does."""
    legend = keys(table.splits)
    rows = table.rows[:MAX_ROWS]
    longest = max((share.upper for row in rows for share in row.shares if share is not None), default=1.0)
    lines = tuple(
        (
            show_label(row.name),
            tuple(
                None if share is None else _bar(key, share, longest)
                for key, share in zip(legend, row.shares, strict=False)
            ),
        )
        for row in rows
    )
    room = "short-names" if max((len(key.name) for key in legend), default=0) <= SHORT_NAME else "long-names"
    return SharesDrawing(legend, lines, show_tenths(longest), room)


def _bar(key: Key, share: Share, longest: float) -> ShareBar:
    return ShareBar(
        key=key,
        length=percent_of(share.share, longest),
        lower=round(100 * share.lower / longest, 2),
        upper=round(100 * share.upper / longest, 2),
        share=show_tenths(share.share),
        interval=f"{show_tenths(share.lower)} to {show_tenths(share.upper)}",
    )
