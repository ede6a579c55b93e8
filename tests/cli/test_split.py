"""`dataaudit split` as it is typed, and what happens when it is stopped, or cannot write."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from dataaudit.cli.writing import proof_text
from dataaudit.proof.finishing import Proof
from dataaudit.write.accounting import RowCounts
from dataaudit.write.manifest import WrittenFile


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=300), "g": rng.integers(0, 60, 300), "y": rng.choice(["a", "b"], 300)})
    frame["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 100, 300), "D")
    frame.to_csv(tmp_path / "data.csv", index=False)
    return tmp_path / "data.csv"


def test_a_table_is_split_and_proven(run_dataaudit, data, tmp_path):
    done = run_dataaudit("split", data, "--label", "y", "--id", "day", "--group", "g", "--output", "parts")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {
        "train.csv",
        "validation.csv",
        "test.csv",
        "rows.csv",
        "report.html",
        "manifest.json",
    }
    assert "train: 300 rows in, 210 kept" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    manifest = json.loads((tmp_path / "parts" / "manifest.json").read_text())
    assert manifest["command_line"].startswith("dataaudit split ")
    report = (tmp_path / "parts" / "report.html").read_text()
    assert "Where the rows went" in report
    assert "Classes in the parts" in report


def test_time_gap_sizes_and_no_audit(run_dataaudit, data, tmp_path):
    arguments = ["--time", "day", "--gap", "2d", "--sizes", "80/20", "--no-audit", "--no-near", "--output", "parts"]
    done = run_dataaudit("split", data, "--label", "y", *arguments)
    assert done.returncode == 0, done.stderr
    parts = [pd.read_csv(tmp_path / "parts" / f"{name}.csv", parse_dates=["day"]) for name in ("train", "test")]
    assert (parts[1]["day"].min() - parts[0]["day"].max()).days >= 2
    assert not (tmp_path / "parts" / "report.html").exists()
    assert "dropped: within 2d before test" in done.stdout.replace("\n", " ")


def test_fail_on_is_never_unless_given(run_dataaudit, data, tmp_path):
    (tmp_path / "dataaudit.toml").write_text('select = ["SPLIT007"]')
    arguments = ["split", data, "--label", "y", "--id", "day", "--output", "parts", "--force"]
    assert run_dataaudit(*arguments).returncode == 0
    assert run_dataaudit(*arguments, "--fail-on", "warning").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["data.csv", "--label", "y"], "Missing option '--output'"),
        (["--label", "y", "--output", "parts"], "no training data"),
        (["nowhere.csv", "--label", "y", "--output", "parts"], "there is no file nowhere.csv"),
        (["data.csv", "--label", "z", "--output", "parts"], "no column 'z'"),
        (["data.csv", "--label", "y", "--output", "no/where"], "does not exist"),
        (["data.csv", "--label", "y", "--output", "."], "holds a file that is read"),
        (["data.csv", "--label", "y", "--output", "parts", "--sizes", "1/2/3/4"], "--sizes is '1/2/3/4'"),
        (["data.csv", "--label", "y", "--output", "parts", "--folds", "1"], "--folds is 1"),
        (["data.csv", "--label", "y", "--output", "parts", "--gap", "1d"], "no time to measure it in"),
    ],
)
def test_what_is_wrong_is_one_error_and_nothing_is_written(run_dataaudit, data, tmp_path, arguments, told):
    done = run_dataaudit("split", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


def test_a_configuration_that_names_a_split_column_is_told(run_dataaudit, data, tmp_path):
    (tmp_path / "dataaudit.toml").write_text('split-column = "g"\n')
    done = run_dataaudit("split", data, "--label", "y", "--output", "parts")
    assert done.returncode == 2
    assert "splits the table already" in done.stderr


STOPS = {
    "before the first part": "dataaudit.resplit.writing.write_rows",
    "after some parts": "dataaudit.resplit.writing._write_list",
    "before the audit": "dataaudit.proof.finishing.run",
    "before the manifest": "dataaudit.proof.finishing.write_manifest",
    "before the name": "dataaudit.write.folder._take_the_place",
}
PROGRAM = """
import sys, time, importlib, pathlib
place, ready = sys.argv[1], pathlib.Path(sys.argv[2])
module, _, name = place.rpartition(".")
def wait(*_, **__):
    ready.write_text("")
    time.sleep(120)
setattr(importlib.import_module(module), name, wait)
from dataaudit.cli import cli
cli(sys.argv[3:])
"""


@pytest.mark.parametrize("place", STOPS.values(), ids=STOPS)
def test_killed_at_any_point_it_leaves_inputs_and_no_half_written_folder(data, tmp_path, place):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "manifest.json").write_text(
        '{"tool": {"name": "dataaudit"}, "outputs": [{"file": "train.csv"}]}'
    )
    (tmp_path / "parts" / "train.csv").write_text("old")
    before = hashlib.sha256(data.read_bytes()).hexdigest()
    arguments = ["split", str(data), "--label", "y", "--output", str(tmp_path / "parts"), "--force"]
    ready = tmp_path / "ready"
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, place, str(ready), *arguments, "--no-near"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    while not ready.exists():
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert hashlib.sha256(data.read_bytes()).hexdigest() == before
    assert (tmp_path / "parts" / "train.csv").read_text() == "old"
    left = [path.name for path in tmp_path.iterdir() if path.name not in ("parts", "ready", "data.csv")]
    assert all(name.startswith(".parts-") and name.endswith(".part") for name in left)


def test_a_file_that_may_not_grow_is_one_clear_error(tmp_path, data):
    frame = pd.read_csv(data)
    big = pd.concat([frame] * 200, ignore_index=True)
    big["x"] = np.random.default_rng(0).normal(size=len(big))
    big.to_csv(tmp_path / "big.csv", index=False)
    (tmp_path / "temporary").mkdir()
    arguments = ["split", "big.csv", "--label", "y", "--output", "parts", "--no-audit", "--no-near"]

    def limited():
        # What the engine spills must fit, so that it is the part that does not.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = subprocess.run(
        [sys.executable, "-m", "dataaudit", *arguments],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: train.csv of the output cannot be written: File too large\nhint: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.csv", "data.csv", "temporary"]


def test_a_folder_that_refuses_is_one_clear_error(invoke, data, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(tmp_path))
    result = invoke("split", data, "--label", "y", "--output", "parts")
    assert result.exit_code == 2
    assert "is not writable" in result.stderr
    assert not (tmp_path / "parts").exists()


def test_the_summary_fits_a_terminal(tmp_path):
    train = RowCounts("train", 10, 6, 6, {"the time is missing": 1}, n_moved_out={"test": 3})
    rows = (train, RowCounts("test", 0, 0, 3, n_moved_in=3))
    proof = Proof(None, None, None, rows, ("A long note. " * 20,), (), (WrittenFile("train.csv", "rows", 6),))
    text = proof_text(proof, tmp_path)
    assert max(map(len, text.splitlines())) <= 80
    assert "train: 10 rows in, 6 kept" in text
    assert "test: 3 moved in; 3 rows out" in text
