"""Class mix: a stacked bar of the classes per value and split, each as wide as all its rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from dataaudit.figures import OTHER_CLASSES, ClassMix, LabelClues, MixRow
from dataaudit.report.drawing.scale import SMALLEST_LENGTH, show_label
from dataaudit.report.mix_words import show_percent
from dataaudit.text import join_words

MAX_SPLITS = 3
N_HUES = 5
OTHERS = "other classes"
GREY = "rest"
SHORT_NAME = 5
# Letters of "39 % of 157" that fit a width of the style sheet.
NUMBERS = {"short": 11, "medium": 14, "long": 18}


@dataclass(frozen=True)
class ClassKey:
    """One entry of the legend."""

    hue: str
    name: str
    bounds: str | None
    from_data: bool
    is_told: bool


@dataclass(frozen=True)
class Segment:
    """One class in a bar, in per cent of its width."""

    hue: str
    start: float
    length: float


@dataclass(frozen=True)
class MixBar:
    """One split of one row: its segments, and the share of the class that is told of.

    `words` say the shares of all classes.
    """

    split: str
    segments: tuple[Segment, ...]
    share: str
    n_rows: str
    words: str


@dataclass(frozen=True)
class MixLine:
    """One value or interval, with a bar per split."""

    name: str
    is_told: bool
    is_everything: bool
    bars: tuple[MixBar, ...]


@dataclass(frozen=True)
class MixDrawing:
    """Stacked bars: all rows first, then value by value.

    `room` says how much the names of the splits and the numbers need beside
    the bars. `usual` says for each split where the told class ends in the bar of all
    rows, in per cent; None if it does not start there.
    """

    column: str
    told: str
    splits: tuple[str, ...]
    room: str
    keys: tuple[ClassKey, ...]
    lines: tuple[MixLine, ...]
    usual: tuple[float | None, ...]


def draw_mix(clues: LabelClues, mix: ClassMix) -> MixDrawing:
    """Return the bars of a mix; every class has the same hue in all mixes."""
    splits = mix.splits[:MAX_SPLITS]
    keys = tuple(_key(clues, place, mix.told) for place in mix.classes)
    told = mix.classes.index(mix.told)
    lines = [_line(row, splits, keys, told) for row in mix.rows]
    everything = _line(mix.everything, splits, keys, told, is_everything=True)
    return MixDrawing(
        column=show_label(mix.column),
        told=keys[told].name,
        splits=tuple(show_label(split) for split in splits),
        room=_room([everything, *lines]),
        keys=keys,
        lines=(everything, *lines),
        usual=tuple(bar.segments[0].length if told == 0 and bar.segments else None for bar in everything.bars),
    )


def _room(lines: list[MixLine]) -> str:
    names = max(len(bar.split) for bar in lines[0].bars)
    numbers = max(len(f"{bar.share} of {bar.n_rows}") for line in lines for bar in line.bars)
    size = next((size for size, most in NUMBERS.items() if numbers <= most), "longest")
    return f"{'short' if names <= SHORT_NAME else 'long'}-names {size}-numbers"


def _key(clues: LabelClues, place: int, told: int) -> ClassKey:
    if place == OTHER_CLASSES:
        return ClassKey(GREY, OTHERS, None, from_data=False, is_told=False)
    one = clues.classes[place]
    hue = f"step-{_step(place, len(clues.classes))}" if clues.is_ordered else f"hue-{min(place, N_HUES)}"
    return ClassKey(hue, show_label(one.name), one.bounds, not clues.is_ordered, place == told)


def _step(place: int, n_classes: int) -> int:
    # Of two halves of a number the one is as light, the other as dark as of three thirds.
    return 2 * place if n_classes == 2 else place


def _line(
    row: MixRow, splits: tuple[str, ...], keys: tuple[ClassKey, ...], told: int, *, is_everything: bool = False
) -> MixLine:
    return MixLine(
        show_label(row.name),
        row.is_flagged,
        is_everything,
        tuple(_bar(split, row.counts[split], keys, told) for split in splits),
    )


def _bar(split: str, counts: tuple[int, ...], keys: tuple[ClassKey, ...], told: int) -> MixBar:
    n_rows = sum(counts)
    shares = [(key, count) for key, count in zip(keys, counts, strict=True) if count > 0]
    words = [f"{key.name} {show_percent(count, n_rows)}" for key, count in shares]
    return MixBar(
        show_label(split),
        _segments([(key.hue, count) for key, count in shares]),
        show_percent(counts[told], n_rows),
        f"{n_rows:,}",
        join_words(words, most=len(keys)),
    )


def _segments(shares: list[tuple[str, int]]) -> tuple[Segment, ...]:
    """Return the segments side by side; a class with any row is seen."""
    if not shares:
        return ()
    whole = sum(count for _, count in shares)
    lengths = [max(SMALLEST_LENGTH, 100 * count / whole) for _, count in shares]
    ends = [100 * end / sum(lengths) for end in accumulate(lengths)]
    return tuple(
        Segment(hue, round(start, 2), round(end - start, 2))
        for (hue, _), start, end in zip(shares, [0.0, *ends[:-1]], ends, strict=True)
    )
