"""Roles: declared ones, the guessed label, columns that name the row."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import roles

from dataaudit.engine.dataset import ColumnSurvey
from dataaudit.errors import InputError
from dataaudit.load.roles import Declared, names_the_row

TABLE = "user,site,when,who,note,y\n" + "".join(f"u{i % 3},s,2024-01-0{i + 1},w,n{i % 2},{i % 2}\n" for i in range(9))


def test_declared_roles(load_table, write):
    dataset = load_table(write(TABLE), group=("user",), time="when", context=("site",), id=("who",), exclude=("note",))
    assert list(roles(dataset).items()) == [
        *(("user", "group"), ("site", "context"), ("when", "time")),
        *(("who", "id"), ("note", "excluded"), ("y", "label")),
    ]
    assert all(column.declared for column in dataset.info.columns)


def test_what_is_not_declared_is_a_feature(load_table, write):
    dataset = load_table(write(TABLE))
    assert [column.name for column in dataset.info.columns if column.declared] == ["y"]
    assert set(roles(dataset).values()) == {"feature", "label"}


def test_a_column_declared_twice(load_table, write):
    with pytest.raises(InputError, match="column 'user' is declared both id and group"):
        load_table(write(TABLE), group=("user",), id=("user",))


def test_the_label_as_a_group(load_table, write):
    with pytest.raises(InputError, match="column 'y' is declared both group and label"):
        load_table(write(TABLE), group=("y",))


def test_the_same_role_twice_is_no_contradiction():
    assert len(Declared(group=("user", "user")).by_column()) == 1


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"group": ("uzer",)}, "t.csv has no column 'uzer' (declared as group)"),
        ({"time": "uzer"}, "t.csv has no column 'uzer' (declared as time)"),
        ({"label": "uzer"}, "t.csv has no column 'uzer' (declared as label)"),
        ({"split_column": "uzer"}, "t.csv has no column 'uzer' (declared as split column)"),
    ],
)
def test_an_unknown_column_is_told_with_the_nearest(load_table, write, roles, message):
    with pytest.raises(InputError) as caught:
        load_table(write(TABLE), **roles)
    assert (caught.value.message, caught.value.hint) == (message, "did you mean 'user'?")


def test_an_unknown_column_like_no_other(load_table, write):
    with pytest.raises(InputError) as caught:
        load_table(write(TABLE), label="qqqqqqq")
    assert caught.value.hint == "its columns are 'user', 'site', 'when', 'who', 'note', 'y'"


@pytest.mark.parametrize("name", ["label", "Target", " CLASS ", "y", "outcome"])
def test_an_unmistakable_label_is_guessed_and_noted(load_table, write, name):
    dataset = load_table(write(TABLE.replace("y", name, 1)), label=None)
    assert dataset.info.label == name.strip()
    assert dataset.info.notes == (f"No label was named; the column {name.strip()!r} was taken for it.",)


@pytest.mark.parametrize("header", ["user,site,when,who,note,kind", "target,site,when,who,note,label"])
def test_no_label_or_two_name_the_candidates(load_table, write, header):
    table = TABLE.replace("user,site,when,who,note,y", header)
    with pytest.raises(InputError, match="no label was named, and none is unmistakable") as caught:
        load_table(write(table), label=None)
    first, last = header.split(",")[0], header.split(",")[-1]
    assert caught.value.hint is not None
    named = caught.value.hint.partition("candidates are ")[2].split(", ")
    assert named[0] == last
    assert {first, "note"} < set(named)
    assert not {"site", "when"} & set(named)


def test_a_boolean_is_a_candidate(load_table, write):
    table = "a,b\n" + "0.5,true\n1.5,false\n" * 5
    with pytest.raises(InputError) as caught:
        load_table(write(table), label=None)
    assert caught.value.hint == "name it with --label; candidates are b"


def test_without_classes_the_quantities_are_candidates(load_table, write):
    rows = "".join(f"{i},word {i},{i * 0.5},7\n" for i in range(30))
    with pytest.raises(InputError) as caught:
        load_table(write("n,name,size,same\n" + rows), label=None)
    assert caught.value.hint == "name it with --label; candidates are size"


def hint_of(load_table, path):
    with pytest.raises(InputError) as caught:
        load_table(path, label=None)
    return caught.value.hint.partition("candidates are ")[2]


def many_columns(n: int, **named: list) -> pd.DataFrame:
    """Columns of three values each, with named ones among them."""
    frame = pd.DataFrame({f"x{i:02}": [f"{row % 3 + i}" for row in range(60)] for i in range(n)})
    for place, (name, cells) in enumerate(named.items(), start=2):
        frame.insert(place, name, (cells * 60)[:60])
    return frame


def test_a_name_that_labels_often_have_is_the_first_candidate(load_table):
    frame = many_columns(20, Attrition=["No", "Yes"], Gender=["f", "m"], loan_status=["a", "b", "c"])
    told = hint_of(load_table, frame)
    assert told == "Attrition, loan_status, x00, x19, Gender, x01, x02, x03 and 15 more of 23"


def test_without_such_a_name_the_ends_come_first_then_columns_of_two_values(load_table):
    assert hint_of(load_table, many_columns(5, Gender=["f", "m"])) == "x00, x04, Gender, x01, x02, x03"


def test_a_quantity_that_stands_last_is_a_candidate(load_table):
    frame = many_columns(2).assign(size=[i * 0.37 + 0.01 for i in range(60)])
    assert hint_of(load_table, frame) == "x00, size, x01"


def test_where_none_could_be_the_label_the_columns_are_listed(load_table):
    frame = pd.DataFrame({f"x{i}": ["same"] * 30 for i in range(10)})
    with pytest.raises(InputError) as caught:
        load_table(frame, label=None)
    assert caught.value.hint == (
        "name it with --label; its columns are x0, x1, x2, x3, x4, x5, x6, x7 and 2 more of 10"
    )


def values(n: int, **others) -> ColumnSurvey:
    known = {"mean_length": 5.0, "share_with_space": 0.0, "minimum": 1.0, "maximum": float(n), "is_integer": True}
    return ColumnSurvey(n_present=n, n_distinct=n, **(known | others))


WORDS = {"minimum": None, "maximum": None, "is_integer": False}


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("n", values(20), True),
        ("n", values(19), False),
        ("n", values(20, maximum=21.0), False),
        ("patient_id", values(20, maximum=99.0), True),
        ("patient_id", values(20, is_integer=False), False),
        ("patient_id", values(20, **WORDS), True),
        ("patient_id", values(20, **WORDS, share_with_space=0.9), False),
        ("surname", values(20, **WORDS), False),
        ("patient_id", None, False),
    ],
)
def test_columns_that_name_the_row(name, found, expected):
    assert names_the_row(name, found) is expected


def test_a_column_that_names_the_row_is_no_feature(load_table, write):
    rows = "".join(f"{100 + i},{i % 4},{'cat' if i % 2 else 'dog'}\n" for i in range(25))
    assert roles(load_table(write("n,x,y\n" + rows)))["n"] == "id"


def test_a_repeated_name_of_a_row_is_a_feature(load_table, write):
    rows = "".join(f"{100 + min(i, 23)},{i % 4},{'cat' if i % 2 else 'dog'}\n" for i in range(25))
    assert roles(load_table(write("n,x,y\n" + rows)))["n"] == "feature"
