"""Rows that nearly agree: with small differences in numbers, or with one cell changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks
from dataaudit.measure.labels import label_expression, splits_with_label
from dataaudit.measure.near_rows.bands import LookedAt, choose_bands, write_candidates
from dataaudit.measure.near_rows.chance import FewOff, look_closer
from dataaudit.measure.near_rows.closeness import TOLERANCES, Closeness, measure_closeness
from dataaudit.measure.rows import MAX_PAIRS, require_features

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COLUMNS_PER_STATEMENT = 200
# Of 100 columns two may have been changed; of fewer than 100 one.
COLUMNS_PER_CHANGE = 50
# A way of matching is used where chance gives a row less than this many matches, were columns independent. They
# never are: in iris chance gives twenty times as many.
MOST_CHANCE_MATCHES = 0.002


@dataclass(frozen=True)
class Matching:
    """What counts as nearly equal in this table.

    `tolerance` is in interquartile ranges of each column; `n_off` cells may
    lie further apart. `n_changed` cells may differ if all others are equal but
    for spelling and the rounding of doubles; None where chance alone would
    match rows that way. The chances are matches that a row would find in
    train, were the columns independent.
    """

    tolerance: float
    n_off: int
    n_changed: int | None
    chance_of_small: float
    chance_of_change: float

    @property
    def chance(self) -> float:
        """Matches of either kind that a row would find in train, were the columns independent."""
        return self.chance_of_small + (0.0 if self.n_changed is None else self.chance_of_change)


@dataclass(frozen=True)
class NearOverlap:
    """Rows of a split that nearly agree with a row of train and are equal to none, by bands of columns over all rows.

    `n_rows` are the rows looked at: all, or a drawn part of a large coarse
    table; likewise `n_train`, the different rows where train was given copies
    of its own. `n_matched_within_train` training rows nearly
    agree with another one, found in the same way; for a random split the two
    shares are equal on average. `standard_error` is that of their difference,
    summed over groups of rows that match one another. `n_small` matched rows
    differ from their twin by small steps in numbers or by spelling only; the
    others have a changed cell. `share_not_by_chance` is the share of matched
    rows (of 1,000 at the most) that fewer than .02 training rows would match, were the
    columns independent; `columns_off` says in how many of these a column
    differs. `pairs` are (row of the split, row of train), at most 20, those
    with the fewest changed cells first.
    """

    split: str
    n_rows: int
    n_matched: int
    n_small: int
    n_same_label: int
    n_train: int
    n_matched_within_train: int
    standard_error: float
    share_not_by_chance: float
    columns_off: Mapping[str, int]
    pairs: tuple[tuple[int, int], ...]
    matching: Matching
    has_labels: bool
    sampled: bool

    @property
    def share_matched(self) -> float:
        """Matched rows as a share of the split."""
        return self.n_matched / self.n_rows if self.n_rows else 0.0

    @property
    def share_matched_within_train(self) -> float:
        """Training rows that match another one, as a share of train."""
        return self.n_matched_within_train / self.n_train if self.n_train else 0.0

    @property
    def excess(self) -> float:
        """Share matched across the splits minus share matched within train."""
        return self.share_matched - self.share_matched_within_train


def choose_matching(columns: Sequence[Closeness], n_train: int) -> Matching:
    """Return the widest tolerance that independent columns would not match by chance."""
    n_allowed = max(1, len(columns) // COLUMNS_PER_CHANGE)
    chances = np.array([column.chance_alike for column in columns])
    ways = [(place, n_off) for place in range(len(TOLERANCES)) for n_off in (n_allowed, 0)]
    expected = {(place, n_off): n_train * few_off(chances[:, place], n_off) for place, n_off in ways}
    # Where none will do, only spelling and the rounding of doubles may differ.
    place, n_off = next((way for way in ways if expected[way] < MOST_CHANCE_MATCHES), ways[-1])
    by_change = expected[len(TOLERANCES) - 1, n_allowed]
    return Matching(
        tolerance=TOLERANCES[place],
        n_off=n_off,
        n_changed=n_allowed if by_change < MOST_CHANCE_MATCHES else None,
        chance_of_small=expected[place, n_off],
        chance_of_change=by_change,
    )


def few_off(chances: FloatArray, n_off: int) -> float:
    """Return the chance that at most so many of independent columns disagree.

    >>> few_off(np.array([0.5, 0.5]), 0), few_off(np.array([0.5, 0.5]), 1)
    (0.25, 0.75)
    """
    chance = FewOff(np.array([n_off]))
    for alike in chances:
        chance.add(np.array([alike]))
    return float(chance.total()[0])


def measure_near_overlaps(facts: Facts) -> dict[str, NearOverlap]:
    """Find the rows of every split, train included, that nearly agree with a row of train.

    `near_pairs_<split>` (row, twin, n_off, n_changed) stays in the engine.
    """
    require_features(facts)
    columns = measure_closeness(facts)
    if not columns:
        return {}
    n_train = facts.dataset.relations["train"].n_rows
    matching = choose_matching(columns, n_train)
    looked_at = write_candidates(facts, choose_bands(columns, n_train))
    _keep_rows(facts, list(looked_at), columns)
    for split in looked_at:
        _compare(facts, split, columns, matching)
    pairs = {split: _pairs(facts, split) for split in looked_at}
    found = {split: _overlap(facts, split, looked_at, pairs, matching) for split in looked_at}
    close = {split: look_closer(facts, split, columns, matching) for split in looked_at}
    for split in looked_at:
        for table in ("candidates", "rows"):
            facts.dataset.engine.run(f"DROP TABLE near_{table}_{split}")
    return {split: replace(found[split], **close[split]) for split in looked_at}


def _keep_rows(facts: Facts, splits: Sequence[str], columns: Sequence[Closeness]) -> None:
    """Create `near_rows_<split>`: what is compared of the rows in pairs, so that a split is read once more only."""
    label = [] if facts.info.label is None else [facts.dataset.sql_name(facts.info.label)]
    listed = ", ".join(["row", *(column.cell for column in columns), *label])
    twins = " UNION ".join(f"SELECT twin AS row FROM near_candidates_{split}" for split in splits)
    for split in splits:
        wanted = f"SELECT row FROM near_candidates_{split}" + (f" UNION {twins}" if split == "train" else "")
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE near_rows_{split} AS SELECT {listed} FROM {split} SEMI JOIN ({wanted}) USING (row)"
        )


def _compare(facts: Facts, split: str, columns: Sequence[Closeness], matching: Matching) -> None:
    """Create `near_pairs_<split>`: of every row that has a near twin the nearest one.

    Numbers first: whatever pair they leave too far apart is not compared in its texts, which takes eight times as long.
    """
    engine = facts.dataset.engine
    kinds = ([column for column in columns if column.is_ordered is ordered] for ordered in (True, False))
    *first, last = [run for kind in kinds for run in chunks(kind, COLUMNS_PER_STATEMENT)]
    by_change = "" if matching.n_changed is None else f" OR n_changed <= {matching.n_changed}"
    near = f"n_off <= {matching.n_off}{by_change}"
    pairs = f"(SELECT row, twin, 0 AS n_off, 0 AS n_changed FROM near_candidates_{split})"
    for i, run in enumerate(first):
        differences = _differences(split, pairs, run, matching)
        engine.run(f"CREATE TEMP TABLE near_part_{split}_{i} AS SELECT * FROM ({differences}) WHERE {near}")
        pairs = f"near_part_{split}_{i}"
    engine.run(
        f"CREATE TEMP TABLE near_pairs_{split} AS SELECT row, twin, n_off, n_changed FROM (SELECT *, row_number() "
        f"OVER (PARTITION BY row ORDER BY n_off, n_changed, twin) AS turn "
        f"FROM ({_differences(split, pairs, last, matching)}) WHERE {near}) WHERE turn = 1"
    )
    for i in range(len(first)):
        engine.run(f"DROP TABLE near_part_{split}_{i}")


def _differences(split: str, pairs: str, columns: Sequence[Closeness], matching: Matching) -> str:
    """Return SQL that adds to the counts of each pair in how many of these columns its rows differ."""
    off = " + ".join(column.is_off(matching.tolerance) for column in columns)
    changed = " + ".join(column.is_off(TOLERANCES[-1]) for column in columns)
    return (
        f"SELECT c.row AS row, c.twin AS twin, c.n_off + {off} AS n_off, c.n_changed + {changed} AS n_changed "
        f"FROM {pairs} AS c JOIN near_rows_{split} AS o ON o.row = c.row "
        "JOIN near_rows_train AS t ON t.row = c.twin"
    )


def _pairs(facts: Facts, split: str) -> Mapping[str, IntArray]:
    """Return the pairs of a split, the nearest first: row, twin, n_off, n_changed, and whether the labels are equal."""
    labelled = splits_with_label(facts.dataset) if facts.info.label is not None else []
    columns, joined = "0 AS same", ""
    if split in labelled:
        label = label_expression(facts.dataset)
        columns = "CASE WHEN o.y = t.y THEN 1 ELSE 0 END AS same"
        joined = (
            f"JOIN (SELECT row, {label} AS y FROM near_rows_{split}) AS o ON o.row = p.row "
            f"JOIN (SELECT row, {label} AS y FROM near_rows_train) AS t ON t.row = p.twin "
        )
    arrays = facts.dataset.engine.arrays(
        f"SELECT p.row AS row, p.twin AS twin, p.n_off AS n_off, p.n_changed AS n_changed, {columns} "
        f"FROM near_pairs_{split} AS p {joined}ORDER BY n_off, n_changed, row"
    )
    return {name: np.asarray(values, dtype=np.int64) for name, values in arrays.items()}


def _overlap(
    facts: Facts,
    split: str,
    looked_at: Mapping[str, LookedAt],
    pairs: Mapping[str, Mapping[str, IntArray]],
    matching: Matching,
) -> NearOverlap:
    found, within = pairs[split], pairs["train"]
    n_rows = {name: one.n_rows for name, one in looked_at.items()}
    first = (found["row"][:MAX_PAIRS].tolist(), found["twin"][:MAX_PAIRS].tolist())
    return NearOverlap(
        split=split,
        n_rows=n_rows[split],
        n_matched=len(found["row"]),
        n_small=int((found["n_off"] == 0).sum()),
        n_same_label=int(found["same"].sum()),
        n_train=n_rows["train"],
        n_matched_within_train=len(within["row"]),
        standard_error=0.0 if split == "train" else _standard_error(found, within, n_rows[split], n_rows["train"]),
        share_not_by_chance=0.0,
        columns_off={},
        pairs=tuple(zip(*first, strict=True)),
        matching=matching,
        has_labels=facts.info.label is not None and split in splits_with_label(facts.dataset),
        sampled=not (looked_at[split].is_all and looked_at["train"].is_all),
    )


def _standard_error(across: Mapping[str, IntArray], within: Mapping[str, IntArray], n_rows: int, n_train: int) -> float:
    """Return that of share matched across minus within; rows that are linked by matches are one piece of evidence."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    train_rows = np.concatenate([across["twin"], within["row"], within["twin"]])
    known, place = np.unique(train_rows, return_inverse=True)
    n_across, n_within = len(across["row"]), len(within["row"])
    starts = np.concatenate([len(known) + np.arange(n_across), place[n_across : n_across + n_within]])
    ends = np.concatenate([place[:n_across], place[n_across + n_within :]])
    size = len(known) + n_across
    if not len(starts):
        return 0.0
    links = coo_matrix((np.ones(len(starts)), (starts, ends)), shape=(size, size))
    group = connected_components(links, directed=False)[1]
    terms = np.bincount(group[starts[:n_across]], minlength=group.max() + 1) / max(1, n_rows)
    terms = terms - np.bincount(group[starts[n_across:]], minlength=group.max() + 1) / max(1, n_train)
    return float(np.sqrt((terms**2).sum()))
