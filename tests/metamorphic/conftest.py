"""Tables by name, each made and audited once."""

from __future__ import annotations

import functools

import pytest
from tests.metamorphic.findings import audited
from tests.metamorphic.tables import TABLES, Table

from dataaudit.measure import forest
from dataaudit.model import AuditResult


@functools.cache
def made(name: str) -> Table:
    return TABLES[name]()


@functools.cache
def audited_once(name: str) -> AuditResult:
    return audited(made(name))


@pytest.fixture(autouse=True)
def _small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few trees are enough to see whether an order shows."""
    monkeypatch.setattr(forest, "N_TREES", 20)


@pytest.fixture(params=TABLES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of each table."""
    return str(request.param)


@pytest.fixture
def table(name: str) -> Table:
    """The frames and options of the table."""
    return made(name)


@pytest.fixture
def known(name: str) -> AuditResult:
    """What an audit of the table as it is finds."""
    return audited_once(name)
