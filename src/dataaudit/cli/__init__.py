"""The command line: `dataaudit`."""

from __future__ import annotations

import os
import sys

from dataaudit.cli.group import cli
from dataaudit.cli.signals import code_of_signal, end_in_order

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    end_in_order()
    # The matrices here are small: on a second core they would gain nothing, and spin where the engine works.
    for library in ("OPENBLAS", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    code = cli.main(standalone_mode=False)
    sys.exit(code_of_signal() or code)
