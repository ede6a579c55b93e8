"""Every row's part: by classes, units and draws, or by time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.engine.base import Engine
from dataaudit.errors import InputError
from dataaudit.model import Kind, Role
from dataaudit.resplit.balance import deal
from dataaudit.resplit.chronology import cut_in_time, within
from dataaudit.resplit.crossing import keep_units_apart
from dataaudit.resplit.cuts import TABLE as CUTS
from dataaudit.resplit.cuts import write_cuts
from dataaudit.resplit.request import Request, gap_in_units
from dataaudit.resplit.rows import ROWS, Units, count_single, read_units, write_groups, write_rows_of
from dataaudit.resplit.strata import Strata, make_strata
from dataaudit.resplit.targets import fill, whole_targets
from dataaudit.resplit.twins import Twins, find_twins

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import ColumnInfo

IntArray = NDArray[np.int64]

PARTS = "split_parts"
# What keeps rows together beside groups.
TWINS = "equal rows"
# Strata that units are balanced by; the rarest go together where there are more, and where units are very many.
MOST_STRATA = 300
MOST_CELLS = 20_000_000
# Larger heaps of equal rows leave no part with room for others; longer chains of near rows are no twins.
MOST_OF_LARGEST = 0.9
MOST_OF_LARGEST_NEAR = 0.5


@dataclass(frozen=True)
class Linked:
    """Rows with their strata, and what is kept together; `given_up` are links that would have left one unit only."""

    strata: Strata
    twins: Twins
    units: Units
    single: IntArray
    given_up: tuple[str, ...]

    @property
    def n_units(self) -> int:
        """Units, rows on their own among them."""
        return len(self.units.row_of) + int(self.single.sum())


@dataclass(frozen=True)
class Assigned:
    """What became of the rows; `split_parts` (row, part, stratum, reason) stays in the engine.

    Attributes
    ----------
    names : tuple of str
        Of the parts; `part` in the table is a place among them, NULL for a row that is dropped.
    linked : Linked
    counts : array, shape (parts, strata)
        Rows of every stratum in every part.
    n_dropped : mapping of reason to int
    reasons : tuple of str
        `reason` in the table is a place among them.
    n_crossing : int
        Units whose rows lie in more than one part after all.
    first_times : mapping of part to float
        The time at which each begins, where time decides.
    """

    names: tuple[str, ...]
    linked: Linked
    counts: IntArray
    n_dropped: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    n_crossing: int = 0
    first_times: Mapping[str, float] = field(default_factory=dict)

    @property
    def sizes(self) -> IntArray:
        """Rows of each part."""
        sizes: IntArray = self.counts.sum(axis=1)
        return sizes


def assign(facts: Facts, request: Request) -> Assigned:
    """Decide which part every row of the table goes to.

    Raises
    ------
    InputError
        If it cannot be split at all.
    """
    n_rows = facts.dataset.relations["train"].n_rows
    if n_rows < 2:
        raise InputError("the table has one row", hint="a split takes two at least")
    time = _time_column(facts)
    gap = 0.0 if time is None else gap_in_units(request.gap, time.kind, time.name)
    strata = make_strata(facts, min(request.sizes))
    n_train = int(n_rows * (1 - min(request.sizes) if request.are_folds else request.sizes[0]))
    most_rows = max(2, int(n_rows * max(request.sizes) * MOST_OF_LARGEST))
    most_near = max(2, int(n_rows * max(request.sizes) * MOST_OF_LARGEST_NEAR))
    twins = find_twins(facts, request.near, n_train, most_rows, most_near)
    linked = _link(facts, request, strata, time, twins)
    if time is None:
        return _by_class(facts, request, linked)
    return _by_time(facts, request, linked, gap)


def _link(facts: Facts, request: Request, strata: Strata, time: ColumnInfo | None, twins: Twins) -> Linked:
    """Link the rows by all that keeps them together; if that leaves a single unit, by less and less of it."""
    groups = write_groups(facts)
    given_up: list[str] = []
    while True:
        write_rows_of(facts, strata, groups, time, request.seed, twins=twins.are_any and TWINS not in given_up)
        linked = Linked(strata, twins, read_units(facts), count_single(facts, len(strata.names)), tuple(given_up))
        if linked.n_units > 1:
            return linked
        facts.dataset.engine.run(f"DROP TABLE {ROWS}")
        if groups and twins.are_any and TWINS not in given_up:
            given_up.append(TWINS)
        elif groups:
            given_up.append(groups[-1].column)
            groups = groups[:-1]
            # What was given up for the columns may be had without the last of them.
            given_up = [name for name in given_up if name != TWINS]
        else:
            raise InputError("all rows belong together, so they cannot be split", hint="look at them: they are alike")


def _time_column(facts: Facts) -> ColumnInfo | None:
    columns = facts.info.with_role(Role.TIME)
    if not columns or facts.time_mode == "random":
        return None
    if columns[0].kind not in (Kind.DATETIME, Kind.NUMERIC):
        raise InputError(
            f"the time column {columns[0].name!r} is {columns[0].kind}", hint="write it as ISO dates or as numbers"
        )
    return columns[0]


def _by_class(facts: Facts, request: Request, linked: Linked) -> Assigned:
    engine = facts.dataset.engine
    units, single = linked.units, linked.single
    n_strata = len(single)
    names, shares = _possible_parts(request, linked.n_units)
    matrix, merged = _matrix(units, single)
    dealt = deal(matrix, shares, np.random.default_rng(request.seed), merged, turns=request.are_folds)
    part_of, given = dealt.part_of, dealt.single
    if matrix.shape[1] < n_strata:
        # The rarest strata went as one; rows on their own can still be dealt by each.
        in_units = np.bincount(units.strata, weights=units.n_rows, minlength=n_strata).astype(np.int64)
        in_parts = np.zeros((len(names), n_strata), dtype=np.int64)
        np.add.at(in_parts, (part_of[units.unit], units.strata), units.n_rows)
        given = fill(whole_targets(shares, single + in_units, turns=request.are_folds) - in_parts, single)
    part_of_single = write_cuts(engine, given, facts.dataset.relations["train"].n_rows)
    part, joined = part_of_single, ""
    if len(units.row_of):
        table_of(engine, "split_units", {"unit": units.row_of, "part": part_of})
        part = f"CASE WHEN r.unit IS NULL THEN {part_of_single} ELSE u.part END"
        joined = " LEFT JOIN split_units AS u ON u.unit = r.unit"
    engine.run(
        f"CREATE TEMP TABLE {PARTS} AS SELECT r.row AS row, CAST({part} AS INTEGER) AS part, r.stratum AS stratum, "
        f"CAST(NULL AS INTEGER) AS reason FROM {ROWS} AS r JOIN {CUTS} AS c ON c.stratum = r.stratum{joined}"
    )
    return Assigned(names, linked, count_parts(engine, len(names), n_strata))


def _possible_parts(request: Request, n_units: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the parts that can have a row, and their shares: no more than there are units."""
    if n_units >= len(request.names):
        return request.names, request.shares
    names = request.names[:n_units] if request.are_folds else ("train", "test")
    kept = np.array([request.sizes[request.names.index(name)] for name in names])
    return names, kept / kept.sum()


def _matrix(units: Units, single: IntArray) -> tuple[IntArray, IntArray]:
    """Return rows of every stratum in every unit and on their own; the rarest as one where strata are too many."""
    n_units, n_strata = len(units.row_of), len(single)
    most = max(2, min(MOST_STRATA, MOST_CELLS // max(1, n_units)))
    place = np.arange(n_strata)
    if n_strata > most:
        n_rows = np.bincount(units.strata, weights=units.n_rows, minlength=n_strata)
        place[np.argsort(-n_rows, kind="stable")] = np.minimum(np.arange(n_strata), most - 1)
    matrix = np.zeros((n_units, min(most, n_strata)), dtype=np.int64)
    np.add.at(matrix, (units.unit, place[units.strata]), units.n_rows)
    merged = np.bincount(place, weights=single, minlength=matrix.shape[1]).astype(np.int64)
    return matrix, merged


def _by_time(facts: Facts, request: Request, linked: Linked, gap: float) -> Assigned:
    engine = facts.dataset.engine
    stretches = cut_in_time(engine, request.shares)
    if len(stretches) < 2:
        raise InputError("all rows have the same time, so time cannot split them", hint="leave --time out")
    names = tuple(request.names[stretch.part] for stretch in stretches)
    starts = list(zip(names, (stretch.first for stretch in stretches), strict=True))
    reasons = ["the time is missing"]
    dropping = ["WHEN moment IS NULL THEN 0"]
    for place, (name, first) in enumerate(starts[1:], start=1) if gap else ():
        dropping.append(f"WHEN part < {place} AND moment > {first - gap!r} THEN {len(reasons)}")
        reasons.append(f"within {request.gap} before {name}")
    parts = " ".join(f"WHEN {within(stretch, 'moment')} THEN {place}" for place, stretch in enumerate(stretches))
    engine.run(
        f"CREATE TEMP TABLE split_timed AS SELECT row, stratum, unit, part, CASE {' '.join(dropping)} END AS reason "
        f"FROM (SELECT *, CASE {parts} END AS part FROM {ROWS})"
    )
    crossing = keep_units_apart(engine, request.shares[[stretch.part for stretch in stretches]], names)
    engine.run(
        f"CREATE TEMP TABLE {PARTS} AS SELECT row, CASE WHEN reason IS NULL AND lost IS NULL THEN part END AS part, "
        f"stratum, coalesce(reason, {len(reasons)} + lost) AS reason FROM {crossing.relation}"
    )
    reasons += [f"its group, or an equal row, is kept in {name}" for name in names]
    return Assigned(
        names=names,
        linked=linked,
        counts=count_parts(engine, len(names), len(linked.single)),
        n_dropped=_count_dropped(engine, reasons),
        reasons=tuple(reasons),
        n_crossing=crossing.n_left,
        first_times=dict(starts),
    )


def count_parts(engine: Engine, n_parts: int, n_strata: int) -> IntArray:
    """Return the rows of every stratum in every part."""
    counts = np.zeros((n_parts, n_strata), dtype=np.int64)
    for part, stratum, n in engine.rows(
        f"SELECT part, stratum, count(*) FROM {PARTS} WHERE part IS NOT NULL GROUP BY part, stratum"
    ):
        counts[int(part), int(stratum)] = int(n)
    return counts


def _count_dropped(engine: Engine, reasons: Sequence[str]) -> dict[str, int]:
    found = engine.rows(f"SELECT reason, count(*) FROM {PARTS} WHERE part IS NULL GROUP BY reason ORDER BY reason")
    return {reasons[int(reason)]: int(n) for reason, n in found}
