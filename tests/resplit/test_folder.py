"""The folder of a split, and the audit of it: nothing leaks, every row is accounted for."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from tests.resplit.conftest import dealt_groups, nearly, plain, with_times

import dataaudit
from dataaudit.errors import ConfigError


def write(frame, folder, kind):
    path = folder / f"data.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path, index=False)
    return path


def split(data, folder, **options):
    """Split, and judge the rules of leakage only: the others take most of the time."""
    config = folder.parent / "leaks.toml"
    config.write_text('select = ["LEAK"]')
    return dataaudit.split(data, label="y", output=folder, config=config, **options)


def read(path):
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


def leaks(proof):
    return [(finding.code, str(finding.message)) for finding in proof.after.findings if finding.code.startswith("LEAK")]


def check_rows(folder, kind, frame):
    """Every row that came in is in one part, as it was, or listed as dropped."""
    listed = read(folder / f"rows.{kind}")
    assert listed["row"].tolist() == list(range(len(frame)))
    # A reason stands only where rows were dropped.
    assert listed["part"].isna().any() == ("reason" in listed)
    listed = listed if "reason" in listed else listed.assign(reason=None)
    assert (listed["part"].isna() == listed["reason"].notna()).all()
    manifest = json.loads((folder / "manifest.json").read_text())
    counts = {one["split"]: one for one in manifest["rows"]}
    for part, rows in listed.groupby("part")["row"]:
        written = read(folder / f"{part}.{kind}")
        pd.testing.assert_frame_equal(written, frame.iloc[rows].reset_index(drop=True), check_dtype=kind != "csv")
        assert counts[part]["n_rows_out"] == len(written)
    dropped = listed["reason"].value_counts().to_dict()
    first = manifest["rows"][0]
    assert first["n_rows_dropped"] == dropped
    assert len(frame) == first["n_rows_kept"] + sum(first["n_rows_moved_out"].values()) + sum(dropped.values())


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_with_copies_of_rows_leaks_nothing(table, tmp_path, kind):
    frame = pd.concat([table, table.sample(90, random_state=1), nearly(table, 90)]).sample(frac=1, random_state=2)
    path = write(frame, tmp_path, kind)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    proof = split(path, tmp_path / "parts")
    assert leaks(proof) == []
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    check_rows(tmp_path / "parts", kind, read(path))


def test_without_keeping_them_together_the_same_rows_leak(table, tmp_path):
    frame = pd.concat([table, nearly(table, 150)]).sample(frac=1, random_state=2)
    proof = split(frame, tmp_path / "parts", near=False)
    assert {code for code, _ in leaks(proof)} == {"LEAK002"}


def test_bursts_of_near_copies_leak_nothing(table, tmp_path):
    bursts = [nearly(table.iloc[:15], 15, seed) for seed in range(1, 13)]
    frame = pd.concat([table, *bursts]).sample(frac=1, random_state=2)
    assert leaks(split(frame, tmp_path / "parts")) == []


@pytest.mark.parametrize("groups", [["g"], ["g", "h"]])
def test_a_table_with_groups_leaks_nothing(tmp_path, groups):
    frame = plain(900)
    frame["g"] = dealt_groups(900, 90, 0)
    frame["x0"] += frame["g"] / 20
    if "h" in groups:
        # Clinics, a few groups each.
        frame["h"] = frame["g"] // 4
    path = write(frame, tmp_path, "csv")
    proof = split(path, tmp_path / "parts", group=groups)
    assert leaks(proof) == []
    check_rows(tmp_path / "parts", "csv", read(path))


@pytest.mark.parametrize("gap", [None, "5d"])
def test_a_table_with_times_leaks_nothing(table, tmp_path, gap):
    frame = with_times(pd.concat([table, table.sample(60, random_state=1)]))
    path = write(frame, tmp_path, "parquet")
    proof = split(path, tmp_path / "parts", time="t", gap=gap)
    assert leaks(proof) == []
    check_rows(tmp_path / "parts", "parquet", read(path))
    assert "The parts in time" in (tmp_path / "parts" / "report.html").read_text()


def test_a_table_with_groups_copies_and_times_leaks_nothing(tmp_path):
    rng = np.random.default_rng(0)
    frame = plain(800)
    frame["g"] = rng.integers(0, 160, 800)
    start = rng.integers(0, 330, 160)
    days = pd.to_timedelta(start[frame["g"]] * 24 + rng.integers(0, 500, 800), "h")
    frame["t"] = pd.Timestamp("2024-01-01") + days
    frame = pd.concat([frame, frame.sample(60, random_state=1)], ignore_index=True)
    path = write(frame, tmp_path, "parquet")
    proof = split(path, tmp_path / "parts", time="t", gap="1d", group="g")
    assert leaks(proof) == []
    assert sum(proof.rows[0].n_dropped.values()) < 100
    check_rows(tmp_path / "parts", "parquet", frame)


def test_groups_at_odds_with_time_are_told_and_found_by_the_audit(table, tmp_path):
    frame = table.assign(g=np.arange(len(table)) % 3, t=np.arange(len(table)))
    proof = split(frame, tmp_path / "parts", time="t", group="g")
    assert any("left where time has put them" in note for note in proof.notes)
    assert {code for code, _ in leaks(proof)} == {"LEAK003"}


def test_every_fold_is_audited_as_the_test_set(table, tmp_path):
    frame = pd.concat([table, table.sample(60, random_state=1)])
    path = write(frame, tmp_path, "csv")
    proof = split(path, tmp_path / "folds", folds=3)
    assert leaks(proof) == []
    told = next(table for table in proof.tables if table.title == "Every fold as the test set")
    assert [line[0] for line in told.lines] == ["fold_1", "fold_2", "fold_3"]
    assert all(line[2].startswith("none in") for line in told.lines)
    check_rows(tmp_path / "folds", "csv", read(path))
    assert {split.name for split in proof.after.dataset.splits} == {"train", "test"}


def test_folds_in_time_are_trained_on_earlier_ones(table, tmp_path):
    path = write(with_times(table), tmp_path, "csv")
    proof = split(path, tmp_path / "folds", folds=3, time="t")
    assert leaks(proof) == []
    told = next(table for table in proof.tables if table.title == "Every fold as the test set")
    assert [line[:2] for line in told.lines] == [("fold_2", "the folds before it"), ("fold_3", "the folds before it")]


def test_several_files_are_one_table(table, tmp_path):
    for i in range(3):
        table.iloc[i * 200 : (i + 1) * 200].to_csv(tmp_path / f"part{i}.csv", index=False)
    dataaudit.split(str(tmp_path / "part*.csv"), label="y", output=tmp_path / "parts", audit=False)
    whole = pd.concat([pd.read_csv(tmp_path / f"part{i}.csv") for i in range(3)], ignore_index=True)
    check_rows(tmp_path / "parts", "csv", whole)
    manifest = json.loads((tmp_path / "parts" / "manifest.json").read_text())
    assert set(manifest["inputs"][0]["sha256"]) == {"part0.csv", "part1.csv", "part2.csv"}


def test_the_manifest_tells_how_it_was_made(table, tmp_path):
    path = write(table, tmp_path, "csv")
    options = {"label": "y", "sizes": "80/20", "seed": 7, "near": False, "audit": False}
    dataaudit.split(path, output=tmp_path / "one", **options)
    dataaudit.split(path, output=tmp_path / "two", **options)
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["options"] == {
        "label": "y",
        "parts": {"train": 0.8, "test": 0.2},
        "group": [],
        "time": None,
        "gap": None,
        "near": False,
    }
    assert manifest["seed"] == 7
    for name in ("train.csv", "test.csv", "rows.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_cells_are_written_as_they_were(tmp_path):
    lines = [f"{i:03d};{'NA' if i % 7 == 0 else i / 3:};{'yes' if i % 2 else 'no'};=1+{i}" for i in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["id;x;y;note", *lines]) + "\n")
    dataaudit.split(tmp_path / "a.csv", label="y", output=tmp_path / "parts", audit=False)
    written = [
        line
        for name in ("train", "validation", "test")
        for line in (tmp_path / "parts" / f"{name}.csv").read_text().splitlines()[1:]
    ]
    assert sorted(written) == sorted(lines)


def test_an_output_that_is_there_is_not_replaced_unasked(table, tmp_path):
    path = write(table, tmp_path, "csv")
    dataaudit.split(path, label="y", output=tmp_path / "parts", audit=False)
    with pytest.raises(ConfigError, match="exists"):
        dataaudit.split(path, label="y", output=tmp_path / "parts", audit=False)
    dataaudit.split(path, label="y", output=tmp_path / "parts", audit=False, sizes="50/50", force=True)
    assert not (tmp_path / "parts" / "validation.csv").exists()


def test_files_need_an_output(table, tmp_path):
    with pytest.raises(ConfigError, match="no output was named"):
        dataaudit.split(write(table, tmp_path, "csv"), label="y")
