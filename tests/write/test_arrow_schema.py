from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.write.tables import Added, copy_to, write_rows


@pytest.fixture
def engine():
    opened = DuckDBEngine()
    yield opened
    opened.close()


def source_of(engine, path):
    return load(engine, {"train": str(path)}, Declared(label="y"), keep_cells=True).sources["train"]


def test_what_only_arrow_knows_of_a_column_is_handed_on(engine, tmp_path):
    table = pa.table(
        {
            "at": pa.array([0, None, 10**15], pa.timestamp("us", tz="Europe/Berlin")),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "long": pa.array(["x", None, "z"], pa.large_string()),
            "took": pa.array([1, None, 3_000_000], pa.duration("us")),
            "y": ["p", "q", "p"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    write_rows(engine, source_of(engine, tmp_path / "a.parquet"), tmp_path / "b.parquet")
    found = pq.read_table(tmp_path / "b.parquet")
    assert found.schema.types == table.schema.types
    assert found.to_pylist() == table.to_pylist()


def test_a_frame_comes_back_with_its_types_and_index(engine, tmp_path):
    frame = pd.DataFrame(
        {
            "n": pd.array([1, None, 3], dtype="Int32"),
            "flag": pd.array([True, None, False], dtype="boolean"),
            "kind": pd.Categorical(["a", "b", "a"]),
            "took": pd.to_timedelta([1, 2, 3], unit="s"),
            "y": ["p", "q", "p"],
        },
        index=pd.Index([7, 5, 3], name="case"),
    )
    frame.to_parquet(tmp_path / "a.parquet")
    write_rows(engine, source_of(engine, tmp_path / "a.parquet"), tmp_path / "b.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "b.parquet"), frame)


def test_a_column_that_is_added_or_changed_is_described_anew(engine, tmp_path):
    frame = pd.DataFrame({"kind": pd.Categorical(["a", "b"]), "text": ["1", "2"], "y": ["p", "q"]})
    frame.to_parquet(tmp_path / "a.parquet")
    source = source_of(engine, tmp_path / "a.parquet")
    write_rows(engine, source, tmp_path / "b.parquet", added=[Added("weight", "row * 0.5e0")])
    found = pd.read_parquet(tmp_path / "b.parquet")
    assert found["kind"].dtype == frame["kind"].dtype
    assert found["weight"].tolist() == [0.0, 0.5]
    query = f"SELECT r0, CAST(r1 AS BIGINT) AS r1 FROM {source.relation} AS source"
    copy_to(engine, query, ["kind", "text"], tmp_path / "c.parquet", source)
    changed = pd.read_parquet(tmp_path / "c.parquet")
    assert changed["text"].tolist() == [1, 2]
    assert changed["kind"].tolist() == ["a", "b"]
