"""Remote files: without DuckDB's extension httpfs a clear error; with it, what the local files give."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.load.loading import PLAIN, ROWS, cells
from tests.load.web import httpfs_is_installed, serving

import dataaudit
from dataaudit.engine.base import EngineError
from dataaudit.errors import InputError
from dataaudit.load import remote
from dataaudit.load.remote import INSTALL
from dataaudit.load.remote_file import RemoteFile, not_read, out_of_reach, remote_file
from dataaudit.report.json import render_json

X = [float(x) for x, _ in ROWS]
TABLE = pa.table({"x": X, "y": [y for _, y in ROWS]})
INSTALLED = httpfs_is_installed()
needs_httpfs = pytest.mark.skipif(
    not INSTALLED, reason="DuckDB's extension httpfs is not installed here; the clear error is tested instead"
)
needs_its_absence = pytest.mark.skipif(
    INSTALLED, reason="DuckDB's extension httpfs is installed here; remote files are read instead"
)


@pytest.fixture
def web(tmp_path):
    with serving(tmp_path) as web:
        yield web


@pytest.fixture
def save(tmp_path):
    def save_it(name: str, table: pa.Table = TABLE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        return path

    return save_it


@pytest.fixture
def s3(engine, web):
    """Let the engine take the server for the store of s3://."""
    engine.run("LOAD httpfs")
    engine.run(
        f"CREATE SECRET (TYPE s3, KEY_ID 'k', SECRET 's', REGION 'r', ENDPOINT '{web.host}', USE_SSL false, "
        "URL_STYLE 'path')"
    )
    return web


def error_of(load_table, source) -> InputError:
    with pytest.raises(InputError) as caught:
        load_table(source)
    return caught.value


# Without the extension


@pytest.mark.parametrize("name", ["s3://bucket/t.parquet", "gs://bucket/*.csv", "https://me:pw@host/t.csv?sig=pw"])
def test_where_the_extension_is_not_found(load_table, engine, tmp_path, name):
    engine.run(f"SET extension_directory = '{tmp_path}'")
    error = error_of(load_table, ["local.csv", name])
    shown = name.replace("me:pw@", "").partition("?")[0]
    assert error.message == (
        f"{shown} is a remote path, and DuckDB's extension httpfs, which reads those, cannot be loaded"
    )
    assert error.hint == f"install it once for this version of DuckDB ({INSTALL}), or copy the file here first"
    assert list(tmp_path.iterdir()) == []


@needs_its_absence
def test_the_command_where_it_is_not_installed(run_dataaudit):
    done = run_dataaudit("audit", "https://me:pw@localhost:9/t.csv?sig=pw", "--label", "y")
    assert done.returncode == 2
    assert done.stdout == ""
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
    assert "https://localhost:9/t.csv is a remote path" in done.stderr
    assert "pw" not in done.stderr


def test_exactly_one_of_both_worlds_holds(engine):
    """One half of the tests below, or one above, is skipped, but never both."""
    try:
        engine.run("LOAD httpfs")
    except EngineError:
        assert not INSTALLED
    else:
        assert INSTALLED


# With it: over http


@needs_httpfs
def test_csv(load_table, write, web):
    write(PLAIN)
    dataset = load_table(web.url("t.csv"))
    assert cells(dataset, "x") == X
    assert dataset.info.splits[0].source == "t.csv"
    # Once for the mark of Parquet at its end, once for all of it.
    assert len(web.whole + web.parts) <= 2


@needs_httpfs
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("crlf.csv", PLAIN.replace("\n", "\r\n").encode()),
        ("cp1252.csv", PLAIN.replace("cat", "Käfer").encode("cp1252")),
        ("utf16.csv", PLAIN.encode("utf-16")),
        ("t.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)),
        ("gzipped.csv", gzip.compress(PLAIN.encode(), mtime=0)),
        ("mixed.csv", PLAIN.replace("\n", "\r\n", 2).encode()),
        ("quotes.csv", PLAIN.replace("cat", '"c\r\n""a""t"').encode()),
        ("[1] a.csv", PLAIN.encode()),
    ],
)
def test_csv_of_all_kinds_is_read_as_the_local_file_is(load_table, write, web, name, content):
    path = write(content, name)
    here = load_table(path)
    seen = cells(here, "x"), cells(here, "y"), here.info
    for split in ("train", "typed_train"):
        here.engine.run(f"DROP TABLE IF EXISTS {split}")
    there = load_table(web.url(name.replace(" ", "%20")))
    assert cells(there, "x") == seen[0]
    assert cells(there, "y") == seen[1]
    assert replace(there.info, splits=seen[2].splits, notes=seen[2].notes) == seen[2]


@needs_httpfs
def test_parquet_is_scanned_where_it_lies_and_fetched_once(load_table, save, web, monkeypatch):
    path = save("t.parquet", pa.table({"y": ["a", "b"] * 50_000, "x": list(range(100_000))}))
    monkeypatch.setattr("dataaudit.load.dataset.MAX_CELLS_TO_COPY", 0)
    dataset = load_table(web.url("t.parquet"))
    assert [cells(dataset, "x") for _ in range(3)] == [list(range(100_000))] * 3
    assert web.whole == []
    assert web.n_bytes < 1.5 * path.stat().st_size


@needs_httpfs
def test_the_name_of_the_file_does_not_tell_what_it_is(load_table, save, web):
    save("t.csv")
    assert cells(load_table(web.url("t.csv")), "x") == X


@needs_httpfs
def test_splits_and_lists_here_and_there(load_table, write, web):
    write(PLAIN)
    other = write(PLAIN.replace("0.5", "9.5"), "u.csv")
    sources = {"train": [other, web.url("t.csv")], "test": web.url("u.csv"), "reference": web.url("t.csv")}
    dataset = load_table(sources)
    assert cells(dataset, "x") == [9.5, *X[1:], *X]
    assert cells(dataset, "x", "test") == [9.5, *X[1:]]
    assert cells(dataset, "x", "reference") == X
    assert [split.source for split in dataset.info.splits] == ["u.csv and 1 more", "u.csv", "t.csv"]


@needs_httpfs
def test_parquet_here_and_there(load_table, save, web):
    save("t.parquet")
    assert cells(load_table([save("u.parquet"), web.url("t.parquet")]), "x") == X + X


@needs_httpfs
def test_an_audit_finds_the_same_and_tells_no_secret(sample_data, tmp_path, run_dataaudit, web):
    for split in ("train", "test"):
        shutil.copy(sample_data / f"cars_{split}.csv", tmp_path)
    reports = {}
    for where in (str(tmp_path) + "/{}", web.url("{}?sig=pw", user="me:pw@")):
        train, test = where.format("cars_train.csv"), where.format("cars_test.csv")
        command = ("audit", train, "--test", test, "--label", "make", "--output", "r.json", "--force")
        assert run_dataaudit(*command, "--fail-on", "never").returncode == 0
        text = (tmp_path / "r.json").read_text(encoding="utf-8")
        assert "pw" not in text
        reports[where] = json.loads(text)
    here, there = reports.values()
    assert here["findings"]
    assert there["findings"] == here["findings"]
    assert there["dataset"] == here["dataset"]
    assert web.url("cars_train.csv") in there["command"]


@needs_httpfs
def test_parquet_in_python_finds_the_same(sample_data, tmp_path, web):
    paths = []
    for split in ("train", "test"):
        paths.append(tmp_path / f"earthquakes_{split}.parquet")
        shutil.copy(sample_data / paths[-1].name, tmp_path)
    urls = [web.url(path.name) for path in paths]
    here, there = (dataaudit.audit(train, test=test, label="event") for train, test in (paths, urls))
    assert json.loads(render_json(here))["findings"] == json.loads(render_json(there))["findings"]
    assert here.dataset == there.dataset


@needs_httpfs
@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none", "there is no file {}"),
        ("status/403/t", "{} cannot be read: the server refuses it"),
        ("status/401/t", "{} cannot be read: the server refuses it"),
        ("status/500/t", "{} cannot be read: the server answers HTTP 500"),
    ],
)
def test_what_the_server_does_not_give(load_table, web, path, message, ending):
    error = error_of(load_table, web.url(f"{path}.{ending}?sig=pw", user="me:pw@"))
    assert error.message == message.format(web.url(f"{path}.{ending}"))
    assert "pw" not in str(error.__cause__)
    assert error.__cause__.__cause__ is None


@needs_httpfs
@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_closed_port(load_table, name):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/{name}"
        assert error_of(load_table, url).message == f"{url} cannot be reached: Could not connect to server"


@needs_httpfs
def test_a_host_that_does_not_exist(load_table):
    error = error_of(load_table, "http://nobody.invalid/t.csv")
    assert error.message == "http://nobody.invalid/t.csv cannot be reached: Could not resolve hostname"


@needs_httpfs
def test_a_damaged_parquet(load_table, write, web):
    write(b"PAR1 and no more", "t.parquet")
    error = error_of(load_table, web.url("t.parquet?sig=pw"))
    assert error.message.startswith("t.parquet cannot be read as Parquet: ")
    assert "pw" not in str(error)


@needs_httpfs
def test_an_empty_file(load_table, write, web):
    write("")
    assert error_of(load_table, web.url("t.csv")).message == f"{web.url('t.csv')} is empty"


@needs_httpfs
def test_a_csv_larger_than_memory(load_table, write, web, engine):
    write("x,y\n" + "0.123456789,cat\n" * 1_000_000)
    engine.run("SET memory_limit = '12MB'")
    assert error_of(load_table, web.url("t.csv")).message == (
        f"{web.url('t.csv')} is larger than what may be fetched in one piece: half the memory limit, or less"
    )


# With it: a store that lists its files


@needs_httpfs
def test_a_pattern_in_a_store(load_table, save, s3):
    save("bucket/part-2.parquet", TABLE.set_column(0, "x", pa.array([9.0, 9.1, 9.2, 9.3])))
    save("bucket/part-1.parquet")
    save("bucket/other.parquet")
    dataset = load_table("s3://bucket/part-*.parquet")
    assert cells(dataset, "x") == [*X, 9.0, 9.1, 9.2, 9.3]
    assert dataset.info.splits[0].source == "part-1.parquet and 1 more"


@needs_httpfs
def test_csv_in_a_store(load_table, write, s3, tmp_path):
    (tmp_path / "bucket").mkdir()
    write(PLAIN, "bucket/a.csv")
    write(PLAIN, "bucket/b.csv")
    assert cells(load_table("s3://bucket/*.csv"), "x") == X + X


@needs_httpfs
def test_names_that_look_like_patterns(load_table, save, s3):
    save("bucket/a[1].parquet")
    save("bucket/a1.parquet", TABLE.set_column(0, "x", pa.array([9.0, 9.1, 9.2, 9.3])))
    assert cells(load_table("s3://bucket/a[[]*.parquet"), "x") == X


@needs_httpfs
def test_a_pattern_without_a_match(load_table, s3):
    assert error_of(load_table, "s3://bucket/*.csv").message == "no file matches s3://bucket/*.csv"


@needs_httpfs
def test_a_file_that_the_store_does_not_have(load_table, s3):
    assert error_of(load_table, "s3://bucket/t.csv").message == "there is no file s3://bucket/t.csv"


# In both worlds: what needs no server


@pytest.fixture
def near(monkeypatch, tmp_path):
    """Take the files of a folder for remote ones, which DuckDB reads without an extension."""
    monkeypatch.setattr(remote, "load_httpfs", lambda engine, file: None)
    for module in ("sources", "remote"):
        monkeypatch.setattr(f"dataaudit.load.{module}.is_remote", lambda name: name.startswith(str(tmp_path)))
    monkeypatch.setattr(remote, "remote_file", RemoteFile)
    return tmp_path


def test_near_csv(load_table, write, near):
    dataset = load_table([str(write(PLAIN)), str(write(gzip.compress(PLAIN.encode()), "u.csv.gz"))])
    assert cells(dataset, "x") == X + X
    assert dataset.info.splits[0].source == "t.csv and 1 more"
    assert dataset.relations["train"].files == (("t.csv", 4), ("u.csv.gz", 4))


def test_near_parquet_by_a_pattern(load_table, save, near):
    save("b.parquet")
    save("a.csv")
    assert cells(load_table(f"{near}/*"), "x") == X + X


def test_near_parquet_and_csv(load_table, save, write, near):
    sources = [str(save("a.parquet")), str(write(PLAIN))]
    assert error_of(load_table, sources).message == "a.parquet and 1 more mixes Parquet and CSV files"


def test_near_file_twice(load_table, write, near):
    path = str(write(PLAIN))
    assert error_of(load_table, [path, path]).message == "t.csv is named twice in one split"


def test_near_empty_file(load_table, write, near):
    assert error_of(load_table, str(write(""))).message == f"{near}/t.csv is empty"


def test_near_csv_that_is_broken(load_table, write, near):
    path = str(write(PLAIN + "1\n"))
    assert error_of(load_table, path).message == "t.csv, line 6: 1 cell where the header has 2"


def test_a_pattern_on_the_web(load_table, monkeypatch):
    monkeypatch.setattr(remote, "load_httpfs", lambda engine, file: None)
    error = error_of(load_table, "https://me:pw@host/*.csv?sig=pw")
    assert error.message == "https://host/*.csv: the web has no list of files to look up a pattern in"


FILE = RemoteFile("https://me:pw@host/d/t.csv?sig=pw")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("HTTP Error: HTTP GET error on '{}' (HTTP 404 Not Found)", "there is no file https://host/d/t.csv"),
        (
            "HTTP Error: HTTP GET error on '{}' (HTTP 403 Forbidden)",
            "https://host/d/t.csv cannot be read: the server refuses it (HTTP 403)",
        ),
        (
            "HTTP Error: Request returned HTTP 503 for HTTP HEAD to '{}'",
            "https://host/d/t.csv cannot be read: the server answers HTTP 503",
        ),
        (
            "IO Error: Timeout was reached error for HTTP HEAD to '{}'",
            "https://host/d/t.csv cannot be reached: Timeout was reached",
        ),
        (
            "IO Error: Something else with '{}'\n\nLINE 1: read_blob('{}')",
            "https://host/d/t.csv cannot be read: IO Error: Something else with 'https://host/d/t.csv'",
        ),
    ],
)
def test_errors_of_duckdb_in_one_line(words, message):
    error = EngineError(words.format(FILE.url, FILE.url))
    assert "pw" not in error.details
    assert not_read(error, [FILE]).message == message


def test_a_local_file_is_never_out_of_reach(tmp_path):
    assert out_of_reach(EngineError("HTTP Error: (HTTP 404)"), [tmp_path]) is None


def test_names():
    assert (FILE.name, FILE.shown, FILE.pattern) == ("t.csv", "https://host/d/t.csv", FILE.url)
    assert RemoteFile("s3://bucket/a[1]*.csv").pattern == "s3://bucket/a[[]1][*].csv"
    assert remote_file("HTTPS://host/a 'b'.csv").url == "https://host/a%20%27b%27.csv"
    assert remote_file("S3://bucket/a 'b'.csv").url == "s3://bucket/a 'b'.csv"
