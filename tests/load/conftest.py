"""An engine, and a way to load a table with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.load.loading import Loader, Writer

from dataaudit.engine.dataset import Dataset
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=2)
    yield engine
    engine.close()


@pytest.fixture
def load_table(engine: DuckDBEngine) -> Loader:
    """Load train, or a mapping of splits, with declared roles; the label is `y` unless told otherwise."""

    def load_it(source: object, task: str | None = None, label: str | None = "y", **roles: object) -> Dataset:
        sources = source if isinstance(source, Mapping) else {"train": source}
        return load(engine, sources, Declared(label=label, **roles), task)

    return load_it


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a file of text or bytes and return its path."""

    def write_it(content: str | bytes, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_it
