"""What a Python function was given, as the command line has it: settings, splits, and a Spark session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dataaudit.config import Settings, load_settings, override
from dataaudit.engine.spark.session import is_session
from dataaudit.errors import InputError
from dataaudit.load.spark.sources import session_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SEVERAL = ("group", "context", "id", "exclude", "honest", "select", "ignore")


def settings_given(config: str | Path | None, *, engine: object = None, **options: Any) -> Settings:
    """Return the settings of a file, if one is named, overridden by the options that were given.

    Raises
    ------
    ConfigError
        If a setting or an option is wrong.
    """
    settings = Settings() if config is None else load_settings(Path(config), Path.cwd())
    listed: dict[str, Any] = {name: names(value) if name in SEVERAL else value for name, value in options.items()}
    return override(settings, engine=None if is_session(engine) else engine, **listed)


def splits_given(train: object, **others: object) -> dict[str, object]:
    """Return split name -> source, of the splits that were given.

    Raises
    ------
    InputError
        If there is no training data.
    """
    if train is None:
        raise InputError("train is None", hint="give a path or a pandas, polars or pyarrow table")
    return {"train": train, **{split: source for split, source in others.items() if source is not None}}


def session_given(engine: object, sources: Mapping[str, object]) -> SparkSession | None:
    """Return the session that was given, or that of Spark's frames where no engine was named."""
    session = engine if is_session(engine) else session_of(sources) if engine is None else None
    return cast("SparkSession | None", session)


def names(value: str | Sequence[str]) -> tuple[str, ...]:
    """Return one name or several as a tuple.

    >>> names("a"), names(["a", "b"])
    (('a',), ('a', 'b'))
    """
    return (value,) if isinstance(value, str) else tuple(value)
