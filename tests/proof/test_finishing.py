from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from dataaudit.config import Settings
from dataaudit.proof.finishing import NOT_AUDITED, finish, settings_after
from dataaudit.proof.opened import opened
from dataaudit.write.accounting import RowCounts, RowsLost
from dataaudit.write.folder import whole_folder
from dataaudit.write.manifest import WrittenFile, checksum
from dataaudit.write.tables import Added, file_name, write_rows


def rewrite(sources, folder, *, settings=None, where=None, audit=True, added=(), **more):
    settings = settings or Settings(label="y", seed=3)
    with opened(sources, settings, audit=audit, words="dataaudit split a.csv") as work, whole_folder(folder) as part:
        written, rows = {}, []
        for split, source in work.dataset.sources.items():
            path = part / file_name(split, source)
            columns = added if split == "train" else ()
            n_out = write_rows(work.engine, source, path, where=where if split == "train" else None, added=columns)
            n_lost = source.n_rows - n_out
            written[split] = path
            rows.append(RowCounts(split, source.n_rows, n_out, n_out, {"not wanted": n_lost} if n_lost else {}))
        return finish(work, part, written, rows, command="split", words="dataaudit split a.csv", options={}, **more)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_identity_copy_has_nothing_gone_and_nothing_new(on_disk, tmp_path, kind):
    sources = on_disk(kind)
    proof = rewrite(sources, tmp_path / "out")
    assert proof.before.findings
    assert [one.before.message for one in proof.changes.remaining] == [one.message for one in proof.after.findings]
    changes = proof.changes
    assert not changes.gone + changes.new + changes.judged_first + changes.not_judged_again
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["findings"]["before"] == manifest["findings"]["after"]
    assert [one["fingerprint"] for one in manifest["inputs"]] == [
        one["fingerprint"] for one in manifest["outputs"] if one["file"] != "report.html"
    ]
    assert manifest["inputs"][0]["sha256"] == {f"train.{kind}": checksum(Path(sources["train"]))}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        f"train.{kind}",
        f"test.{kind}",
        "manifest.json",
        "report.html",
    }


def test_the_manifest_names_every_file_with_its_checksum(on_disk, tmp_path):
    rewrite(on_disk("csv"), tmp_path / "out", where="row > 0", notes=["Rows had to give."])
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    for file in manifest["outputs"]:
        assert file["sha256"] == checksum(tmp_path / "out" / file["file"])
    train = manifest["rows"][0]
    assert (train["n_rows_in"], train["n_rows_out"], train["n_rows_dropped"]) == (150, 149, {"not wanted": 1})
    assert manifest["outputs"][0]["n_rows"] == 149
    assert (manifest["seed"], manifest["command_line"]) == (3, "dataaudit split a.csv")
    assert manifest["notes"] == ["Rows had to give."]


def test_what_is_mended_is_gone(on_disk, table, tmp_path):
    repeats = table.iloc[:150].reset_index(drop=True)
    listed = ", ".join(str(row) for row in repeats.index[repeats.duplicated()])
    sources = on_disk("csv")
    proof = rewrite({"train": sources["train"]}, tmp_path / "out", where=f"row NOT IN ({listed})" if listed else None)
    assert "DATA001" in {one.code for one in proof.before.findings}
    assert {one.code for one in proof.changes.gone} >= {"DATA001"}
    assert proof.changes.new == ()


def test_without_an_audit_there_is_no_report_and_the_manifest_says_so(on_disk, tmp_path):
    proof = rewrite(on_disk("csv"), tmp_path / "out", audit=False)
    assert (proof.before, proof.after, proof.changes) == (None, None, None)
    assert not (tmp_path / "out" / "report.html").exists()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["findings"], manifest["notes"]) == ({}, [NOT_AUDITED])
    assert all(one["sha256"] for one in (*manifest["inputs"], *manifest["outputs"]))


def test_an_added_column_is_no_feature_of_what_was_written(on_disk, tmp_path):
    proof = rewrite(
        on_disk("parquet"), tmp_path / "out", added=[Added("weight", "row * 0.5")], added_columns=["weight"]
    )
    assert "weight" in pd.read_parquet(tmp_path / "out" / "train.parquet").columns
    assert proof.after.dataset.column("weight").role == "excluded"
    assert not any("weight" in one.columns for one in proof.after.findings)


def test_columns_that_are_gone_lose_their_roles():
    settings = Settings(
        group=("g", "h"), time="t", id=("i",), exclude=("e",), honest=("a",), split_column="s", test="t.csv"
    )
    after = settings_after(settings, "y", "binary", ["weight"], ["h", "t", "a", "e"])
    assert (after.group, after.time, after.id, after.honest) == (("g",), None, ("i",), ())
    assert (after.exclude, after.split_column, after.test) == (("s", "weight"), None, None)
    assert (after.label, after.task) == ("y", "binary")


def test_a_split_column_is_excluded_afterwards(table, tmp_path):
    table.assign(part=["test" if i % 4 == 0 else "train" for i in range(200)]).to_csv(tmp_path / "a.csv", index=False)
    settings = Settings(label="y", split_column="part")
    proof = rewrite({"train": str(tmp_path / "a.csv")}, tmp_path / "out", settings=settings)
    assert {split.name: split.n_rows for split in proof.after.dataset.splits} == {"train": 150, "test": 50}
    assert not proof.changes.new


def lose_a_row(sources, folder):
    with opened(sources, Settings(label="y"), audit=False) as work, whole_folder(folder) as part:
        path = part / "train.csv"
        write_rows(work.engine, work.dataset.sources["train"], path)
        rows = [RowCounts("train", 150, 149, 150)]
        return finish(work, part, {"train": path}, rows, command="fix", words=None, options={})


def test_a_row_that_is_not_accounted_for_stops_everything(on_disk, tmp_path):
    sources = on_disk("csv")
    with pytest.raises(RowsLost):
        lose_a_row(sources, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_lists_beside_the_splits_are_named(on_disk, tmp_path):
    sources = on_disk("csv")
    with opened(sources, Settings(label="y"), audit=False) as work, whole_folder(tmp_path / "out") as part:
        path = part / "train.csv"
        n_out = write_rows(work.engine, work.dataset.sources["train"], path)
        (part / "dropped.csv").write_text("split,row,reason\n")
        finish(
            work,
            part,
            {"train": path},
            [RowCounts("train", 150, n_out, n_out)],
            command="fix",
            words=None,
            options={"select": ["DATA001"]},
            extra_files=[WrittenFile("dropped.csv", "the rows that were dropped", 0)],
        )
    outputs = json.loads((tmp_path / "out" / "manifest.json").read_text())["outputs"]
    assert [one["file"] for one in outputs] == ["train.csv", "dropped.csv"]
