"""The formats of a report, by the name and the file ending they are asked for with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from dataaudit.model import AuditResult

FORMATS = ("html", "json", "markdown", "junit", "terminal")
ENDINGS = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".xml": "junit",
    ".txt": "terminal",
}


def format_of(path: Path) -> str:
    """Return the format that a file's ending asks for.

    >>> format_of(Path("reports/cars.html"))
    'html'
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise ConfigError(
            f"the ending of --output {path} says no format", f"end it in one of {known}, or give --format"
        )
    return ENDINGS[ending]


def render(result: AuditResult, format_name: str, fail_on: str) -> str:
    """Return the report in a format, as text.

    Parameters
    ----------
    result : AuditResult
    format_name : {"html", "json", "markdown", "junit", "terminal"}
    fail_on : str
        The severity from which on JUnit counts a finding as a failure.
    """
    if format_name == "html":
        return result.to_html()
    if format_name == "json":
        return result.to_json()
    if format_name == "markdown":
        return result.to_markdown()
    if format_name == "junit":
        from dataaudit.report.junit import render_junit

        return render_junit(result, fail_on)
    from dataaudit.report.terminal import render_terminal

    return render_terminal(result)
