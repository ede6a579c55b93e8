"""What dates and texts tell through a part of them: hour, weekday, length, beginning, end, a word.

A label that is the weekday of a date, or a word inside a note, is invisible
in the values as they are: nearly all of them are different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
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
COLUMNS_PER_STATEMENT = 100
SECONDS_PER_HOUR, HOURS_PER_DAY, DAYS_PER_WEEK = 3_600, 24, 7
SLICES_OF_TEXTS = {
    "its first character": (0, 1),
    "its first 2 characters": (0, 2),
    "its first 3 characters": (0, 3),
    "its last character": (-1, None),
    "its last 2 characters": (-2, None),
}

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """A part of every cell of a column as whole numbers from 0; `word` is set where it is whether the text holds it."""

    name: str
    codes: IntArray
    word: str | None = None


def measure_derived_associations(facts: Facts) -> dict[str, Association]:
    """Return for every date and text feature the part that explains most of the label.

    On at most 20,000 rows of train, in memory; P as in `explained_variance`.
    Words are the commonest 20 of a column.
    """
    columns = [column for column in facts.features if _can_be_taken_apart(facts, column)]
    if not columns:
        return {}
    rows = facts.sample.some_rows(MAX_ROWS)
    engine = facts.dataset.engine
    label = class_numbers(facts, engine.arrays(f"SELECT {label_select(facts, 'train')} FROM {rows} ORDER BY row")["y"])
    found: dict[str, Association] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_cells(facts, column) for column in run)
        arrays = engine.arrays(f"SELECT {listed} FROM {rows} ORDER BY row")
        for column in run:
            found[column.name] = _strongest(facts, column, arrays[facts.dataset.sql_name(column.name)], label)
    return found


def _can_be_taken_apart(facts: Facts, column: ColumnInfo) -> bool:
    if column.kind is Kind.DATETIME:
        return True
    n_values = facts.dataset.surveys["train"][column.name].n_distinct
    return column.kind in (Kind.TEXT, Kind.CATEGORICAL) and n_values > N_VALUES_TO_TAKE_APART


def _cells(facts: Facts, column: ColumnInfo) -> str:
    cell = facts.dataset.sql_name(column.name)
    return f"epoch({cell}) AS {cell}" if column.kind is Kind.DATETIME else cell


def _strongest(facts: Facts, column: ColumnInfo, cells: NDArray[Any], label: IntArray) -> Association:
    parts = _parts_of_dates(as_float(cells)) if column.kind is Kind.DATETIME else _parts_of_texts(cells)
    sampled = facts.dataset.relations["train"].n_rows > MAX_ROWS
    best: Association | None = None
    for part in parts:
        found = best_association(column.name, [(None, _sums(facts, part.codes, label))])
        if best is None or found.explained > best.explained:
            best = replace(found, sampled=sampled, coding=part.name, word=part.word)
    return best or Association(column.name, 0.0, 0, None, 0.0)


def _sums(facts: Facts, codes: IntArray, label: IntArray) -> Any:
    """Return the sums behind P of a part, from its value x class table over the labelled rows."""
    is_regression = facts.info.task is Task.REGRESSION
    n_classes = len(facts.target.edges) + 1 if is_regression else len(facts.dataset.classes)
    known = label >= 0
    n_codes = int(codes.max(initial=0)) + 1
    flat = np.bincount(codes[known] * n_classes + label[known], minlength=n_codes * n_classes)
    counts = flat.reshape(n_codes, n_classes).astype(np.float64)
    counts = counts[counts.sum(axis=1) > 0]
    totals = counts.sum(axis=0)
    if is_regression:
        return score_sums(counts, mid_ranks(totals))
    return class_sums(counts, totals / max(1.0, float(totals.sum())))


def _parts_of_dates(seconds: NDArray[np.float64]) -> Iterator[Part]:
    """Take hour, weekday and month of times in seconds since 1970; a missing one has a code of its own."""
    known = ~np.isnan(seconds)
    hours = np.floor(np.where(known, seconds, 0.0) / SECONDS_PER_HOUR).astype(np.int64)
    days = hours // HOURS_PER_DAY
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    for name, number, n_values in (
        ("its hour", hours, HOURS_PER_DAY),
        ("its weekday", days, DAYS_PER_WEEK),
        ("its month", months, 12),
    ):
        yield Part(name, np.where(known, number % n_values, n_values))


def _parts_of_texts(cells: NDArray[Any]) -> Iterator[Part]:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(np.ma.filled(cells, None).tolist(), pa.string())
    yield Part("its length", _codes(pc.utf8_length(texts)))
    for name, (start, stop) in SLICES_OF_TEXTS.items():
        yield Part(name, _codes(pc.utf8_slice_codeunits(texts, start, stop)))
    lower = pc.utf8_lower(texts)
    for word in _commonest_words(lower):
        yield Part("whether it holds the word", _codes(pc.match_substring(lower, word)), word)


def _codes(values: Any) -> IntArray:
    """Give the different values of an Arrow array a number each; a missing cell is one of them."""
    encoded = values.dictionary_encode("encode")
    codes: IntArray = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _commonest_words(texts: Any) -> list[str]:
    """Return the words that most cells hold, each counted once a cell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = pc.split_pattern_regex(texts, r"\W+")
    words = pa.table({"cell": pc.list_parent_indices(lists), "word": pc.list_flatten(lists)})
    long_enough = words.filter(pc.greater_equal(pc.utf8_length(words["word"]), SHORTEST_WORD))
    counted = long_enough.group_by(["cell", "word"]).aggregate([]).group_by("word").aggregate([([], "count_all")])
    ordered = counted.sort_by([("count_all", "descending"), ("word", "ascending")])
    return [str(word) for word in ordered["word"].slice(0, N_WORDS).to_pylist()]
