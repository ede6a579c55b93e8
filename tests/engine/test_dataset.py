"""Names of columns in statements."""

from __future__ import annotations

import pytest

from dataaudit.engine.dataset import Dataset
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.model import ColumnInfo, DatasetInfo, Kind, Role, Task


def test_columns_are_named_by_their_position():
    names = ["a; DROP TABLE train", "A", "a"]
    columns = tuple(ColumnInfo(name, Kind.NUMERIC, Role.FEATURE) for name in names)
    engine = DuckDBEngine()
    dataset = Dataset(engine, DatasetInfo(Task.BINARY, "a", (), columns), {})
    assert [dataset.sql_name(name) for name in names] == ["c0", "c1", "c2"]
    with pytest.raises(KeyError):
        dataset.sql_name("b")
    engine.close()
