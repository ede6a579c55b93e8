"""What a model that has learnt train by heart makes of the rows of another split that stand in train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.engine.base import Row
from dataaudit.measure.labels import splits_with_label
from dataaudit.measure.rows import MAX_PAIRS
from dataaudit.measure.scaled_target import measure_scaled_target
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class ByHeart:
    """Labelled rows of a split with labelled twins in train, and what the twins say of them.

    The twins say their commonest label; of several such the one that most of
    the split's own rows there have, so that nothing is held against the model
    that it need not get wrong. In regression they say their mean.

    Attributes
    ----------
    n_rows : int
        Labelled rows of the split; `n_matched` have a labelled twin in train.
    n_wrong : int
        Matched rows of another label than the twins say (in regression, of
        another number, however near).
    lost : float
        What a model that is right wherever train says nothing else still
        loses: `n_wrong / n_rows`; in regression the matched rows' squared
        distances from what the twins say, over the split's sum of squares
        about its mean. There it may exceed 1; it is 1 where any number differs
        in a split that has one number only.
    n_effective : float
        How many rows the loss rests on: (sum)^2 / sum of squares (Kish 1965)
        of what each row loses. `n_wrong`, if all lose alike.
    pairs : tuple of (row of the split, row of train)
        At most 20; the first ones in order, in regression the worst ones
        first. The row of train is the first that has the label said, in
        regression the first of those furthest away.
    """

    split: str
    n_rows: int
    n_matched: int
    n_wrong: int
    lost: float
    n_effective: float
    pairs: tuple[tuple[int, int], ...]
    sampled: bool = False


def measure_by_heart(facts: Facts) -> dict[str, ByHeart]:
    """Compare the rows of every other labelled split with what their twins in train say."""
    _ = facts.alike_rows
    labelled = splits_with_label(facts.dataset)
    measure = _numbers if facts.info.task is Task.REGRESSION else _classes
    return {split: measure(facts, split) for split in facts.other_splits if split in labelled}


def _classes(facts: Facts, split: str) -> ByHeart:
    both = f"SELECT shared, y, 0 AS other FROM alike_train UNION ALL SELECT shared, y, 1 AS other FROM alike_{split}"
    per_label = (
        "SELECT shared, y, count_if(other = 0) AS n_train, count_if(other = 1) AS n_other "
        f"FROM ({both}) WHERE y IS NOT NULL GROUP BY shared, y"
    )
    twins = (
        "SELECT shared, arg_max(y, (n_train, n_other, y)) AS said "
        f"FROM ({per_label}) GROUP BY shared HAVING sum(n_train) > 0 AND sum(n_other) > 0"
    )
    rows = f"SELECT row, shared, y, said FROM alike_{split} JOIN ({twins}) USING (shared) WHERE y IS NOT NULL"
    n_matched, n_wrong = facts.dataset.engine.rows(f"SELECT count(*), count_if(y <> said) FROM ({rows})")[0]
    n_rows = int(facts.classes.counts[split].sum())
    worst = f"SELECT row, shared, said FROM ({rows}) WHERE y <> said ORDER BY row LIMIT {MAX_PAIRS}"
    pairs = facts.dataset.engine.rows(
        f"SELECT w.row, min(t.row) FROM ({worst}) AS w JOIN alike_train AS t ON w.shared = t.shared AND w.said = t.y "
        "GROUP BY w.row ORDER BY w.row"
    )
    return ByHeart(
        split=split,
        n_rows=n_rows,
        n_matched=int(n_matched),
        n_wrong=int(n_wrong or 0),
        lost=int(n_wrong or 0) / max(1, n_rows),
        n_effective=float(n_wrong or 0),
        pairs=_as_pairs(pairs),
    )


def _numbers(facts: Facts, split: str) -> ByHeart:
    engine = facts.dataset.engine
    target = measure_scaled_target(facts, split, ("train",))
    number = target.number("y")
    twins = (
        f"SELECT shared, avg({number}) AS said, min(y) AS low, max(y) AS high "
        "FROM alike_train WHERE y IS NOT NULL GROUP BY shared"
    )
    rows = (
        f"SELECT row, shared, y, CASE WHEN low = y AND high = y THEN 0 ELSE pow({number} - said, 2) END AS loss "
        f"FROM alike_{split} JOIN ({twins}) USING (shared) WHERE y IS NOT NULL"
    )
    n_matched, n_wrong, *sums = engine.rows(
        f"SELECT count(*), count_if(loss > 0), sum(loss), sum(loss * loss) FROM ({rows})"
    )[0]
    loss, squares = (float(value or 0.0) for value in sums)
    worst = f"SELECT row, shared, y, loss FROM ({rows}) WHERE loss > 0 ORDER BY loss DESC, row LIMIT {MAX_PAIRS}"
    pairs = engine.rows(
        "SELECT w.row, arg_max(t.row, (abs(t.y - w.y), -t.row)) "
        f"FROM ({worst}) AS w JOIN (SELECT * FROM alike_train WHERE y IS NOT NULL) AS t ON w.shared = t.shared "
        "GROUP BY w.row, w.loss ORDER BY w.loss DESC, w.row"
    )
    return ByHeart(
        split=split,
        n_rows=target.n_rows,
        n_matched=int(n_matched),
        n_wrong=int(n_wrong or 0),
        # Where the split has one number only, any distance is all of its variance.
        lost=loss / target.total if target.total > 0 else float(loss > 0),
        n_effective=loss * loss / squares if squares > 0 else 0.0,
        pairs=_as_pairs(pairs),
    )


def _as_pairs(rows: list[Row]) -> tuple[tuple[int, int], ...]:
    return tuple((int(row), int(twin)) for row, twin in rows)
