"""`dataaudit explain`: one rule's documentation."""

from __future__ import annotations

import click


@click.command("explain", epilog="\b\nExamples:\n  dataaudit explain SPUR001\n  dataaudit explain class-imbalance\n")
@click.argument("code")
def command(code: str) -> None:
    """Explain one rule: what it looks for, its thresholds, its remedy.

    CODE is the rule's code or its name.
    """
    from dataaudit.rules import find_rule, rule_doc

    doc = rule_doc(find_rule(code))
    click.echo(f"{doc.code} {doc.name}\n\n{doc.summary}")
    for heading, text in doc.sections.items():
        click.echo(f"\n{heading}\n{'-' * len(heading)}\n{text}")
