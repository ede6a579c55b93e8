"""`dataaudit rules`: the list of rules, from their docstrings."""

from __future__ import annotations

import click


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
    return "\n".join(f"{code:<{code_width}}  {name:<{name_width}}  {summary}" for code, name, summary in rows)


def _markdown(rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| {code} | {name} | {summary.replace('|', chr(92) + '|')} |" for code, name, summary in rows]
    return "\n".join(["| code | name | flags |", "| --- | --- | --- |", *lines])


def _json(rows: list[tuple[str, str, str]]) -> str:
    import json

    records = [{"code": code, "name": name, "summary": summary} for code, name, summary in rows]
    return json.dumps(records, indent=2, ensure_ascii=False)
