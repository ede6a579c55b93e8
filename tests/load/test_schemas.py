"""Splits whose tables differ are told apart in notes, never by a crash."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import cells

from dataaudit.errors import InputError

TRAIN = pd.DataFrame({"a": [1, 2] * 5, "b": ["x", "z"] * 5, "y": ["cat", "dog"] * 5})


def load_with(load_table, test: pd.DataFrame):
    return load_table({"train": TRAIN, "test": test})


def test_columns_in_another_order(load_table):
    dataset = load_with(load_table, TRAIN[["y", "b", "a"]])
    assert cells(dataset, "b", "test") == cells(dataset, "b")
    assert dataset.info.notes == ()


def test_a_missing_column_is_absent(load_table):
    dataset = load_with(load_table, TRAIN.drop(columns="a"))
    assert dataset.relations["test"].absent == {"a"}
    assert cells(dataset, "a", "test") == [None] * 10
    assert dataset.relations["train"].absent == frozenset()


def test_extra_columns_are_left_out_and_noted(load_table):
    dataset = load_with(load_table, TRAIN.assign(**{f"c{i}": i for i in range(7)}))
    assert dataset.info.notes == (
        "Columns of test that train does not have were left out: c0, c1, c2, c3, c4 and 2 more.",
    )
    assert [info.n_columns for info in dataset.info.splits] == [3, 10]


def test_integers_and_fractions_are_both_numbers(load_table):
    assert load_with(load_table, TRAIN.assign(a=0.5)).info.notes == ()


@pytest.mark.parametrize(
    ("column", "cells", "note"),
    [
        ("a", ["few", "many"] * 5, "The column 'a' holds numbers in train but text in test; it was read as numbers."),
        ("b", [1, 2] * 5, "The column 'b' holds text in train but numbers in test; it was read as text."),
        ("b", [True, False] * 5, "The column 'b' holds text in train but true and false in test; it was read as text."),
    ],
)
def test_other_types_are_noted(load_table, column, cells, note):
    assert load_with(load_table, TRAIN.assign(**{column: cells})).info.notes == (note,)


def test_an_empty_column_has_no_type_to_differ(load_table):
    assert load_with(load_table, TRAIN.assign(b=None)).info.notes == ()


def test_nothing_in_common(load_table):
    with pytest.raises(InputError, match="pandas frame has no column in common with pandas frame"):
        load_with(load_table, pd.DataFrame({"k": [1], "l": [2]}))


def test_the_label_may_be_absent_from_test(load_table):
    dataset = load_with(load_table, TRAIN.drop(columns="y"))
    assert dataset.relations["test"].absent == {"y"}
    assert dataset.classes == ("cat", "dog")
