"""The settings of an audit: from `dataaudit.toml` or pyproject.toml, overridden by options."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dataaudit.errors import ConfigError

CONFIG_FILE = "dataaudit.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = "tool.dataaudit"

TASKS = ("binary", "multiclass", "regression")
TIME_MODES = ("chronological", "random")
FAIL_ON = ("error", "warning", "info", "never")
# duckdb, spark, spark:MASTER, spark://HOST:PORT or sc://HOST:PORT
ENGINE = re.compile(r"duckdb|spark|(spark:|sc://)\S+")
# A URL, or a table of the Spark session.
NO_PATH = re.compile(r"\w+://|table:")
# Probabilities written with a few decimals need not add up to 1 exactly.
LEEWAY_OF_PRIOR = 1e-6
_WHICH_FILE = f"--config takes a TOML file; without it the nearest {CONFIG_FILE} is read, if there is one"


@dataclass(frozen=True)
class Settings:
    """What to audit and how.

    Attributes
    ----------
    train, test, validation, reference : str or None
        Files or globs; those from a configuration file are relative to it, URLs excepted.
    split_column : str or None
        The column that names each row's split.
    label, time : str or None
    task : {"binary", "multiclass", "regression"} or None
    group, context, id, exclude : tuple of str
        Columns of that role.
    time_mode : {"chronological", "random"}
        Whether the splits were meant to follow one another in time.
    prior : mapping of class to probability
        How common classes are where the model will be used, as far as known.
    honest : tuple of str
        Columns known to be strong features rather than leaks.
    select, ignore : tuple of str
        Codes, beginnings of codes, or names of rules.
    thresholds : mapping of rule name to mapping of field to value
    fail_on : {"error", "warning", "info", "never"}
        The severity from which on the exit code is 1.
    engine : str
        "duckdb", "spark", "spark:" and a master URL, or a URL of Spark Connect.
    baseline : str or None
        An earlier JSON report whose findings are accepted.
    measure_impact : bool
        Whether models are trained to tell what each leak of rows or columns costs.
    """

    train: str | None = None
    test: str | None = None
    validation: str | None = None
    reference: str | None = None
    split_column: str | None = None
    label: str | None = None
    task: str | None = None
    group: tuple[str, ...] = ()
    time: str | None = None
    time_mode: str = "chronological"
    context: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    prior: Mapping[str, float] = field(default_factory=dict)
    honest: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    thresholds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    fail_on: str = "error"
    seed: int = 0
    engine: str = "duckdb"
    memory_limit: str | None = None
    threads: int | None = None
    baseline: str | None = None
    measure_impact: bool = False


def load_settings(config_path: Path | None, start: Path) -> Settings:
    """Read the settings from a file, or return the defaults if there is none.

    Parameters
    ----------
    config_path : Path or None
        The file to read: a pyproject.toml (its table `tool.dataaudit`) or a
        TOML file with the keys at its top.
    start : Path
        Without `config_path`, this folder and its parents are searched, the
        nearest file with settings wins.

    Raises
    ------
    ConfigError
        If the file cannot be read, has an unknown key or a wrong value.
    """
    path = settings_file(config_path, start)
    if path is None:
        return Settings()
    table = _read_table(path)
    if table is None:
        raise ConfigError(f"{path} has no table [{TABLE}]", f"add [{TABLE}] to it, or leave out --config")
    return _from_table(table, path)


def settings_file(config_path: Path | None, start: Path) -> Path | None:
    """Return the file that `load_settings` reads, or None if there is none."""
    if config_path is not None:
        return config_path
    for folder in (start.absolute(), *start.absolute().parents):
        for path in (folder / CONFIG_FILE, folder / PROJECT_FILE):
            if path.is_file() and _read_table(path) is not None:
                return path
    return None


def override(settings: Settings, *, typed: bool = False, **options: object) -> Settings:
    """Return the settings with the options that were given in their place.

    An option that is None or an empty list leaves what the configuration
    says; thresholds are merged field by field. An empty text is an error: it
    comes from a variable that was never set. Errors name `typed` options as
    on the command line: --memory-limit instead of 'memory_limit'.

    >>> override(Settings(label="y", seed=3), label=None, seed=0, group=["user"])
    Settings(train=None, test=None, validation=None, reference=None, split_column=None, label='y', task=None, \
group=('user',), time=None, time_mode='chronological', context=(), id=(), exclude=(), prior={}, honest=(), \
select=(), ignore=(), thresholds={}, fail_on='error', seed=0, engine='duckdb', memory_limit=None, threads=None, \
baseline=None, measure_impact=False)
    """
    given = {name: value for name, value in options.items() if not _is_absent(value)}
    spelt = {name: f"--{name.replace('_', '-')}" if typed else repr(name) for name in given}
    values = {name: _read_value(name, value, f"the option {spelt[name]}") for name, value in given.items()}
    if "thresholds" in values:
        values["thresholds"] = _merged(settings.thresholds, values["thresholds"])
    # The readers of KEYS return the types of the fields.
    return dataclasses.replace(settings, **values)  # type: ignore[arg-type]


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, list | tuple | dict) and len(value) == 0)


def _merged(old: Mapping[str, Mapping[str, object]], new: object) -> Mapping[str, Mapping[str, object]]:
    changes = _thresholds(new)
    return {name: {**old.get(name, {}), **changes.get(name, {})} for name in {**old, **changes}}


def _read_table(path: Path) -> Mapping[str, object] | None:
    """Return the file's settings, or None if it is a pyproject.toml without them."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except FileNotFoundError:
        raise ConfigError(f"the configuration file {path} does not exist", _WHICH_FILE) from None
    except OSError as error:
        raise ConfigError(f"the configuration file {path} cannot be read: {error.strerror}", _WHICH_FILE) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", 'texts stand in quotes: label = "y"') from None
    if path.name != PROJECT_FILE:
        return document
    tools = document.get("tool", {})
    table = tools.get("dataaudit") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(
            f"{path}: [{TABLE}] must be a table, not {table!r}", f'write [{TABLE}], and below it label = "y"'
        )
    return table


def _from_table(table: Mapping[str, object], path: Path) -> Settings:
    values = {}
    for written, value in table.items():
        name = "thresholds" if written == "rules" else written.replace("-", "_")
        if name not in KEYS or written == "thresholds":
            raise ConfigError(f"{path}: the key {written!r} is unknown", _known(written))
        read = _read_value(name, value, f"{path}: the key {written!r}")
        is_path = name in PATHS and not NO_PATH.match(str(read))
        values[name] = str(path.parent / str(read)) if is_path else read
    # The readers of KEYS return the types of the fields.
    return Settings(**values)  # type: ignore[arg-type]


def _read_value(name: str, value: object, where: str) -> object:
    if name not in KEYS:
        raise ConfigError(f"{where} is unknown", _known(name))
    expected, read = KEYS[name]
    try:
        return read(value)
    except ValueError:
        raise ConfigError(f"{where} is {value!r}", f"it must be {expected}") from None


def _known(written: str) -> str:
    known = ["rules" if name == "thresholds" else name.replace("_", "-") for name in KEYS]
    close = difflib.get_close_matches(written.replace("_", "-"), known, n=1)
    guess = f"did you mean {close[0]!r}? " if close else ""
    return f"{guess}known are: {', '.join(known)}"


def _text(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return value


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value),)
    if not isinstance(value, list | tuple):
        raise ValueError(value)
    return tuple(dict.fromkeys(_text(item) for item in value))


def _one_of(words: tuple[str, ...]) -> tuple[str, Callable[[object], object]]:
    def read(value: object) -> object:
        if value not in words:
            raise ValueError(value)
        return value

    return "one of " + ", ".join(words), read


def _at_least(least: int) -> tuple[str, Callable[[object], object]]:
    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(value)
        return value

    return f"a whole number of at least {least}", read


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _memory(value: object) -> str:
    text = _text(value).strip()
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", text, re.IGNORECASE):
        raise ValueError(value)
    return text


def _engine(value: object) -> str:
    text = _text(value).strip()
    if not ENGINE.fullmatch(text):
        raise ValueError(value)
    return text


def _thresholds(value: object) -> dict[str, dict[str, object]]:
    if not isinstance(value, Mapping) or not all(isinstance(fields, Mapping) for fields in value.values()):
        raise ValueError(value)
    return {str(name): {str(key): number for key, number in fields.items()} for name, fields in value.items()}


def _prior(value: object) -> dict[str, float]:
    """Read probabilities by class; classes that TOML or Python know as numbers or truth values become their text."""
    if not isinstance(value, Mapping):
        raise ValueError(value)
    read = {str(name).lower() if isinstance(name, bool) else str(name): share for name, share in value.items()}
    for share in read.values():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise ValueError(value)
    if len(read) < len(value) or math.fsum(read.values()) > 1 + LEEWAY_OF_PRIOR:
        raise ValueError(value)
    return {name: float(share) for name, share in read.items()}


_A_TEXT = ("a text", _text)
_TEXTS = ("a text or a list of texts", _texts)

PATHS = ("train", "test", "validation", "reference", "baseline")

# What each field of `Settings` must be, and its reader, which raises ValueError for anything else.
KEYS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    **dict.fromkeys(("train", "test", "validation", "reference"), ("the path of a file or a glob", _text)),
    "split_column": _A_TEXT,
    "label": _A_TEXT,
    "task": _one_of(TASKS),
    "group": _TEXTS,
    "time": _A_TEXT,
    "time_mode": _one_of(TIME_MODES),
    **dict.fromkeys(("context", "id", "exclude", "honest", "select", "ignore"), _TEXTS),
    "prior": ("a probability from 0 to 1 for each class, as in prior = { yes = 0.01 }, 1 together at most", _prior),
    "thresholds": ("a table for each rule, as in [tool.dataaudit.rules.shortcut-value] min_support = 50", _thresholds),
    "fail_on": _one_of(FAIL_ON),
    "seed": _at_least(0),
    "engine": ("duckdb, spark, spark:MASTER (as in spark:local[4]) or sc://HOST:PORT", _engine),
    "memory_limit": ('a size such as "1GB"', _memory),
    "threads": _at_least(1),
    "baseline": ("the path of a JSON report", _text),
    "measure_impact": ("true or false", _switch),
}
