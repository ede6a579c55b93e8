"""What `dataaudit audit` asks the library for."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataaudit.config import Settings
from dataaudit.errors import InputError
from dataaudit.model import Severity

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


def test_every_option_reaches_the_settings(invoke, fake_audit):
    result = invoke(
        *("audit", "a.csv", "--test", "b.csv", "--validation", "c.csv", "--reference", "d*.csv", "--label", "y"),
        *("--task", "binary", "--group", "user", "--group", "site", "--time", "at", "--time-mode", "random"),
        *("--prior", "yes=0.01", "--prior", "a=b=0.2"),
        *("--context", "camera", "--id", "key", "--exclude", "note", "--select", "LEAK, SPUR001", "--select", "IMB"),
        *("--ignore", "LEAK002", "--fail-on", "info", "--engine", "duckdb", "--memory-limit", "1GB"),
        *("--threads", "2", "--seed", "7"),
    )
    assert result.exit_code == 0, result.stderr
    assert fake_audit.call.sources == {"train": "a.csv", "test": "b.csv", "validation": "c.csv", "reference": "d*.csv"}
    assert fake_audit.call.settings == Settings(
        test="b.csv",
        validation="c.csv",
        reference="d*.csv",
        label="y",
        task="binary",
        group=("user", "site"),
        time="at",
        time_mode="random",
        context=("camera",),
        id=("key",),
        exclude=("note",),
        prior={"yes": 0.01, "a=b": 0.2},
        select=("LEAK", "SPUR001", "IMB"),
        ignore=("LEAK002",),
        fail_on="info",
        memory_limit="1GB",
        threads=2,
        seed=7,
    )


def test_the_command_is_passed_on_as_it_can_be_typed_again(invoke, fake_audit):
    invoke("audit", "my file.csv", "--label", "y")
    assert fake_audit.call.command == "dataaudit audit 'my file.csv' --label y"


def test_no_progress_without_a_terminal(invoke, fake_audit):
    invoke("audit", "a.csv")
    assert fake_audit.call.progress is None


def test_several_training_files(invoke, fake_audit):
    invoke("audit", "a.csv", "b.csv")
    assert fake_audit.call.sources == {"train": ["a.csv", "b.csv"]}


def test_the_split_column_needs_no_other_file(invoke, fake_audit):
    invoke("audit", "a.csv", "--split-column", "part")
    assert fake_audit.call.sources == {"train": "a.csv"}
    assert fake_audit.call.settings.split_column == "part"


def test_the_configuration_may_name_everything(invoke, fake_audit, tmp_path):
    (tmp_path / "dataaudit.toml").write_text('train = "t.csv"\ntest = "u.csv"\nlabel = "y"\nfail-on = "never"\n')
    result = invoke("audit")
    assert result.exit_code == 0, result.stderr
    assert fake_audit.call.sources == {"train": str(tmp_path / "t.csv"), "test": str(tmp_path / "u.csv")}


def test_options_win_over_the_configuration(invoke, fake_audit, tmp_path):
    (tmp_path / "strict.toml").write_text('train = "t.csv"\nlabel = "y"\nfail-on = "never"\nseed = 4\n')
    invoke("audit", "mine.csv", "--config", "strict.toml", "--label", "z")
    assert fake_audit.call.sources == {"train": "mine.csv"}
    assert (fake_audit.call.settings.label, fake_audit.call.settings.seed) == ("z", 4)


@pytest.mark.parametrize(
    ("file", "options", "shown"),
    [
        ("dataaudit.toml", [], "../dataaudit.toml"),
        ("inner/dataaudit.toml", [], "dataaudit.toml"),
        ("mine.toml", ["--config", "../mine.toml"], "../mine.toml"),
    ],
)
def test_the_file_of_the_settings_is_told(invoke, fake_audit, tmp_path, monkeypatch, file, options, shown):
    (tmp_path / "inner").mkdir()
    (tmp_path / file).write_text('label = "y"\n')
    monkeypatch.chdir(tmp_path / "inner")
    result = invoke("audit", "a.csv", "--format", "json", *options)
    assert (result.exit_code, result.stderr) == (0, f"settings: {shown}\n")


def test_without_a_file_of_settings_nothing_is_told(invoke, fake_audit):
    assert invoke("audit", "a.csv").stderr == ""


def test_a_wrong_option_is_named_as_it_is_typed(invoke, fake_audit):
    result = invoke("audit", "a.csv", "--memory-limit", "lots")
    assert result.stderr == "error: the option --memory-limit is 'lots'\nhint: it must be a size such as \"1GB\"\n"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (["yes"], "error: --prior is 'yes'\nhint: it takes a class and its probability: --prior yes=0.01\n"),
        (["yes=much"], "error: --prior is 'yes=much'\nhint: it takes a class"),
        (["=0.5"], "error: --prior is '=0.5'\nhint: it takes a class"),
        (["yes=0.1", "yes=0.2"], "error: --prior names the class 'yes' twice\nhint: give one probability"),
        (["yes=1.5"], "error: the option --prior is {'yes': 1.5}\nhint: it must be a probability from 0 to 1"),
        (["yes=nan"], "error: the option --prior is {'yes': nan}\nhint: it must be a probability from 0 to 1"),
        (["yes=0.6", "no=0.6"], "error: the option --prior is {'yes': 0.6, 'no': 0.6}\nhint: it must be"),
    ],
)
def test_a_wrong_prior(invoke, fake_audit, given, error):
    result = invoke("audit", "a.csv", *(word for one in given for word in ("--prior", one)))
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert result.stderr.startswith(error)


def test_no_training_data(invoke, fake_audit):
    result = invoke("audit", "--label", "y")
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert result.stderr.startswith("error: no training data\nhint: ")


def test_a_wrong_configuration(invoke, fake_audit, tmp_path):
    (tmp_path / "dataaudit.toml").write_text("lable = 'y'\n")
    result = invoke("audit", "a.csv")
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert "dataaudit.toml: the key 'lable' is unknown" in result.stderr


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ((), "info", 0),
        ((INFO,), "info", 1),
        ((INFO,), "warning", 0),
        ((INFO, WARNING), "warning", 1),
        ((WARNING,), "error", 0),
        ((ERROR,), "error", 1),
        ((ERROR,), "never", 0),
        ((ERROR,), None, 1),
        ((WARNING,), None, 0),
    ],
)
def test_exit_code(invoke, fake_audit, severities, fail_on, code):
    fake_audit.severities = severities
    options = [] if fail_on is None else ["--fail-on", fail_on]
    assert invoke("audit", "a.csv", "--format", "json", *options).exit_code == code


@pytest.mark.parametrize(
    ("crashed", "fail_on", "code", "words"),
    [
        (("SPUR001",), "error", 1, "1 check crashed: SPUR001"),
        (("SPUR001", "LEAK005"), "info", 1, "2 checks crashed: LEAK005, SPUR001"),
        (("SPUR001",), "never", 0, "1 check crashed: SPUR001"),
    ],
)
def test_a_crashed_check_is_told_and_fails(invoke, fake_audit, crashed, fail_on, code, words):
    fake_audit.crashed = crashed
    result = invoke("audit", "a.csv", "--format", "json", "--fail-on", fail_on)
    assert (result.exit_code, result.stderr) == (code, f"error: {words}; hint: the report says why\n")


def test_an_error_of_the_input(invoke, fake_audit):
    fake_audit.error = InputError("the file a.csv is empty", "give one with rows")
    result = invoke("audit", "a.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: the file a.csv is empty\nhint: give one with rows\n"


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), MemoryError(), OSError(28, "No space left", "/tmp/x")])
def test_an_unforeseen_error_shows_no_traceback(invoke, fake_audit, error):
    fake_audit.error = error
    result = invoke("audit", "a.csv")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr


def test_a_traceback_on_request(invoke, fake_audit, monkeypatch):
    monkeypatch.setenv("DATAAUDIT_TRACEBACK", "1")
    fake_audit.error = ZeroDivisionError("by zero")
    assert "Traceback" in invoke("audit", "a.csv").stderr


def test_control_characters_in_an_error_are_made_visible(invoke, fake_audit):
    fake_audit.error = InputError("the column 'a\x1b[31m\udcff' is odd")
    result = invoke("audit", "a.csv")
    assert result.stderr == "error: the column 'a\\x1b[31m\\udcff' is odd\n"


def test_interruption(invoke, fake_audit):
    fake_audit.error = KeyboardInterrupt()
    result = invoke("audit", "a.csv")
    assert (result.exit_code, result.stdout) == (130, "")


def test_redact_leaves_out_values(invoke, fake_audit):
    fake_audit.severities = (ERROR,)
    plain = invoke("audit", "a.csv", "--format", "json")
    redacted = invoke("audit", "a.csv", "--format", "json", "--redact")
    assert "crimson" in plain.stdout
    assert "crimson" not in redacted.stdout
    assert redacted.exit_code == 1


def test_the_current_folder_is_where_the_search_for_settings_starts(invoke, fake_audit, tmp_path, monkeypatch):
    (tmp_path / "dataaudit.toml").write_text('label = "y"\n')
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(Path(tmp_path / "inner"))
    invoke("audit", "a.csv")
    assert fake_audit.call.settings.label == "y"
