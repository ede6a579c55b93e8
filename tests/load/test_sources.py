"""What a user names: paths, globs, folders; and what cannot be opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.load.loading import PLAIN, ROWS, cells

from dataaudit.errors import InputError

X = [float(x) for x, _ in ROWS]


def test_text_path_and_path_like(load_table, write):
    class Like:
        def __fspath__(self) -> str:
            return str(write(PLAIN))

    assert cells(load_table({"train": str(write(PLAIN)), "test": Like()}), "x", "test") == X


def test_a_glob_takes_files_in_the_order_of_their_names(load_table, write, tmp_path):
    write("x,y\n9,cat\n", "b.csv")
    write(PLAIN, "a.csv")
    (tmp_path / "c.csv").mkdir()
    assert cells(load_table(str(tmp_path / "*.csv")), "x") == [*X, 9.0]


def test_a_recursive_glob(load_table, write, tmp_path):
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    write(PLAIN, "deep/deeper/t.csv")
    assert cells(load_table(str(tmp_path / "**" / "*.csv")), "x") == X


def test_a_glob_without_a_match(load_table, tmp_path):
    with pytest.raises(InputError, match=r"no file matches .*\*\.csv"):
        load_table(str(tmp_path / "*.csv"))


def test_a_missing_file(load_table, tmp_path):
    with pytest.raises(InputError, match="there is no file") as caught:
        load_table(tmp_path / "none.csv")
    assert caught.value.hint == "look at the folder and the spelling"


def test_a_folder_without_parquet(load_table, write, tmp_path):
    write(PLAIN)
    with pytest.raises(InputError, match="is a folder without Parquet files"):
        load_table(tmp_path)


def test_a_remote_path_that_nothing_reads(load_table):
    with pytest.raises(InputError, match=r"ftp://host/t\.parquet is a remote path"):
        load_table("ftp://host/t.parquet")


def test_a_url_that_went_through_a_path(load_table):
    with pytest.raises(InputError, match=r"there is no file s3:/bucket/t\.parquet") as caught:
        load_table(Path("s3://bucket/t.parquet"))
    assert caught.value.hint == "give a URL as text: a Path takes one of its slashes away"


def test_one_file_twice(load_table, write):
    path = write(PLAIN)
    with pytest.raises(InputError, match=r"t\.csv is named twice in one split"):
        load_table([path, path])


def test_one_file_as_train_and_test(load_table, write):
    path = write(PLAIN)
    assert cells(load_table({"train": path, "test": path}), "x", "test") == X


def test_csv_and_parquet_mixed(load_table, write):
    with pytest.raises(InputError, match="mixes Parquet and CSV files"):
        load_table([write(PLAIN), write(b"PAR1", "u.parquet")])


def test_no_files(load_table):
    with pytest.raises(InputError, match="no file was given for train"):
        load_table([])


def test_a_pipe(load_table, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match=r"pipe\.csv is no regular file"):
        load_table(tmp_path / "pipe.csv")


def test_a_name_too_long_for_the_system(load_table):
    with pytest.raises(InputError, match="cannot be opened: File name too long"):
        load_table("x" * 300 + ".csv")


def test_a_file_that_may_not_be_read(load_table, write, monkeypatch):
    path = write(PLAIN)

    def refuse(self, *arguments, **options):
        raise PermissionError(13, "Permission denied", str(self))

    # Permissions would not stop root, who may run the tests.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"t\.csv cannot be opened: Permission denied"):
        load_table(path)
