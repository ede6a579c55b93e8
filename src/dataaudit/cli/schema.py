"""`dataaudit schema`: the published form of the JSON report."""

from __future__ import annotations

import click


@click.command("schema", epilog="\b\nExample:\n  dataaudit schema > report.schema.json\n")
def command() -> None:
    """Print the JSON schema of the JSON report."""
    import json

    from dataaudit.report.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
