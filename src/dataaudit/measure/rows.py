"""Rows that stand more than once: within a split, across splits, with other labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dataaudit.errors import NotMeasurable
from dataaudit.measure.labels import splits_with_label
from dataaudit.measure.scaled_target import measure_scaled_target
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_GROUPS, MAX_ROWS_PER_GROUP, MAX_PAIRS = 10, 6, 20


@dataclass(frozen=True)
class RowRepeats:
    """Repeats within one split, by 64-bit hashes over all rows.

    `n_distinct_rows` counts rows different in features or label,
    `n_distinct_features` without regard to the label. `example_groups` are
    lists of row numbers that are alike in all features and label (at most
    ten groups, the largest first; at most six rows of each).
    """

    split: str
    n_rows: int
    n_distinct_rows: int
    n_distinct_features: int
    largest_group: int
    example_groups: tuple[tuple[int, ...], ...]
    sampled: bool = False


@dataclass(frozen=True)
class RowOverlap:
    """Rows of a split whose features stand in train too, by 64-bit hashes over all rows.

    `share_matched_within_train` is the share of training rows that match
    another training row; for a random split it equals `share_matched` on
    average, whatever the table. `standard_error` is that of their
    difference, summed over groups of alike rows, so clumps do not fool it.
    `n_same_label` rows have a twin in train with the same label, `n_other_label`
    only twins with other labels; a matched row that has no label, or whose
    twins have none, is neither.
    `pairs` are (row of the split, row of train), at most 20, in order;
    `pairs_other_label` those whose labels differ.
    """

    split: str
    n_rows: int
    n_matched: int
    n_same_label: int
    n_other_label: int
    n_train: int
    share_matched_within_train: float
    standard_error: float
    share_distinct_in_train: float
    pairs: tuple[tuple[int, int], ...]
    pairs_other_label: tuple[tuple[int, int], ...]
    has_labels: bool
    sampled: bool = False

    @property
    def share_matched(self) -> float:
        """Matched rows as a share of the split."""
        return self.n_matched / self.n_rows if self.n_rows else 0.0

    @property
    def excess(self) -> float:
        """Share matched across the splits minus share matched within train."""
        return self.share_matched - self.share_matched_within_train


@dataclass(frozen=True)
class Contradictions:
    """Equal features with unequal labels in train.

    Classification: `ceiling` is the best accuracy any model can have on these
    rows, sum over groups of the commonest label's count, over N; `baseline`
    the majority's share. Regression: `ceiling` is the best R², `baseline` 0.
    `n_rows_alike` rows share their features with another row; `n_rows_contradicted`
    stand in a group with more than one label. `example_groups` are row numbers
    of the largest such groups, at most ten: of each the first row of every
    label, then the second ones, six at most, in ascending order.
    """

    n_rows: int
    ceiling: float
    baseline: float
    n_rows_alike: int
    n_rows_contradicted: int
    n_rows_lost: int
    n_groups: int
    example_groups: tuple[tuple[int, ...], ...]
    sampled: bool = False


@dataclass(frozen=True)
class GroupOverlap:
    """Values of a declared group column that stand in train and in another split.

    `pairs` are (row of the split, first row of train of its group), at most 20, in order.
    """

    column: str
    split: str
    n_rows: int
    n_rows_shared: int
    n_groups: int
    n_groups_shared: int
    n_groups_train: int
    examples: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...] = ()
    sampled: bool = False


@dataclass(frozen=True)
class TimeOverlap:
    """Rows of a split at or before the last training time (times as ISO text)."""

    column: str
    split: str
    n_rows: int
    n_rows_overlapping: int
    train_first: str
    train_last: str
    other_first: str
    other_last: str
    numbers: tuple[int, ...]
    sampled: bool = False


def measure_repeats(facts: Facts) -> dict[str, RowRepeats]:
    """Count rows that stand more than once in each split."""
    alike = facts.alike_rows
    return {split: _repeats(facts, split, alike.features) for split in facts.dataset.relations}


def _repeats(facts: Facts, split: str, groups: str) -> RowRepeats:
    engine = facts.dataset.engine
    n_rows = facts.dataset.relations[split].n_rows
    n_alike, n_groups = engine.rows(f"SELECT sum(n_{split}), count_if(n_{split} > 0) FROM {groups}")[0]
    n_labelled_groups, largest = engine.rows(
        f"SELECT count(*), max(n) FROM (SELECT count(*) AS n FROM {_own_rows(split, groups)} GROUP BY features, y)"
    )[0]
    n_alone = n_rows - int(n_alike or 0)
    examples = _groups(facts, f"SELECT features, y, row FROM alike_{split}", "features, y", "count(*) > 1")
    n_distinct, n_features = n_alone + int(n_labelled_groups), n_alone + int(n_groups or 0)
    return RowRepeats(split, n_rows, n_distinct, n_features, int(largest or 1), examples)


def _own_rows(split: str, groups: str) -> str:
    """Return SQL of the rows of a split whose features stand more than once; the others there match by less."""
    return f"(SELECT * FROM alike_{split} WHERE features IN (SELECT hash FROM {groups}))"


def measure_overlaps(facts: Facts) -> dict[str, RowOverlap]:
    """Match the rows of every other split with train by their features."""
    alike = facts.alike_rows
    return {split: _overlap(facts, split, alike.shared) for split in facts.other_splits}


def _overlap(facts: Facts, split: str, groups: str) -> RowOverlap:
    engine = facts.dataset.engine
    n, m = facts.dataset.relations["train"].n_rows, facts.dataset.relations[split].n_rows
    both = f"SELECT n_train AS t, n_{split} AS s FROM {groups}"
    term = f"(CASE WHEN t > 0 THEN s / {m} ELSE 0 END - CASE WHEN t > 1 THEN t / {n} ELSE 0 END)"
    matched, repeated, variance, n_alike, n_groups = engine.rows(
        f"SELECT sum(s) FILTER (t > 0), sum(t) FILTER (t > 1), sum({term} * {term}), sum(t), count_if(t > 0) "
        f"FROM ({both})"
    )[0]
    has_labels = split in splits_with_label(facts.dataset)
    same, other = 0, 0
    if has_labels and matched:
        same = engine.rows(f"SELECT count(*) FROM alike_{split} SEMI JOIN alike_train USING (shared, y)")[0][0]
        other = engine.rows(f"SELECT count(*) FROM ({_with_other_label(split)})")[0][0]
    return RowOverlap(
        split=split,
        n_rows=m,
        n_matched=int(matched or 0),
        n_same_label=int(same),
        n_other_label=int(other),
        n_train=n,
        share_matched_within_train=int(repeated or 0) / n,
        standard_error=float(variance or 0.0) ** 0.5,
        share_distinct_in_train=(n - int(n_alike or 0) + int(n_groups or 0)) / n,
        pairs=_pairs(facts, f"SELECT * FROM alike_{split} SEMI JOIN alike_train USING (shared)") if matched else (),
        pairs_other_label=_pairs(facts, _with_other_label(split)) if other else (),
        has_labels=has_labels,
    )


def _with_other_label(split: str) -> str:
    """Return SQL of the rows of a split whose twins in train all have another label, one of them at least."""
    return (
        f"SELECT * FROM (SELECT * FROM alike_{split} WHERE y IS NOT NULL) "
        "SEMI JOIN (SELECT shared FROM alike_train WHERE y IS NOT NULL) USING (shared) "
        "ANTI JOIN alike_train USING (shared, y)"
    )


def _pairs(facts: Facts, rows: str) -> tuple[tuple[int, int], ...]:
    """Return (row of the split, its first twin in train); twins of the same label first, then of a known one.

    Only the rows to be shown are joined with train: all of them would be
    quadratic where many rows are alike.
    """
    found = facts.dataset.engine.rows(
        "SELECT o.row, arg_min(t.row, (o.y IS DISTINCT FROM t.y, t.y IS NULL, t.row)) "
        f"FROM ({rows} ORDER BY row LIMIT {MAX_PAIRS}) AS o JOIN alike_train AS t ON o.shared = t.shared "
        "GROUP BY o.row ORDER BY o.row"
    )
    return tuple((int(number), int(twin)) for number, twin in found)


def measure_contradictions(facts: Facts) -> Contradictions:
    """Measure what equal features with unequal labels cost the best possible model."""
    _ = facts.alike_rows
    measure = _regression_ceiling if facts.info.task is Task.REGRESSION else _class_ceiling
    found = measure(facts)
    return Contradictions(
        **found,
        example_groups=_mixed_groups(facts) if found["n_groups"] else (),
    )


def _mixed_groups(facts: Facts) -> tuple[tuple[int, ...], ...]:
    """Return rows of the largest groups with several labels, the first of each label before any second one."""
    labelled = "SELECT features, y, row FROM alike_train WHERE y IS NOT NULL"
    mixed = (
        f"SELECT features, count(*) AS n, min(row) AS first FROM ({labelled}) GROUP BY features "
        f"HAVING min(y) <> max(y) ORDER BY n DESC, first LIMIT {MAX_GROUPS}"
    )
    turns = (
        "SELECT n, first, row, row_number() OVER (PARTITION BY features, y ORDER BY row) AS turn "
        f"FROM ({labelled}) JOIN ({mixed}) USING (features) QUALIFY turn <= {MAX_ROWS_PER_GROUP}"
    )
    found = facts.dataset.engine.rows(
        f"SELECT list(row ORDER BY turn, row)[:{MAX_ROWS_PER_GROUP}] FROM ({turns}) "
        "GROUP BY n, first ORDER BY n DESC, first"
    )
    return tuple(tuple(sorted(int(number) for number in numbers)) for (numbers,) in found)


def _class_ceiling(facts: Facts) -> dict[str, Any]:
    per_label = "SELECT features, y, count(*) AS n FROM alike_train WHERE y IS NOT NULL GROUP BY features, y"
    per_group = f"SELECT sum(n) AS n, max(n) AS best, count(*) AS k FROM ({per_label}) GROUP BY features"
    row = facts.dataset.engine.rows(
        f"SELECT sum(n - best), sum(n) FILTER (n > 1), sum(n) FILTER (k > 1), count_if(k > 1) FROM ({per_group})"
    )[0]
    lost, alike, contradicted, groups = (int(value or 0) for value in row)
    n_rows = int(facts.classes.counts["train"].sum())
    return {
        "n_rows": n_rows,
        "ceiling": (n_rows - lost) / max(1, n_rows),
        "baseline": float(facts.classes.shares.max()),
        "n_rows_alike": alike,
        "n_rows_contradicted": contradicted,
        "n_rows_lost": lost,
        "n_groups": groups,
    }


def _regression_ceiling(facts: Facts) -> dict[str, Any]:
    target = measure_scaled_target(facts, "train")
    residuals = f"SELECT features, y, {target.number('y')} AS d FROM alike_train WHERE y IS NOT NULL"
    per_group = (
        "SELECT count(*) AS n, greatest(0, sum(d * d) - pow(sum(d), 2) / count(*)) AS sse, "
        f"min(y) <> max(y) AS mixed FROM ({residuals}) GROUP BY features"
    )
    row = facts.dataset.engine.rows(
        "SELECT sum(sse) FILTER (mixed), sum(n) FILTER (n > 1), sum(n) FILTER (mixed), "
        f"count_if(mixed) FROM ({per_group})"
    )[0]
    sse, alike, contradicted, groups = (float(value or 0) for value in row)
    return {
        "n_rows": target.n_rows,
        "ceiling": 1 - sse / target.total if target.total > 0 else 1.0,
        "baseline": 0.0,
        "n_rows_alike": int(alike),
        "n_rows_contradicted": int(contradicted),
        "n_rows_lost": 0,
        "n_groups": int(groups),
    }


def _groups(facts: Facts, rows: str, keys: str, condition: str) -> tuple[tuple[int, ...], ...]:
    """Return the row numbers of the largest groups, then the earliest."""
    found = facts.dataset.engine.rows(
        f"SELECT numbers FROM (SELECT min(row, {MAX_ROWS_PER_GROUP}) AS numbers, count(*) AS n, min(row) AS first "
        f"FROM ({rows}) GROUP BY {keys} HAVING {condition}) ORDER BY n DESC, first LIMIT {MAX_GROUPS}"
    )
    return tuple(tuple(int(number) for number in numbers) for (numbers,) in found)


def require_features(facts: Facts) -> None:
    """Raise NotMeasurable where no column is left to compare rows by."""
    if not facts.features:
        raise NotMeasurable("there is no feature column to compare rows by")
