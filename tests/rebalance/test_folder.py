"""The written folder: every row accounted for, cells and types as they were, nothing half-written."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from tests.rebalance.tables import every_kind, listed, manifest, numbers_only, read, write

import dataaudit
from dataaudit.errors import ConfigError, InputError
from dataaudit.model import Severity
from dataaudit.rebalance.strategies import STRATEGIES

SEED = 3


def rebalanced(tmp_path, frame, strategy, ending="csv", audit=False, **named):
    path = tmp_path / f"given.{ending}"
    if not path.exists():
        write(frame, path)
    output = tmp_path / f"{strategy}-{ending}"
    proof = dataaudit.rebalance(str(path), label="y", strategy=strategy, output=output, audit=audit, seed=SEED, **named)
    return read(path), output, proof


def origins(folder, n_rows, strategy):
    """Return where every written row came from; all were kept where there is no list."""
    if list(folder.glob("provenance.*")):
        return listed(folder, "provenance")
    dropped = set(listed(folder, "dropped")["row"]) if list(folder.glob("dropped.*")) else set()
    rows = [row for row in range(n_rows) if row not in dropped]
    return pd.DataFrame({"row": range(len(rows)), "origin": "kept", "source_row": rows, "parent_rows": None})


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_row_is_accounted_for(tmp_path, strategy, ending):
    given, folder, proof = rebalanced(tmp_path, every_kind(), strategy, ending)
    out = read(folder / f"train.{ending}")
    assert list(out.columns)[: given.shape[1]] == list(given.columns)
    if strategy == "weights":
        pd.testing.assert_frame_equal(out[given.columns], given)
        assert np.isclose(out["weight"].astype(float).mean(), 1)
        return
    came = origins(folder, len(given), strategy)
    assert came["row"].tolist() == list(range(len(out)))
    copied = came["origin"].to_numpy() != "synthetic"
    sources = came.loc[copied, "source_row"].astype(int).to_numpy()
    pd.testing.assert_frame_equal(
        out[copied].reset_index(drop=True), given.iloc[sources].reset_index(drop=True), check_dtype=ending == "csv"
    )
    kept = came.loc[came["origin"] == "kept", "source_row"].astype(int).tolist()
    dropped = listed(folder, "dropped")["row"].tolist() if list(folder.glob("dropped.*")) else []
    assert sorted([*kept, *dropped]) == list(range(len(given)))
    counts = proof.rows[0]
    assert (counts.n_in, counts.n_kept, counts.n_out) == (len(given), len(kept), len(out))
    assert counts.n_synthetic == (~copied).sum()
    assert manifest(folder)["rows"][0]["n_rows_out"] == len(out)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("strategy", [name for name, one in STRATEGIES.items() if one.makes_rows])
def test_made_up_rows_have_possible_cells(tmp_path, strategy, ending):
    given, folder, _ = rebalanced(tmp_path, every_kind(), strategy, ending)
    out = read(folder / f"train.{ending}")
    came = listed(folder, "provenance")
    made = out[(came["origin"] == "synthetic").to_numpy()]
    assert len(made) > 50
    for parents in came.loc[came["origin"] == "synthetic", "parent_rows"]:
        assert set(given["y"].iloc[list(parents)]) == {"yes"}
    assert set(made["y"]) == {"yes"}
    assert set(made["colour"].dropna()) <= set(given["colour"].dropna())
    assert set(made["member"]) <= set(given["member"])
    assert set(made["note"]) <= set(given["note"])
    # New names, or none, would tell which rows were made up.
    assert set(made["id"].astype(int)) <= set(given.loc[given["y"] == "yes", "id"].astype(int))
    for name in ("size", "children", "income"):
        typed, before = pd.to_numeric(made[name]).dropna(), pd.to_numeric(given[name]).dropna()
        assert typed.between(before.min(), before.max()).all()
        digits = 2 if name == "size" else 0
        assert np.array_equal(typed.round(digits), typed)
    days = pd.to_datetime(made["day"])
    assert (days == days.dt.normalize()).all()
    assert days.between(*pd.to_datetime(given["day"]).agg(["min", "max"])).all()
    assert (made["size"].replace("", np.nan).isna()).any()
    if ending == "csv":
        assert made["day"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
        assert made["income"].str.fullmatch(r"\d+").all()


def test_types_of_parquet_are_the_inputs(tmp_path):
    frame = every_kind()
    frame["small"] = (frame["children"] % 100).astype("int8")
    frame["single"] = frame["size"].astype("float32")
    frame["stamp"] = frame["day"].dt.tz_localize("UTC")
    frame["date"] = frame["day"].dt.date
    frame["tags"] = [[1, row] for row in range(len(frame))]
    for strategy in ("smote", "random-over", "random-under", "enn", "weights"):
        _, folder, _ = rebalanced(tmp_path, frame, strategy, "parquet")
        before, after = (pq.read_schema(path) for path in (tmp_path / "given.parquet", folder / "train.parquet"))
        kinds = {name: after.field(name).type for name in before.names}
        for name in before.names:
            expected = before.field(name).type
            # DuckDB writes lists by a name of its own for the same type.
            assert str(kinds[name]).replace("element", "item") == str(expected).replace("element", "item")


def test_dialect_and_odd_cells_survive(tmp_path):
    rows = ["code;name;x;y"]
    rows += [
        f'{n:05d};"a;{n % 7}";{"?" if n % 11 == 0 else f"{n}.50"};{"yes" if n % 5 == 0 else "no"}' for n in range(200)
    ]
    (tmp_path / "given.csv").write_text("\n".join(rows) + "\n")
    proof = dataaudit.rebalance(
        str(tmp_path / "given.csv"), label="y", strategy="smote", output=tmp_path / "out", audit=False
    )
    written = (tmp_path / "out" / "train.csv").read_text().splitlines()
    assert len(written) == 1 + proof.rows[0].n_out
    is_made = (listed(tmp_path / "out", "provenance")["origin"] == "synthetic").tolist()
    assert [line for line, made in zip(written[1:], is_made, strict=True) if not made] == rows[1:]
    for line in [line for line, made in zip(written[1:], is_made, strict=True) if made]:
        code, first, rest, x, y = line.split(";")
        assert len(code) == 5
        assert first.startswith('"a')
        assert rest.endswith('"')
        assert x == "?" or len(x.partition(".")[2]) == 2
        assert y == "yes"


@pytest.mark.parametrize("strategy", ["smote", "random-over", "random-under", "adasyn", "smote-enn"])
def test_the_seed_decides(tmp_path, strategy):
    frame = every_kind()
    texts = []
    for turn in ("first", "second"):
        (tmp_path / turn).mkdir()
        _, folder, _ = rebalanced(tmp_path / turn, frame, strategy)
        texts.append((folder / "train.csv").read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("strategy", ["random-over", "random-under", "smote", "adasyn", "smote-tomek", "near-miss"])
def test_the_second_audit_finds_no_imbalance_and_no_new_leak(tmp_path, strategy):
    frame = numbers_only(n_common=1900, n_rare=60)
    train, test = frame.iloc[:1500], frame.iloc[1500:]
    write(train, tmp_path / "given.csv")
    write(test, tmp_path / "test.csv")
    proof = rebalanced(tmp_path, train, strategy, audit=True, test=str(tmp_path / "test.csv"))[2]
    assert "IMB001" in {finding.code for finding in proof.changes.gone}
    new = (*proof.changes.new, *proof.changes.judged_first)
    assert not [
        str(one.message) for one in new if one.code.startswith(("LEAK", "IMB")) and one.severity > Severity.INFO
    ]
    # Where a row stands does not tell what it is.
    assert "SPUR004" not in {finding.code for finding in new}
    assert (tmp_path / f"{strategy}-csv" / "report.html").exists()
    assert (tmp_path / f"{strategy}-csv" / "test.csv").read_text() == (tmp_path / "test.csv").read_text()


@pytest.mark.parametrize("strategy", ["smote", "borderline-smote", "random-over"])
def test_rows_near_held_out_rows_are_nobodys_parents(tmp_path, strategy):
    train = numbers_only()
    rare = np.flatnonzero(train["y"] == 1)
    shared = rare[:8]
    test = pd.concat([numbers_only(seed=9), train.iloc[shared[:4]], train.iloc[shared[4:]] + [1e-6, -1e-6, 0, 0]])
    test["y"] = test["y"].astype(int)
    write(test, tmp_path / "test.csv")
    _, folder, proof = rebalanced(tmp_path, train, strategy, test=str(tmp_path / "test.csv"))
    came = listed(folder, "provenance")
    parents = set(came.loc[came["origin"] == "repeated", "source_row"])
    parents |= {row for rows in came["parent_rows"].dropna() for row in rows}
    assert parents
    assert not parents & set(shared)
    assert any("near a held-out row" in note for note in proof.notes)


def test_a_class_that_is_all_near_the_test_rows_is_refused(tmp_path):
    train = numbers_only()
    write(train[train["y"] == 1], tmp_path / "test.csv")
    for strategy in ("smote", "random-over"):
        with pytest.raises(InputError, match="near a held-out row"):
            rebalanced(tmp_path, train, strategy, test=str(tmp_path / "test.csv"))
    assert not list(tmp_path.glob("smote*"))


def test_no_other_split_is_resampled(tmp_path):
    train = write(numbers_only(), tmp_path / "given.csv")
    for split in ("test", "validation", "reference"):
        with pytest.raises(InputError, match=f"the {split} split is the training data"):
            rebalanced(tmp_path, None, "smote", **{split: train})
    frame = numbers_only()
    with pytest.raises(InputError, match="the test split is the training data"):
        dataaudit.rebalance(frame, label="y", test=frame)
    marked = numbers_only().assign(part="test")
    with pytest.raises(InputError, match="no training rows"):
        dataaudit.rebalance(marked, label="y", split_column="part")


def test_a_split_column_leaves_the_other_rows_as_they_are(tmp_path):
    frame = numbers_only().assign(part=lambda f: np.where(np.arange(len(f)) % 3 == 0, "test", "train"))
    given, folder, _ = rebalanced(tmp_path, frame, "random-over", split_column="part")
    test = read(folder / "test.csv")
    pd.testing.assert_frame_equal(test, given[given["part"] == "test"].reset_index(drop=True))
    came = listed(folder, "provenance")
    assert (given["part"].iloc[came["source_row"].astype(int)] == "train").all()


def test_weights_are_those_of_balanced_classes(tmp_path):
    frame = numbers_only().assign(weight=1)
    _, folder, _ = rebalanced(tmp_path, frame, "weights")
    out = pd.read_csv(folder / "train.csv")
    assert out.groupby("y")["sample_weight"].sum().round(6).nunique() == 1
    expected = len(frame) / (2 * frame["y"].value_counts())
    assert np.allclose(out.groupby("y")["sample_weight"].first(), expected.sort_index())
    with pytest.raises(ConfigError, match="there is a column 'weight' already"):
        rebalanced(tmp_path, frame, "weights", weight_column="weight", force=True)


@pytest.mark.parametrize("strategy", ["random-over", "random-under", "random-both", "weights"])
def test_regions_of_a_number(tmp_path, strategy):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=1000), "y": rng.gamma(1.5, 10, 1000).round(3)})
    _, folder, proof = rebalanced(tmp_path, frame, strategy, target="cap=4")
    out = pd.read_csv(folder / "train.csv")
    tenths = np.minimum(((out["y"] - frame["y"].min()) / np.ptp(frame["y"]) * 10).astype(int), 9)
    sizes = tenths.value_counts() if strategy != "weights" else out.groupby(tenths)["weight"].sum()
    assert sizes.max() <= 4.3 * sizes.min()
    assert proof.rows[0].n_out == len(out)
    with pytest.raises(InputError, match="smote needs classes"):
        rebalanced(tmp_path, frame, "smote")


def test_rows_without_a_label_stay(tmp_path):
    frame = every_kind()
    frame.loc[::17, "y"] = None
    for strategy in ("random-under", "random-over", "smote", "enn"):
        given, folder, _ = rebalanced(tmp_path, frame, strategy)
        assert (read(folder / "train.csv")["y"] == "").sum() == (given["y"] == "").sum()


def test_a_sampler_beyond_the_memory_is_refused_beforehand(tmp_path):
    with pytest.raises(InputError, match=r"smote needs about .* of memory, more than the limit of 300 MB") as error:
        rebalanced(tmp_path, every_kind(), "smote", memory_limit="300MB")
    assert "random-over" in error.value.hint
    assert rebalanced(tmp_path, every_kind(), "random-over", memory_limit="300MB")[2].rows[0].n_repeated


def test_nothing_to_do_is_said(tmp_path):
    frame = numbers_only()
    _, folder, proof = rebalanced(tmp_path, frame, "random-over", target="cap=50")
    assert "nothing to do" in " ".join(proof.notes)
    assert (folder / "train.csv").read_text() == (tmp_path / "given.csv").read_text()


@pytest.mark.parametrize("strategy", ["random-over", "random-under", "smote", "weights"])
def test_a_full_disk_leaves_nothing(tmp_path, strategy):
    """A limit on the size of files stands for the disk: the system refuses to write on, as it does on a full one."""
    frame = pd.concat([numbers_only(seed) for seed in range(60)])
    path = write(frame, tmp_path / "given.csv")
    before = (tmp_path / "given.csv").read_bytes()
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "from dataaudit.cli import cli\n"
        "cli(sys.argv[1:])\n"
    )
    arguments = ["rebalance", path, "--label", "y", "--strategy", strategy, "--no-audit"]
    command = [sys.executable, "-c", program, *arguments, "--output", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["given.csv"]
    assert (tmp_path / "given.csv").read_bytes() == before


@pytest.mark.parametrize("moment", ["writing train", "writing test", "writing the manifest"])
@pytest.mark.parametrize("strategy", ["random-over", "smote"])
def test_killed_at_any_moment_nothing_is_half_written(tmp_path, moment, strategy):
    train = write(numbers_only(), tmp_path / "given.csv")
    test = write(numbers_only(seed=1), tmp_path / "test.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    program = (
        "import pathlib, sys, time\n"
        "from dataaudit.config import Settings\n"
        "from dataaudit.rebalance.api import run_rebalance\n"
        "from dataaudit.rebalance.request import read_request\n"
        "train, test, strategy, output, ready, moment = sys.argv[1:]\n"
        "def progress(words):\n"
        "    if words == moment:\n"
        "        pathlib.Path(ready).write_text('')\n"
        "        time.sleep(0.05 if moment != 'writing the manifest' else 60)\n"
        "    elif pathlib.Path(ready).exists():\n"
        "        time.sleep(60)\n"
        "run_rebalance({'train': train, 'test': test}, Settings(label='y'), read_request(strategy, None, None),\n"
        "              pathlib.Path(output), audit=False, progress=progress)\n"
    )
    ready = tmp_path / "ready"
    arguments = [train, test, strategy, str(tmp_path / "out"), str(ready), moment]
    running = subprocess.Popen([sys.executable, "-c", program, *arguments])
    while not ready.exists():
        assert running.poll() is None
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    for name, content in before.items():
        assert (tmp_path / name).read_bytes() == content
    left = {path.name for path in tmp_path.iterdir()} - {*before, "ready"}
    assert all(name.startswith(".out-") and name.endswith(".part") for name in left)
    # What is left in the way of nobody: the same command does its work.
    dataaudit.rebalance(train, test=test, label="y", strategy=strategy, output=tmp_path / "out", audit=False)
    assert (tmp_path / "out" / "manifest.json").exists()
