"""A split on Spark: the same rows, strata and units, written by Spark."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from tests.resplit.conftest import nearly, plain, with_times

import dataaudit


@pytest.fixture
def frame():
    table = plain(200)
    table["g"] = np.random.default_rng(0).integers(0, 40, 200)
    return pd.concat([table, table.sample(20, random_state=1)], ignore_index=True)


@pytest.fixture
def on_both(spark, tmp_path):
    """Split a file on both engines, without an audit, and return the lists of rows."""

    def split(path, **options):
        found = []
        for engine in ("duckdb", spark):
            folder = tmp_path / f"parts_{len(found)}"
            dataaudit.split(path, label="y", output=folder, engine=engine, audit=False, **options)
            listed = next(folder.glob("rows.*"))
            found.append(pd.read_csv(listed) if listed.suffix == ".csv" else pd.read_parquet(listed))
        return found

    return split


def test_both_engines_split_alike(on_both, frame, tmp_path):
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    one, other = on_both(tmp_path / "a.parquet", group="g", near=False)
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_both_engines_cut_time_alike(on_both, frame, tmp_path):
    with_times(frame).to_parquet(tmp_path / "a.parquet", index=False)
    one, other = on_both(tmp_path / "a.parquet", time="t", gap="3d", near=False)
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_near_twins_stay_together_on_spark(spark, frame, tmp_path):
    table = pd.concat([plain(200), nearly(plain(200), 40)], ignore_index=True)
    table.to_parquet(tmp_path / "a.parquet", index=False)
    dataaudit.split(tmp_path / "a.parquet", label="y", output=tmp_path / "parts", engine=spark, audit=False)
    part = pd.read_parquet(tmp_path / "parts" / "rows.parquet").set_index("row")["part"]
    copies = nearly(plain(200), 40)
    assert all(part[200 + i] == part[row] for i, row in enumerate(copies.index))


def test_parquet_becomes_folders_of_parts_with_types_and_order_kept(spark, frame, tmp_path):
    table = frame.assign(whole=np.arange(len(frame), dtype="int16"), at=pd.Timestamp("2024-01-01", tz="UTC"))
    table.to_parquet(tmp_path / "a.parquet", index=False)
    dataaudit.split(tmp_path / "a.parquet", label="y", output=tmp_path / "parts", engine=spark, audit=False, near=False)
    listed = pd.read_parquet(tmp_path / "parts" / "rows.parquet")
    for part, rows in listed.groupby("part")["row"]:
        folder = tmp_path / "parts" / f"{part}.parquet"
        assert folder.is_dir()
        assert all(path.name.startswith("part-") for path in folder.iterdir())
        pd.testing.assert_frame_equal(
            pd.read_parquet(folder), table.iloc[rows].reset_index(drop=True), check_dtype=False
        )
    manifest = json.loads((tmp_path / "parts" / "manifest.json").read_text())
    assert all(len(one["sha256"]) == 64 for one in manifest["outputs"])


def test_csv_is_one_file_with_its_cells_as_they_were(spark, tmp_path):
    lines = [f'{i:03d};{"NA" if i % 7 == 0 else i};"a;{i}";{"yes" if i % 2 else "no"}' for i in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["id;x;note;y", *lines]) + "\n")
    dataaudit.split(tmp_path / "a.csv", label="y", output=tmp_path / "parts", engine=spark, audit=False, near=False)
    written = [
        line
        for name in ("train", "validation", "test")
        for line in (tmp_path / "parts" / f"{name}.csv").read_text().splitlines()[1:]
    ]
    assert sorted(written) == sorted(lines)
    assert not list((tmp_path / "parts").glob("*.parts"))


def test_what_spark_wrote_is_audited(spark, frame, tmp_path):
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    (tmp_path / "leaks.toml").write_text('select = ["LEAK001", "LEAK003"]')
    options = {"engine": spark, "config": tmp_path / "leaks.toml", "near": False}
    proof = dataaudit.split(tmp_path / "a.parquet", label="y", group="g", output=tmp_path / "parts", **options)
    assert {split.name: split.n_rows for split in proof.after.dataset.splits} == {
        counts.split: counts.n_out for counts in proof.rows
    }
    assert proof.after.findings == ()
