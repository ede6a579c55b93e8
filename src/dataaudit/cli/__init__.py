"""The command line: `dataaudit`."""

from __future__ import annotations

import sys

from dataaudit.cli.group import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(cli.main(standalone_mode=False))
