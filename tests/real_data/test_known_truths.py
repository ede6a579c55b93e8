"""What is known of these tables, and nothing that is not so."""

from __future__ import annotations

import functools

import pytest
from tests.real_data.bundled import NAMES, above_info, audited, random_split, table

from dataaudit.model import Kind, Role, Task


@functools.cache
def whole(name):
    """Return the audit of a whole table."""
    return audited(table(name))


def codes(name):
    return {finding.code for finding in whole(name).findings}


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("iris", Task.MULTICLASS),
        ("wine", Task.MULTICLASS),
        ("breast_cancer", Task.BINARY),
        ("digits", Task.MULTICLASS),
        ("diabetes", Task.REGRESSION),
    ],
)
def test_the_tables_are_read_as_what_they_are(name, task):
    info = whole(name).dataset
    assert info.task is task
    assert {column.kind for column in info.columns if column.name != "target"} == {Kind.NUMERIC}
    assert {column.role for column in info.columns if column.name != "target"} == {Role.FEATURE}


def test_iris_has_one_repeated_row():
    """Chance has room for it in so coarse a table, so the rule has to be asked to tell of any."""
    result = audited(table("iris"), select=["DATA001"], thresholds={"duplicate-rows": {"coarse_share": 0.0}})
    [found] = result.findings
    assert {(rows.split, rows.numbers) for rows in found.rows} == {("train", (101, 142))}


@pytest.mark.parametrize("name", ["wine", "breast_cancer", "diabetes"])
def test_tables_without_a_repeated_row(name):
    assert "DATA001" not in codes(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_label_leaks_and_no_column_is_missing(name):
    assert above_info(whole(name), "LEAK", "SPUR", "DATA002", "LABEL") == []


def test_features_of_wine_and_cancer_have_unlike_scales():
    for name in ("wine", "breast_cancer"):
        assert "SCALE001" in codes(name)
    for name in ("iris", "diabetes"):
        assert "SCALE001" not in codes(name)


def test_constant_pixels_of_digits_are_found():
    frame = table("digits")
    constant = {name for name in frame.columns if frame[name].nunique() == 1}
    found = {name for f in whole("digits").findings if f.code == "DATA003" for name in f.columns}
    assert constant
    assert constant <= found


def test_a_leaking_copy_of_the_target_is_an_error():
    for name in ("breast_cancer", "diabetes"):
        frame = table(name).assign(copied=lambda rows: rows["target"] * 3 + 1)
        found = above_info(audited(frame), "LEAK005")
        assert any(told.startswith("error LEAK005") and "copied" in told for told in found)


def test_copied_rows_are_found():
    train, test = random_split(table("breast_cancer"), 0)
    dirty = test.copy()
    dirty.iloc[:20] = train.iloc[:20].to_numpy()
    found = above_info(audited(train, dirty, select=["LEAK001"]), "LEAK001")
    assert len(found) == 1


def test_a_split_by_the_order_of_the_file_is_not_alike():
    frame = table("iris")
    assert above_info(audited(frame[:100], frame[100:]), "SPLIT")
