"""`dataaudit fix`: mend what can be mended, having shown what that is."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataaudit.cli.given import audited_sources, command_line, configured
from dataaudit.cli.options import column_options, config_option, engine_options, split_commas, split_options
from dataaudit.cli.progress import progress_on_terminal
from dataaudit.cli.streams import reader_may_leave
from dataaudit.cli.writing import exit_code, folder_for, maybe_writing_options, print_proof
from dataaudit.config import Settings, override
from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from dataaudit.fix.api import Request


class FixCommand(click.Command):
    """Its help lists the mends, which are found when it is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of mends, then the examples."""
        from dataaudit.fix.mend import mend_lines

        with formatter.section("Mends"):
            formatter.write_dl(mend_lines())
        super().format_epilog(ctx, formatter)


@click.command(
    "fix",
    cls=FixCommand,
    epilog="""\b
Examples:
  dataaudit fix train.csv --test test.csv --label y --dry-run
  dataaudit fix train.csv --test test.csv --label y --output mended
  dataaudit fix train.csv --label y --select DATA001,SCALE004 --output mended --yes
""",
)
@click.argument("train", nargs=-1, metavar="[TRAIN]...")
@click.option(
    "--select",
    metavar="CODES",
    multiple=True,
    callback=split_commas,
    help="Mend only what these rules find: codes, their beginnings or names.  [default: all that have a mend]",
)
@click.option("--ignore", metavar="CODES", multiple=True, callback=split_commas, help="Not these rules.")
@click.option("--unsafe", is_flag=True, help="Do what needs judgement, too.")
@click.option(
    "--conflicts",
    type=click.Choice(("drop", "majority")),
    default="drop",
    show_default=True,
    help="Of training rows that are alike but labelled differently, drop all, or keep the commonest label's "
    "(where labels tie, all are dropped).",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be done, and write nothing. Without, it is shown on a terminal, and asked; elsewhere it is "
    "done without asking.",
)
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@maybe_writing_options
@split_options
@column_options
@engine_options
@config_option
def command(
    train: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    unsafe: bool,
    conflicts: str,
    dry_run: bool,
    yes: bool,
    output: Path | None,
    force: bool,
    redact: bool,
    no_audit: bool,
    config: Path | None,
    fail_on: str | None,
    **options: object,
) -> None:
    """Mend what can be mended safely: duplicates, codes, spellings, units, torn groups.

    TRAIN is the training data: CSV or Parquet files, or a quoted glob. What the rules find in it and in the other
    splits is mended as far as that is safe, until nothing is left to mend; the files that were read stay as they are.
    Rows that were dropped and cells that were changed are listed beside the mended files. On a terminal the mends are
    shown first.
    """
    from dataaudit.fix.api import plan_request

    context = click.get_current_context()
    settings = override(configured(config), typed=True, ignore=ignore, **options)
    sources = audited_sources(train, settings, "fix TRAIN")
    request = plan_request(settings, select, unsafe=unsafe, conflicts=conflicts)
    if dry_run:
        _look(sources, settings, request, redacted=redact)
        return
    if output is None:
        raise ConfigError("no --output was named", "name the folder to be made, or give --dry-run to look only")
    folder = folder_for(output, force, sources, settings)
    words = command_line(context.obj)
    code = _mend(
        sources,
        settings,
        request,
        output,
        folder,
        words,
        asks=not yes,
        audit=not no_audit,
        redacted=redact,
        fail_on=fail_on,
    )
    context.exit(code)


def _look(sources: dict[str, object], settings: Settings, request: Request, *, redacted: bool) -> None:
    with progress_on_terminal() as progress:
        from dataaudit.fix.api import look
        from dataaudit.fix.diff import diff_lines

        mended = look(sources, settings, request, progress)
    with reader_may_leave():
        _show(diff_lines(mended), redacted=redacted)
        click.echo("Nothing was written: this was a dry run.")


def _mend(
    sources: dict[str, object],
    settings: Settings,
    request: Request,
    output: Path,
    folder: Path,
    words: str,
    *,
    asks: bool,
    audit: bool,
    redacted: bool,
    fail_on: str | None,
) -> int:
    from dataaudit.fix.api import NotWanted, mending
    from dataaudit.fix.diff import diff_lines, done_lines

    try:
        with ExitStack() as stack:
            with progress_on_terminal() as progress:
                found = stack.enter_context(
                    mending(
                        sources,
                        settings,
                        request,
                        folder,
                        audit=audit,
                        redacted=redacted,
                        words=words,
                        progress=progress,
                    )
                )
            asks = asks and bool(found.mended.done) and sys.stdin.isatty() and sys.stdout.isatty()
            with reader_may_leave():
                # Nobody who is not asked is told twice what was not done: it is among the notes at the end.
                _show(diff_lines(found.mended) if asks else done_lines(found.mended), redacted=redacted)
            if asks:
                _ask()
            with progress_on_terminal() as progress:
                proof = found.finish(progress)
    except NotWanted:
        click.echo("Nothing was written.")
        return 0
    with reader_may_leave():
        click.echo()
        print_proof(proof, output)
    return exit_code(proof, fail_on)


def _ask() -> None:
    from dataaudit.fix.api import NotWanted

    # Python's own prompt goes to stderr, which may lead elsewhere.
    click.echo("apply? [y/N] ", nl=False)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise NotWanted


def _show(lines: list[str], *, redacted: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from dataaudit.text import without_data

    console = Console(file=sys.stdout)
    for line in lines:
        console.print(Text(without_data(line) if redacted else line), soft_wrap=False, highlight=False)
