"""What dates and texts tell through a part of them: hour, weekday, length, beginning, end, a number, a word.

A label that is the weekday of a date, or a word inside a note, is invisible
in the values as they are: nearly all of them are different.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks, evenly, quote_text
from dataaudit.measure.association import Association
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.inside_cells.parts import Items, Taken, strongest
from dataaudit.measure.inside_cells.words import class_shares, padded, words_of, words_to_try, words_to_try_of_rows
from dataaudit.measure.keys import LONGEST_KEY
from dataaudit.measure.labels import label_select, n_label_classes
from dataaudit.model import ColumnInfo, Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

MAX_ROWS = 20_000
MAX_COLUMNS = 500
N_VALUES_TO_TAKE_APART = 20
MAX_VALUES_TO_TAKE_APART = 200
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
NUMBER = r"(-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)"
# What no digit follows up to the end is the last; Python alone writes \Z for the end.
NUMBERS_OF_TEXTS = {"its first number": NUMBER, "its last number": NUMBER + r"\D*\z"}
NUMBERS_OF_VALUES = {
    name: re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII) for name, pattern in NUMBERS_OF_TEXTS.items()
}
_NUMBERS = itertools.count()


def measure_derived_associations(facts: Facts) -> dict[str, Association]:
    """Return for every date and text feature the part that explains most of the label.

    P as in `explained_variance`. Columns of few values are taken apart value
    by value, which counts all rows; the others on at most 20,000 rows of
    train. Which words are tried, `words_to_try` says.
    """
    columns = [column for column in facts.features if _can_be_taken_apart(facts, column)]
    columns = evenly(sorted(columns, key=lambda column: column.name), MAX_COLUMNS)
    of_few_values = {column.name for column in columns if _has_few_values(facts, column)}
    found = {name: _strongest_of_values(facts, facts.tables[name]) for name in sorted(of_few_values)}
    return found | _strongest_of_rows(facts, [column for column in columns if column.name not in of_few_values])


def _can_be_taken_apart(facts: Facts, column: ColumnInfo) -> bool:
    if column.kind is Kind.DATETIME:
        return True
    n_values = facts.dataset.surveys["train"][column.name].n_distinct
    return column.kind in (Kind.TEXT, Kind.CATEGORICAL) and n_values > N_VALUES_TO_TAKE_APART


def _has_few_values(facts: Facts, column: ColumnInfo) -> bool:
    if column.kind is not Kind.CATEGORICAL:
        return False
    table = facts.tables[column.name]
    is_listed = len(table.keys) <= MAX_VALUES_TO_TAKE_APART and table.other_key is None
    # The end of a value that was cut is not known.
    return is_listed and max(map(len, table.keys)) < LONGEST_KEY


def _strongest_of_values(facts: Facts, table: ValueTable) -> Association:
    """Return the association of the best part of a column's values; a missing cell is a value of its own."""
    values, n_rows = list(table.keys[:-1]), table.n["train"]
    held = [words_of(value) for value in values]
    words = words_to_try(held, n_rows[:-1].tolist(), int(n_rows.sum()), class_shares(facts))
    taken = Taken(
        table.column,
        np.arange(len(values) + 1) == len(values),
        {name: _codes_of([take(value) for value in values]) for name, take in PARTS_OF_VALUES.items()},
        {name: _numbers_of(values, pattern) for name, pattern in NUMBERS_OF_VALUES.items()},
        words,
        np.array([[word in of_value for of_value in held] + [False] for word in words], dtype=np.bool_),
    )
    return strongest(facts, Items.of_values(table.n_by_class["train"]), taken)


def _codes_of(parts: Sequence[Hashable]) -> NDArray[np.int64]:
    places: dict[Hashable, int] = {}
    codes = [places.setdefault(part, len(places)) for part in parts]
    return np.array([*codes, len(places)], dtype=np.int64)


def _numbers_of(values: Sequence[str], pattern: re.Pattern[str]) -> NDArray[np.float64]:
    found = [pattern.search(value) for value in values]
    return np.array([*(np.nan if match is None else float(match[1]) for match in found), np.nan])


def _strongest_of_rows(facts: Facts, columns: Sequence[ColumnInfo]) -> dict[str, Association]:
    if not columns:
        return {}
    rows = facts.sample.some_rows(MAX_ROWS)
    label = facts.dataset.engine.arrays(f"SELECT {label_select(facts, 'train')} FROM {rows} ORDER BY row")["y"]
    items = Items.of_rows(class_numbers(facts, label), n_label_classes(facts))
    found: dict[str, Association] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        for taken in _take_apart(facts, run, rows, items.n_items):
            association = strongest(facts, items, taken)
            found[taken.column] = replace(association, sampled=facts.sample.leaves_out(MAX_ROWS))
    return found


def _take_apart(facts: Facts, columns: Sequence[ColumnInfo], rows: str, n_rows: int) -> Iterator[Taken]:
    texts = [column.name for column in columns if column.kind is not Kind.DATETIME]
    words, holds = _words(facts, texts, rows, n_rows) if texts else ({}, {})
    arrays = facts.dataset.engine.arrays(f"SELECT {_parts(facts, columns)} FROM {rows} ORDER BY row")
    for i, column in enumerate(columns):
        is_date = column.kind is Kind.DATETIME
        plain, numeric = (PARTS_OF_DATES, ()) if is_date else (PARTS_OF_TEXTS, NUMBERS_OF_TEXTS)
        codes = {
            name: np.unique(np.asarray(arrays[f"p{i}_{j}"]), return_inverse=True)[1] for j, name in enumerate(plain)
        }
        numbers = {name: as_float(arrays[f"n{i}_{j}"]) for j, name in enumerate(numeric)}
        yield Taken(
            column.name,
            np.asarray(arrays[f"m{i}"], dtype=np.bool_),
            codes,
            numbers,
            words.get(column.name, ()),
            holds.get(column.name, np.zeros((0, n_rows), dtype=np.bool_)),
        )


def _parts(facts: Facts, columns: Sequence[ColumnInfo]) -> str:
    """Return SQL for the parts p, the numbers n and the missing cells m of each column."""
    listed = []
    for i, column in enumerate(columns):
        cell = facts.dataset.sql_name(column.name)
        is_date = column.kind is Kind.DATETIME
        listed.append(f"({cell} IS NULL) AS m{i}")
        # What a part is does not matter here, only which rows have the same: hashes are smaller than texts.
        plain = (PARTS_OF_DATES if is_date else PARTS_OF_TEXTS).values()
        listed += [f"hash({part.format(cell=cell)}) AS p{i}_{j}" for j, part in enumerate(plain)]
        numeric = () if is_date else NUMBERS_OF_TEXTS.values()
        listed += [
            f"TRY_CAST(regexp_extract({cell}, '{pattern}', 1) AS DOUBLE) AS n{i}_{j}"
            for j, pattern in enumerate(numeric)
        ]
    return ", ".join(listed)


def _words(
    facts: Facts, names: Sequence[str], rows: str, n_rows: int
) -> tuple[dict[str, list[str]], dict[str, NDArray[np.bool_]]]:
    """Return the words of each text column that are tried, and which rows hold each."""
    engine = facts.dataset.engine
    with _padded_texts(facts, names, rows) as relation:
        cells = [f"c{i}" for i in range(len(names))]
        by_cell = words_to_try_of_rows(facts, relation, cells, n_rows, class_shares(facts))
        listed = [
            f"contains({cell}, {quote_text(f' {word} ')}) AS {cell}_{j}"
            for cell, words in by_cell.items()
            for j, word in enumerate(words)
        ]
        arrays: Mapping[str, Any] = (
            engine.arrays(f"SELECT {', '.join(listed)} FROM {relation} ORDER BY row") if listed else {}
        )
    words = {name: by_cell.get(cell, []) for name, cell in zip(names, cells, strict=True)}
    holds = {
        name: np.array([arrays[f"{cell}_{j}"] for j in range(len(words[name]))], dtype=np.bool_).reshape(-1, n_rows)
        for name, cell in zip(names, cells, strict=True)
    }
    return words, holds


@contextmanager
def _padded_texts(facts: Facts, names: Sequence[str], rows: str) -> Iterator[str]:
    """Yield a table of the rows' numbers and of each column's padded texts c0, c1, ..., which two statements read."""
    engine = facts.dataset.engine
    relation = f"padded_texts_{next(_NUMBERS)}"
    listed = ", ".join(f"{padded(facts.dataset.sql_name(name))} AS c{i}" for i, name in enumerate(names))
    engine.run(f"CREATE TEMP TABLE {relation} AS SELECT row, {listed} FROM {rows}")
    try:
        yield relation
    finally:
        engine.run(f"DROP TABLE {relation}")
