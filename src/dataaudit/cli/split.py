"""`dataaudit split`: one table into train, validation and test, or folds, and the proof that nothing leaks."""

from __future__ import annotations

from pathlib import Path

import click

from dataaudit.cli.given import command_line, configured, training_source
from dataaudit.cli.options import column_options, config_option, engine_options
from dataaudit.cli.streams import reader_may_leave
from dataaudit.cli.writing import exit_code, folder_for, print_proof, writing_options
from dataaudit.config import override
from dataaudit.errors import ConfigError


@click.command(
    "split",
    epilog="""\b
Examples:
  dataaudit split data.csv --label y --output parts
  dataaudit split data.csv --label y --sizes 80/20 --group patient --group clinic --output parts
  dataaudit split 'days/*.parquet' --label y --time day --gap 7d --output parts
  dataaudit split data.csv --label y --folds 5 --output folds
""",
)
@click.argument("data", nargs=-1, metavar="[DATA]...")
@writing_options
@click.option(
    "--sizes",
    metavar="SHARES",
    help="Shares of train, validation and test, or of train and test (80/20).  [default: 70/15/15]",
)
@click.option("--folds", metavar="K", type=int, help="So many folds of one size instead.")
@click.option(
    "--gap", metavar="TIME", help="Drop the rows this long before the next part: 7d, 12h; a number for numbers."
)
@click.option("--near/--no-near", default=True, help="Keep rows that nearly agree on one side.  [default: near]")
@column_options
@engine_options
@config_option
def command(
    data: tuple[str, ...],
    output: Path,
    force: bool,
    redact: bool,
    no_audit: bool,
    sizes: str | None,
    folds: int | None,
    gap: str | None,
    near: bool,
    config: Path | None,
    fail_on: str | None,
    **options: object,
) -> None:
    """Split a table into train, validation and test, or folds, so that nothing leaks.

    DATA is one table: CSV or Parquet files, or a quoted glob. Classes (or tenths of the rows by a numeric target) have
    the same share in every part. Rows of one --group, equal rows and rows that nearly agree stay on one side; several
    --group columns link rows that agree in any of them. With --time the parts follow one another. What cannot be had is
    as near to it as can be, and told.
    """
    from dataaudit.resplit.request import plan_request

    context = click.get_current_context()
    settings = override(configured(config), typed=True, **options)
    source = training_source(data, settings, "split DATA")
    if not data and (settings.test or settings.validation):
        raise ConfigError(
            "the configuration names more than one split", "name the table to be split: dataaudit split DATA"
        )
    request = plan_request(sizes, folds, near=near, gap=gap, seed=settings.seed)
    folder = folder_for(output, force, {"train": source}, settings)
    words = command_line(context.obj)

    from dataaudit.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        from dataaudit.resplit.api import run_split

        proof = run_split(
            {"train": source},
            settings,
            request,
            folder,
            audit=not no_audit,
            redacted=redact,
            words=words,
            progress=progress,
        )
    with reader_may_leave():
        print_proof(proof, output)
    context.exit(exit_code(proof, fail_on))
