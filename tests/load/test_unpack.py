"""Packed files are told by their first bytes, whatever their names."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile

import pyarrow as pa
import pytest
from tests.load.loading import PLAIN, ROWS, cells

from dataaudit.errors import InputError
from dataaudit.load.unpack import is_utf_8


def zipped(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def zstandard(content: bytes) -> bytes:
    file = pa.BufferOutputStream()
    with pa.CompressedOutputStream(file, "zstd") as packed:
        packed.write(content)
    return file.getvalue().to_pybytes()


PACKED = {
    "gz": gzip.compress(PLAIN.encode(), mtime=0),
    "bz2": bz2.compress(PLAIN.encode()),
    "xz": lzma.compress(PLAIN.encode()),
    "zip": zipped(t=PLAIN),
    "zst": zstandard(PLAIN.encode()),
}


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("stem", ["t.csv.", "T.CSV.", "other"])
def test_packed_files(load_table, write, ending, stem):
    dataset = load_table(write(PACKED[ending], f"{stem}{ending}"))
    assert cells(dataset, "x") == [float(x) for x, _ in ROWS]


def test_a_plain_file_with_the_ending_of_a_packed_one(load_table, write):
    assert cells(load_table(write(PLAIN, "t.csv.gz")), "x") == [float(x) for x, _ in ROWS]


def test_a_column_whose_name_begins_like_bzip2(load_table, write):
    assert cells(load_table(write(PLAIN.replace("x", "BZh1", 1))), "BZh1")[0] == 0.5


def test_packed_and_in_utf_16(load_table, write):
    assert cells(load_table(write(gzip.compress(PLAIN.encode("utf-16")), "t.gz")), "x")[0] == 0.5


@pytest.mark.parametrize("ending", PACKED)
def test_a_truncated_packed_file(load_table, write, ending):
    with pytest.raises(InputError, match=rf"t\.{ending} cannot be unpacked") as caught:
        load_table(write(PACKED[ending][:-20], f"t.{ending}"))
    assert caught.value.hint == "the file may be truncated"


def test_damaged_bytes_inside_gzip(load_table, write):
    damaged = bytearray(PACKED["gz"])
    damaged[15] ^= 0xFF
    with pytest.raises(InputError, match=r"t\.gz cannot be unpacked"):
        load_table(write(bytes(damaged), "t.gz"))


def test_a_zip_of_two_files(load_table, write):
    with pytest.raises(InputError, match=r"t\.zip holds 2 files"):
        load_table(write(zipped(a=PLAIN, b=PLAIN), "t.zip"))


def test_an_excel_file(load_table, write):
    with pytest.raises(InputError, match="Excel"):
        load_table(write(zipped(**{"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}), "t.xlsx"))


def test_a_character_cut_by_the_end_is_not_utf_8(write):
    assert is_utf_8(write("é"))
    assert not is_utf_8(write("é".encode()[:1]))
