"""The label: usable or told why not; task and classes."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import cells

from dataaudit.errors import InputError

COLOUR = ["red", "blue", "green"]


def table(label: list) -> pd.DataFrame:
    return pd.DataFrame({"colour": [COLOUR[i % 3] for i in range(len(label))], "same": "s", "y": label})


@pytest.mark.parametrize(
    ("label", "task", "classes"),
    [
        (["cat", "dog"] * 9, "binary", ("cat", "dog")),
        ([True, False] * 9, "binary", ("false", "true")),
        ([0, 1] * 9, "binary", ("0", "1")),
        ([0.0, 1.0, None] * 9, "binary", ("0", "1")),
        ([0.5, 1.5] * 9, "binary", ("0.5", "1.5")),
        (["a", "b", "c"] * 9, "multiclass", ("a", "b", "c")),
        ([10, 9, 2] * 9, "multiclass", ("2", "9", "10")),
        (list(range(20)) * 2, "multiclass", tuple(map(str, range(20)))),
        (list(range(21)) * 2, "regression", ()),
        ([*range(20), 0], "regression", ()),
        ([0.5, 1.5, 2.5] * 9, "regression", ()),
    ],
)
def test_the_task_is_told_from_the_label(load_table, label, task, classes):
    dataset = load_table(table(label))
    assert (str(dataset.info.task), dataset.classes) == (task, classes)


def test_declared_tasks(load_table):
    assert load_table(table([1, 2, 3] * 9), task="regression").classes == ()


def test_a_declared_multiclass(load_table):
    assert load_table(table([0.5, 1.5, 2.5] * 9), task="multiclass").classes == ("0.5", "1.5", "2.5")


def test_classes_of_all_splits_are_known(load_table):
    dataset = load_table({"train": table(["a", "b"] * 9), "test": table(["b", "c"] * 9)})
    assert (str(dataset.info.task), dataset.classes) == ("binary", ("a", "b", "c"))


def test_whole_numbers_in_train_and_fractions_in_test_stay_apart(load_table):
    dataset = load_table({"train": table([1.0, 2.0] * 9), "test": table([1.0, 1.5] * 9)})
    assert dataset.classes == ("1.0", "1.5", "2.0")


def test_numbers_beyond_64_bits_as_classes(load_table):
    assert load_table(table([1e300, -1e300] * 9)).classes == ("-1e+300", "1e+300")


HINT = "name it with --label; candidates are colour"


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ([None] * 30, "label 'y' is missing in every training row"),
        ([float("nan")] * 30, "label 'y' is missing in every training row"),
        (["cat"] * 30, "label 'y' has the same value in all 30 training rows"),
        (["cat", None, None] * 10, "label 'y' has the same value in all 10 training rows"),
        ([f"name {i}" for i in range(30)], "label 'y' has a value of its own in every training row"),
        (list(range(30)), "label 'y' numbers the training rows, a value of its own in each"),
        (list(pd.date_range("2024", periods=30)), "label 'y' is a datetime, which cannot be predicted"),
        ([[1.0, float(i)] for i in range(30)], "label 'y' is an embedding, which cannot be predicted"),
    ],
)
def test_a_label_that_cannot_be_predicted_names_the_candidates(load_table, label, message):
    with pytest.raises(InputError) as caught:
        load_table(table(label))
    assert caught.value.message.startswith(message)
    assert caught.value.hint == HINT


def test_a_label_in_one_row(load_table):
    with pytest.raises(InputError, match="label 'y' has a value in one training row only"):
        load_table(table(["cat", None, None]))


def test_numbers_of_their_own_in_each_row_are_a_quantity(load_table):
    assert str(load_table(table([i * 0.1 for i in range(30)])).info.task) == "regression"


def test_row_numbers_can_be_declared_a_quantity(load_table):
    assert str(load_table(table(list(range(30))), task="regression").info.task) == "regression"


def test_words_are_no_quantity(load_table):
    with pytest.raises(InputError, match="label 'y' is categorical, not a number"):
        load_table(table(["cat", "dog"] * 9), task="regression")


def test_three_classes_are_not_binary(load_table):
    with pytest.raises(InputError, match=r"label 'y' has 3 classes \(a, b and c\), not two"):
        load_table(table(["a", "b", "c"] * 9), task="binary")


def test_a_bad_cell_does_not_make_classes_of_a_quantity(load_table, write):
    rows = "".join(f"{COLOUR[i % 3]},{i * 0.1:.1f}\n" for i in range(100))
    dataset = load_table(write("colour,y\n" + rows + "red,unknown\n"))
    assert str(dataset.info.task) == "regression"
    assert cells(dataset, "y")[-1] is None
    assert dataset.cells["y"]["train"].odd_examples == ((100, "unknown"),)


def test_a_class_that_is_no_number_is_kept(load_table, write):
    rows = "".join(f"{COLOUR[i % 3]},{i % 3}\n" for i in range(100))
    dataset = load_table(write("colour,y\n" + rows + "red,other\n"))
    assert dataset.classes == ("0", "1", "2", "other")
