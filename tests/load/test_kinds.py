"""The kind of every column is told from its type and its values."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import kinds

LABEL = ["cat", "dog"] * 60


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (range(120), "numeric"),
        ([0, 1] * 60, "numeric"),
        ([0.5] * 120, "numeric"),
        ([True, False] * 60, "boolean"),
        (pd.date_range("2024", periods=120), "datetime"),
        (["red", "blue"] * 60, "categorical"),
        ([f"name {i}" for i in range(120)], "text"),
        ([f"name {i % 50}" for i in range(120)], "categorical"),
        (["a sentence that goes on and on until it is plainly prose"] * 120, "text"),
        ([None] * 120, "categorical"),
        ([[1.0, 2.0]] * 120, "embedding"),
    ],
)
def test_kinds(load_table, column, kind):
    assert kinds(load_table(pd.DataFrame({"x": column, "y": LABEL})))["x"] == kind
