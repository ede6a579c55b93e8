"""CSV files as people write them: Spark reads the cells that DuckDB reads, in the same order."""

from __future__ import annotations

import gzip

import pytest
from tests.load.conftest import write  # noqa: F401 - a fixture

from dataaudit.errors import InputError

FILES = {
    "plain": "x,y\n1,a\n2,b\n",
    "quotes": 'x,y\n"a ""b"" c",1\n"d, e",2\n"",3\n\'f\',4\n',
    "newlines in quotes": 'x,y\n"a\nb",1\n"c\r\nd",2\ne,3\n',
    "semicolons": "x;y\n1,5;a\n2,5;b\n",
    "tabs": "x\ty\n1\ta b\n2\tc,d\n",
    "missing spellings": 'x,y\nNA,1\nnan,2\n#N/A,3\n,4\nnull,5\n-,6\n"NA",7\n',
    "blanks kept": "x,y\n a , 1\nb ,2 \n",
    "windows line ends": "x,y\r\n1,a\r\n2,b\r\n",
    "no newline at the end": "x,y\n1,a\n2,b",
    "blank lines": "\n\nx,y\n1,a\n\n2,b\n\n",
    "mark of UTF-8": "\ufeffx,y\n1,a\n2,ü\n",
    "no header": "1,2.5,a\n2,3.5,b\n3,4.5,a\n",
    "names of rows": "x,y\nr1,1,a\nr2,2,b\nr3,3,a\n",
    "backslashes": 'x,y\na\\,1\n\\N,2\n"b\\",3\n',
    "signs of comments": "x,y\n#1,a\n// 2,b\n",
    "dollar braces": "x,y\n${x},a\n$1,b\n",
}


@pytest.mark.parametrize("name", FILES)
def test_cells_are_those_of_duckdb(read_both, write, name):  # noqa: F811
    (duckdb, cells), (spark, same) = read_both(write(FILES[name]))
    assert same == cells
    for part in ("names", "types", "n_rows", "stored_as_text", "notes"):
        assert getattr(spark, part) == getattr(duckdb, part)


def test_windows_1252_is_told_and_read(read_both, write):  # noqa: F811
    (duckdb, cells), (spark, same) = read_both(write("x,y\nMüller,1\nGroß,2\n".encode("cp1252")))
    assert (same, spark.notes) == (cells, duckdb.notes)
    assert same[0][1] == "Müller"


def test_mixed_line_ends(read_both, write):  # noqa: F811
    (_, cells), (_, same) = read_both(write(b"x,y\n1,a\r\n2,b\n3,c\r\n"))
    assert same == cells == [(0, "1", "a"), (1, "2", "b"), (2, "3", "c")]


def test_compressed(read_both, write):  # noqa: F811
    (_, cells), (_, same) = read_both(write(gzip.compress(b"x,y\n1,a\n2,b\n"), "t.csv.gz"))
    assert same == cells


def test_several_files_in_the_order_given(read_both, write):  # noqa: F811
    paths = [
        write(f"x,y\n{cells}", name)
        for name, cells in (("b.csv", "1,a\n2,b\n"), ("a[1].csv", "3,c\n"), ("c d.csv", ""))
    ]
    (duckdb, cells), (spark, same) = read_both(paths)
    assert same == cells == [(0, "1", "a"), (1, "2", "b"), (2, "3", "c")]
    assert spark.n_rows == 3
    assert spark.files == duckdb.files == (("b.csv", 2), ("a[1].csv", 1), ("c d.csv", 0))


@pytest.mark.parametrize(
    "content",
    [
        *(
            "",
            "\n\n",
            "x,y\n1,a\n2\n",
            "x,y\n1,a\n2,b,c\n3,d\n",
            'x,y\n1,a\n"two\nlines",b\n3,c,d\n',
            "x,x\n1,2\n",
            "x,y\n",
        ),
        *(b"\x00\x01\x02", 'x,y\n1,"a\n2,b\n3,c\n'),
    ],
)
def test_broken_files_are_told_in_the_same_words(read_both, write, content):  # noqa: F811
    duckdb, spark = read_both(write(content))
    assert isinstance(duckdb, InputError)
    assert isinstance(spark, InputError)
    assert spark.message == duckdb.message


def test_file_is_parsed_once(read_on_spark, spark_engine, write):  # noqa: F811
    path = write(FILES["quotes"])
    raw, rows = read_on_spark(path)
    path.unlink()
    assert spark_engine.rows(f"SELECT row, r0, r1 FROM {raw.relation} ORDER BY row") == rows


def test_different_headers(read_both, write):  # noqa: F811
    duckdb, spark = read_both([write("x,y\n1,a\n", "a.csv"), write("x,z\n1,a\n", "b.csv")])
    assert spark.message == duckdb.message
