"""Counting many keys at once: one grouping each, or all below one another."""

from __future__ import annotations

import pytest

from dataaudit.engine import duckdb as embedded
from dataaudit.engine.duckdb import DuckDBEngine

KEYS = ("a", "CAST(b AS VARCHAR)")
EXPECTED = [
    (0, "x", 0, 2, 3.0, 5.0),
    (0, "x", 1, 1, 3.0, 9.0),
    (0, None, None, 1, None, None),
    (1, "1", 0, 2, 3.0, 5.0),
    (1, "2", 1, 1, 3.0, 9.0),
    (1, "2", None, 1, None, None),
]


@pytest.mark.parametrize("longest", [0, 100])
def test_every_key_is_counted_by_the_label(monkeypatch, longest):
    monkeypatch.setattr(embedded, "MAX_ROWS_TO_UNPIVOT", longest)
    engine = DuckDBEngine()
    rows = "('x', 1, 0, 1.0), ('x', 1, 0, 2.0), ('x', 2, 1, 3.0), (NULL, 2, NULL, NULL)"
    engine.run(f"CREATE TEMP TABLE small AS SELECT * FROM (VALUES {rows}) AS v(a, b, label, target)")
    query = engine.count_each("small", 4, KEYS, "label AS y, target AS t")
    assert ("UNPIVOT" in query) == (longest == 100)
    assert engine.rows(f"SELECT * FROM ({query}) ORDER BY ALL") == EXPECTED
    engine.close()
