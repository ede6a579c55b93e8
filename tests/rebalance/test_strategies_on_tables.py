"""Every strategy on a table of every kind of cell: what became of each row is told from the files alone."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from benchmarks.row_accounts import account
from tests.rebalance.tables import every_kind, write

import dataaudit
from dataaudit.rebalance.strategies import STRATEGIES, WEIGHTS

SEED = 5
# Rows drawn, repeated, weighted, dropped by distance, made up, and made up and dropped.
OF_EVERY_SORT = ("random-both", "random-over", "weights", "enn", "smote", "smote-enn")


def odd_table(seed=2):
    """A table of every kind, with rows that have no label, rows that stand several times, and gaps in every kind."""
    frame = every_kind(seed=seed, n_common=90, n_rare=30)
    rng = np.random.default_rng(seed + 1)
    frame = frame.drop(columns="id").astype({"children": "Int64", "member": "boolean"})
    for name in ("children", "member", "day", "note"):
        frame[name] = frame[name].mask(rng.random(len(frame)) < 0.05)
    frame["small"] = pd.Series(rng.integers(-5, 5, len(frame)), dtype="int8")
    frame.loc[[7, 50, 93], "y"] = None
    return pd.concat([frame, frame.iloc[[0, 0, 1, 5, 11]]], ignore_index=True)


@pytest.fixture(scope="module")
def rebalanced(tmp_path_factory):
    """Return a function that rebalances the table, each way once, and returns the file and the folder."""
    made = {}

    def once(strategy, ending="csv"):
        if (strategy, ending) not in made:
            path = tmp_path_factory.mktemp(strategy)
            given, test = path / f"given.{ending}", path / f"test.{ending}"
            write(odd_table(), given)
            write(odd_table(seed=8).iloc[:40], test)
            before = {path: path.read_bytes() for path in (given, test)}
            options = {"label": "y", "strategy": strategy, "audit": False, "seed": SEED}
            dataaudit.rebalance(given, test=test, output=path / "out", **options)
            assert {path: path.read_bytes() for path in before} == before
            made[strategy, ending] = given, path / "out"
        return made[strategy, ending]

    return once


@pytest.mark.parametrize(
    ("strategy", "ending"), [*((name, "csv") for name in STRATEGIES), *((name, "parquet") for name in OF_EVERY_SORT)]
)
def test_every_row_is_accounted_for_from_the_files_alone(rebalanced, strategy, ending):
    given, folder = rebalanced(strategy, ending)
    found = account(given, folder, "y", strategy, ["weight"] if strategy == WEIGHTS else [])
    assert found.problems == []
    n_rows = found.n_rows
    assert n_rows["in"] == 125 == n_rows["kept"] + n_rows["dropped"]
    assert n_rows["out"] == n_rows["kept"] + n_rows["repeated"] + n_rows["synthetic"]
    known = STRATEGIES[strategy]
    assert bool(n_rows["dropped"]) is (known.shrinks and strategy != WEIGHTS) or strategy.startswith("smote-")
    assert bool(n_rows["synthetic"]) is known.makes_rows
    test = folder / f"test.{ending}"
    if ending == "csv":
        assert test.read_bytes() == (given.parent / "test.csv").read_bytes()
    else:
        pd.testing.assert_frame_equal(pd.read_parquet(test), pd.read_parquet(given.parent / "test.parquet"))


def copied(made, tmp_path):
    given, folder = made
    return given, shutil.copytree(folder, tmp_path / "copy")


def edit(path, change):
    rows = path.read_text().splitlines()
    path.write_text("\n".join(change(rows)) + "\n")


def swapped(rows):
    return [rows[0], rows[2], rows[1], *rows[3:]]


@pytest.mark.parametrize(
    ("strategy", "name", "change", "told"),
    [
        ("smote", "train.csv", swapped, "that are not those of the row they come from"),
        ("smote", "train.csv", lambda rows: rows[:-1], "provenance does not list"),
        ("smote", "provenance.csv", lambda rows: [row.replace("synthetic", "kept") for row in rows], "is kept, of row"),
        ("random-over", "provenance.csv", lambda rows: [row.replace("repeated", "kept") for row in rows], "kept twice"),
        ("random-under", "dropped.csv", lambda rows: rows[:-1], "neither dropped nor listed"),
        ("smote-enn", "dropped.csv", lambda rows: rows[:-1], "neither kept nor dropped"),
        ("smote", "train.csv", lambda rows: [row.replace(",yes", ",no") for row in rows], "'y'"),
        ("smote", "train.csv", lambda rows: [rows[0], *(row.replace("0,", "0.5,") for row in rows[1:])], "'income'"),
    ],
)
def test_the_account_sees_what_is_wrong(tmp_path, rebalanced, strategy, name, change, told):
    given, folder = copied(rebalanced(strategy), tmp_path)
    assert account(given, folder, "y", strategy).problems == []
    edit(folder / name, change)
    assert any(told in problem for problem in account(given, folder, "y", strategy).problems)


def test_the_account_sees_impossible_cells_of_made_up_rows(tmp_path, rebalanced):
    given, folder = copied(rebalanced("smote"), tmp_path)
    origins = pd.read_csv(folder / "provenance.csv")["origin"]
    [made, *_] = np.flatnonzero(origins == "synthetic")
    for name, cell in {"income": "1000000", "size": "10.125", "colour": "violet", "day": "2031-01-01"}.items():
        table = pd.read_csv(folder / "train.csv", dtype=str, keep_default_na=False)
        whole = (folder / "train.csv").read_text()
        table.loc[made, name] = cell
        table.to_csv(folder / "train.csv", index=False)
        [problem] = account(given, folder, "y", "smote").problems
        assert problem.startswith(f"cells of {name!r} no row can have: 1")
        (folder / "train.csv").write_text(whole)


def test_the_account_sees_another_figure_in_the_manifest(tmp_path, rebalanced):
    given, folder = copied(rebalanced("smote"), tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["rows"][0]["n_rows_synthetic"] += 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert account(given, folder, "y", "smote").problems == ["figures of the manifest: 1 (n_rows_synthetic)"]
