"""How much each column tells: a dot with its interval, on an axis from nothing to everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.figures import ColumnTell
from dataaudit.report.drawing.scale import MAX_LABEL_LENGTH
from dataaudit.report.labels import show_name
from dataaudit.report.mix_words import show_tenths
from dataaudit.text import show_line

LEAST_SHOWN = 0.0005


@dataclass(frozen=True)
class TellLine:
    """One column: where the dot and the ends of its interval lie, in per cent, and the same in words."""

    column: str
    part: str | None
    word: str | None
    dot: float
    lower: float
    upper: float
    share: str
    interval: str
    links: tuple[tuple[str, str], ...]


def draw_tells(tells: Sequence[ColumnTell], links: Mapping[str, Sequence[tuple[str, str]]]) -> list[TellLine]:
    """Return a line per column; `links` are the codes of its findings and their anchors."""
    return [_line(tell, tuple(links.get(tell.column, ()))) for tell in tells]


def _line(tell: ColumnTell, links: tuple[tuple[str, str], ...]) -> TellLine:
    return TellLine(
        column=show_name(tell.column),
        part=tell.part,
        word=None if tell.word is None else show_line(tell.word, 2 * MAX_LABEL_LENGTH),
        dot=_place(tell.explained),
        lower=_place(tell.lower),
        upper=_place(tell.upper),
        share=show_tenths(tell.explained),
        interval=f"{_show_lower(tell.lower)} to {show_tenths(tell.upper)}",
        links=links,
    )


def _show_lower(share: float) -> str:
    # A lower bound may be rounded down to nothing.
    return show_tenths(share).removesuffix(" %") if share >= LEAST_SHOWN else "0"


def _place(share: float) -> float:
    return round(100 * min(1.0, max(0.0, share)), 2)
