"""A single cell of 200 MB, as an unclosed quote or a pasted file makes one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BLOCK = b"z" * (1 << 20)


def write_cell(path, before: bytes, after: bytes) -> None:
    """Write 200 MB in blocks, so that the test itself needs no such memory."""
    with path.open("wb") as file:
        file.write(before)
        for _ in range(200):
            file.write(BLOCK)
        file.write(after)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (b"x,y\n", "t.csv cannot be read as CSV: field larger than field limit (1000000)"),
        (b"x,y\n" + b"a long enough line,cat\n" * 50_000, "t.csv, line 50002: a line is longer than 16 MB"),
    ],
    ids=["at the start", "further below"],
)
def test_in_a_csv_file(fails, tmp_path, before, message):
    write_cell(tmp_path / "t.csv", before, b",dog\n1,cat\n")
    assert fails(tmp_path / "t.csv") == message


def test_an_open_quote_at_the_start(fails, tmp_path):
    write_cell(tmp_path / "t.csv", b'x,y\n1,cat\n"', b"")
    assert fails(tmp_path / "t.csv").startswith("t.csv cannot be read as CSV: field larger than field limit")


def test_in_a_parquet_file(audits, tmp_path):
    cells = pa.array([BLOCK.decode() * 200, *["a", "b", "c"] * 5])
    pq.write_table(pa.table({"x": cells, "y": ["cat", "dog"] * 8}), tmp_path / "t.parquet")
    del cells
    assert audits(tmp_path / "t.parquet")["dataset"]["splits"][0]["n_rows"] == 16
    assert (tmp_path / "report.html").stat().st_size < 1_000_000
