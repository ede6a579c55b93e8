"""The command and the API: what they print, what they write, and what they refuse; tables of every kind."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.rebalance.evaluating import BOTH, evaluate, logistic, spots

import dataaudit
from dataaudit.cli import cli
from dataaudit.cli import rebalance as command_line
from dataaudit.errors import ConfigError, InputError
from dataaudit.rebalance.evaluate import comparison, folds, models, scores, size
from dataaudit.rebalance.evaluate.applying import request_of
from dataaudit.rebalance.evaluate.evaluation import Evaluation
from dataaudit.rebalance.evaluate.models import FOREST, LOGISTIC
from dataaudit.rebalance.evaluate.shown import evaluation_tables
from dataaudit.rebalance.request import read_request
from dataaudit.text import show_rounded


@pytest.fixture(autouse=True)
def small_forests(monkeypatch):
    monkeypatch.setattr(models, "N_TREES", 5)
    monkeypatch.setattr(size, "MOST_REPEATS", 1)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "train.csv"
    logistic(400).to_csv(path, index=False)
    return path


def run(*words):
    return CliRunner().invoke(cli, ["rebalance", *map(str, words)])


def test_evaluate_alone_prints_a_table_of_80_columns_and_writes_nothing(table):
    found = run(table, "--label", "y", "--evaluate", "--strategy", "random-under")
    assert found.exit_code == 0, found.output
    assert max(map(len, found.stdout.splitlines())) <= 80
    for words in ("random forest", "logistic regression", "threshold moving", "class weights", "random-under"):
        assert words in found.stdout
    assert "smote" not in found.stdout
    assert "Recommended: " in found.stdout
    assert "models on 400 rows: about" in found.stderr
    assert [path.name for path in table.parent.iterdir()] == ["train.csv"]


def test_auto_writes_train_as_it_came_where_no_resampling_is_recommended(table, tmp_path):
    out = tmp_path / "out"
    found = run(table, "--label", "y", "--strategy", "auto", "--output", out, "--score", "log-loss")
    assert found.exit_code == 0, found.output
    assert (out / "train.csv").read_text() == table.read_text()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["options"]["strategy"] == "none"
    assert manifest["options"]["recommended"] == "none"
    assert any("as it came" in note for note in manifest["notes"])
    assert manifest["rows"][0]["n_rows_out"] == manifest["rows"][0]["n_rows_in"] == 400
    assert "evaluation.json" in [one["file"] for one in manifest["outputs"]]
    evaluation = json.loads((out / "evaluation.json").read_text())
    assert evaluation["recommended"] == "none"
    assert {line["model"] for line in evaluation["lines"]} == set(BOTH)
    page = (out / "report.html").read_text()
    assert "Ways of training a random forest" in page
    assert "Recommended: no resampling" in page


def test_a_named_strategy_is_applied_beside_its_evaluation(table, tmp_path):
    out = tmp_path / "out"
    found = run(
        table,
        "--label",
        "y",
        "--evaluate",
        "--strategy",
        "random-under",
        "--target",
        "0.5",
        "--output",
        out,
        "--no-audit",
    )
    assert found.exit_code == 0, found.output
    counts = pd.read_csv(out / "train.csv")["y"].value_counts()
    assert counts["no"] == 2 * counts["yes"]
    assert (out / "evaluation.json").exists()
    assert "Recommended: " in found.output
    assert "as it came:" not in found.output


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "no --strategy was named"),
        (["--strategy", "smote"], "no --output was named"),
        (["--strategy", "auto"], "no --output was named"),
        (["--strategy", "smote", "--strategy", "enn", "--output", "x"], "2 strategies are named"),
        (["--evaluate", "--precision", "2"], "--precision is 2.0"),
        (["--evaluate", "--strategy", "smoot"], "smoot"),
        (["--evaluate", "--score", "accuracy"], "accuracy"),
        (["--evaluate", "--target", "maybe=3"], "no class 'maybe'"),
    ],
)
def test_what_cannot_be_is_one_error(table, words, named):
    found = run(table, "--label", "y", *words)
    assert found.exit_code == 2
    assert named in found.output
    assert "Traceback" not in found.output


def test_a_numeric_target_is_refused_by_evaluate(tmp_path):
    path = tmp_path / "t.csv"
    pd.DataFrame({"a": np.arange(200.0), "y": np.arange(200) * 1.5 + 0.25}).to_csv(path, index=False)
    found = run(path, "--label", "y", "--evaluate")
    assert found.exit_code == 2
    assert "evaluate needs classes, and the label 'y' is a number" in found.output


def test_the_command_repeats_what_the_package_says():
    assert tuple(scores.SCORES) == command_line.SCORES
    assert comparison.DECIDING == command_line.DECIDING
    assert comparison.PRECISION == command_line.PRECISION


def test_the_api_returns_an_evaluation_that_is_the_same_every_time():
    frame = spots(400, 0.1)
    first, second = (
        dataaudit.evaluate_strategies(frame, label="y", strategies="smote-tomek", seed=seed) for seed in (3, 3)
    )
    other = dataaudit.evaluate_strategies(frame, label="y", strategies="smote-tomek", seed=4)
    assert isinstance(first, Evaluation)
    assert first.as_json() == second.as_json()
    assert first.lines != other.lines
    assert json.loads(json.dumps(first.as_json(), allow_nan=False))["recommended"] == first.recommended
    table = first.to_frame()
    assert len(table) == len(first.lines)
    assert (table["lower"] <= table["value"]).all()
    assert (table["value"] <= table["upper"]).all()


def test_a_frame_is_rebalanced_as_is_recommended():
    frame = logistic(400)
    done = dataaudit.rebalance(frame, label="y", strategy="auto")
    pd.testing.assert_frame_equal(done.frame, frame)
    assert any(note.startswith("Recommended: ") for note in done.notes)
    with pytest.raises(InputError, match="evaluate needs classes"):
        dataaudit.rebalance(frame.assign(y=frame["a"]), label="y", strategy="auto")
    with pytest.raises(ConfigError, match="no strategy 'smoot'"):
        dataaudit.evaluate_strategies(frame, label="y", strategies=["smoot"])


@pytest.mark.parametrize(
    ("recommended", "named", "applied", "target"),
    [
        ("smote", ("auto",), "smote", "0.5"),
        ("smote", (), "smote", "0.5"),
        ("tomek", ("tomek", "smote"), "tomek", None),
        ("threshold", ("auto",), "none", None),
        ("none", ("smote",), "smote", "0.5"),
        ("weights", ("auto",), "weights", "0.5"),
    ],
)
def test_what_is_applied(recommended, named, applied, target):
    evaluation = evaluate(spots(200, 0.2))
    changed = Evaluation(**(evaluation.__dict__ | {"recommended": recommended}))
    found = request_of(changed, named, read_request("smote", "0.5", None))
    assert (found.strategy.name, found.target) == (applied, target)


def test_several_classes_are_compared_and_corrected():
    rng = np.random.default_rng(0)
    labels = rng.choice(["a", "b", "c"], 900, p=[0.85, 0.1, 0.05])
    centre = {"a": 0.0, "b": 1.2, "c": -1.2}
    frame = pd.DataFrame({"x": [rng.normal(centre[one]) for one in labels], "z": rng.normal(0, 1, 900), "y": labels})
    evaluation = evaluate(frame, ["smote", "random-under"])
    assert evaluation.shares_after["smote"] == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    moved = evaluation.line("threshold", LOGISTIC, "balanced-accuracy")
    assert moved.difference_lower > 0.05
    harmed = evaluation.line("smote", LOGISTIC, "log-loss")
    corrected = evaluation.line("smote", LOGISTIC, "corrected-log-loss")
    assert harmed.difference_lower > 0.1
    assert abs(corrected.difference) < 0.05
    assert "largest probability / share^" in " ".join(evaluation.reasons)
    assert f"    exponent {evaluation.thresholds[LOGISTIC]:.1f}\n" in str(evaluation)
    (table,) = evaluation_tables(evaluation)
    assert table.lines[1][0] == f"threshold moving (exponent {evaluation.thresholds[LOGISTIC]:.1f})"
    assert "probability / share^a is told" in str(table.note)


def test_the_threshold_stands_in_the_tables_whatever_is_recommended():
    evaluation = evaluate(spots(200, 0.2))
    at = show_rounded(evaluation.thresholds[LOGISTIC])
    lines = str(evaluation).splitlines()
    assert lines[[line[2:].startswith("threshold moving") for line in lines].index(True) + 2] == f"    threshold {at}"
    assert all(len(line) <= 80 for line in lines)
    (table,) = evaluation_tables(evaluation)
    assert [line[0] for line in table.lines][:3] == ["no resampling", f"threshold moving (at {at})", "class weights"]
    assert "the probability from which the rarer class is told" in str(table.note)
    assert "the probability from which the rarer class is told" in " ".join(lines)


def test_a_mixed_table_with_missing_cells_texts_and_dates_is_compared():
    rng = np.random.default_rng(1)
    n_rows = 300
    yes = rng.random(n_rows) < 0.2
    frame = pd.DataFrame(
        {
            "number": np.where(rng.random(n_rows) < 0.2, np.nan, rng.normal(yes, 1)),
            "huge": rng.normal(0, 1, n_rows) * 1e300,
            "constant": 1.0,
            "empty": np.nan,
            "flag": pd.array(rng.random(n_rows) < 0.5, dtype="boolean"),
            "colour": rng.choice(["red", "green", None], n_rows),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**7, n_rows), unit="s"),
            "words": [" ".join(rng.choice(["some", "words", "of", "a", "text", "here"], 12)) for _ in range(n_rows)],
            "y": np.where(yes, "yes", "no"),
        }
    )
    evaluation = evaluate(frame, ["smote", "tomek", "random-over"], models=BOTH)
    assert not evaluation.failed
    assert all(np.isfinite(line.value) for line in evaluation.lines)
    assert any("'words'" in note for note in evaluation.notes)


def test_categories_alone_are_compared():
    rng = np.random.default_rng(2)
    yes = rng.random(300) < 0.2
    frame = pd.DataFrame(
        {name: np.where(rng.random(300) < 0.3, "p", np.where(yes, "q", "r")) for name in ("a", "b")}
        | {"c": rng.choice(list("stuv"), 300), "y": yes}
    )
    evaluation = evaluate(frame, ["smote"], models=BOTH)
    assert not evaluation.failed
    assert list(evaluation.shares) == ["false", "true"]


def test_groups_and_times_are_said_and_heeded():
    rng = np.random.default_rng(3)
    frame = spots(400, 0.2).assign(who=[f"g{i}" for i in rng.integers(0, 80, 400)], when=np.arange(400))
    grouped = evaluate(frame, group=("who",), exclude=("when",))
    assert grouped.folds == "stratified by class, groups on one side"
    timed = evaluate(frame, time="when", exclude=("who",))
    assert timed.folds == "each trained on what came before it"
    assert timed.n_repeats == 1


def test_copies_of_rare_rows_do_not_leak_into_what_is_scored():
    frame = spots(600, 0.05)
    rare = frame[frame["y"] == "yes"]
    rng = np.random.default_rng(4)
    noise = frame.assign(y=rng.permutation(frame["y"].to_numpy()))
    copied = pd.concat([noise, *[noise[noise["y"] == "yes"]] * 9], ignore_index=True)
    evaluation = evaluate(copied, models=[FOREST])
    share = evaluation.shares["yes"]
    # Labels are dealt at random: a model that knows copies by heart would score nearly 1.
    assert evaluation.line("none", FOREST, "average-precision").value < share + 0.25
    assert len(rare) == 30
    assert any("copies of others" in note for note in evaluation.notes)


def test_a_sampler_that_cannot_be_used_is_left_out_and_told(monkeypatch):
    from dataaudit.rebalance.evaluate import fits

    real = fits.resample

    def broken(matrix, labels, strategy, target, seed, **named):
        if strategy.name == "adasyn":
            raise InputError("adasyn cannot be used on these rows: no neighbour", "use smote")
        return real(matrix, labels, strategy, target, seed, **named)

    monkeypatch.setattr(fits, "resample", broken)
    evaluation = evaluate(spots(200, 0.2), ["adasyn", "random-over"])
    assert "adasyn" not in evaluation.strategies
    assert not [line for line in evaluation.lines if line.strategy == "adasyn"]
    assert any("adasyn was left out" in note for note in evaluation.notes)


@pytest.mark.parametrize("target", ["0.5", "cap=3", {"yes": 100}])
def test_targets_are_those_of_the_rows_that_would_be_written(target):
    evaluation = evaluate(spots(400, 0.1), ["random-over"], target=target)
    expected = {"0.5": 1 / 3, "cap=3": 1 / 4}.get(str(target), 100 / 460)
    for way in ("random-over", "weights"):
        assert evaluation.shares_after[way]["yes"] == pytest.approx(expected, abs=0.005)


def test_three_rows_of_a_class_are_three_folds():
    evaluation = evaluate(spots(120, 0.025), ["random-over", "smote"])
    assert evaluation.n_folds == 3
    assert folds.N_FOLDS == 5
