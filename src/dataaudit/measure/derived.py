"""What dates and texts tell through a part of them: hour, weekday, length, beginning, end, a word.

A label that is the weekday of a date, or a word inside a note, is invisible
in the values as they are: nearly all of them are different.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import chunks, quote_text
from dataaudit.measure.association import Association, KeySums, best_association, class_sums, mid_ranks, score_sums
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.keys import LONGEST_KEY
from dataaudit.measure.labels import label_select
from dataaudit.model import ColumnInfo, Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

MAX_ROWS = 20_000
N_WORDS = 20
SHORTEST_WORD = 2
N_VALUES_TO_TAKE_APART = 20
COLUMNS_PER_STATEMENT = 20
PARTS_OF_DATES = {"its hour": "hour({cell})", "its weekday": "isodow({cell})", "its month": "month({cell})"}
PARTS_OF_TEXTS = {
    "its length": "length({cell})",
    "its first character": "left({cell}, 1)",
    "its first 2 characters": "left({cell}, 2)",
    "its first 3 characters": "left({cell}, 3)",
    "its last character": "right({cell}, 1)",
    "its last 2 characters": "right({cell}, 2)",
}

PARTS_OF_VALUES: Mapping[str, Callable[[str], Hashable]] = {
    "its length": len,
    "its first character": lambda value: value[:1],
    "its first 2 characters": lambda value: value[:2],
    "its first 3 characters": lambda value: value[:3],
    "its last character": lambda value: value[-1:],
    "its last 2 characters": lambda value: value[-2:],
}
MAX_VALUES_TO_TAKE_APART = 200
NO_WORD = re.compile(r"\W+", re.ASCII)

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """A part of a column as SQL; `word` is set where the part is whether the text holds it."""

    column: str
    name: str
    expression: str
    word: str | None = None


def measure_derived_associations(facts: Facts) -> dict[str, Association]:
    """Return for every date and text feature the part that explains most of the label.

    P as in `explained_variance`. Columns of few values are taken apart value
    by value, which counts all rows; the others on at most 20,000 rows of
    train. Words are the commonest 20 of a column.
    """
    columns = [column for column in facts.features if _can_be_taken_apart(facts, column)]
    of_few_values = {column.name for column in columns if _has_few_values(facts, column)}
    found = {name: _strongest_of_values(facts, facts.tables[name]) for name in sorted(of_few_values)}
    return found | _strongest_of_rows(facts, [column for column in columns if column.name not in of_few_values])


def _has_few_values(facts: Facts, column: ColumnInfo) -> bool:
    if column.kind is not Kind.CATEGORICAL:
        return False
    table = facts.tables[column.name]
    is_listed = len(table.keys) <= MAX_VALUES_TO_TAKE_APART and table.other_key is None
    # The end of a value that was cut is not known.
    return is_listed and max(map(len, table.keys)) < LONGEST_KEY


def _strongest_of_values(facts: Facts, table: ValueTable) -> Association:
    """Return the association of the best part of a column's values; a missing cell is a value of its own."""
    values, counts = list(table.keys[:-1]), table.n_by_class["train"].astype(np.float64)
    words = [set(NO_WORD.split(value.lower())) for value in values]
    rows_by_word: Counter[str] = Counter()
    for held, n_rows in zip(words, table.n["train"].tolist(), strict=False):
        rows_by_word.update(dict.fromkeys((word for word in held if len(word) >= SHORTEST_WORD), n_rows))
    commonest = sorted(rows_by_word, key=lambda word: (-rows_by_word[word], word))[:N_WORDS]
    parts: list[tuple[str, str | None, list[Hashable]]] = [
        (name, None, [take(value) for value in values]) for name, take in PARTS_OF_VALUES.items()
    ]
    parts += [("whether it holds the word", word, [word in value.lower() for value in values]) for word in commonest]
    found = []
    for name, word, part in parts:
        codes = np.unique([str(of_value) for of_value in part], return_inverse=True)[1]
        merged = np.zeros((len(values) + 1, counts.shape[1]))
        np.add.at(merged, np.append(codes, len(values)), counts)
        association = best_association(table.column, [(None, _sums(facts, merged))])
        found.append(replace(association, coding=name, word=word))
    return max(found, key=lambda association: association.explained)


def _strongest_of_rows(facts: Facts, columns: Sequence[ColumnInfo]) -> dict[str, Association]:
    if not columns:
        return {}
    rows = facts.sample.some_rows(MAX_ROWS)
    engine = facts.dataset.engine
    label = class_numbers(facts, engine.arrays(f"SELECT {label_select(facts, 'train')} FROM {rows} ORDER BY row")["y"])
    found: dict[str, Association] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        parts = _parts(facts, run, rows)
        # What a part is does not matter here, only which rows have the same: hashes are smaller than texts.
        listed = ", ".join(f"hash({part.expression}) AS p{i}" for i, part in enumerate(parts))
        hashes = engine.arrays(f"SELECT {listed} FROM {rows} ORDER BY row")
        for i, part in enumerate(parts):
            codes = np.unique(np.asarray(hashes[f"p{i}"]), return_inverse=True)[1]
            association = _associate(facts, part, codes, label)
            known = found.get(part.column)
            if known is None or association.explained > known.explained:
                found[part.column] = association
    return found


def _can_be_taken_apart(facts: Facts, column: ColumnInfo) -> bool:
    if column.kind is Kind.DATETIME:
        return True
    n_values = facts.dataset.surveys["train"][column.name].n_distinct
    return column.kind in (Kind.TEXT, Kind.CATEGORICAL) and n_values > N_VALUES_TO_TAKE_APART


def _parts(facts: Facts, columns: Sequence[ColumnInfo], rows: str) -> list[Part]:
    parts = []
    texts = [column.name for column in columns if column.kind is not Kind.DATETIME]
    words = _commonest_words(facts, texts, rows) if texts else {}
    for column in columns:
        cell = facts.dataset.sql_name(column.name)
        plain = PARTS_OF_DATES if column.kind is Kind.DATETIME else PARTS_OF_TEXTS
        parts += [Part(column.name, name, sql.format(cell=cell)) for name, sql in plain.items()]
        parts += [
            Part(column.name, "whether it holds the word", f"contains(lower({cell}), {quote_text(word)})", word)
            for word in words.get(column.name, ())
        ]
    return parts


def _commonest_words(facts: Facts, names: Sequence[str], rows: str) -> Mapping[str, list[str]]:
    """Return for each text column the words that most cells hold, each counted once a cell."""
    cells = ", ".join(facts.dataset.sql_name(name) for name in names)
    long = f"(UNPIVOT (SELECT {cells} FROM {rows}) ON {cells} INTO NAME name VALUE cell)"
    split = f"SELECT name, unnest(list_distinct(string_split_regex(lower(cell), '\\W+'))) AS word FROM {long}"
    counted = f"SELECT name, word, count(*) AS n FROM ({split}) WHERE length(word) >= {SHORTEST_WORD} GROUP BY ALL"
    found = facts.dataset.engine.rows(
        f"SELECT name, word FROM ({counted}) "
        f"QUALIFY row_number() OVER (PARTITION BY name ORDER BY n DESC, word) <= {N_WORDS} ORDER BY name, n DESC, word"
    )
    by_cell: dict[str, list[str]] = {}
    for cell, word in found:
        by_cell.setdefault(str(cell), []).append(str(word))
    return {name: by_cell.get(facts.dataset.sql_name(name), []) for name in names}


def _associate(facts: Facts, part: Part, codes: IntArray, label: IntArray) -> Association:
    known = label >= 0
    n_classes = _n_classes(facts)
    n_codes = int(codes.max(initial=0)) + 1
    counts = np.bincount(codes[known] * n_classes + label[known], minlength=n_codes * n_classes)
    found = best_association(part.column, [(None, _sums(facts, counts.reshape(n_codes, n_classes).astype(np.float64)))])
    return replace(found, sampled=facts.sample.leaves_out(MAX_ROWS), coding=part.name, word=part.word)


def _n_classes(facts: Facts) -> int:
    if facts.info.task is Task.REGRESSION:
        return len(facts.target.edges) + 1
    return len(facts.dataset.classes)


def _sums(facts: Facts, counts: NDArray[np.float64]) -> KeySums:
    """Return the sums behind P of a part, from its value x class table over the labelled rows."""
    counts = counts[counts.sum(axis=1) > 0]
    totals = counts.sum(axis=0)
    if facts.info.task is Task.REGRESSION:
        return score_sums(counts, mid_ranks(totals))
    return class_sums(counts, totals / max(1.0, float(totals.sum())))
