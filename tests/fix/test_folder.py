"""The folder that is written: lists, accounts and proof; nothing half-written whatever happens."""

from __future__ import annotations

import csv
import hashlib
import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.fix.conftest import plain

import dataaudit
from dataaudit.fix import noting


def dirty() -> dict[str, pd.DataFrame]:
    """Two splits with something for every kind of mend: cells, columns, groups and rows."""
    rng = np.random.default_rng(7)
    train, test = plain(300), plain(150, seed=1)
    train, test = (
        table.assign(
            celsius=np.where(rng.random(len(table)) < 0.05, -999.0, rng.normal(15, 8, len(table)).round(1)),
            city=rng.choice(["Rome", "rome", "Ulm", "Bonn"], len(table), p=[0.4, 0.1, 0.3, 0.2]),
            country="IT",
            patient=rng.integers(0, 60, len(table)),
        )
        for table in (train, test)
    )
    train = pd.concat([train, train.iloc[:20], test.iloc[:15].assign(patient=999)], ignore_index=True)
    train.loc[[40, 41], "y"] = None
    return {"train": train, "test": test}


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


def checksums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_row_and_cell_is_accounted_for(on_disk, tmp_path, kind):
    came = dirty()
    files = on_disk(kind, **came)
    before = checksums(tmp_path)
    proof = dataaudit.fix(files["train"], test=files["test"], label="y", group="patient", output=tmp_path / "out")
    assert {name: value for name, value in checksums(tmp_path).items() if name in before} == before
    folder = tmp_path / "out"
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.{kind}" for name in ("train", "test", "dropped", "changed", "moved")),
        "manifest.json",
        "report.html",
    }
    gone = {one.code for one in proof.changes.gone}
    assert {"DATA003", "DATA007", "LABEL005", "LEAK001", "LEAK003", "SCALE004"} <= gone
    # Of the copies those stay that belong to another patient.
    assert [one.severity for one in proof.after.findings if one.code == "DATA001"] in ([], [dataaudit.Severity.INFO])
    assert [one.code for one in proof.changes.new if one.severity > dataaudit.Severity.INFO] == []
    manifest = json.loads((folder / "manifest.json").read_text())
    for counts in manifest["rows"]:
        assert counts["n_rows_in"] == len(came[counts["split"]])
        assert counts["n_rows_out"] == len(read(folder / f"{counts['split']}.{kind}"))
    check_lists(came, folder, kind)
    check_moved(came, folder, kind, manifest["rows"])
    assert "What was mended" in (folder / "report.html").read_text()


def check_moved(came: dict[str, pd.DataFrame], folder: Path, kind: str, rows: list[dict]) -> None:
    """Every row that was moved is listed, and stands where the list says."""
    moved = read(folder / f"moved.{kind}")
    counted = {(one["split"], there): n for one in rows for there, n in one["n_rows_moved_out"].items()}
    assert dict(moved.groupby(["split", "moved_to"]).size()) == counted
    for _, row in moved.iterrows():
        there = read(folder / f"{row['moved_to']}.{kind}").iloc[row["row_there"]]
        assert there["patient"] == came[row["split"]].iloc[row["row"]]["patient"]


def check_lists(came: dict[str, pd.DataFrame], folder: Path, kind: str) -> None:
    """What came in, with the changed cells changed and the dropped rows dropped, is what was written."""
    changed, dropped = read(folder / f"changed.{kind}"), read(folder / f"dropped.{kind}")
    expected = []
    for name, frame in came.items():
        table = frame.drop(columns="country").astype(object)
        for row, column, after in changed.loc[changed["split"] == name, ["row", "column", "after"]].itertuples(
            index=False
        ):
            table.loc[row, column] = np.nan if pd.isna(after) else after
        expected.append(table.drop(index=dropped.loc[dropped["split"] == name, "row"]))
    written = pd.concat([read(folder / f"{name}.{kind}") for name in came])

    def in_order(table: pd.DataFrame) -> pd.DataFrame:
        return table.astype(str).sort_values(list(table.columns), ignore_index=True)

    pd.testing.assert_frame_equal(in_order(pd.concat(expected)), in_order(written.astype(object)), check_dtype=False)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_second_time_nothing_changes(on_disk, tmp_path, kind):
    files = on_disk(kind, **dirty())
    options = {"label": "y", "group": "patient", "audit": False, "unsafe": True}
    dataaudit.fix(files["train"], test=files["test"], output=tmp_path / "once", **options)
    once = {name: str(tmp_path / "once" / f"{name}.{kind}") for name in ("train", "test")}
    proof = dataaudit.fix(once["train"], test=once["test"], output=tmp_path / "twice", **options)
    assert [(one.n_in, one.n_out) for one in proof.rows] == [(one.n_in, one.n_in) for one in proof.rows]
    for name in ("train", "test"):
        once_written, again = (tmp_path / folder / f"{name}.{kind}" for folder in ("once", "twice"))
        assert once_written.read_bytes() == again.read_bytes()
    assert not (tmp_path / "twice" / f"changed.{kind}").exists()


def test_clean_data_are_copied(on_disk, tmp_path):
    files = on_disk("csv", train=plain())
    proof = dataaudit.fix(files["train"], label="y", output=tmp_path / "out", audit=False)
    assert Path(files["train"]).read_text() == (tmp_path / "out" / "train.csv").read_text()
    assert [file.name for file in proof.files] == ["train.csv"]


def test_what_has_no_mend_is_told_with_what_it_needs(on_disk, tmp_path):
    train, test = plain(300), plain(150, seed=1)
    numbers = [f"x{i}" for i in range(4)]
    train[numbers] = (train[numbers] - train[numbers].mean()) / train[numbers].std(ddof=0)
    test[numbers] = test[numbers] * [30, 40, 50, 60] + 500
    files = on_disk("parquet", train=train, test=test)
    proof = dataaudit.fix(files["train"], test=files["test"], label="y", output=tmp_path / "all")
    assert "SCALE006" in {one.code for one in proof.after.findings}
    assert any(note.startswith("no mend for") and "SCALE006" in note for note in proof.notes)
    named = dataaudit.fix(files["train"], test=files["test"], label="y", select="DATA001", output=tmp_path / "one")
    assert [note for note in named.notes if "no mend" in note] == []


def test_what_has_no_mend_but_is_gone_is_not_told(on_disk, tmp_path):
    # Copies of one class make train unlike test; without them it is not.
    train, test = plain(300), plain(150, seed=1)
    copied = train[train["y"] == "yes"].iloc[:60]
    files = on_disk("csv", train=pd.concat([train, *[copied] * 4], ignore_index=True), test=test)
    proof = dataaudit.fix(files["train"], test=files["test"], label="y", output=tmp_path / "out")
    assert "SPLIT001" in {one.code for one in proof.before.findings}
    assert "SPLIT001" not in {one.code for one in proof.after.findings}
    assert not [note for note in proof.notes if "SPLIT001" in note]


def test_dropped_columns_are_in_the_manifest_and_called_dropped(on_disk, tmp_path):
    table = plain().assign(country="IT")
    files = on_disk("csv", train=pd.concat([table, table.iloc[:20]], ignore_index=True))
    proof = dataaudit.fix(files["train"], label="y", output=tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["options"]["dropped_columns"] == [
        {"column": "country", "reason": "has one value in all training rows", "code": "DATA003"}
    ]
    [mended] = [table for table in proof.tables if table.title == "What was mended"]
    assert {(line[0], str(line[2])) for line in mended.lines} == {
        ("DATA003", "dropped: has one value in all training rows"),
        ("DATA001", "dropped: repeats an earlier row"),
    }


def test_very_many_cells_are_counted_instead(on_disk, tmp_path, monkeypatch):
    monkeypatch.setattr("dataaudit.fix.listing.MOST_CELLS_LISTED", 10)
    monkeypatch.setattr(noting, "MOST_CELLS_LISTED", 10)
    files = on_disk("csv", **dirty())
    dataaudit.fix(
        files["train"], test=files["test"], label="y", select="SCALE004", output=tmp_path / "out", audit=False
    )
    counted = pd.read_csv(tmp_path / "out" / "changed.csv")
    assert list(counted.columns) == ["split", "column", "n_cells", "code"]
    came = pd.concat([pd.read_csv(files[name]) for name in files])
    assert counted.loc[counted["column"] == "celsius", "n_cells"].sum() == (came["celsius"] == -999).sum()


def test_several_files_and_another_delimiter(tmp_path):
    table = pd.concat([plain(), plain().iloc[:30]], ignore_index=True)
    for i in range(2):
        table.iloc[i::2].to_csv(tmp_path / f"part{i}.csv", index=False, sep=";")
    dataaudit.fix(str(tmp_path / "part*.csv"), label="y", output=tmp_path / "out", audit=False)
    assert len(pd.read_csv(tmp_path / "out" / "train.csv", sep=";")) == 300


def test_cells_that_no_mend_touches_keep_their_text(tmp_path):
    """A mark at the start, CRLF, semicolons, quotes, empty cells and empty texts: nothing but the code changes."""
    rng = np.random.default_rng(0)
    words = ['"a;b"', '"say ""hi"""', "plain", '" spaced "', "it's", '"two\nlines"']
    lines = ['code;maybe;"t;xt";celsius;x;y']
    for i in range(300):
        x, celsius = rng.normal(), -999 if i % 20 == 0 else round(rng.normal(15, 8), 1)
        maybe = rng.choice(['""', "", "NA", '"NA"', "red", "blue", "green"])
        label = "yes" if x + rng.normal() > 0 else "no"
        lines.append(f'"{rng.integers(0, 30):03d}";{maybe};{rng.choice(words)};{celsius};{x:.4f};{label}')
    (tmp_path / "train.csv").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    dataaudit.fix(tmp_path / "train.csv", label="y", select="SCALE004", output=tmp_path / "out", audit=False)

    def cells(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, delimiter=";"))

    came, written = cells(tmp_path / "train.csv"), cells(tmp_path / "out" / "train.csv")
    assert [[*row[:3], "" if row[3] == "-999" else row[3], *row[4:]] for row in came] == written
    # Nothing between two semicolons is not the empty text.
    empty = (tmp_path / "out" / "train.csv").read_text().count(';"";')
    assert empty == sum(';"";' in line for line in lines) > 0


def command(files: dict[str, str], folder: Path) -> list[str]:
    options = ["--test", files["test"], "--label", "y", "--group", "patient", "--output", str(folder)]
    return [sys.executable, "-m", "dataaudit", "fix", files["train"], *options]


@pytest.mark.parametrize("point", ["*.part", "*.part/round_0/train.csv", "*.part/round_1", "*.part/dropped.csv"])
def test_killed_at_any_moment_nothing_stands_under_the_name(on_disk, tmp_path, point):
    files = on_disk("csv", **dirty())
    before = checksums(tmp_path)
    running = subprocess.Popen(command(files, tmp_path / "out"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while running.poll() is None and not list(tmp_path.glob(f".out-{point}")):
        time.sleep(0.005)
    assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert not (tmp_path / "out").exists()
    assert checksums(tmp_path) == before


def test_a_full_disk_is_one_clear_error(on_disk, tmp_path):
    files = on_disk("csv", **dirty())
    before = checksums(tmp_path)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))

    done = subprocess.run(
        command(files, tmp_path / "out"), capture_output=True, text=True, check=False, preexec_fn=little_room
    )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert checksums(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_folder_that_cannot_be_written_is_one_clear_error(on_disk, tmp_path):
    files = on_disk("csv", **dirty())
    before = checksums(tmp_path)
    # Not even the superuser may make a folder there.
    done = subprocess.run(command(files, Path("/proc/out")), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "not writable" in done.stderr or "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert checksums(tmp_path) == before
