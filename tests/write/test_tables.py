from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import ConfigError
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.write.tables import Added, write_rows

CSV = 'id;näme;y\n001;"a;b";yes\n002;NA;no\n003;"say ""hi""";yes\n004;  x ;\n005;=1+2;no\n'


@pytest.fixture
def engine():
    opened = DuckDBEngine()
    yield opened
    opened.close()


@pytest.fixture
def csv_source(engine, tmp_path):
    (tmp_path / "a.csv").write_text(CSV)
    return load(engine, {"train": str(tmp_path / "a.csv")}, Declared(label="y"), keep_cells=True).sources["train"]


def test_all_rows_of_a_csv_come_back_as_they_were(engine, csv_source, tmp_path):
    assert write_rows(engine, csv_source, tmp_path / "b.csv") == 5
    assert (tmp_path / "b.csv").read_text() == CSV


def test_kept_cells_are_audited_as_others_are(engine, csv_source):
    assert engine.rows("SELECT c0, c1, c2 FROM train ORDER BY row")[1:4] == [
        ("002", None, "no"),
        ("003", 'say "hi"', "yes"),
        ("004", "  x ", None),
    ]


def test_rows_that_meet_a_condition_keep_their_order(engine, csv_source, tmp_path):
    assert write_rows(engine, csv_source, tmp_path / "b.csv", where="row % 2 = 0") == 3
    assert [line[:3] for line in (tmp_path / "b.csv").read_text().splitlines()] == ["id;", "001", "003", "005"]


def test_a_plan_repeats_rows_and_lets_others_in(engine, csv_source, tmp_path):
    engine.run("CREATE TEMP TABLE plan AS SELECT 0 AS place, 3 AS row UNION ALL SELECT 2, 0 UNION ALL SELECT 1, 3")
    engine.run("CREATE TEMP TABLE made AS SELECT 5 AS place, 'new' AS r0, 'b' AS r1, NULL AS r2")
    assert write_rows(engine, csv_source, tmp_path / "b.csv", plan="plan", synthetic="made") == 4
    assert (tmp_path / "b.csv").read_text() == 'id;näme;y\n004;  x ;\n004;  x ;\n001;"a;b";yes\nnew;b;\n'


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_nothing_stays_nothing_and_two_quotes_two_quotes(engine, tmp_path, line_end):
    lines = ["a;b;y", '"";;1', 'NA;"NA";0', '"x""y";" z ";1', '"one\ntwo";"0;1";0', "'q;#;1"]
    (tmp_path / "a.csv").write_bytes(("\ufeff" + line_end.join(lines) + line_end).encode())
    source = load(engine, {"train": str(tmp_path / "a.csv")}, Declared(label="y"), keep_cells=True).sources["train"]
    assert write_rows(engine, source, tmp_path / "b.csv") == 5
    written = (tmp_path / "b.csv").read_text(encoding="utf-8")
    # Quotes that nothing needs go, "#" gets some; the text between them is what it was.
    assert written.splitlines() == ["a;b;y", '"";;1', "NA;NA;0", '"x""y"; z ;1', '"one', 'two";"0;1";0', '\'q;"#";1']


def test_columns_are_added_behind(engine, csv_source, tmp_path):
    write_rows(engine, csv_source, tmp_path / "b.csv", added=[Added("weight", "row * 0.5")])
    assert (tmp_path / "b.csv").read_text().splitlines()[:3] == [
        "id;näme;y;weight",
        '001;"a;b";yes;0.0',
        "002;NA;no;0.5",
    ]


def test_a_single_column_loses_no_row(engine, tmp_path):
    (tmp_path / "a.csv").write_text('y\n1\n""\n0\n')
    source = load(engine, {"train": str(tmp_path / "a.csv")}, Declared(label="y"), keep_cells=True).sources["train"]
    assert write_rows(engine, source, tmp_path / "b.csv") == 3
    assert len(pd.read_csv(tmp_path / "b.csv", skip_blank_lines=False)) == 3


def test_parquet_keeps_its_types(engine, tmp_path):
    table = pa.table(
        {
            "whole": pa.array([1, None, 3], pa.int16()),
            "half": pa.array([0.5, float("nan"), None], pa.float32()),
            "name": ["a", None, ""],
            "day": pa.array([0, 1, None], pa.date32()),
            "at": pa.array([0, None, 10**15], pa.timestamp("us", tz="UTC")),
            "flag": [True, None, False],
            "price": pa.array([Decimal("1.50"), Decimal("2.00"), None], pa.decimal128(9, 2)),
            'odd "name"': [[1, 2], None, []],
            "y": ["p", "q", "p"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    source = load(engine, {"train": str(tmp_path / "a.parquet")}, Declared(label="y"), keep_cells=True).sources["train"]
    write_rows(engine, source, tmp_path / "b.parquet")
    found = pq.read_table(tmp_path / "b.parquet")
    assert found.schema.names == table.schema.names
    assert [field.type for field in found.schema if field.name != 'odd "name"'] == [
        field.type for field in table.schema if field.name != 'odd "name"'
    ]
    assert str(found.to_pylist()) == str(table.to_pylist())


def test_a_split_column_cuts_the_cells_that_are_written_too(engine, tmp_path):
    (tmp_path / "a.csv").write_text("x,part,y\n1,train,a\n2,test,b\nNA,train,b\n4,test,a\n")
    declared = Declared(label="y", split_column="part")
    sources = load(engine, {"train": str(tmp_path / "a.csv")}, declared, keep_cells=True).sources
    assert write_rows(engine, sources["train"], tmp_path / "b.csv") == 2
    assert (tmp_path / "b.csv").read_text() == "x,part,y\n1,train,a\nNA,train,b\n"


def test_a_folder_that_is_not_there_is_one_clear_error(engine, csv_source, tmp_path):
    with pytest.raises(ConfigError, match=r"b\.csv of the output cannot be written"):
        write_rows(engine, csv_source, tmp_path / "nowhere" / "b.csv")


def test_written_twice_parquet_is_the_same_to_the_byte(engine, tmp_path):
    """Whether a cell could be missing is not read off what happens to stand there."""
    required = pa.schema([pa.field("x", pa.int64(), nullable=False), pa.field("y", pa.string())])
    pq.write_table(pa.table({"x": [1, 2, 3], "y": ["a", "b", "a"]}, schema=required), tmp_path / "0.parquet")
    for i in range(2):
        with closing(DuckDBEngine()) as own:
            sources = {"train": str(tmp_path / f"{i}.parquet")}
            source = load(own, sources, Declared(label="y"), keep_cells=True).sources["train"]
            write_rows(own, source, tmp_path / f"{i + 1}.parquet")
    assert [field.nullable for field in pq.read_schema(tmp_path / "1.parquet")] == [True, True]
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()
