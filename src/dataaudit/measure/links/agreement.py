"""How far several labels of the same item agree, counted over all rows of train."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.measure.labels import label_expression
from dataaudit.model import Role, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ANNOTATORS = 50
EQUAL_FEATURES = "equal features"


@dataclass(frozen=True)
class Agreement:
    """The labels of items that two or more levels of a context labelled.

    Attributes
    ----------
    column : str
        The context that says who labelled.
    item : str
        The column that names the item, or "equal features".
    alpha : float
        Krippendorff's alpha: 1 is full agreement, 0 what chance gives.
    standard_error : float
        Of alpha, items drawn at random.
    with_others : mapping of annotator to (n_labels, share)
        Labels of items that others labelled too, and the mean share of those others' labels that are the same; the
        50 with most labels. Empty in regression.
    """

    column: str
    item: str
    n_items: int
    n_labels: int
    alpha: float
    standard_error: float
    with_others: Mapping[str, tuple[int, float]]
    sampled: bool = False


def measure_agreements(facts: Facts) -> dict[str, Agreement]:
    """Return the agreement of every declared context whose levels labelled the same items.

    Krippendorff, Content Analysis (2004), chapter 11: nominal for classes,
    interval for a numeric target. An item is rows with equal features and,
    where an id is declared, the same id: a patient's visits are not one item.
    """
    found = {}
    for context in facts.info.with_role(Role.CONTEXT):
        for item, rows in _items(facts, context.name):
            agreement = _agreement(facts, context.name, item, rows)
            if agreement is not None:
                found[context.name] = agreement
                break
    return found


def _items(facts: Facts, context: str) -> list[tuple[str, str]]:
    """Return what may name items, with SQL of their rows: item, who, y."""
    dataset = facts.dataset
    who, label = f"CAST({dataset.sql_name(context)} AS VARCHAR)", label_expression(dataset)
    ids = [
        (column.name, f"CAST({dataset.sql_name(column.name)} AS VARCHAR)") for column in facts.info.with_role(Role.ID)
    ]
    if not facts.features:
        return [(name, f"SELECT {cell} AS item, {who} AS who, {label} AS y FROM train") for name, cell in ids]
    _ = facts.alike_rows
    alike = "(SELECT features, row FROM alike_train) AS a JOIN train ON a.row = train.row"
    of_features = "CAST(a.features AS VARCHAR)"
    if not ids:
        return [(EQUAL_FEATURES, f"SELECT {of_features} AS item, {who} AS who, {label} AS y FROM {alike}")]
    return [
        (name, f"SELECT {cell} || ' ' || {of_features} AS item, {who} AS who, {label} AS y FROM {alike}")
        for name, cell in ids
    ]


def _agreement(facts: Facts, context: str, item: str, rows: str) -> Agreement | None:
    engine, regression = facts.dataset.engine, facts.info.task is Task.REGRESSION
    labelled = f"SELECT item, who, y FROM ({rows}) WHERE item IS NOT NULL AND who IS NOT NULL AND y IS NOT NULL"
    several = f"SELECT item FROM ({labelled}) GROUP BY item HAVING min(who) <> max(who)"
    kept = f"SELECT * FROM ({labelled}) SEMI JOIN ({several}) USING (item)"
    (n_labels,) = engine.rows(f"SELECT count(*) FROM ({kept})")[0]
    if not n_labels:
        return None
    per_item, chance = (_numbers if regression else _classes)(facts, kept, int(n_labels))
    if chance <= 0:
        return None
    n_items, unlike = engine.rows(f"SELECT count(*), sum(t) FROM ({per_item})")[0]
    ratio = float(unlike) / int(n_labels)
    (scatter,) = engine.rows(f"SELECT sum((t - {ratio!r} * m) * (t - {ratio!r} * m)) FROM ({per_item})")[0]
    error = math.sqrt(float(scatter)) / int(n_labels) / chance
    others = {} if regression else _with_others(facts, kept)
    return Agreement(context, item, int(n_items), int(n_labels), 1 - ratio / chance, error, others)


def _classes(facts: Facts, kept: str, n_labels: int) -> tuple[str, float]:
    """Return SQL of the unlike pairs t and labels m of each item, and what share of pairs chance makes unlike."""
    per_label = f"SELECT item, y, count(*) AS n FROM ({kept}) GROUP BY item, y"
    per_item = (
        f"SELECT sum(n) AS m, (sum(n) * sum(n) - sum(n * n)) / (sum(n) - 1) AS t FROM ({per_label}) GROUP BY item"
    )
    (squares,) = facts.dataset.engine.rows(f"SELECT sum(n * n) FROM (SELECT count(*) AS n FROM ({kept}) GROUP BY y)")[0]
    return per_item, (n_labels**2 - float(squares)) / (n_labels * max(1, n_labels - 1))


def _numbers(facts: Facts, kept: str, n_labels: int) -> tuple[str, float]:
    """Return the same with squared differences in the place of unlike pairs, of the target less its mean."""
    centred = f"SELECT item, y - ({facts.target.mean['train']!r}) AS d FROM ({kept})"
    per_item = (
        "SELECT count(*) AS m, 2 * greatest(0, count(*) * sum(d * d) - sum(d) * sum(d)) / (count(*) - 1) AS t "
        f"FROM ({centred}) GROUP BY item"
    )
    total, squares = facts.dataset.engine.rows(f"SELECT sum(d), sum(d * d) FROM ({centred})")[0]
    return per_item, 2 * (n_labels * float(squares) - float(total) ** 2) / (n_labels * max(1, n_labels - 1))


def _with_others(facts: Facts, kept: str) -> dict[str, tuple[int, float]]:
    """Return annotator -> labels, and the mean share of the item's other labels that are the same."""
    labels = f"SELECT item, y, count(*) AS n FROM ({kept}) GROUP BY item, y"
    items = f"SELECT item, count(*) AS m FROM ({kept}) GROUP BY item"
    found = facts.dataset.engine.rows(
        f"SELECT who, count(*) AS n_rows, avg((n - 1) / (m - 1)) FROM ({kept}) AS k "
        f"JOIN ({labels}) AS l USING (item, y) JOIN ({items}) AS i USING (item) "
        f"GROUP BY who ORDER BY n_rows DESC, who LIMIT {MAX_ANNOTATORS}"
    )
    return {str(who): (int(n_rows), float(share)) for who, n_rows, share in found}
