"""A fixture that turns frames into Facts, as an audit does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts


@pytest.fixture
def measure() -> Iterator[Callable[..., Facts]]:
    """Return a function from frames (train, and splits by name) and roles to Facts."""
    engines = []

    def facts_of(train, *, seed=0, task=None, label="y", test=None, validation=None, reference=None, **roles) -> Facts:
        engines.append(DuckDBEngine())
        given = {"train": train, "test": test, "validation": validation, "reference": reference}
        sources = {split: frame for split, frame in given.items() if frame is not None}
        return Facts(load(engines[-1], sources, Declared(label=label, **roles), task), seed=seed)

    yield facts_of
    for engine in engines:
        engine.close()
