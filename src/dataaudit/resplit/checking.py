"""What must be so of a table that is to be split."""

from __future__ import annotations

import re

from dataaudit.config import Settings
from dataaudit.engine.dataset import Dataset
from dataaudit.errors import ConfigError, InputError
from dataaudit.load.splits import SPLIT_SPELLINGS
from dataaudit.model import Kind, Role

_SPLIT_NAME = re.compile(r"(?i)^(data_?)?(split|set|subset|partition|part|fold)s?$")


def check_settings(settings: Settings) -> None:
    """Raise ConfigError if the table is said to be split already."""
    if settings.split_column is not None:
        raise ConfigError(
            f"the split column {settings.split_column!r} splits the table already",
            f"audit it with `dataaudit audit --split-column {settings.split_column}`; to split it anew, leave the "
            f"split column out and give --exclude {settings.split_column}",
        )


def check_not_split(dataset: Dataset) -> None:
    """Raise InputError if a column that a model would see names splits."""
    known = {spelling for spellings in SPLIT_SPELLINGS.values() for spelling in spellings}
    for column in dataset.info.columns:
        if column.role is not Role.FEATURE or column.kind is not Kind.CATEGORICAL or not _SPLIT_NAME.match(column.name):
            continue
        cell = f"CAST({dataset.sql_name(column.name)} AS VARCHAR)"
        values = {
            str(value).strip().lower()
            for (value,) in dataset.engine.rows(f"SELECT DISTINCT {cell} FROM train WHERE {cell} IS NOT NULL LIMIT 20")
        }
        if values and values <= known:
            raise InputError(
                f"the column {column.name!r} splits the table already",
                hint=f"audit it with --split-column {column.name}; to split it anew, give --exclude {column.name}",
            )
