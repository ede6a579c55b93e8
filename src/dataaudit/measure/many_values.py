"""The association of a column of many values, summed in the engine where all its keys are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.measure.association import SMOOTHINGS, Association
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


def associate_many_values(facts: Facts, column: str) -> Association:
    """Return P of a named column over all its values (formula: `explained_variance`)."""
    number = facts.key_counts.columns.index(column)
    per_key = _regression_sums(number) if facts.info.task is Task.REGRESSION else _class_sums(number)
    errors = ", ".join(
        f"sum((pow(n + {a}, 2) * q - 2 * (n + {a}) * s2 + n * s2) / pow(n - 1 + {a}, 2))" for a in SMOOTHINGS
    )
    n_rows, total, *found = facts.dataset.engine.rows(f"SELECT sum(n), sum(q), {errors} FROM ({per_key})")[0]
    if not n_rows or n_rows < 2 or not total:
        return Association(column, 0.0, int(n_rows or 0), None, SMOOTHINGS[0])
    scale = float(total) * (float(n_rows) / (float(n_rows) - 1)) ** 2
    explained = [1 - float(error) / scale for error in found]
    best = max(range(len(SMOOTHINGS)), key=lambda i: explained[i])
    return Association(column, explained[best], int(n_rows), None, SMOOTHINGS[best])


def _class_sums(number: int) -> str:
    """Return SQL of n, S^2 and Q per key for one-hot classes centred at their shares."""
    rows = f"(SELECT * FROM key_counts_train WHERE col = {number} AND y IS NOT NULL)"
    shares = f"(SELECT y, sum(n) / sum(sum(n)) OVER () AS share FROM {rows} GROUP BY y)"
    squares = f"(SELECT sum(share * share) FROM {shares})"
    grouped = (
        "SELECT sum(n)::DOUBLE AS n, sum(n::DOUBLE * n) AS a, sum(n * share) AS b "
        f"FROM {rows} JOIN {shares} USING (y) GROUP BY key"
    )
    return (
        f"SELECT n, a - 2 * n * b + n * n * p AS s2, n + n * p - 2 * b AS q FROM ({grouped}), (SELECT {squares} AS p)"
    )


def _regression_sums(number: int) -> str:
    """Return SQL of n, S^2 and Q per key for the centred target."""
    return (
        "SELECT sum(n)::DOUBLE AS n, pow(sum(s), 2) AS s2, sum(q) AS q FROM key_counts_train "
        f"WHERE col = {number} AND y IS NOT NULL GROUP BY key"
    )
