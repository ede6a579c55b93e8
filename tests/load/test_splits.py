"""One file, cut into splits by a column."""

from __future__ import annotations

import pytest
from tests.load.loading import cells, roles

from dataaudit.errors import InputError
from dataaudit.load.splits import SPLIT_SPELLINGS


def file_of(values: list[str]) -> str:
    return "x,part,y\n" + "".join(f"{i},{value},{('cat', 'dog')[i % 2]}\n" for i, value in enumerate(values))


@pytest.mark.parametrize(
    ("spelling", "split"),
    [(spelling, split) for split, spellings in SPLIT_SPELLINGS.items() for spelling in spellings if split != "train"],
)
def test_spellings_of_splits(load_table, write, spelling, split):
    values = ["Train", "TRAINING", spelling.upper(), f" {spelling} ", "train"]
    dataset = load_table(write(file_of(values)), split_column="part")
    assert cells(dataset, "x") == [0, 1, 4]
    assert cells(dataset, "x", split) == [2, 3]
    assert [(info.name, info.n_rows) for info in dataset.info.splits] == [("train", 3), (split, 2)]


def test_row_numbers_are_those_of_the_file(load_table, write):
    dataset = load_table(write(file_of(["test", "train", "train", "test"])), split_column="part")
    assert dataset.engine.rows("SELECT row FROM test ORDER BY row") == [(0,), (3,)]


def test_the_column_is_no_feature_and_the_source_tells_it(load_table, write):
    dataset = load_table(write(file_of(["train", "train", "test", "test"])), split_column="part")
    assert roles(dataset)["part"] == "excluded"
    assert [info.source for info in dataset.info.splits] == ["t.csv (part = train)", "t.csv (part = test)"]


def test_splits_come_in_their_order(load_table, write):
    values = ["reference", "test", "val", "train", "train"]
    dataset = load_table(write(file_of(values)), split_column="part")
    assert [info.name for info in dataset.info.splits] == ["train", "validation", "test", "reference"]


@pytest.mark.parametrize(("value", "shown"), [("fold1", "fold1"), ("", r"\(missing\)"), ("tra in", "tra in")])
def test_a_value_that_names_no_split(load_table, write, value, shown):
    with pytest.raises(
        InputError, match=f"split column 'part' of t.csv holds {shown}: not the name of a split"
    ) as caught:
        load_table(write(file_of(["train", "test", value, "train"])), split_column="part")
    assert caught.value.hint == "its values must be train, validation, test or reference"


def test_no_training_rows(load_table, write):
    with pytest.raises(InputError, match=r"split column 'part' of t\.csv has no training rows"):
        load_table(write(file_of(["test", "test"])), split_column="part")


def test_a_split_column_beside_a_test_file(load_table, write):
    path = write(file_of(["train", "test"]))
    with pytest.raises(InputError, match="both a split column and a test file were given"):
        load_table({"train": path, "test": path}, split_column="part")


def test_a_split_column_of_booleans(load_table, write):
    with pytest.raises(InputError, match="holds False and True: not the name of a split"):
        load_table(write(file_of(["True", "False"])), split_column="part")
