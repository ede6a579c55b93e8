"""The group of commands: each command's module is imported only when it runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from dataaudit import __version__
from dataaudit.cli.failures import INTERRUPTED, report_failure
from dataaudit.cli.streams import accept_every_character, reader_may_leave

# The help of each command is repeated here, so that `dataaudit --help` imports none of them.
COMMANDS = {
    "audit": "Say what would make a result measured on these data untrustworthy.",
    "rebalance": "Rebalance the classes of TRAIN, or the regions of its numeric target.",
    "split": "Split a table into train, validation and test, or folds, so that nothing leaks.",
    "fix": "Mend what can be mended safely: duplicates, codes, spellings, units, torn groups.",
    "rules": "List the rules.",
    "explain": "Explain one rule: what it looks for, its thresholds, its remedy.",
    "schema": "Print the JSON schema of the JSON report.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and turns every failure into an error and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"dataaudit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' one-line helps without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        accept_every_character()
        with reader_may_leave():
            return super().invoke(ctx)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; return its exit code, or exit with it in standalone mode."""
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(
                arguments,
                prog_name or self.name,
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                obj=arguments,
                **extra,
            )
        except Exception as error:  # noqa: BLE001 - the last place where a traceback can become an error
            code = report_failure(error)
        except KeyboardInterrupt:
            code = INTERRUPTED
        code = code if isinstance(code, int) else 0
        if standalone_mode:
            sys.exit(code)
        return code


@click.group(
    "dataaudit",
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Example:
  dataaudit audit train.csv --test test.csv --label y --output report.html

\b
Exit code:
  0  nothing at or above --fail-on
  1  findings, or a check that crashed (never with --fail-on never)
  2  the command or its input was wrong
""",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Lint a labelled dataset before anyone trusts a model's score on it."""
