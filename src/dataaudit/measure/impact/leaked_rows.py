"""Which rows a leak's trial is made of: drawn by arithmetic on row numbers, the same on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.engine.draw import draw_expression
from dataaudit.errors import NotMeasurable
from dataaudit.measure.impact.scores import Impact, Trial, score_with_and_without
from dataaudit.measure.labels import label_expression, splits_with_label
from dataaudit.measure.sample import as_number

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]

MAX_TRAIN, MAX_TEST, MAX_PARTNERS = 5_000, 1_000, 2_000
MOST_OF_TRAIN = 1 / 3
SHARE_BEFORE_CUT = 0.7
SHARE_HELD_OUT = 0.3


def measure_row_impact(facts: Facts, split: str, leaked: str, partners: str) -> Impact:
    """Measure what rows of a split gain from the rows of train that share a key with them.

    The same test rows are predicted twice: by a model of all training rows,
    and by one of those that are no partners of the drawn ones. Where train
    has more than 5,000 rows, both have so many, and the partners stand in the
    place of drawn others.

    Parameters
    ----------
    leaked, partners : str
        Queries of (row, key): of the split, and of train.
    """
    _require_labels(facts, split)
    test, train = _labelled(facts, split, leaked), _labelled(facts, "train", partners)
    keys = (
        f"SELECT key, first, n, m FROM (SELECT key, min(row) AS first, count(*) AS n FROM ({test}) GROUP BY key) "
        f"JOIN (SELECT key, count(*) AS m FROM ({train}) GROUP BY key) USING (key)"
    )
    n_leaked = int(facts.dataset.engine.rows(f"SELECT sum(n) FROM ({keys})")[0][0] or 0)
    chosen = f"SELECT key FROM ({keys}) WHERE first IN ({_listed(_draw_keys(facts, keys))})"
    touched = _drawn(facts, f"SELECT row FROM ({test}) WHERE key IN ({chosen})", MAX_TEST, split)
    ours = _drawn(facts, f"SELECT row FROM ({train}) WHERE key IN ({chosen})", MAX_PARTNERS, "train")
    others = _drawn(facts, f"SELECT row FROM {split} {_except(leaked)}", MAX_TEST, split)
    rest = _drawn(
        facts,
        f"SELECT row FROM train {_except(f'SELECT row FROM ({train}) WHERE key IN ({chosen})')}",
        MAX_TRAIN,
        "train",
    )
    n_kept = min(len(rest), MAX_TRAIN - len(ours))
    if n_kept < len(rest) // 2:
        raise NotMeasurable("the leaked rows leave too few training rows to compare with")
    n_others = _n_labelled(facts, split) - n_leaked
    weights = np.concatenate(
        [np.full(len(touched), n_leaked / max(1, len(touched))), np.full(len(others), n_others / max(1, len(others)))]
    )
    rows = np.concatenate([touched, others])
    order = np.argsort(rows)
    is_touched = np.arange(len(rows)) < len(touched)
    trial = Trial(
        split=split,
        test=rows[order],
        train_with=np.sort(np.concatenate([rest[:n_kept], ours])),
        train_without=np.sort(rest),
        weights=weights[order],
        touched=is_touched[order],
        cluster=_clusters(facts, test, keys, rows[order]),
    )
    return score_with_and_without(facts, trial)


def measure_copies_impact(facts: Facts, split: str) -> Impact:
    """Measure what rows of a split gain from rows of train with the same features."""
    _ = facts.alike_rows
    leaked = f"SELECT row, shared AS key FROM alike_{split} SEMI JOIN alike_train USING (shared)"
    return measure_row_impact(facts, split, leaked, "SELECT row, shared AS key FROM alike_train")


def measure_near_impact(facts: Facts, split: str) -> Impact:
    """Measure what rows of a split gain from the row of train that nearly agrees with them."""
    _ = facts.near_overlaps
    leaked = f"SELECT row, twin AS key FROM near_pairs_{split}"
    return measure_row_impact(facts, split, leaked, f"SELECT DISTINCT twin AS row, twin AS key FROM near_pairs_{split}")


def measure_group_impact(facts: Facts, split: str, column: str) -> Impact:
    """Measure what rows of a split gain from rows of train of the same group."""
    cell = facts.dataset.sql_name(column)
    train = f"SELECT row, {cell} AS key FROM train WHERE {cell} IS NOT NULL"
    leaked = f"SELECT row, {cell} AS key FROM {split} SEMI JOIN (SELECT {cell} FROM train) AS t USING ({cell})"
    return measure_row_impact(facts, split, leaked, train)


def measure_column_impact(facts: Facts, column: str, without: Sequence[str] = ()) -> Impact:
    """Measure what a column gives a model of the others; on a part of train held out where no other split has labels.

    Neither model sees the columns of `without`.
    """
    labelled = [split for split in facts.other_splits if split in splits_with_label(facts.dataset)]
    split = "test" if "test" in labelled else labelled[0] if labelled else "train"
    n_wanted = MAX_TRAIN if labelled else MAX_TRAIN + MAX_TEST
    train = _drawn(facts, "SELECT row FROM train", n_wanted, "train")
    if labelled:
        test = _drawn(facts, f"SELECT row FROM {split}", MAX_TEST, split)
    else:
        n_held_out = min(MAX_TEST, round(SHARE_HELD_OUT * len(train)))
        test, train = train[:n_held_out], train[n_held_out:]
    train, test = np.sort(train), np.sort(test)
    every = np.ones(len(test), dtype=np.bool_)
    trial = Trial(split, test, train, train, every.astype(float), every, left_out=tuple(without), column=column)
    return score_with_and_without(facts, trial)


def measure_time_impact(facts: Facts, split: str, column: str) -> Impact:
    """Measure what training rows from after a moment give a model of test rows from after it.

    The moment is where 70 % of train lie before it. As many rows are drawn
    from all of train and from those before. The interval takes test rows for
    independent, which neighbours in time are not: it is too narrow.
    """
    _require_labels(facts, split)
    cell = facts.dataset.sql_name(column)
    cut = float(np.nanquantile(as_float(facts.sample.numeric[column]), SHARE_BEFORE_CUT))
    number = as_number(cell, facts.info.column(column).kind)
    early = _drawn(facts, f"SELECT row FROM train WHERE {number} <= {cut!r}", MAX_TRAIN, "train")
    mixed = _drawn(facts, f"SELECT row FROM train WHERE {cell} IS NOT NULL", len(early), "train")
    late = _drawn(facts, f"SELECT row FROM {split} WHERE {number} > {cut!r}", MAX_TEST, split)
    every = np.ones(len(late), dtype=np.bool_)
    trial = Trial(split, np.sort(late), np.sort(mixed), np.sort(early), every.astype(float), every)
    return score_with_and_without(facts, trial)


def _clusters(facts: Facts, leaked: str, keys: str, rows: IntArray) -> IntArray:
    """Return a number per row that rows of one key share; a row that is not leaked has its own."""
    arrays = facts.dataset.engine.arrays(
        f"SELECT row, first FROM ({leaked}) JOIN ({keys}) USING (key) "
        f"WHERE row IN ({_listed(rows.tolist())}) ORDER BY row"
    )
    known, first = (np.asarray(arrays[name], dtype=np.int64) for name in ("row", "first"))
    clusters = rows.copy()
    clusters[np.searchsorted(rows, known)] = first
    return clusters


def _n_labelled(facts: Facts, split: str) -> int:
    label = label_expression(facts.dataset)
    return int(facts.dataset.engine.rows(f"SELECT count(*) FROM {split} WHERE {label} IS NOT NULL")[0][0])


def _except(rows: str) -> str:
    return f"ANTI JOIN (SELECT row FROM ({rows})) AS others USING (row)"


def _require_labels(facts: Facts, split: str) -> None:
    if facts.info.label is None or split not in splits_with_label(facts.dataset):
        raise NotMeasurable(f"{split} has no labels to measure the impact with")


def _labelled(facts: Facts, split: str, rows: str) -> str:
    """Return the query of (row, key) with the labelled rows of a split only."""
    with_label = f"SELECT row FROM {split} WHERE {label_expression(facts.dataset)} IS NOT NULL"
    return f"SELECT row, key FROM ({rows}) SEMI JOIN ({with_label}) AS labelled USING (row)"


def _draw_keys(facts: Facts, keys: str) -> list[int]:
    """Return the first rows of drawn keys, as many as the bounds on test rows and partners let through."""
    draw = draw_expression(facts.seed, "first")
    arrays = facts.dataset.engine.arrays(f"SELECT first, n, m FROM ({keys}) ORDER BY {draw}, first LIMIT {MAX_TEST}")
    n, m = (np.asarray(arrays[name], dtype=np.float64) for name in ("n", "m"))
    most = min(MAX_PARTNERS, MOST_OF_TRAIN * facts.dataset.relations["train"].n_rows)
    n_keys = int(((np.cumsum(n) <= MAX_TEST) & (np.cumsum(m) <= most)).sum())
    if n_keys == 0:
        raise NotMeasurable("the leaked rows are too large a part of train to be left out")
    return [int(row) for row in arrays["first"][:n_keys]]


def _drawn(facts: Facts, rows: str, n_wanted: int, split: str) -> IntArray:
    """Return the numbers of labelled rows in the order of their draws."""
    with_label = f"SELECT row FROM {split} WHERE {label_expression(facts.dataset)} IS NOT NULL"
    drawn = facts.dataset.engine.arrays(
        f"SELECT row FROM ({rows}) SEMI JOIN ({with_label}) AS labelled USING (row) "
        f"ORDER BY {draw_expression(facts.seed)}, row LIMIT {n_wanted}"
    )["row"]
    return np.asarray(drawn, dtype=np.int64)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
