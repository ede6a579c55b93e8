"""Help, version, and what happens to words that are no command."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

import dataaudit
from dataaudit.cli.group import COMMANDS

HEAVY = ("duckdb", "numpy", "pandas", "pyarrow", "sklearn", "scipy", "jinja2", "rich")


def test_help_names_every_command(invoke):
    result = invoke("--help")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(invoke, name):
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"dataaudit {name}" in result.stdout
    assert "Example" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_group_repeats_the_first_sentence_of_the_commands_help(name):
    command = importlib.import_module(f"dataaudit.cli.{name}").command
    assert command.get_short_help_str(limit=500) == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name):
    command = importlib.import_module(f"dataaudit.cli.{name}").command
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize(
    "statement",
    [
        "import dataaudit",
        "import dataaudit.cli.audit, dataaudit.cli.rules, dataaudit.cli.explain, dataaudit.cli.schema",
        "from dataaudit.cli import cli; cli(['--help'], standalone_mode=False)",
        "from dataaudit.cli import cli; cli(['audit', '--help'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_imported(statement):
    program = f"{statement}\nimport sys\nprint('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_rules_and_explain_import_no_engine_and_no_frames():
    program = "from dataaudit.cli import cli; cli(['explain', 'IMB001'], standalone_mode=False)"
    program += f"\nimport sys\nprint('heavy:', [name for name in {HEAVY} if name in sys.modules and name != 'numpy'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_version(invoke):
    assert invoke("--version").stdout == f"dataaudit {dataaudit.__version__}\n"


def test_no_command_shows_the_help_and_fails(invoke):
    result = invoke()
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: dataaudit")


@pytest.mark.parametrize(
    "arguments",
    [["aduit"], ["audit", "--lable", "y"], ["audit", "--fail-on", "fatal"], ["explain"], ["audit", "--seed", "x"]],
)
def test_a_wrong_command_line_is_an_error_with_a_hint(invoke, arguments):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first.startswith("error: ")
    assert second.startswith("hint: dataaudit")
