"""Bands: keys over some columns each, so that rows that nearly agree share a key although a cell was changed.

Locality-sensitive hashing (Indyk and Motwani 1998; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, chapter 3): rows that share no key are
never compared, so no statement is quadratic in the rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.engine.draw import draw_expression, draw_limit
from dataaudit.measure.near_rows.closeness import Closeness

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

N_BANDS = 4
# Bits of a band beyond those that number the rows: one row in 2^5 meets another by chance.
BITS_TO_SPARE = 5
# So many bands of numbers alone are enough: the normal form of a text takes ten times as long.
ENOUGH_BANDS = 3
# Columns depend on one another; together they tell this share of what each tells alone.
SHARE_OF_BITS = 0.7
# A column that nearly names the row would make a band of one row each.
MOST_BITS_OF_COLUMN = 8
TWINS_PER_KEY = 2
MAX_ROWS_COMPARED = 200_000
# A random split deals exact copies out alike: with so many more of its rows copied, train was given copies of its own.
SHARE_OF_OWN_COPIES = 0.02


@dataclass(frozen=True)
class LookedAt:
    """How many rows of a split were looked at, and whether they are all that there are."""

    n_rows: int
    is_all: bool


def choose_bands(columns: Sequence[Closeness], n_rows: int) -> list[list[Closeness]]:
    """Return up to four sets of columns, such that no column lies in all of them.

    Sets that share no column where there are enough columns to tell the rows
    apart twice at least; otherwise the columns are dealt into groups and each
    set is all groups but one.
    """
    needed = (math.log2(max(2, n_rows)) + BITS_TO_SPARE) / SHARE_OF_BITS
    ordered = sorted(columns, key=lambda c: (c.bits > MOST_BITS_OF_COLUMN, not c.is_ordered, -c.bits, c.column))
    n_apart = _n_apart([column for column in ordered if column.is_ordered], needed)
    if n_apart < ENOUGH_BANDS:
        n_apart = _n_apart(ordered, needed)
    if n_apart >= 2:
        return _apart(ordered, n_apart, needed)
    n_groups = min(N_BANDS, len(ordered))
    if n_groups < 2:
        return [list(ordered)] if ordered else []
    return [[c for place, c in enumerate(ordered) if place % n_groups != left_out] for left_out in range(n_groups)]


def _n_apart(columns: Sequence[Closeness], needed: float) -> int:
    """Return for how many bands the columns' bits are enough."""
    return min(N_BANDS, int(sum(min(column.bits, MOST_BITS_OF_COLUMN) for column in columns) // needed))


def _apart(ordered: Sequence[Closeness], n_bands: int, needed: float) -> list[list[Closeness]]:
    """Deal columns out in turn until every band has the bits it needs."""
    bands: list[list[Closeness]] = [[] for _ in range(n_bands)]
    bits = [0.0] * n_bands
    for column in ordered:
        least = min(range(n_bands), key=lambda band: bits[band])
        if bits[least] >= needed:
            break
        bands[least].append(column)
        bits[least] += min(column.bits, MOST_BITS_OF_COLUMN)
    return bands


def write_candidates(facts: Facts, bands: Sequence[Sequence[Closeness]]) -> dict[str, LookedAt]:
    """Create `near_candidates_<split>` (row, twin in train) and return split -> its rows that were looked at.

    Of every key a row is paired with the first two other rows of train that
    have it. A row whose features stand in another row of train exactly is
    paired with none, for it is told as a copy; of such rows in train the first
    can be a twin. Where train was given copies of its own, its different rows are looked at, each once: else those
    that were copied would be missing among its rows, and not among those of the split it is compared with.
    """
    splits = ["train", *facts.other_splits]
    alike = facts.alike_rows
    has_own = _has_own_copies(facts)
    for split in splits:
        keys = ", ".join(f"{_key(band)} AS k{i}" for i, band in enumerate(bands))
        most = 1 if split == "train" else 0
        copies = (
            f"SELECT row, row_number() OVER (PARTITION BY shared ORDER BY row) AS turn FROM alike_{split} "
            f"WHERE shared IN (SELECT hash FROM {alike.shared} WHERE n_train > {most})"
        )
        is_single = "true" if has_own and split == "train" else "c.turn IS NULL"
        facts.dataset.engine.run(
            f"CREATE TEMP TABLE near_keys_{split} AS SELECT row, {keys}, {is_single} AS is_single "
            f"FROM {split} LEFT JOIN ({copies}) AS c USING (row) WHERE coalesce(c.turn, 1) = 1"
        )
    for i in range(len(bands)):
        _write_shared(facts, splits, i)
    looked_at = {}
    for split in splits:
        n_rows = facts.dataset.relations[split].n_rows
        n_wanted, drawn = _rows_to_compare(facts, split, len(bands))
        is_all = n_wanted == n_rows
        if has_own and split == "train":
            n_different = int(facts.dataset.engine.rows("SELECT count(*) FROM near_keys_train")[0][0])
            n_wanted = n_wanted * n_different // max(1, n_rows)
        looked_at[split] = LookedAt(n_wanted, is_all)
        pairs = " UNION ".join(_pairs(split, i, drawn) for i in range(len(bands)))
        facts.dataset.engine.run(f"CREATE TEMP TABLE near_candidates_{split} AS {pairs}")
        facts.dataset.engine.run(f"DROP TABLE near_keys_{split}")
    for i in range(len(bands)):
        facts.dataset.engine.run(f"DROP TABLE near_shared_{i}")
    return looked_at


def _has_own_copies(facts: Facts) -> bool:
    """Return whether many more rows of train than of any other split stand in train exactly."""
    alike = facts.alike_rows.shared
    shares = []
    for split, least in (("train", 2), *((split, 1) for split in facts.other_splits)):
        counted = f"SELECT coalesce(sum(n_{split}), 0) FROM {alike} WHERE n_train >= {least}"
        n_copied = int(facts.dataset.engine.rows(counted)[0][0])
        shares.append(n_copied / max(1, facts.dataset.relations[split].n_rows))
    return len(shares) > 1 and shares[0] > max(shares[1:]) + SHARE_OF_OWN_COPIES


def _rows_to_compare(facts: Facts, split: str, n_bands: int) -> tuple[int, str]:
    """Return how many rows of a split are looked at, and the SQL condition that draws them.

    All, unless more than 200,000 share a key with another row, which happens in large coarse tables.
    """
    shared = " UNION ".join(f"SELECT row FROM near_shared_{i} WHERE split = '{split}'" for i in range(n_bands))
    n_rows = facts.dataset.relations[split].n_rows
    n_shared = int(facts.dataset.engine.rows(f"SELECT count(*) FROM ({shared})")[0][0])
    if n_shared <= MAX_ROWS_COMPARED:
        return n_rows, "true"
    n_wanted = n_rows * MAX_ROWS_COMPARED // n_shared
    return n_wanted, f"{draw_expression(facts.seed)} < {draw_limit(n_rows, n_wanted)}"


def _key(band: Sequence[Closeness]) -> str:
    return f"hash({', '.join(column.grid() for column in band)})"


def _write_shared(facts: Facts, splits: Sequence[str], band: int) -> None:
    """Create `near_shared_<band>`: the rows whose key stands more than once, at least once of them in train."""
    every = " UNION ALL ".join(
        f"SELECT k{band} AS k, row, {int(split == 'train')} AS in_train, '{split}' AS split, is_single "
        f"FROM near_keys_{split}"
        for split in splits
    )
    repeated = f"SELECT k FROM ({every}) GROUP BY k HAVING count(*) > 1 AND max(in_train) = 1"
    facts.dataset.engine.run(
        f"CREATE TEMP TABLE near_shared_{band} AS SELECT * FROM ({every}) SEMI JOIN ({repeated}) USING (k)"
    )


def _pairs(split: str, band: int, drawn: str) -> str:
    first = (
        f"SELECT k, row AS twin, row_number() OVER (PARTITION BY k ORDER BY row) AS place "
        f"FROM near_shared_{band} WHERE in_train = 1"
    )
    # A row of train is no twin of itself, so it may need one more to choose from.
    return (
        f"SELECT row, twin FROM (SELECT row, twin, row_number() OVER (PARTITION BY row ORDER BY place) AS turn "
        f"FROM (SELECT k, row FROM near_shared_{band} WHERE split = '{split}' AND is_single AND {drawn}) "
        f"JOIN (SELECT * FROM ({first}) WHERE place <= {TWINS_PER_KEY + 1}) USING (k) "
        f"WHERE {'row <> twin' if split == 'train' else 'true'}) WHERE turn <= {TWINS_PER_KEY}"
    )
