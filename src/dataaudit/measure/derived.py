"""What dates and texts tell through a part of them: hour, weekday, length, beginning, end, a word.

A label that is the weekday of a date, or a word inside a note, is invisible
in the values as they are: nearly all of them are different.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks, quote_text
from dataaudit.measure.association import Association, best_association, class_sums, mid_ranks, score_sums
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.labels import label_select
from dataaudit.model import ColumnInfo, Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 20_000
N_WORDS = 20
SHORTEST_WORD = 2
N_VALUES_TO_TAKE_APART = 20
CODINGS_PER_STATEMENT = 50
CODINGS_OF_DATES = {"its hour": "hour({cell})", "its weekday": "isodow({cell})", "its month": "month({cell})"}
CODINGS_OF_TEXTS = {
    "its length": "length({cell})",
    "its first character": "left({cell}, 1)",
    "its first 2 characters": "left({cell}, 2)",
    "its first 3 characters": "left({cell}, 3)",
    "its last character": "right({cell}, 1)",
    "its last 2 characters": "right({cell}, 2)",
}


@dataclass(frozen=True)
class Coding:
    """A part of a column as SQL; `word` is set where the part is whether the text holds it."""

    column: str
    name: str
    expression: str
    word: str | None = None


def measure_derived_associations(facts: Facts) -> dict[str, Association]:
    """Return for every date and text feature the part that explains most of the label.

    On at most 20,000 rows of train; P as in `explained_variance`. Words are
    the commonest 20 of a column.
    """
    codings = [coding for column in facts.features for coding in _codings(facts, column)]
    found: dict[str, Association] = {}
    for run in chunks(codings, CODINGS_PER_STATEMENT):
        for coding, association in zip(run, _associate(facts, list(run)), strict=True):
            known = found.get(coding.column)
            if known is None or association.explained > known.explained:
                found[coding.column] = replace(association, coding=coding.name, word=coding.word)
    return found


def _codings(facts: Facts, column: ColumnInfo) -> list[Coding]:
    cell = facts.dataset.sql_name(column.name)
    if column.kind is Kind.DATETIME:
        return [Coding(column.name, name, sql.format(cell=cell)) for name, sql in CODINGS_OF_DATES.items()]
    has_many_values = facts.dataset.surveys["train"][column.name].n_distinct > N_VALUES_TO_TAKE_APART
    if column.kind not in (Kind.TEXT, Kind.CATEGORICAL) or not has_many_values:
        return []
    parts = [Coding(column.name, name, sql.format(cell=cell)) for name, sql in CODINGS_OF_TEXTS.items()]
    words = [
        Coding(column.name, "whether it holds the word", f"contains(lower({cell}), {quote_text(word)})", word)
        for word in _words(facts, cell)
    ]
    return parts + words


def _words(facts: Facts, cell: str) -> list[str]:
    """Return the commonest words of a text column that not every cell holds."""
    some_rows = facts.sample.some_rows(MAX_ROWS)
    lists = f"SELECT list_distinct(string_split_regex(lower({cell}), '\\W+')) AS words FROM {some_rows}"
    rows = facts.dataset.engine.rows(
        f"SELECT word, count(*) AS n FROM (SELECT unnest(words) AS word FROM ({lists})) "
        f"WHERE length(word) >= {SHORTEST_WORD} GROUP BY word ORDER BY n DESC, word LIMIT {N_WORDS}"
    )
    return [str(word) for word, _ in rows]


def _associate(facts: Facts, codings: list[Coding]) -> list[Association]:
    engine = facts.dataset.engine
    keys = [f"CAST({coding.expression} AS VARCHAR)" for coding in codings]
    counted = engine.count_each(facts.sample.some_rows(MAX_ROWS), keys, label_select(facts, "train"))
    arrays = engine.arrays(f"SELECT * FROM ({counted}) WHERE y IS NOT NULL")
    numbers = class_numbers(facts, arrays["y"])
    return [_association(facts, coding, arrays, numbers, i) for i, coding in enumerate(codings)]


def _association(
    facts: Facts, coding: Coding, arrays: dict[str, NDArray[Any]], numbers: NDArray[np.int64], number: int
) -> Association:
    rows = np.asarray(arrays["col"] == number)
    _, key = np.unique([str(value) for value in arrays["key"][rows].tolist()], return_inverse=True)
    is_regression = facts.info.task is Task.REGRESSION
    n_classes = len(facts.target.edges) + 1 if is_regression else len(facts.dataset.classes)
    counts = np.zeros((int(key.max(initial=0)) + 1, n_classes))
    np.add.at(counts, (key, numbers[rows]), as_float(arrays["n"][rows]))
    totals = counts.sum(axis=0)
    if is_regression:
        sums = score_sums(counts, mid_ranks(totals))
    else:
        sums = class_sums(counts, totals / max(1.0, float(totals.sum())))
    sampled = facts.dataset.relations["train"].n_rows > MAX_ROWS
    return replace(best_association(coding.column, [(None, sums)]), sampled=sampled)
