"""The DuckDB engine: its limits, its temporary folder, its silence on the network, its errors."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dataaudit.engine.base import EngineError
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import ConfigError, DataAuditError


@pytest.fixture
def engine():
    engine = DuckDBEngine()
    yield engine
    engine.close()


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """A folder in which all temporary folders are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def setting(engine: DuckDBEngine, name: str) -> object:
    return engine.rows(f"SELECT current_setting('{name}')")[0][0]


def test_memory_limit_and_threads_are_honoured():
    engine = DuckDBEngine("100MB", 1)
    assert (setting(engine, "memory_limit"), setting(engine, "threads")) == ("95.3 MiB", 1)
    engine.close()


@pytest.mark.parametrize(
    ("memory_limit", "threads"), [("lots", None), ("-1GB", None), ("", None), (None, 0), (None, -1), ("12", None)]
)
def test_wrong_limits(temporary, memory_limit, threads):
    with pytest.raises(ConfigError, match="DuckDB does not take memory limit") as caught:
        DuckDBEngine(memory_limit, threads)
    assert caught.value.hint == "write --memory-limit like 500MB or 4GB, and --threads as a whole number from 1"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"]
)
def test_no_extension_is_fetched(engine, name):
    assert setting(engine, name) is False


@pytest.mark.parametrize("path", ["https://localhost:9/t.parquet", "s3://bucket/t.csv"])
def test_a_remote_path_opens_no_connection(engine, path):
    with pytest.raises(duckdb.Error, match="httpfs"):
        engine.connection.execute(f"SELECT * FROM '{path}'")


def test_times_are_in_utc(engine):
    assert setting(engine, "TimeZone") == "UTC"


def test_rows_and_arrays(engine):
    query = "SELECT * FROM (VALUES (1, 'a'), (NULL, 'b')) AS t(n, s)"
    assert engine.rows(query) == [(1, "a"), (None, "b")]
    arrays = engine.arrays(query)
    assert np.ma.getmaskarray(arrays["n"]).tolist() == [False, True]
    assert list(arrays["s"]) == ["a", "b"]


def test_the_folder_is_gone_after_close(temporary):
    engine = DuckDBEngine()
    assert [path.name for path in temporary.iterdir()] == [Path(engine.folder).name]
    (Path(engine.folder) / "left.csv").write_text("x")
    engine.close()
    assert list(temporary.iterdir()) == []


def test_the_folder_is_gone_when_nobody_holds_the_engine(temporary):
    engine = DuckDBEngine()
    del engine
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_the_folder_is_gone_when_the_process_ends_by_an_error(temporary):
    program = "import tempfile, sys; tempfile.tempdir = sys.argv[1]\n"
    program += "from dataaudit.engine.duckdb import DuckDBEngine; engine = DuckDBEngine(); raise SystemExit(3)"
    ended = subprocess.run([sys.executable, "-c", program, str(temporary)], check=False)
    assert ended.returncode == 3
    assert list(temporary.iterdir()) == []


def test_no_place_for_a_folder(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(ConfigError, match="no temporary folder can be made: No such file"):
        DuckDBEngine()


def test_spilling_under_a_small_memory_limit():
    engine = DuckDBEngine("100MB", 2)
    engine.run("CREATE TEMP TABLE t AS SELECT range AS i, md5(range::VARCHAR) AS s FROM range(4000000)")
    assert any(path.stat().st_size > 0 for path in Path(engine.folder).rglob("*") if path.is_file())
    n_distinct = engine.rows("SELECT count(*), sum(n) FROM (SELECT s, count(*) AS n FROM t GROUP BY s)")
    assert n_distinct == [(4_000_000, 4_000_000)]
    engine.close()
    assert not Path(engine.folder).exists()


def test_too_little_memory_is_told():
    engine = DuckDBEngine("20MB", 1)
    with pytest.raises(DataAuditError, match="the memory limit is too small for this table") as caught:
        engine.rows("SELECT length(string_agg(md5(range::VARCHAR), '')) FROM range(2000000)")
    assert caught.value.hint is not None
    assert "--memory-limit" in caught.value.hint
    engine.close()


@pytest.mark.parametrize("statement", ["SELECT 1 +", "SELECT nothing", "SELECT * FROM nowhere", "SELECT 'x'::INTEGER"])
def test_a_wrong_statement_is_a_defect_and_no_error_of_the_user(engine, statement):
    with pytest.raises(duckdb.Error):
        engine.rows(statement)


def test_damaged_data_are_an_error_of_the_data(engine, tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 this is none PAR1")
    with pytest.raises(EngineError, match="the data cannot be read") as caught:
        engine.rows(f"SELECT * FROM read_parquet('{tmp_path}/t.parquet')")
    assert str(tmp_path) in caught.value.details
    assert "\n" not in caught.value.message


def test_ctrl_c_in_a_query_is_a_keyboard_interrupt(engine, monkeypatch):
    class Interrupted:
        def execute(self, statement: str) -> None:
            raise RuntimeError("Query interrupted")

        def close(self) -> None:
            pass

    monkeypatch.setattr(engine, "connection", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        engine.run("SELECT 1")


def test_no_progress_bar_of_duckdb_shows():
    # DuckDB turns one on, on stdout, where Python has no main file, as in a notebook.
    program = "from dataaudit.engine.duckdb import DuckDBEngine; import duckdb\n"
    program += "query = \"SELECT current_setting('enable_progress_bar')\"\n"
    program += "print(duckdb.connect().execute(query).fetchall(), DuckDBEngine().rows(query))"
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout == "[(True,)] [(False,)]\n"
