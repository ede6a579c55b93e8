"""`dataaudit rules`: the list of rules, from their docstrings."""

from __future__ import annotations

import shutil
import sys
import textwrap

import click

NARROWEST = 16


@click.command("rules", epilog="\b\nExample:\n  dataaudit rules --format markdown\n")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("text", "markdown", "json")),
    default="text",
    show_default=True,
    help="How to print them.",
)
def command(format_name: str) -> None:
    """List the rules."""
    from dataaudit.rules import discover, rule_doc

    rows = [(doc.code, doc.name, doc.summary) for doc in map(rule_doc, discover().values())]
    click.echo({"text": _text, "markdown": _markdown, "json": _json}[format_name](rows))


def _text(rows: list[tuple[str, str, str]]) -> str:
    code_width = max((len(code) for code, _, _ in rows), default=0)
    name_width = max((len(name) for _, name, _ in rows), default=0)
    margin = code_width + name_width + 4
    # One line each in a pipe, for grep; on a terminal the summaries keep to their column.
    width = max(shutil.get_terminal_size().columns - margin, NARROWEST) if sys.stdout.isatty() else None
    lines = []
    for code, name, summary in rows:
        first, *rest = [summary] if width is None else textwrap.wrap(summary, width) or [""]
        lines.append(f"{code:<{code_width}}  {name:<{name_width}}  {first}")
        lines += [" " * margin + line for line in rest]
    return "\n".join(lines)


def _markdown(rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| {code} | {name} | {summary.replace('|', chr(92) + '|')} |" for code, name, summary in rows]
    return "\n".join(["| code | name | flags |", "| --- | --- | --- |", *lines])


def _json(rows: list[tuple[str, str, str]]) -> str:
    import json

    records = [{"code": code, "name": name, "summary": summary} for code, name, summary in rows]
    return json.dumps(records, indent=2, ensure_ascii=False)
