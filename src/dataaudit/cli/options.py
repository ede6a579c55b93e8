"""Options that several commands share, as decorators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from dataaudit.config import FAIL_ON, TASKS, TIME_MODES
from dataaudit.errors import ConfigError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: Decorator) -> Decorator:
    """Return one decorator that adds the options in the order given."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def split_commas(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Return what was given as `--select A,B --select C` as one tuple."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def split_equals(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> dict[str, float]:
    """Return what was given as `--prior yes=0.01 --prior no=0.99` as class -> probability; a class may hold a "="."""
    found: dict[str, float] = {}
    for value in values:
        name, _, share = value.rpartition("=")
        try:
            probability = float(share)
        except ValueError:
            name, probability = "", 0.0
        if not name:
            raise ConfigError(f"--prior is {value!r}", "it takes a class and its probability: --prior yes=0.01")
        if name in found:
            raise ConfigError(f"--prior names the class {name!r} twice", "give one probability for each class")
        found[name] = probability
    return found


column_options = together(
    click.option("--label", metavar="COLUMN", help="The column to be predicted."),
    click.option("--task", type=click.Choice(TASKS), help="What is to be learnt; told from the label by default."),
    click.option("--group", metavar="COLUMN", multiple=True, help="Rows of one group belong together. May repeat."),
    click.option("--time", metavar="COLUMN", help="When a row was made."),
    click.option(
        "--time-mode", type=click.Choice(TIME_MODES), help="How the splits lie in time.  [default: chronological]"
    ),
    click.option(
        "--context", metavar="COLUMN", multiple=True, help="How a row was made: annotator, site, device. May repeat."
    ),
    click.option("--id", metavar="COLUMN", multiple=True, help="Names a row and is no feature. May repeat."),
    click.option("--exclude", metavar="COLUMN", multiple=True, help="Not given to the model. May repeat."),
    click.option(
        "--prior",
        metavar="CLASS=P",
        multiple=True,
        callback=split_equals,
        help="How common a class is where the model will be used. May repeat.",
    ),
)

split_options = together(
    click.option("--test", metavar="FILE", help="The test split: a file, or a quoted glob."),
    click.option("--validation", metavar="FILE", help="The validation split."),
    click.option("--reference", metavar="FILE", help="A sample of the world the model will meet."),
    click.option("--split-column", metavar="COLUMN", help="The column of TRAIN that names each row's split."),
)

rule_options = together(
    click.option(
        "--select",
        metavar="CODES",
        multiple=True,
        callback=split_commas,
        help="Only these rules: codes, their beginnings or names, separated by commas.",
    ),
    click.option("--ignore", metavar="CODES", multiple=True, callback=split_commas, help="Not these rules."),
    click.option(
        "--fail-on",
        type=click.Choice(FAIL_ON),
        help="Exit with 1 if a finding is this severe or worse.  [default: error]",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        help="An earlier JSON report whose findings are accepted; those that are worse now count again.",
    ),
)

engine_options = together(
    click.option(
        "--engine",
        metavar="NAME",
        help="What counts the rows: duckdb, spark, spark:MASTER (spark:local[4]) or sc://HOST:PORT.  [default: duckdb]",
    ),
    click.option(
        "--memory-limit",
        metavar="SIZE",
        help="At most this much memory for the engine, such as 4GB; 1GB by default, the rest is spilled to disk.",
    ),
    click.option("--threads", metavar="N", type=int, help="At most this many threads."),
    click.option("--seed", metavar="N", type=int, help="Seed of every sample.  [default: 0]"),
)

config_option = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings to read instead of the nearest dataaudit.toml or [tool.dataaudit] in a pyproject.toml.",
)
