from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.rebalance.tables import manifest, numbers_only, write

from dataaudit.cli import cli
from dataaudit.cli.rebalance import STRATEGIES as OFFERED
from dataaudit.rebalance.strategies import STRATEGIES


@pytest.fixture
def train(tmp_path):
    return write(numbers_only(), tmp_path / "train.csv")


def call(*arguments):
    return CliRunner().invoke(cli, ["rebalance", *map(str, arguments)])


def test_all_strategies_are_offered():
    assert list(OFFERED) == list(STRATEGIES)


def test_the_folder_and_the_summary(tmp_path, train):
    done = call(train, "--label", "y", "--strategy", "random-over", "--target", "0.5", "--output", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "train: 180 rows in, 180 kept, 45 repeated; 225 rows out" in done.output
    assert max(map(len, done.output.splitlines())) <= 80
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "manifest.json",
        "provenance.csv",
        "report.html",
        "train.csv",
    ]
    written = manifest(tmp_path / "out")
    assert written["command"] == "rebalance"
    assert written["options"] == {"strategy": "random-over", "target": "cap=2"}
    assert written["command_line"].startswith("dataaudit rebalance ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--strategy", "smote", "--target", "0=10"], "smote adds rows, but '0' has 150"),
        (["--strategy", "smote", "--target", "2=10"], "there is no class '2'"),
        (["--strategy", "tomek", "--target", "balanced"], "takes no --target"),
        (["--strategy", "smote", "--weight-column", "w"], "adds no column of weights"),
        (["--strategy", "smote", "--resample", "test"], "the test split is not resampled"),
        (["--strategy", "magic"], "magic"),
        (["--strategy", "smote", "--label", "z"], "no column 'z'"),
    ],
)
def test_wrong_words_are_named_and_nothing_is_written(tmp_path, train, arguments, told):
    done = call(train, "--label", "y", *arguments, "--output", tmp_path / "out")
    assert done.exit_code == 2
    assert told in done.output
    assert "hint: " in done.output
    assert not (tmp_path / "out").exists()


def test_the_test_file_is_no_training_data(tmp_path, train):
    done = call(train, "--test", train, "--label", "y", "--strategy", "smote", "--output", tmp_path / "out")
    assert done.exit_code == 2
    assert "the test split is the training data" in done.output


def test_a_finding_may_fail_the_command_unless_it_is_there_on_purpose(tmp_path, train):
    arguments = ("--label", "y", "--strategy", "random-over", "--fail-on", "info")
    copied = call(train, *arguments, "--output", tmp_path / "copied")
    assert (copied.exit_code, "on purpose: DATA001" in copied.output) == (0, True)
    constant = write(numbers_only().assign(site="a"), tmp_path / "constant.csv")
    assert call(constant, *arguments, "--output", tmp_path / "out").exit_code == 1


def test_a_folder_that_exists_needs_force(tmp_path, train):
    arguments = (train, "--label", "y", "--strategy", "weights", "--no-audit", "--output", tmp_path / "out")
    assert call(*arguments).exit_code == 0
    assert "give --force" in call(*arguments).output
    assert call(*arguments, "--force").exit_code == 0


def test_a_redacted_report_names_no_class(tmp_path):
    frame = numbers_only(n_common=300, n_rare=20)
    frame["y"] = frame["y"].map({0: "wolves", 1: "foxes"})
    path = write(frame, tmp_path / "train.csv")
    arguments = ("--label", "y", "--strategy", "random-over", "--target", "foxes=200", "--target", "wolves=300")
    shown = call(path, *arguments, "--output", tmp_path / "shown")
    redacted = call(path, *arguments, "--redact", "--output", tmp_path / "redacted")
    assert "foxes" in (tmp_path / "shown" / "report.html").read_text()
    for text in (redacted.output, (tmp_path / "redacted" / "report.html").read_text()):
        assert not any(name in text for name in ("foxes", "wolves"))
        assert "▮▮▮" in text or text == redacted.output
    assert (tmp_path / "redacted" / "train.csv").read_text() == (tmp_path / "shown" / "train.csv").read_text()
    assert shown.exit_code == redacted.exit_code == 0
