"""The section on what gives the label away: which blocks it has, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dataaudit.figures import ClassMix, LabelClues
from dataaudit.model import AuditResult, Finding, Severity, telling_columns
from dataaudit.report.drawing.mix import MixDrawing, draw_mix
from dataaudit.report.drawing.tells import TellLine, draw_tells
from dataaudit.report.labels import show_name
from dataaudit.report.limits import Limits
from dataaudit.report.mix_words import reading
from dataaudit.report.prose import sentence
from dataaudit.report.verdict import ordered_findings

# More names are not listed, only counted.
MAX_NAMES = 20


@dataclass(frozen=True)
class Told:
    """A finding that a block illustrates, and where it stands on the page."""

    code: str
    severity: Severity
    anchor: str
    message: Markup


@dataclass(frozen=True)
class Block:
    """One flagged column: what to read from its class mix, the findings, the drawing."""

    anchor: str
    column: str
    severity: Severity
    reading: Markup
    told: tuple[Told, ...]
    drawing: MixDrawing


@dataclass(frozen=True)
class CluesView:
    """The section, ready to be drawn.

    Attributes
    ----------
    without : list of (str, str)
        Columns that are flagged but have no block, and why.
    n_left_out : int
        Flagged columns that would have a block if there were room.
    """

    label: str
    is_ordered: bool
    has_other_splits: bool
    blocks: list[Block]
    without: list[tuple[str, str]]
    n_left_out: int
    tells: list[TellLine]
    n_tells_left_out: int
    sampled: bool


def block_anchors(result: AuditResult, limits: Limits) -> dict[str, str]:
    """Return the anchor of each column that has a block, in their order."""
    return {mix.column: f"class-mix-{number}" for number, mix in enumerate(_shown(result, limits), start=1)}


def clues_view(result: AuditResult, limits: Limits, anchors: Mapping[str, str]) -> CluesView | None:
    """Return the section, or None if there is nothing to show.

    Parameters
    ----------
    anchors : mapping of str to str
        Fingerprint of a finding -> its anchor on the page.
    """
    clues = result.clues
    if clues is None:
        return None
    flagged = _flagged(result)
    places = block_anchors(result, limits)
    without = [(column, reason) for column, reason in clues.without_mix.items() if column in flagged]
    blocks = [
        _block(clues, mix, flagged[mix.column], places[mix.column], anchors, is_first=number == 0)
        for number, mix in enumerate(_shown(result, limits))
    ]
    tells = clues.tells[: limits.n_tells]
    if not (blocks or without or tells):
        return None
    return CluesView(
        label=show_name(clues.label),
        is_ordered=clues.is_ordered,
        has_other_splits=any(len(block.drawing.splits) > 1 for block in blocks),
        blocks=blocks,
        without=[(show_name(column), reason) for column, reason in without[:MAX_NAMES]],
        n_left_out=len(flagged) - len(blocks) - len(without[:MAX_NAMES]),
        tells=draw_tells(tells, {column: _links(findings, anchors) for column, findings in flagged.items()}),
        n_tells_left_out=clues.n_tells_left_out + len(clues.tells) - len(tells),
        sampled=any(tell.sampled for tell in tells),
    )


def _shown(result: AuditResult, limits: Limits) -> list[ClassMix]:
    flagged = _flagged(result)
    mixes = () if result.clues is None else result.clues.mixes
    return [mix for mix in mixes if mix.column in flagged][: limits.n_mixes]


def _flagged(result: AuditResult) -> dict[str, list[Finding]]:
    """Return the columns that open findings say give the label away, the worst first."""
    return telling_columns(ordered_findings(result), result.dataset.label or "")


def _block(
    clues: LabelClues,
    mix: ClassMix,
    findings: list[Finding],
    anchor: str,
    anchors: Mapping[str, str],
    *,
    is_first: bool,
) -> Block:
    return Block(
        anchor=anchor,
        column=show_name(mix.column),
        severity=findings[0].severity,
        reading=sentence(reading(clues, mix, is_first=is_first)),
        told=tuple(
            Told(finding.code, finding.severity, anchors[finding.fingerprint], sentence(finding.message))
            for finding in findings
            if finding.fingerprint in anchors
        ),
        drawing=draw_mix(clues, mix),
    )


def _links(findings: Iterable[Finding], anchors: Mapping[str, str]) -> list[tuple[str, str]]:
    links: dict[str, str] = {}
    for finding in findings:
        if finding.fingerprint in anchors:
            links.setdefault(finding.code, anchors[finding.fingerprint])
    return list(links.items())
