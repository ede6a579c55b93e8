"""Every cell of a CSV file arrives, whatever the file's dialect and encoding."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.load.loading import PLAIN, ROWS, cells, column_file

from dataaudit.errors import InputError
from dataaudit.load.csv import MISSING_SPELLINGS, SNIFFED_BYTES

X = [float(x) for x, _ in ROWS]
Y = [y for _, y in ROWS]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(load_table, write, delimiter):
    dataset = load_table(write(PLAIN.replace(",", delimiter)))
    assert (cells(dataset, "x"), cells(dataset, "y")) == (X, Y)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(load_table, write, line_end):
    assert cells(load_table(write(PLAIN.replace("\n", line_end))), "x") == X


def test_a_last_line_without_an_end(load_table, write):
    assert cells(load_table(write(PLAIN.rstrip("\n"))), "x") == X


def test_quotes_keep_delimiters_quotes_and_lines(load_table, write):
    table = write('x,y\n"a,b",cat\n"say ""so""",dog\n"two\nlines",cat\n"two\r\nlines",dog\n5" pipe,cat\n')
    assert cells(load_table(table), "x") == ["a,b", 'say "so"', "two\nlines", "two\r\nlines", '5" pipe']


def test_quoted_lines_in_a_file_read_by_two_threads(load_table, write):
    records = [f'"line {i}\nmore, {i}",{"cat" if i % 2 else "dog"}' for i in range(100_000)]
    dataset = load_table(write("x,y\n" + "\n".join(records) + "\n"))
    assert cells(dataset, "x") == [f"line {i}\nmore, {i}" for i in range(100_000)]


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b", "\x0c"])
def test_only_line_ends_end_a_record(load_table, write, separator):
    found = cells(load_table(write(f"x,y\na{separator}b,cat\nc,dog\n")), "x")
    assert found == [f"a{separator}b", "c"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_encodings_told_by_their_mark(load_table, write, encoding):
    dataset = load_table(write(PLAIN.replace("cat", "Käfer").encode(encoding)))
    assert cells(dataset, "y") == ["Käfer", "dog", "Käfer", "dog"]
    assert list(dataset.sql_types) == ["x", "y"]
    assert dataset.info.notes == ()


def test_utf_16_of_the_other_byte_order(load_table, write):
    assert cells(load_table(write(b"\xfe\xff" + PLAIN.encode("utf-16-be"))), "x") == X


def test_what_is_not_utf_8_is_read_as_windows_1252_and_noted(load_table, write):
    dataset = load_table(write(PLAIN.replace("cat", "Käfer €").encode("cp1252")))
    assert cells(dataset, "y")[0] == "Käfer €"
    assert dataset.info.notes == ("t.csv is not UTF-8; it was read as Windows-1252.",)


def test_a_late_byte_that_is_not_utf_8(load_table, write):
    late = (PLAIN + "0.5,cat\n" * 200_000).encode() + "0.5,Käfer\n".encode("cp1252")
    dataset = load_table(write(late))
    assert dataset.classes == ("Käfer", "cat", "dog")
    assert dataset.info.splits[0].n_rows == 200_005


def test_only_the_file_that_is_not_utf_8_is_decoded_again(load_table, write):
    good = write(PLAIN.replace("cat", "Käfer"), "good.csv")
    bad = write(PLAIN.replace("cat", "Käfer").encode("cp1252"), "bad.csv")
    dataset = load_table([good, bad])
    assert dataset.classes == ("Käfer", "dog")
    assert dataset.info.notes == ("bad.csv is not UTF-8; it was read as Windows-1252.",)


def test_bytes_that_windows_1252_leaves_undefined(load_table, write):
    dataset = load_table(write(PLAIN.encode().replace(b"cat", b"\x81\xe9")))
    assert dataset.classes == ("dog", "\x81é")


def test_missing_cells_are_those_of_pandas(load_table, write):
    spellings = [*MISSING_SPELLINGS, "NAN", "-", "none", "N.A.", "?", "missing", "nil", " "]
    text = column_file([*spellings, "plain"])
    expected = pd.read_csv(io.StringIO(text))["x"].isna().tolist()
    assert [cell is None for cell in cells(load_table(write(text)), "x")] == expected
    assert sum(expected) == len(MISSING_SPELLINGS)


def test_quoted_missing_cells(load_table, write):
    text = column_file(['"NA"', '""', '"a"', "NA"])
    assert cells(load_table(write(text)), "x") == [None, None, "a", None]


def test_numbers_are_those_of_pandas(load_table, write):
    text = column_file(["1", "-2.5", "+3", "1e3", ".5", "7.", " 8 ", "0.1", "59.9545", "1E-300", "123456789012"])
    expected = pd.read_csv(io.StringIO(text))["x"].tolist()
    assert cells(load_table(write(text)), "x") == expected


def test_several_files_make_one_table(load_table, write):
    paths = [write(PLAIN, "a.csv"), write("x,y\n9,cat\n", "b.csv"), write(PLAIN, "c.csv")]
    dataset = load_table(paths)
    assert cells(dataset, "x") == [*X, 9.0, *X]
    assert dataset.info.splits[0].source == "a.csv and 2 more"


def test_files_with_other_headers(load_table, write):
    with pytest.raises(InputError, match=r"b\.csv and a\.csv have different headers"):
        load_table([write(PLAIN, "a.csv"), write(PLAIN.replace("x", "z"), "b.csv")])


@pytest.mark.parametrize("name", ["a[1].csv", "a*.csv", "a?b.csv", "it's.csv"])
def test_a_file_whose_name_looks_like_a_pattern(load_table, write, name):
    write(PLAIN.replace("0.5", "9"), "a1.csv")
    assert cells(load_table(write(PLAIN, name)), "x") == X


def wide_header() -> str:
    header = ",".join([*(f"a_rather_long_name_of_a_column_{i}" for i in range(30_000)), "y"])
    assert len(header) > SNIFFED_BYTES
    return header


def test_a_header_longer_than_the_sniffed_bytes(load_table, write):
    with pytest.raises(InputError, match=r"t\.csv, line 2: 2 cells where the header has 30,001"):
        load_table(write(f"{wide_header()}\n1,cat\n"))


def test_a_long_header_alone(load_table, write):
    with pytest.raises(InputError, match="columns but no rows"):
        load_table(write(wide_header()))
