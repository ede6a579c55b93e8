"""What was given on the command line and in the configuration: settings, files, and the words themselves."""

from __future__ import annotations

import glob
import os
import shlex
from pathlib import Path

import click

from dataaudit.cli.failures import printable
from dataaudit.config import Settings, load_settings, settings_file
from dataaudit.errors import ConfigError
from dataaudit.urls import without_credentials


def configured(config: Path | None) -> Settings:
    """Return the settings of the configuration file, saying on stderr which it is."""
    path = settings_file(config, Path.cwd())
    if path is None:
        return Settings()
    settings = load_settings(path, Path.cwd())
    click.echo(f"settings: {printable(os.path.relpath(path))}", err=True)
    return settings


def training_source(given: tuple[str, ...], settings: Settings, words: str = "audit TRAIN") -> object:
    """Return the training data, a path, a glob or a list of them; `words` are the command for the hint."""
    training: object = list(given) if len(given) > 1 else (given[0] if given else settings.train)
    if training is None:
        raise ConfigError("no training data", f"name the files: dataaudit {words} --label COLUMN, or set `train`")
    return training


def audited_sources(given: tuple[str, ...], settings: Settings, words: str = "audit TRAIN") -> dict[str, object]:
    """Return what to load: split name -> path, glob or list of them."""
    others = {"test": settings.test, "validation": settings.validation, "reference": settings.reference}
    training = training_source(given, settings, words)
    return {"train": training, **{name: path for name, path in others.items() if path is not None}}


def input_paths(sources: dict[str, object], settings: Settings) -> list[Path]:
    """Return every input that must not be overwritten, globs spelt out."""
    named = [str(path) for source in sources.values() for path in (source if isinstance(source, list) else [source])]
    if settings.baseline is not None:
        named.append(settings.baseline)
    return [Path(path) for name in named for path in (name, *glob.glob(name))]  # noqa: PTH207 - Path.glob takes no absolute pattern


def command_line(arguments: list[str]) -> str:
    """Return the command line as the report may show it."""
    return shlex.join(["dataaudit", *(without_credentials(argument) for argument in arguments)])
