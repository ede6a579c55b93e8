"""What the tests of loading share: small tables as text, and a look into a loaded dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dataaudit.engine.dataset import Dataset

Loader = Callable[..., Dataset]
Writer = Callable[..., Path]

# Long enough for two classes, short enough to be read at a glance.
ROWS = [("0.5", "cat"), ("1.5", "dog"), ("2.5", "cat"), ("3.5", "dog")]
PLAIN = "x,y\n" + "".join(f"{x},{y}\n" for x, y in ROWS)


def column_file(cells: list[str], header: str = "x") -> str:
    """Return a CSV of one column and a label `y` of two classes in turn."""
    return f"{header},y\n" + "".join(f"{cell},{('cat', 'dog')[i % 2]}\n" for i, cell in enumerate(cells))


def cells(dataset: Dataset, column: str, split: str = "train") -> list[Any]:
    """Return the cells of a column in the order of the file."""
    found = dataset.engine.rows(f"SELECT {dataset.sql_name(column)} FROM {split} ORDER BY row")
    return [row[0] for row in found]


def kinds(dataset: Dataset) -> dict[str, str]:
    return {column.name: str(column.kind) for column in dataset.info.columns}


def roles(dataset: Dataset) -> dict[str, str]:
    return {column.name: str(column.role) for column in dataset.info.columns}
