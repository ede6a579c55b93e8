"""Files that are no tables: each gets one error that says why."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path

import pandas as pd
import pytest

PLAIN = "x,y\n" + "1,cat\n2,dog\n" * 10


def test_an_empty_file(fails, write):
    assert fails(write("")) == "t.csv is empty"


def test_a_file_of_blank_lines(fails, write):
    assert fails(write("\n\n \n")) == "t.csv is empty"


def test_a_header_alone(fails, write):
    assert fails(write("x,y\n")) == "t.csv has columns but no rows"


def test_a_missing_file(fails, tmp_path):
    assert fails(tmp_path / "none.csv").startswith("there is no file ")


def test_a_glob_without_a_match(fails, tmp_path):
    assert fails(str(tmp_path / "*.parquet")).startswith("no file matches ")


def test_a_folder(fails, tmp_path):
    (tmp_path / "folder").mkdir()
    assert fails(tmp_path / "folder").endswith("folder is a folder without Parquet files")


def test_a_file_that_may_not_be_read(fails, write, monkeypatch):
    path, opened = write(PLAIN), Path.open

    def refuse(self, *arguments, **options):
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **options)

    # Permissions would not stop root, who may run the tests.
    monkeypatch.setattr(Path, "open", refuse)
    assert fails(path).endswith("t.csv cannot be opened: Permission denied")


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 50, bytes(range(1, 256)) * 50, random.Random(0).randbytes(10_000), PLAIN.encode("utf-16-le")],
    ids=["zeros", "no zeros", "random", "UTF-16 without a mark"],
)
def test_a_binary_file_named_csv(fails, write, content):
    assert fails(write(content)).startswith("t.csv is not text: ")


def test_an_image_named_csv(fails, write):
    image = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
    assert fails(write(image)) == "t.csv is not text: it holds zero bytes"


def test_a_truncated_gzip(fails, write):
    assert fails(write(gzip.compress(PLAIN.encode())[:-9], "t.csv.gz")).startswith("t.csv.gz cannot be unpacked")


@pytest.fixture
def parquet() -> bytes:
    file = io.BytesIO()
    pd.DataFrame({"x": range(100), "y": ["cat", "dog"] * 50}).to_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("n_bytes", [4, 11, 100, 1000, -1])
def test_a_truncated_parquet_file(fails, write, parquet, n_bytes):
    assert fails(write(parquet[:n_bytes], "t.parquet")).startswith("t.parquet cannot be read as Parquet: ")


def test_an_empty_parquet_file(fails, write):
    assert fails(write("", "t.parquet")) == "t.parquet is empty"


def test_text_named_parquet(fails, write):
    assert fails(write(PLAIN, "t.parquet")).startswith("t.parquet cannot be read as Parquet: ")


@pytest.mark.parametrize("every", [7, 50, 300])
def test_a_parquet_file_with_flipped_bytes(fails, write, parquet, every):
    damaged = bytearray(parquet)
    for at in range(4, len(damaged) - 1500, every):
        damaged[at] ^= 0xFF
    assert fails(write(bytes(damaged), "t.parquet")).startswith("t.parquet cannot be read")


def test_csv_and_parquet_mixed(fails, write, parquet, tmp_path):
    write(PLAIN, "mixed1.csv")
    write(parquet, "mixed2.parquet")
    assert fails(str(tmp_path / "mixed*")).endswith("mixes Parquet and CSV files")


def test_parquet_for_train_and_csv_for_test_audit(audits, write, parquet):
    report = audits(write(parquet, "t.parquet"), "--test", str(write(PLAIN)))
    assert [split["n_rows"] for split in report["dataset"]["splits"]] == [100, 20]


@pytest.mark.parametrize(("line", "n_cells"), [("1,2,cat", "3 cells"), ("1", "1 cell")])
def test_ragged_rows(fails, write, line, n_cells):
    assert fails(write(f"{PLAIN}{line}\n{PLAIN}")) == f"t.csv, line 22: {n_cells} where the header has 2"


def test_an_open_quote(fails, write):
    assert fails(write(f'{PLAIN}"1,cat\n{PLAIN}')) == "t.csv, line 22: a quote is not closed"


def test_a_text_that_is_not_utf_8_audits_and_is_noted(audits, write):
    report = audits(write(PLAIN.replace("cat", "Käfer").encode("cp1252")))
    assert report["dataset"]["notes"] == ["t.csv is not UTF-8; it was read as Windows-1252."]


def test_a_remote_path(fails):
    assert fails("ftp://example.org/t.csv") == "ftp://example.org/t.csv is a remote path"
