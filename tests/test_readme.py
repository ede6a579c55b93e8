"""What the README shows is run."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import subprocess
from pathlib import Path

import pytest

import dataaudit
from dataaudit.config import load_settings
from dataaudit.rules import build_rules

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(program: str) -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True)) and words[0] == program]


@pytest.fixture(scope="module")
def user_folder(tmp_path_factory, request):
    """A folder as the README's reader has it: train.csv and test.csv with a label y."""
    folder = tmp_path_factory.mktemp("user")
    for split in ("train", "test"):
        text = (ROOT / "sample_data" / f"clean_{split}.csv").read_text(encoding="utf-8")
        (folder / f"{split}.csv").write_text(text.replace("approved", "y", 1), encoding="utf-8")
    return folder


def test_every_command_is_of_a_known_program():
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert len(lines) == sum(len(commands(program)) for program in ("make", "pip", "dataaudit"))


def test_the_first_screen_shows_how_to_start():
    first = "\n".join(README.splitlines()[:30])
    for command in ("make demo", "make test", "pip install .", "dataaudit audit train.csv"):
        assert command in first


def test_every_dataaudit_command_runs(run_dataaudit, user_folder):
    # In the order of the README: a later command may read what an earlier one wrote.
    for command in commands("dataaudit"):
        done = run_dataaudit(*command[1:], cwd=user_folder)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_every_make_target_exists():
    for command in commands("make"):
        done = subprocess.run([*command, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_package_is_installed():
    # `make test` installs it the way `pip install .` does, and what the extra asks for with the tests' own packages.
    assert commands("pip") == [["pip", "install", "."], ["pip", "install", ".[spark]"]]
    requirements = importlib.metadata.requires("dataaudit")
    of_spark = [re.match(r"[A-Za-z0-9-]+", one).group() for one in requirements if one.endswith('extra == "spark"')]
    assert all(importlib.metadata.version(name) for name in of_spark)
    assert importlib.metadata.version("dataaudit") == dataaudit.__version__


def test_the_settings_are_valid(tmp_path):
    (block,) = blocks("toml")
    path = tmp_path / "dataaudit.toml"
    path.write_text(block, encoding="utf-8")
    settings = load_settings(path, tmp_path)
    assert build_rules(settings.select, settings.ignore, settings.thresholds)


def test_the_python_examples_run(user_folder, monkeypatch):
    monkeypatch.chdir(user_folder)
    names = {}
    for block in blocks("python")[:2]:
        exec(compile(block, "README.md", "exec"), names)
    assert names["train"]["y"].value_counts().max() * 2 == len(names["balanced"])


def test_the_python_example_on_spark_runs(user_folder, spark):
    block = blocks("python")[2]
    spark.sql("CREATE DATABASE db")
    spark.read.csv(f"file:{user_folder}/train.csv", header=True).write.saveAsTable("db.people")
    names = {"spark": spark, "dataaudit": dataaudit}
    exec(compile(block, "README.md", "exec"), names)
    assert names["result"].dataset.splits[0].source == "table:db.people"
    spark.sql("DROP DATABASE db CASCADE")


def test_the_table_of_rules_is_up_to_date(run_command):
    table = README.partition("<!-- rules -->\n")[2].partition("<!-- end of rules -->")[0]
    assert table == run_command("rules", "--format", "markdown"), "run: make readme"


def test_every_dependency_is_in_the_table():
    table = README.partition("## Dependencies")[2]
    requirements = importlib.metadata.requires("dataaudit")
    names = [re.match(r"[A-Za-z0-9-]+", requirement).group() for requirement in requirements]
    assert [name for name in names if not re.search(rf"\b{name}\b", table)] == []


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []
