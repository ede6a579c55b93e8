"""Names and paths as SQL, and the nearest name to a wrong one."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dataaudit.engine.base import quote_text
from dataaudit.load.raw import nearest_names, quote_paths


@pytest.mark.parametrize("text", ["it's", "''", "\\", "a\nb", 'say "so"', "$1", "?", "é"])
def test_text_arrives_as_it_is(text):
    assert duckdb.sql(f"SELECT {quote_text(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("name", ["a[1].csv", "a*.csv", "a?.csv", "it's.csv", "a].csv"])
def test_a_path_names_one_file(tmp_path, name):
    for other in (name, "a1.csv", "ab.csv"):
        (tmp_path / other).write_text("x\n1\n")
    query = f"SELECT DISTINCT filename FROM read_csv({quote_paths([tmp_path / name])}, filename = true)"
    assert [Path(path) for (path,) in duckdb.sql(query).fetchall()] == [tmp_path / name]


def test_the_nearest_names_come_first():
    assert nearest_names("colur", ["make", "colour", "color"]) == "did you mean 'colour' or 'color'?"


def test_without_a_near_name_the_columns_are_listed():
    assert nearest_names("zzz", ["a", "b"]) == "its columns are 'a', 'b'"
    assert nearest_names("zzz", [f"c{i}" for i in range(1000)]).endswith("'c7' and 992 more")
