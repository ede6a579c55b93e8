"""Settings from files: which file, which keys, which values."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dataaudit.config import KEYS, Settings, load_settings, settings_file
from dataaudit.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_gives_the_defaults(tmp_path):
    assert load_settings(None, tmp_path) == Settings()


def test_every_field_has_a_reader_and_no_other_key_is_known():
    assert set(KEYS) == {field.name for field in dataclasses.fields(Settings)}


def test_dataaudit_toml_is_read_with_hyphens_or_underscores(tmp_path):
    write(tmp_path / "dataaudit.toml", 'label = "y"\nfail-on = "warning"\nsplit_column = "part"\ngroup = "user"\n')
    settings = load_settings(None, tmp_path)
    assert (settings.label, settings.fail_on, settings.split_column, settings.group) == (
        "y",
        "warning",
        "part",
        ("user",),
    )


def test_pyproject_table_is_read_with_thresholds(tmp_path):
    write(
        tmp_path / "pyproject.toml",
        '[tool.dataaudit]\nlabel = "y"\n[tool.dataaudit.rules.shortcut-value]\nmin_support = 50\n',
    )
    settings = load_settings(None, tmp_path)
    assert settings.label == "y"
    assert settings.thresholds == {"shortcut-value": {"min_support": 50}}


def test_a_prior_is_a_table_of_probabilities(tmp_path):
    write(tmp_path / "dataaudit.toml", 'prior = { yes = 0.01, 1 = 0, "a b" = 0.5 }\n')
    assert load_settings(None, tmp_path).prior == {"yes": 0.01, "1": 0.0, "a b": 0.5}


@pytest.mark.parametrize(
    "prior",
    ["0.5", '"yes"', "{ yes = 2 }", "{ yes = -0.1 }", '{ yes = "0.5" }', "{ yes = true }", "{ a = 0.6, b = 0.5 }"],
)
def test_a_wrong_prior(tmp_path, prior):
    write(tmp_path / "dataaudit.toml", f"prior = {prior}\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(None, tmp_path)
    assert "the key 'prior' is" in caught.value.message
    assert caught.value.hint.startswith("it must be a probability from 0 to 1 for each class")


def test_parents_are_searched_and_the_nearest_with_settings_wins(tmp_path):
    write(tmp_path / "dataaudit.toml", 'label = "far"\n')
    write(tmp_path / "a" / "pyproject.toml", '[tool.dataaudit]\nlabel = "near"\n')
    write(tmp_path / "a" / "b" / "pyproject.toml", "[project]\nname = 'other'\n")
    assert load_settings(None, tmp_path / "a" / "b").label == "near"


def test_dataaudit_toml_wins_over_pyproject_in_the_same_folder(tmp_path):
    write(tmp_path / "dataaudit.toml", 'label = "own"\n')
    write(tmp_path / "pyproject.toml", '[tool.dataaudit]\nlabel = "project"\n')
    assert load_settings(None, tmp_path).label == "own"


def test_an_explicit_file_wins_over_the_nearest(tmp_path):
    write(tmp_path / "dataaudit.toml", 'label = "near"\n')
    chosen = write(tmp_path / "other" / "strict.toml", 'label = "chosen"\n')
    assert load_settings(chosen, tmp_path).label == "chosen"


def test_paths_are_relative_to_the_file(tmp_path):
    path = write(tmp_path / "deep" / "dataaudit.toml", 'train = "data/*.csv"\ntest = "/elsewhere/test.csv"\n')
    settings = load_settings(path, tmp_path)
    assert settings.train == str(tmp_path / "deep" / "data" / "*.csv")
    assert settings.test == "/elsewhere/test.csv"


@pytest.mark.parametrize("train", ["s3://bucket/*.csv", "table:db.people"])
def test_urls_and_tables_are_not_relative_to_the_file(tmp_path, train):
    path = write(tmp_path / "dataaudit.toml", f'train = "{train}"\n')
    assert load_settings(path, tmp_path).train == train


def test_an_unknown_key_names_the_file_the_nearest_and_all_known(tmp_path):
    path = write(tmp_path / "dataaudit.toml", 'lable = "y"\n')
    with pytest.raises(ConfigError) as caught:
        load_settings(None, tmp_path)
    assert str(path) in caught.value.message
    assert "'lable'" in caught.value.message
    assert "did you mean 'label'?" in caught.value.hint
    for known in ("train", "fail-on", "rules", "memory-limit"):
        assert known in caught.value.hint


def test_thresholds_is_no_key_of_a_file(tmp_path):
    write(tmp_path / "dataaudit.toml", "[thresholds.shortcut-value]\nmin_support = 3\n")
    with pytest.raises(ConfigError, match="'thresholds' is unknown"):
        load_settings(None, tmp_path)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("label = 3", "a text"),
        ('label = ""', "a text"),
        ("group = [1]", "a text or a list of texts"),
        ("group = {a = 1}", "a text or a list of texts"),
        ('fail-on = "fatal"', "one of error, warning, info, never"),
        ("fail-on = ['error']", "one of error, warning, info, never"),
        ('task = "ranking"', "one of binary, multiclass, regression"),
        ('time-mode = "sorted"', "one of chronological, random"),
        ('engine = "hadoop"', "duckdb, spark, spark:MASTER"),
        ("seed = -1", "a whole number of at least 0"),
        ("seed = true", "a whole number of at least 0"),
        ("seed = 1.5", "a whole number of at least 0"),
        ("threads = 0", "a whole number of at least 1"),
        ('memory-limit = "plenty"', 'a size such as "1GB"'),
        ("train = ['a.csv']", "the path of a file or a glob"),
        ("rules = 3", "a table for each rule"),
        ("rules = {shortcut-value = 3}", "a table for each rule"),
    ],
)
def test_a_wrong_value_names_file_key_value_and_what_is_expected(tmp_path, line, expected):
    path = write(tmp_path / "dataaudit.toml", line + "\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(None, tmp_path)
    assert str(path) in caught.value.message
    assert f"'{line.split(' = ')[0]}'" in caught.value.message
    assert expected in caught.value.hint


@pytest.mark.parametrize("size", ["1GB", "512 MB", "1.5GiB", "100kb"])
def test_sizes_of_memory(tmp_path, size):
    write(tmp_path / "dataaudit.toml", f'memory-limit = "{size}"\n')
    assert load_settings(None, tmp_path).memory_limit == size


def test_a_missing_file(tmp_path):
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_settings(tmp_path / "none.toml", tmp_path)
    assert caught.value.hint.startswith("--config takes a TOML file")


def test_a_folder_as_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load_settings(tmp_path, tmp_path)
    assert caught.value.hint.startswith("--config takes a TOML file")


def test_the_file_that_is_read_is_told(tmp_path):
    assert settings_file(None, tmp_path) is None
    near = write(tmp_path / "dataaudit.toml", 'label = "y"\n')
    (tmp_path / "inner").mkdir()
    assert settings_file(None, tmp_path / "inner") == near
    assert settings_file(tmp_path / "other.toml", tmp_path) == tmp_path / "other.toml"


@pytest.mark.parametrize("content", [b"label = ", b"label = '\xff'", b"\x00\x01"])
def test_a_file_that_is_no_toml(tmp_path, content):
    path = tmp_path / "dataaudit.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not valid TOML") as caught:
        load_settings(None, tmp_path)
    assert "quotes" in caught.value.hint


def test_an_explicit_pyproject_without_the_table(tmp_path):
    path = write(tmp_path / "pyproject.toml", "[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"has no table \[tool.dataaudit\]"):
        load_settings(path, tmp_path)


def test_a_table_that_is_no_table(tmp_path):
    write(tmp_path / "pyproject.toml", "[tool]\ndataaudit = 3\n")
    with pytest.raises(ConfigError, match="must be a table"):
        load_settings(None, tmp_path)
