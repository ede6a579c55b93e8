"""From facts and findings to the numbers of the report's section on how the splits differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dataaudit.model import Finding
from dataaudit.side_figures import ColumnShifts, SplitSides
from dataaudit.sides.distances import Compared, compared_splits, measure_shift
from dataaudit.sides.flagged import differing_columns
from dataaudit.sides.pictures import column_pictures
from dataaudit.sides.powers import split_powers

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_COLUMNS = 30


def gather_sides(facts: Facts, findings: Sequence[Finding]) -> SplitSides | None:
    """Return the splits side by side, or None if no rule has compared them.

    Parameters
    ----------
    facts : Facts
    findings : sequence of Finding
        The most severe first.
    """
    powers = split_powers(facts)
    compared = compared_splits(facts)
    if not compared:
        return SplitSides(facts.info.label, (), (), powers=powers) if powers else None
    distances = {
        column: max(one.drifts[column].effect for one in compared if column in one.drifts)
        for column in dict.fromkeys(column for one in compared for column in one.drifts)
    }
    flagged = differing_columns(findings)
    pictures = column_pictures(facts, flagged, distances)
    pinned = [picture.column for picture in pictures]
    shown = _shown(facts, compared, distances, [*pinned, *flagged])
    columns = [_column(facts, compared, column, flagged.get(column, ())) for column in shown]
    columns.sort(key=_order)
    left_out = [distance for column, distance in distances.items() if column not in shown]
    return SplitSides(
        label=facts.info.label,
        comparisons=tuple(one.comparison(facts) for one in compared),
        columns=tuple(columns),
        n_left_out=len(left_out),
        most_left_out=max(left_out, default=0.0),
        pictures=pictures,
        powers=powers,
    )


def _shown(
    facts: Facts, compared: Sequence[Compared], distances: dict[str, float], pinned: Sequence[str]
) -> dict[str, None]:
    """Return the columns of the map: the pinned ones, the label, then those that are surely farthest apart."""
    first = [*pinned, *([] if facts.info.label is None else [facts.info.label])]
    lower = {column: max(one.drifts[column].lower for one in compared if column in one.drifts) for column in distances}
    farthest = sorted(distances, key=lambda column: (-lower[column], -distances[column], column))
    kept = [column for column in dict.fromkeys([*first, *farthest]) if column in distances]
    return dict.fromkeys(kept[:MOST_COLUMNS])


def _column(facts: Facts, compared: Sequence[Compared], column: str, findings: Sequence[Finding]) -> ColumnShifts:
    return ColumnShifts(
        column=column,
        shifts=tuple(
            measure_shift(facts, one, column, is_flagged=any(_is_about(finding, one) for finding in findings))
            for one in compared
        ),
        is_label=column == facts.info.label,
        findings=tuple(finding.fingerprint for finding in findings),
    )


def _is_about(finding: Finding, compared: Compared) -> bool:
    return {compared.split, compared.against} <= set(finding.splits)


def _order(column: ColumnShifts) -> tuple[bool, float, str]:
    """Put first what chance does not explain, then what is farther apart."""
    known = [shift for shift in column.shifts if shift is not None]
    return not column.is_beyond_chance, -max((shift.distance for shift in known), default=0.0), column.column
