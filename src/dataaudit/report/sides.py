"""The section that sets train and the other splits side by side: which blocks it has, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from dataaudit.figures import Histogram
from dataaudit.model import AuditResult, Severity
from dataaudit.report.drawing.histogram import HistogramDrawing, draw_histogram
from dataaudit.report.drawing.scale import show_label
from dataaudit.report.drawing.shares import SharesDrawing, draw_shares
from dataaudit.report.drawing.shifts import ShiftLine, ShiftMap, draw_shifts
from dataaudit.report.labels import show_name
from dataaudit.report.limits import Limits
from dataaudit.report.mix_words import show_tenths
from dataaudit.report.power_words import PowerView, power_view
from dataaudit.report.prose import sentence
from dataaudit.report.side_words import notes, reading, show_distance
from dataaudit.side_figures import ColumnPicture, ColumnShifts, Comparison, SplitSides
from dataaudit.text import join_words

# Lines of the map on view before the rest folds away.
N_UNFOLDED = 12


@dataclass(frozen=True)
class Portrait:
    """One column in all splits: what its distances say, which findings name it, the drawing."""

    anchor: str
    column: str
    is_label: bool
    severity: Severity | None
    links: tuple[tuple[str, str], ...]
    readings: list[Markup]
    notes: list[str]
    drawing: HistogramDrawing | SharesDrawing
    is_wide: bool


@dataclass(frozen=True)
class SidesView:
    """The section, ready to be drawn.

    `by_chance` says for each pair of splits what a random split of its size would show.
    """

    heading: str
    label: str | None
    any_beyond: bool
    any_flagged: bool
    map: ShiftMap
    lines: tuple[ShiftLine, ...]
    folded: tuple[ShiftLine, ...]
    by_chance: str
    n_left_out: int
    most_left_out: str
    portraits: list[Portrait]
    powers: list[PowerView]


def sides_view(result: AuditResult, limits: Limits, anchors: Mapping[str, str]) -> SidesView | None:
    """Return the section, or None if there is nothing to show.

    Parameters
    ----------
    anchors : mapping of str to str
        Fingerprint of a finding -> its anchor on the page.
    """
    sides = result.sides
    if sides is None:
        return None
    codes = {finding.fingerprint: (finding.code, finding.severity) for finding in result.findings}
    links = {column.column: _links(column, codes, anchors) for column in sides.columns}
    shown, further = sides.columns[: limits.n_shifts], sides.columns[limits.n_shifts :]
    farthest = [shift.distance for column in further for shift in column.shifts if shift is not None]
    drawn = draw_shifts(sides.comparisons, shown, links)
    by_column = {column.column: column for column in sides.columns}
    drawings = [(picture, _draw(picture)) for picture in sides.pictures[: limits.n_portraits]]
    wide = _wide([picture.column for picture, drawing in drawings if isinstance(drawing, HistogramDrawing)])
    return SidesView(
        heading=_heading(sides),
        label=sides.label,
        any_beyond=any(cell.is_beyond for line in drawn.lines for cell in line.cells if cell is not None),
        any_flagged=any(line.links for line in drawn.lines),
        map=drawn,
        lines=drawn.lines[:N_UNFOLDED],
        folded=drawn.lines[N_UNFOLDED:],
        by_chance=_by_chance(sides.comparisons),
        n_left_out=sides.n_left_out + len(further),
        most_left_out=show_distance(max([sides.most_left_out, *farthest])),
        portraits=[
            _portrait(sides, by_column.get(picture.column), picture, drawing, f"side-{number}", codes, anchors, wide)
            for number, (picture, drawing) in enumerate(drawings, start=1)
            if drawing is not None
        ],
        powers=[power_view(power) for power in sides.powers],
    )


def _heading(sides: SplitSides) -> str:
    if not sides.comparisons:
        return "What a score on these rows can tell"
    splits = [one.split for one in sides.comparisons if one.against == "train"] or [sides.comparisons[0].against]
    return f"Train and {show_label('test' if 'test' in splits else splits[0])} side by side"


def _by_chance(comparisons: Iterable[Comparison]) -> str:
    """Return what random splits would show, for every pair."""
    pairs = list(comparisons)
    if len(pairs) == 1:
        return f"up to {show_distance(pairs[0].by_chance)}"
    return join_words(
        [
            f"up to {show_distance(one.by_chance)} ({show_label(one.split)} from {show_label(one.against)})"
            for one in pairs
        ]
    )


def _links(
    column: ColumnShifts, codes: Mapping[str, tuple[str, Severity]], anchors: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the codes of the open findings on a column, and their anchors."""
    links: dict[str, str] = {}
    for fingerprint in column.findings:
        if fingerprint in anchors and fingerprint in codes:
            links.setdefault(codes[fingerprint][0], anchors[fingerprint])
    return list(links.items())


def _wide(histograms: list[str]) -> str | None:
    """Return the histogram that has no other to stand beside it."""
    return histograms[-1] if len(histograms) % 2 else None


def _draw(picture: ColumnPicture) -> HistogramDrawing | SharesDrawing | None:
    if not isinstance(picture.picture, Histogram):
        return draw_shares(picture.picture)
    splits = join_words([show_label(split) for split in picture.picture.series])
    return draw_histogram(replace(picture.picture, title=f"{show_name(picture.column)} in {splits}"))


def _portrait(
    sides: SplitSides,
    column: ColumnShifts | None,
    picture: ColumnPicture,
    drawing: HistogramDrawing | SharesDrawing,
    anchor: str,
    codes: Mapping[str, tuple[str, Severity]],
    anchors: Mapping[str, str],
    wide: str | None,
) -> Portrait:
    pairs = [] if column is None else zip(sides.comparisons, column.shifts, strict=True)
    compared = [(one, shift) for one, shift in pairs if shift is not None]
    words = [note for one, shift in compared for note in notes(one, shift)]
    if picture.shares_missing and not any(note.startswith("missing:") for note in words):
        missing = [f"{show_tenths(share)} of {show_label(split)}" for split, share in picture.shares_missing.items()]
        words.append(f"missing, and not drawn: {join_words(missing)}")
    severities = [codes[f][1] for f in (column.findings if column else ()) if f in anchors and f in codes]
    return Portrait(
        anchor=anchor,
        column=show_name(picture.column),
        is_label=picture.column == sides.label,
        severity=max(severities, default=None),
        links=tuple(_links(column, codes, anchors)) if column else (),
        readings=[sentence(reading(one, shift)) for one, shift in compared],
        notes=words,
        drawing=drawing,
        is_wide=isinstance(drawing, SharesDrawing) or picture.column == wide,
    )
