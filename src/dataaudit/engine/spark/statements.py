"""What a statement does, with its query in Spark's SQL, and the relations it can read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What a statement does to the relation it names."""

    QUERY = "query"
    TABLE = "create table"
    VIEW = "create view"
    INSERT = "insert"
    RENAME = "rename"
    DROP = "drop"


@dataclass(frozen=True)
class Statement:
    """One statement; `name` is empty for a query, `query` for DROP and for a table declared without rows."""

    action: Action
    name: str = ""
    query: str = ""
    columns: str = ""
    new_name: str = ""


@dataclass(frozen=True)
class View:
    """A relation as Spark knows it: the name of its view, and the columns that hold floating-point numbers."""

    name: str
    columns: frozenset[str]
    doubles: frozenset[str]
