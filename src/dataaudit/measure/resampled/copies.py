"""Rows that stand more than once with the same label, class by class: exact, over all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.measure.labels import label_expression, label_text
from dataaudit.measure.resampled.class_rows import class_expression, labelled_splits
from dataaudit.measure.resampled.segments import ROWS_OF_FACTORING, independent_columns

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_NUMBERS = 21
N_PARTS = 4
MOST_HASHED = 200
# Classes that repeat no more than this, or than the class that repeats least, are not looked at more closely.
LEAST_SHARE = 0.02
MOST_LOOKED_AT = 20
NONE_ALIKE = (0,) * 7


@dataclass(frozen=True)
class Copies:
    """Equal rows (features and label) of one class, over train and the other splits with labels.

    Attributes
    ----------
    n_rows : int
    n_distinct : int
        Different rows among them: the units that are counted below, for copies of one row are one piece of evidence.
    n_repeated : int
        Different rows that stand more than once.
    n_across : int
        Different rows that stand in more than one split.
    dispersion : float
        Variance over mean of how many more times than once a row of train stands there: 1 or less where rows were
        drawn at random to be copied, 0 where each was copied alike, large where a few stand very often.
    share_whole : float or None
        Pairs of rows of train that agree in all columns, as a share of those that agree in all but a quarter of them
        (the second smallest of the four such shares: one quarter may hold all that tells rows apart). Near 1 for
        copies; rows that agree by chance agree in fewer columns far more often. None where it was not asked.
    numbers : mapping of split to tuple of int
        The first rows that stand in another split too, at most 21.
    """

    n_rows: int
    n_distinct: int
    n_repeated: int
    n_across: int
    dispersion: float
    share_whole: float | None = None
    numbers: Mapping[str, tuple[int, ...]] | None = None

    @property
    def share_repeated(self) -> float:
        """Share of the different rows that stand more than once."""
        return self.n_repeated / max(1, self.n_distinct)

    @property
    def share_across(self) -> float:
        """Share of the different rows that stand in more than one split."""
        return self.n_across / max(1, self.n_distinct)


def measure_copies(facts: Facts, classes: Mapping[str, int]) -> dict[str, Copies]:
    """Count the copies of every class, and look more closely at the classes that have more than the others."""
    _ = facts.alike_rows
    counts = _counts(facts)
    in_train = dict(zip(facts.classes.classes, facts.classes.counts["train"].tolist(), strict=True))
    copies = {name: _copies(n, in_train[name], counts.get(name, NONE_ALIKE)) for name, n in classes.items()}
    least = min((found.share_repeated for found in copies.values()), default=0.0)
    closely = [name for name, found in copies.items() if found.share_repeated > max(LEAST_SHARE, 2 * least)]
    closely = sorted(closely, key=lambda name: (-copies[name].n_repeated, name))[:MOST_LOOKED_AT]
    if closely:
        shares = _shares_whole(facts, closely)
        for i, name in enumerate(closely):
            numbers = _numbers(facts, name) if copies[name].n_across else {}
            copies[name] = replace(copies[name], share_whole=shares.get(i, 0.0), numbers=numbers)
    return copies


def _counts(facts: Facts) -> dict[str, tuple[int, ...]]:
    """Return of every class the rows that have an alike one, in groups of equal rows and label.

    Rows, groups, groups of more than one row, groups in more than one split; rows, groups and the sum of their squares
    in train.
    """
    every = " UNION ALL ".join(
        f"SELECT shared, y, {i} AS split FROM alike_{split} WHERE y IS NOT NULL"
        for i, split in enumerate(labelled_splits(facts))
    )
    counted = "count(*) AS n, count_if(split = 0) AS t, count(DISTINCT split) AS k"
    groups = f"SELECT y, {counted} FROM ({every}) GROUP BY shared, y"
    found = facts.dataset.engine.rows(
        "SELECT y, sum(n), count(*), count_if(n > 1), count_if(k > 1), sum(t), count_if(t > 0), sum(t * t) "
        f"FROM ({groups}) GROUP BY y"
    )
    return {label_text(label): tuple(int(n or 0) for n in numbers) for label, *numbers in found}


def _copies(n_rows: int, n_train: int, counts: tuple[int, ...]) -> Copies:
    n_alike, n_groups, n_repeated, n_across, n_alike_train, n_groups_train, squares = counts
    n_distinct = n_rows - n_alike + n_groups
    n_alone = n_train - n_alike_train
    n_distinct_train = max(1, n_alone + n_groups_train)
    mean = n_train / n_distinct_train
    variance = (squares + n_alone) / n_distinct_train - mean**2
    return Copies(n_rows, n_distinct, n_repeated, n_across, variance / (mean - 1) if mean > 1 else 0.0)


def _shares_whole(facts: Facts, names: Sequence[str]) -> dict[int, float]:
    """Return place of the class -> share of the pairs that agree but for a quarter of the columns that agree in all.

    The quarters are runs of the columns by name, so that the flags of one category mostly stand in one of them.
    """
    columns = _telling_columns(facts)
    parts = [list(run) for run in np.array_split(columns, min(N_PARTS, len(columns)))]
    hashes = [f"h{i}" for i in range(len(parts))]
    listed = ", ".join(
        f"hash({', '.join(facts.dataset.sql_name(name) for name in part)}) AS {key}"
        for key, part in zip(hashes, parts, strict=True)
    )
    code = class_expression(facts, names, label_expression(facts.dataset))
    rows = f"SELECT * FROM (SELECT {code} AS code, {listed} FROM train) WHERE code IS NOT NULL"
    keys = [hashes, *([key for key in hashes if key != left_out] for left_out in hashes)]
    pairs = [
        f"SELECT code, {i} AS place, sum(n * (n - 1)) AS pairs FROM "
        f"(SELECT code, count(*) AS n FROM ({rows}) GROUP BY {', '.join(['code', *key])}) GROUP BY code"
        for i, key in enumerate(keys)
    ]
    counts = np.zeros((len(names), len(keys)))
    for place, key, n in facts.dataset.engine.rows(" UNION ALL ".join(pairs)):
        counts[int(place), int(key)] = int(n)
    shares = np.sort(counts[:, :1] / np.maximum(1, counts[:, 1:]), axis=1)
    return dict(enumerate(shares[:, min(1, len(hashes) - 1)].tolist()))


def _telling_columns(facts: Facts) -> list[str]:
    """Return at most 200 features by name, numbers that are sums or other linear functions of numbers left out.

    What is determined by the other columns agrees wherever they do, by chance too.
    """
    names = sorted(column.name for column in facts.features)
    names = names[:: -(-len(names) // MOST_HASHED)]
    numbers = [name for name in names if name in facts.sample.numeric]
    if not numbers:
        return names
    values = np.column_stack([facts.sample.numeric[name][:ROWS_OF_FACTORING] for name in numbers])
    told = {numbers[place] for place in independent_columns(np.nan_to_num(values))}
    return [name for name in names if name in told or name not in facts.sample.numeric] or names


def _numbers(facts: Facts, name: str) -> dict[str, tuple[int, ...]]:
    splits = labelled_splits(facts)
    found = {}
    for split in splits:
        others = " UNION ALL ".join(f"SELECT shared, y FROM alike_{other}" for other in splits if other != split)
        if others:
            rows = facts.dataset.engine.rows(
                f"SELECT row FROM (SELECT * FROM alike_{split} WHERE {class_expression(facts, [name], 'y')} = 0) "
                f"SEMI JOIN ({others}) USING (shared, y) ORDER BY row LIMIT {MAX_NUMBERS}"
            )
            found[split] = tuple(int(row[0]) for row in rows)
    return {split: numbers for split, numbers in found.items() if numbers}
