"""Declared groups and times: what train shares with the other splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.engine.dataset import Dataset
from dataaudit.errors import NotMeasurable
from dataaudit.measure.rows import MAX_PAIRS, GroupOverlap, TimeOverlap
from dataaudit.model import Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_NUMBERS = 21


def measure_group_overlaps(dataset: Dataset) -> dict[str, dict[str, GroupOverlap]]:
    """Count the groups of every declared group column that stand in train and elsewhere."""
    others = [split for split in dataset.relations if split in ("validation", "test")]
    return {
        column.name: {
            split: _overlap(dataset, column.name, split)
            for split in others
            if column.name not in dataset.relations[split].absent
        }
        for column in dataset.info.with_role(Role.GROUP)
    }


def _overlap(dataset: Dataset, column: str, split: str) -> GroupOverlap:
    cell = dataset.sql_name(column)
    per_group = (
        f"SELECT o.g AS g, o.n AS n, t.g IS NOT NULL AS shared FROM "
        f"(SELECT {cell} AS g, count(*) AS n FROM {split} WHERE {cell} IS NOT NULL GROUP BY 1) AS o "
        f"LEFT JOIN (SELECT DISTINCT {cell} AS g FROM train) AS t ON o.g = t.g"
    )
    n_rows, n_shared_rows, n_groups, n_shared = dataset.engine.rows(
        f"SELECT sum(n), sum(n) FILTER (shared), count(*), count_if(shared) FROM ({per_group})"
    )[0]
    n_train = dataset.engine.rows(f"SELECT count(DISTINCT {cell}) FROM train")[0][0]
    examples = dataset.engine.rows(
        f"SELECT left(CAST(g AS VARCHAR), 80) FROM ({per_group}) WHERE shared ORDER BY n DESC, g LIMIT 5"
    )
    return GroupOverlap(
        column=column,
        split=split,
        n_rows=int(n_rows or 0),
        n_rows_shared=int(n_shared_rows or 0),
        n_groups=int(n_groups),
        n_groups_shared=int(n_shared or 0),
        n_groups_train=int(n_train),
        examples=tuple(str(row[0]) for row in examples),
        pairs=_pairs(dataset, cell, split) if n_shared else (),
    )


def _pairs(dataset: Dataset, cell: str, split: str) -> tuple[tuple[int, int], ...]:
    """Return (row of the split, first row of train of the same group) of the first rows that have one.

    Only the groups of the rows to be shown are looked up in train, and only their first rows are joined.
    """
    shown = (
        f"SELECT o.row AS row, o.g AS g FROM (SELECT row, {cell} AS g FROM {split}) AS o "
        f"SEMI JOIN (SELECT {cell} AS g FROM train) AS t ON o.g = t.g ORDER BY row LIMIT {MAX_PAIRS}"
    )
    firsts = (
        f"SELECT t.g AS g, min(t.row) AS first FROM (SELECT row, {cell} AS g FROM train) AS t "
        f"SEMI JOIN ({shown}) AS s ON t.g = s.g GROUP BY t.g"
    )
    found = dataset.engine.rows(
        f"SELECT s.row, f.first FROM ({shown}) AS s JOIN ({firsts}) AS f ON s.g = f.g ORDER BY s.row"
    )
    return tuple((int(number), int(first)) for number, first in found)


def measure_time_overlaps(facts: Facts) -> dict[str, TimeOverlap]:
    """Count the rows of every other split that has times and are not later than train's last."""
    column = facts.info.with_role(Role.TIME)[0]
    if column.kind not in (Kind.DATETIME, Kind.NUMERIC):
        raise NotMeasurable(f"the time column {column.name!r} is {column.kind}: write it as ISO dates or as numbers")
    profiles = facts.profiles
    if profiles["train"][column.name].n_present == 0:
        raise NotMeasurable(f"the time column {column.name!r} is missing in every training row")
    return {
        split: _time_overlap(facts.dataset, column.name, split)
        for split in facts.other_splits
        if profiles[split][column.name].n_present > 0
    }


def _time_overlap(dataset: Dataset, column: str, split: str) -> TimeOverlap:
    cell = dataset.sql_name(column)
    ends = f"CAST(min({cell}) AS VARCHAR), CAST(max({cell}) AS VARCHAR)"
    early = f"{cell} <= (SELECT max({cell}) FROM train)"
    train_first, train_last = dataset.engine.rows(f"SELECT {ends} FROM train")[0]
    first, last, n_rows, n_early = dataset.engine.rows(f"SELECT {ends}, count({cell}), count_if({early}) FROM {split}")[
        0
    ]
    numbers = dataset.engine.rows(f"SELECT row FROM {split} WHERE {early} ORDER BY row LIMIT {MAX_NUMBERS}")
    return TimeOverlap(
        column=column,
        split=split,
        n_rows=int(n_rows),
        n_rows_overlapping=int(n_early or 0),
        train_first=str(train_first),
        train_last=str(train_last),
        other_first=str(first),
        other_last=str(last),
        numbers=tuple(int(row[0]) for row in numbers),
    )
