"""How templates are filled: everything escaped, nothing undefined."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dataaudit.report.labels import show_moment, show_name, show_seconds
from dataaudit.text import show_count, show_line


@cache
def environment() -> Environment:
    """Return the environment of the pages' templates, with the filters that all of them use."""
    made = Environment(
        loader=PackageLoader("dataaudit", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "name": show_name,
        "line": show_line,
        "seconds": show_seconds,
        "moment": show_moment,
        "count": show_count,
    }
    made.filters.update(filters)
    return made
