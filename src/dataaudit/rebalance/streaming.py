"""Repeat, drop and weight any number of rows: counts, thresholds of draws, and SQL over the rows.

Every row has a draw that depends on its number and the seed alone (engine/draw.py). Of a class of which n rows are to
be had once more than the others, these are the rows with the n lowest draws: two short counts find the draw where they
end, so the counts are exact and no rows are sorted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.engine.base import Engine, quote_text
from dataaudit.engine.draw import MASK, draw_expression

# How many standard deviations of a count the draw is looked for on either side of where it should lie.
BAND = 8.0


@dataclass(frozen=True)
class Classed:
    """Rows with a class: what stands after FROM, which offers `row`, and SQL of the class's number over its columns.

    Classes are numbered from 0; NULL are rows without a label.
    """

    relation: str
    code: str


@dataclass(frozen=True)
class Copies:
    """How often rows of a class are written: `base` times, and once more up to a draw, but for a few rows at it."""

    base: int
    last_draw: int = -1
    but: tuple[int, ...] = ()


def class_code(label: str, sql_type: str, classes: Sequence[str]) -> str:
    """Return SQL of a class's number from SQL of the label."""
    cases = " ".join(f"WHEN CAST({quote_text(name)} AS {sql_type}) THEN {i}" for i, name in enumerate(classes))
    return f"CASE {label} {cases} END"


def count_classes(engine: Engine, rows: Classed, where: str = "true") -> dict[int, int]:
    """Return how many rows every class has that has any."""
    counted = engine.rows(f"SELECT {rows.code} AS k, count(*) FROM {rows.relation} AS source WHERE {where} GROUP BY 1")
    return {int(code): int(n) for code, n in sorted(row for row in counted if row[0] is not None)}


def plan_copies(
    engine: Engine,
    rows: Classed,
    counts: Mapping[int, int],
    wanted: Mapping[int, int],
    seed: int,
    may_repeat: str = "true",
    n_repeatable: Mapping[int, int] | None = None,
) -> dict[int, Copies]:
    """Return how often the rows of each class are written, so that there are exactly as many as wanted.

    Parameters
    ----------
    engine : Engine
    rows : Classed
    counts, wanted : mapping of class to rows
    seed : int
    may_repeat : str
        A condition over the rows: others stand once where their class grows.
    n_repeatable : mapping of class to rows
        How many meet it; all by default.
    """
    n_repeatable = counts if n_repeatable is None else n_repeatable
    drawn: dict[int, tuple[int, int]] = {}
    copies: dict[int, Copies] = {}
    for code, n in counts.items():
        goal = wanted.get(code, n)
        among = n if goal <= n else n_repeatable.get(code, 0)
        if goal == n or among == 0:
            copies[code] = Copies(1)
            continue
        base, more = divmod(goal - (n - among), among)
        copies[code] = Copies(base)
        if more:
            drawn[code] = (more, among)
    grown = [code for code in drawn if wanted[code] > counts[code]]
    eligible = f"({rows.code} NOT IN ({_listed(grown)}) OR {may_repeat})" if grown else "true"
    for code, (draw, but) in _last_draws(engine, rows, drawn, seed, eligible).items():
        copies[code] = Copies(copies[code].base, draw, but)
    return copies


def copies_expression(
    rows: Classed, copies: Mapping[int, Copies], seed: int, may_repeat: str = "true", grown: Sequence[int] = ()
) -> str:
    """Return SQL of how often a row is written; a row without a label once, and one that may not be repeated."""
    draw = draw_expression(seed)
    cases = []
    for code, planned in copies.items():
        own = str(planned.base)
        if planned.last_draw >= 0:
            # A draw costs more than all else here: it stands in the statement once for each class.
            last = f"{draw} <= {planned.last_draw}"
            if planned.but:
                last = f"{last} AND row NOT IN ({_listed(planned.but)})"
            own = f"{planned.base} + CASE WHEN {last} THEN 1 ELSE 0 END"
        if code in grown and may_repeat != "true":
            own = f"CASE WHEN {may_repeat} THEN {own} ELSE 1 END"
        if own != "1":
            cases.append(f"WHEN {code} THEN {own}")
    return f"CASE {rows.code} {' '.join(cases)} ELSE 1 END" if cases else "1"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _last_draws(
    engine: Engine, rows: Classed, drawn: Mapping[int, tuple[int, int]], seed: int, eligible: str
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return the last draw of each class, when the rows of the lowest draws are taken, and rows of it left out.

    Draws are all but evenly spread, so the last one lies near where it should: only the rows near it are fetched.
    A class for which it does not is looked at in full.
    """
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    left = dict(drawn)
    width = BAND
    while left:
        bands = {code: _band(n, among, width) for code, (n, among) in left.items()}
        low = "CASE k " + " ".join(f"WHEN {code} THEN {band[0]}" for code, band in bands.items()) + " END"
        high = "CASE k " + " ".join(f"WHEN {code} THEN {band[1]}" for code, band in bands.items()) + " END"
        classed = (
            f"SELECT row, k, {draw_expression(seed)} AS draw FROM (SELECT row, {rows.code} AS k FROM {rows.relation} "
            f"AS source WHERE {rows.code} IN ({_listed(list(left))}) AND {eligible})"
        )
        near = engine.rows(
            f"SELECT k, CASE WHEN draw < {low} THEN -1 ELSE draw END AS draw, "
            f"CASE WHEN draw < {low} THEN -1 ELSE row END AS row, count(*) AS n "
            f"FROM ({classed}) WHERE draw < {high} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        for code in list(left):
            last = _nth([(int(d), int(row), int(n)) for k, d, row, n in near if k == code], left[code][0])
            if last is not None:
                found[code] = last
                del left[code]
        width *= 10
    return found


def _band(n: int, among: int, width: float) -> tuple[int, int]:
    centre = (MASK + 1) * n / among
    half = (MASK + 1) * (width * math.sqrt(n) + 10) / among
    return max(0, math.floor(centre - half)), min(MASK + 1, math.ceil(centre + half))


def _nth(near: Sequence[tuple[int, int, int]], n: int) -> tuple[int, tuple[int, ...]] | None:
    """Return the n-th of ordered draws and the rows of the same draw behind it; None if it is not there.

    The first of the draws may count many rows, all of which lie before the others.
    """
    before = 0
    for place, (draw, _, count) in enumerate(near):
        before += count
        if before >= n:
            same = tuple(row for other, row, _ in near[place + 1 :] if other == draw)
            return None if draw < 0 else (draw, same)
    return None
