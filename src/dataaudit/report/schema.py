"""The published JSON Schema of the JSON report."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every JSON report obeys.

    >>> json_schema()["properties"]["schema_version"]
    {'const': 1}
    """
    text = resources.files("dataaudit.report").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
