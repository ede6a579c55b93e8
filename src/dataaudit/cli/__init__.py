"""The command line: `dataaudit`."""

from __future__ import annotations

import sys

from dataaudit.cli.group import cli
from dataaudit.cli.signals import code_of_signal, end_in_order

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    end_in_order()
    code = cli.main(standalone_mode=False)
    sys.exit(code_of_signal() or code)
