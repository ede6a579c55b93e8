"""Columns, and pairs of columns, that look like an entity: a patient, user, station or video with several rows.

Nothing here reads a whole table but the count of the few that are left, one statement per split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.entity.levels import LevelOverlap, count_levels
from dataaudit.measure.entity.names import names_a_moment, names_a_number, names_an_entity
from dataaudit.model import ColumnInfo, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_CANDIDATES = 20
MAX_OTHERS = 80
MAX_PAIRS = 6
MAX_COUNTED = 6
MAX_ROWS = 20_000
# Rows that stand one below the other are taken in blocks of so many, spread over the file.
ROWS_PER_BLOCK = 1_000
LEAST_LEVELS, LEAST_ROWS_PER_LEVEL = 8, 1.3
# The survey counts different values to within some per cent, and otherwise on every engine: few are left out by it.
LEAST_BY_SURVEY, LEAST_ROWS_BY_SURVEY = 6, 1.05
MEAN_LENGTH_OF_PROSE = 50
LEAST_PAIRS = 20
# A column is constant within levels if so much of what chance leaves open is: a few slips are let pass.
LEAST_CONSTANT = 0.98
# A column of nearly as many levels as another one that determines it names the same by another name.
SAME_LEVELS = 0.9

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Entity:
    """One column, or pair of columns, that may name an entity.

    Attributes
    ----------
    columns : tuple of str
    named : bool
        Whether a name says so.
    n_rows, n_levels : int
        Rows of train with a level, and levels, over all rows.
    n_different_rows : int
        Of these rows those that do not repeat another, label included; where hardly any does, all.
    n_largest : int
        Rows of the largest level in train.
    n_neighbours, n_neighbours_alike : int
        Rows of train that stand one below the other (of up to 20,000), and those of one level.
    share_alike_by_chance : float
        What share that would be in another order.
    constant : tuple of str
        Columns that do not vary within levels, of those looked at and beyond chance; neither the levels
        by another name nor what hardly varies anyway.
    n_others : int
        Columns looked at.
    n_pairs : int
        Pairs of rows of one level that tell it; levels of one row say nothing.
    same : tuple of str
        Candidates that name the same levels.
    overlaps : mapping of split to LevelOverlap
    """

    columns: tuple[str, ...]
    named: bool
    constant: tuple[str, ...]
    n_others: int
    n_pairs: int
    n_rows: int = 0
    n_levels: int = 0
    n_different_rows: int = 0
    n_largest: int = 0
    n_neighbours: int = 0
    n_neighbours_alike: int = 0
    share_alike_by_chance: float = 0.0
    same: tuple[str, ...] = ()
    overlaps: Mapping[str, LevelOverlap] = field(default_factory=dict)
    sampled: bool = False


@dataclass(frozen=True)
class _Cells:
    """Codes of the cells of some rows, equal for equal cells; -1 where missing."""

    codes: Mapping[str, IntArray]
    n_levels: Mapping[str, int]
    n_rows: int


def measure_entities(facts: Facts) -> dict[tuple[str, ...], Entity]:
    """Return up to six columns or pairs whose name says entity, or within whose levels a column is constant.

    Looked at are 20 columns that are no floats and repeat their values, those with a name first, beside 80
    others; which pairs are, says `_pairs`. What declared groups cover (their levels are constant within the
    column's) is left out. A candidate that names the same as another one by another name stands beside it.
    """
    candidates = _candidates(facts)
    if not candidates:
        return {}
    names = [column.name for column in candidates]
    others = _others(facts, names)
    cells = _fetch(facts, [*names, *others], facts.sample.some_rows(MAX_ROWS))
    groups = [column.name for column in facts.info.with_role(Role.GROUP)]
    found = [_look_at(cells, (name,)) for name in names]
    found = _distinct(cells, [entity for entity in found if not _is_covered(cells, entity, groups)])
    kept = [entity for entity in found if entity.named or entity.constant]
    kept += [pair for pair in _pairs(facts, cells, found) if not _is_covered(cells, pair, groups)]
    kept.sort(key=lambda entity: (not entity.named, -len(entity.columns), -len(entity.constant), entity.columns))
    kept = _with_neighbours(facts, _counted(facts, kept[:MAX_COUNTED]))
    return {entity.columns: entity for entity in kept}


def _candidates(facts: Facts) -> list[ColumnInfo]:
    surveys = facts.dataset.surveys["train"]
    found = []
    for column in facts.info.with_role(Role.FEATURE, Role.ID):
        if column.kind not in (Kind.NUMERIC, Kind.CATEGORICAL, Kind.TEXT) or names_a_moment(column.name):
            continue
        survey, named = surveys[column.name], names_an_entity(column.name)
        is_whole = facts.dataset.sql_types[column.name] != "DOUBLE" or (named and survey.is_integer)
        is_prose = (survey.mean_length or 0.0) > MEAN_LENGTH_OF_PROSE
        # Whole numbers stored as floats, since some are missing, are not counted by the survey.
        n_levels = survey.n_distinct or LEAST_BY_SURVEY
        repeats = LEAST_BY_SURVEY <= n_levels <= survey.n_present / LEAST_ROWS_BY_SURVEY
        if is_whole and not is_prose and repeats:
            found.append(column)
    found.sort(key=lambda column: (not names_an_entity(column.name), column.kind is Kind.NUMERIC, column.name))
    return found[:MAX_CANDIDATES]


def _others(facts: Facts, names: Sequence[str]) -> list[str]:
    listed = sorted(
        column.name
        for column in facts.info.with_role(Role.FEATURE, Role.CONTEXT, Role.GROUP)
        if column.kind is not Kind.EMBEDDING and column.name not in names
    )
    groups = [column.name for column in facts.info.with_role(Role.GROUP)]
    return list(dict.fromkeys([*groups, *listed]))[:MAX_OTHERS]


def _fetch(facts: Facts, names: Sequence[str], rows: str, condition: str = "true") -> _Cells:
    # Which rows have the same is all that matters: hashes are smaller than texts.
    cells = [facts.dataset.sql_name(name) for name in names]
    listed = ", ".join(f"CASE WHEN {cell} IS NOT NULL THEN hash({cell}) END AS h{i}" for i, cell in enumerate(cells))
    arrays = facts.dataset.engine.arrays(f"SELECT {listed}, row FROM {rows} WHERE {condition} ORDER BY row")
    codes = {name: _codes(arrays[f"h{i}"]) for i, name in enumerate(names)}
    return _Cells(codes, {name: int(found.max(initial=-1)) + 1 for name, found in codes.items()}, len(arrays["row"]))


def _codes(hashes: NDArray[Any]) -> IntArray:
    present = ~np.ma.getmaskarray(hashes)
    codes = np.full(len(hashes), -1, dtype=np.int64)
    codes[present] = np.unique(np.asarray(hashes)[present], return_inverse=True)[1]
    return codes


def _look_at(cells: _Cells, columns: tuple[str, ...]) -> Entity:
    """Return what a column or pair shows in some rows of train."""
    constant, n_others, n_pairs = _constant_within(cells, columns, _levels(cells, columns))
    return Entity(
        columns=columns,
        named=any(names_an_entity(name) for name in columns),
        constant=constant,
        n_others=n_others,
        n_pairs=n_pairs,
    )


def _with_neighbours(facts: Facts, entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities with the runs they make in blocks of rows that stand one below the other, over all train."""
    if not entities:
        return []
    every = -(-facts.dataset.relations["train"].n_rows // MAX_ROWS)
    condition = f"(row // {ROWS_PER_BLOCK}) % {every} = 0" if every > 1 else "true"
    names = list(dict.fromkeys(name for entity in entities for name in entity.columns))
    cells = _fetch(facts, names, "train", condition)
    return [_with_runs(entity, _levels(cells, entity.columns)) for entity in entities]


def _with_runs(entity: Entity, levels: IntArray) -> Entity:
    both = (levels[:-1] >= 0) & (levels[1:] >= 0)
    shares = np.bincount(levels[levels >= 0]) / max(1, int((levels >= 0).sum()))
    return replace(
        entity,
        n_neighbours=int(both.sum()),
        n_neighbours_alike=int((levels[:-1] == levels[1:])[both].sum()),
        share_alike_by_chance=float((shares**2).sum()),
    )


def _levels(cells: _Cells, columns: tuple[str, ...]) -> IntArray:
    """Return the code of each row's level, of one column or of a pair."""
    first = cells.codes[columns[0]]
    if len(columns) == 1:
        return first
    second = cells.codes[columns[1]]
    both = np.where((first >= 0) & (second >= 0), first * cells.n_levels[columns[1]] + second, -1)
    return np.where(both >= 0, np.unique(both, return_inverse=True)[1], -1)


def _row_pairs(levels: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs of rows of one level, each row beside another drawn at random.

    Not beside the next in the file: where that is sorted, neighbours are alike in much.
    """
    dealt = np.random.default_rng(0).permutation(len(levels))
    dealt = dealt[levels[dealt] >= 0]
    order = dealt[np.argsort(levels[dealt], kind="stable")]
    one, other = order[:-1], order[1:]
    alike = levels[one] == levels[other]
    return one[alike], other[alike]


def _constant_within(cells: _Cells, columns: tuple[str, ...], levels: IntArray) -> tuple[tuple[str, ...], int, int]:
    """Return the columns that are constant within levels, how many were looked at, and the pairs of rows that tell."""
    one, other = _row_pairs(levels)
    looked_at = [name for name in sorted(cells.codes) if name not in columns]
    if len(one) < LEAST_PAIRS:
        return (), len(looked_at), len(one)
    n_levels = int(levels.max(initial=-1)) + 1
    found = []
    for name in looked_at:
        codes = cells.codes[name]
        # The levels by another name, or nearly so, say nothing about them.
        is_coarser = 2 <= cells.n_levels[name] < SAME_LEVELS * n_levels
        if is_coarser and _agreement(codes, one, other) >= LEAST_CONSTANT:
            found.append(name)
    return tuple(found), len(looked_at), len(one)


def _agreement(codes: IntArray, one: IntArray, other: IntArray) -> float:
    """Return how often two rows have the same cell, beyond chance: 0 as two rows drawn at random, 1 always.

    Missing cells are a value of their own. What chance does not leave open cannot be told: 0.
    """
    # Chance among these rows: where only some rows have a level, the others may differ from them in much.
    shares = np.bincount(codes[one] + 1) / max(1, len(one))
    by_chance = float((shares**2).sum())
    # One slip in fifty pairs of what chance leaves open has to be seen.
    if (1 - by_chance) * len(one) < LEAST_PAIRS:
        return 0.0
    return (float((codes[one] == codes[other]).mean()) - by_chance) / (1 - by_chance)


def _determines(cells: _Cells, columns: tuple[str, ...], name: str) -> bool:
    """Return whether rows of one level of the columns nearly always have one value of another column."""
    one, other = _row_pairs(_levels(cells, columns))
    return len(one) > 0 and _agreement(cells.codes[name], one, other) >= LEAST_CONSTANT


def _is_covered(cells: _Cells, entity: Entity, groups: Sequence[str]) -> bool:
    """Return whether to keep a declared group together is to keep this together."""
    return any(name in cells.codes and _determines(cells, entity.columns, name) for name in groups)


def _name_the_same(cells: _Cells, name: str, other: str) -> bool:
    """Return whether the levels of two columns go with one another, one by one."""
    fewer, more = sorted((cells.n_levels[name], cells.n_levels[other]))
    return fewer > SAME_LEVELS * more and _determines(cells, (name,), other) and _determines(cells, (other,), name)


def _distinct(cells: _Cells, found: Sequence[Entity]) -> list[Entity]:
    """Return one of the candidates that name the same levels, the others beside it; those named come first."""
    kept: list[Entity] = []
    for entity in found:
        [name] = entity.columns
        for i, known in enumerate(kept):
            if _name_the_same(cells, name, known.columns[0]):
                kept[i] = replace(known, same=(*known.same, name))
                break
        else:
            kept.append(entity)
    return kept


def _pairs(facts: Facts, cells: _Cells, found: Sequence[Entity]) -> list[Entity]:
    """Return the pairs within whose levels a column is constant that is constant within neither column's alone.

    At most six: an entity by name (station, clinic), or a category among the candidates, and beside it a number by
    name (number, nr, patient_no) that may count within the first.
    """
    kinds = {name: facts.info.column(name).kind for name in cells.codes}
    alone = {entity.columns[0]: entity for entity in found}
    inner = [name for name in alone if names_a_number(name) or (kinds[name] is Kind.NUMERIC and names_an_entity(name))]
    outer = [
        name for name in cells.codes if names_an_entity(name) or (name in alone and kinds[name] is Kind.CATEGORICAL)
    ]
    pairs = {(min(pair), max(pair)): None for pair in product(outer, inner) if pair[0] != pair[1]}
    kept = []
    for columns in list(pairs)[:MAX_PAIRS]:
        singles = [alone.get(name) or _look_at(cells, (name,)) for name in columns]
        known = {name for single in singles for name in (*single.constant, *single.same)}
        pair = _look_at(cells, columns)
        constant = tuple(name for name in pair.constant if name not in known)
        if constant:
            kept.append(replace(pair, constant=constant))
    return kept


def _counted(facts: Facts, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return those with enough levels and rows in them, counted over all rows of train and of every other split."""
    counts = count_levels(facts, [entity.columns for entity in entities])
    return tuple(
        replace(
            entity,
            n_rows=found.n_rows,
            n_levels=found.n_levels,
            n_different_rows=found.n_different_rows,
            n_largest=found.n_largest,
            overlaps=found.overlaps,
            sampled=facts.sample.leaves_out(MAX_ROWS),
        )
        for entity, found in zip(entities, counts, strict=True)
        if LEAST_LEVELS <= found.n_levels <= found.n_rows / LEAST_ROWS_PER_LEVEL
    )
