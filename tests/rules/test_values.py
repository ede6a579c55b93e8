"""Intervals in words: whether a range holds the number that it begins with."""

from __future__ import annotations

import numpy as np
import pytest

from dataaudit.measure.bins import bin_edges, bin_names
from dataaudit.measure.tables import ValueTable
from dataaudit.model import Kind
from dataaudit.rules._values import interval_words


def table_of(values):
    values = np.asarray(values, dtype=np.float64)
    is_integer = bool((values == np.round(values)).all())
    edges = bin_edges(values, values.min(), values.max(), is_integer=is_integer)
    keys = (*bin_names(edges, is_integer), "(missing)")
    counts = {"train": np.zeros((len(keys), 2), dtype=np.int64)}
    return ValueTable("c", Kind.NUMERIC, keys, edges, {"train": counts["train"].sum(axis=1)}, counts, {}, {})


def told(values, value):
    table = table_of(values)
    place = int(np.searchsorted(table.edges, value))
    words, shown = interval_words(table, place, place)
    return words.format(column="c", value=shown)


@pytest.mark.parametrize(
    ("values", "value", "words"),
    [
        ([0.596176131, 3.0994], 3.0994, "c in the range over 0.596176 up to 3.0994"),
        ([0.596176131, 3.0994], 0.596176131, "c = 0.596176"),
        ([1, 3], 3, "c in the range 2 to 3"),
        ([1, 2], 2, "c = 2"),
        ([0.5, 2.5, 7.25], 7.25, "c in the range over 2.5 up to 7.25"),
        ([5.0], 5.0, "c = 5"),
    ],
)
def test_a_number_of_the_bin_below_is_not_in_the_range(values, value, words):
    assert told(values, value) == words


def test_every_range_of_many_values_says_what_it_holds():
    random = np.random.default_rng(0)
    values = np.round(np.concatenate([random.normal(50, 20, 3000), np.full(300, 41.5)]), 2)
    table = table_of(values)
    for place in range(1, len(table.edges)):
        words, shown = interval_words(table, place, place)
        low, high = table.edges[place - 1], table.edges[place]
        held = values[(values > low) & (values <= high)]
        if "range" not in words:
            assert len(np.unique(held)) <= 1
            continue
        text = str(shown)
        start, end = (float(number) for number in text.removeprefix("over ").replace(" up ", " ").split(" to "))
        assert (held <= end).all()
        assert (held > start).all() if text.startswith("over") else (held >= start).all()
        assert text.startswith("over") == (start not in held)


def test_a_range_that_begins_with_a_common_number_holds_it():
    random = np.random.default_rng(0)
    values = np.concatenate([random.uniform(0, 9, 3000), np.full(60, 4.5), np.full(2, 9.5)])
    assert told(values, values.min()).startswith("c in the range")
    assert "over" not in told(values, values.min())
    assert told(values, 4.5) == "c = 4.5"
