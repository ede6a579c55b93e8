"""`dataaudit audit`: read, measure, judge, and write the reports."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataaudit.cli.formats import FORMATS
from dataaudit.cli.given import audited_sources, command_line, configured, input_paths
from dataaudit.cli.options import column_options, config_option, engine_options, rule_options, split_options
from dataaudit.cli.outputs import Output, plan_outputs, write_outputs
from dataaudit.cli.streams import reader_may_leave
from dataaudit.config import Settings, override

if TYPE_CHECKING:
    from dataaudit.model import AuditResult

NEVER = "never"


@click.command(
    "audit",
    epilog="""\b
Examples:
  dataaudit audit train.csv --test test.csv --label y
  dataaudit audit train.csv --test test.csv --label y --output report.html --output report.json
  dataaudit audit 'parts/*.parquet' --split-column split --label y --group user --fail-on warning
""",
)
@click.argument("train", nargs=-1, metavar="[TRAIN]...")
@split_options
@column_options
@rule_options
@click.option(
    "--measure-impact",
    is_flag=True,
    default=None,
    help="Train plain models to tell what leaked rows and columns do to the test score "
    "(LEAK001 to 005, 008, 009, 011).",
)
@click.option("--redact", is_flag=True, help="Leave out every value that came from the data.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    help="The format on stdout, or of the one --output.  [default: by the ending of --output, else terminal]",
)
@click.option(
    "--output",
    "output_paths",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write the report: .html, .json, .md, .xml (JUnit) or .txt. May repeat.",
)
@click.option("--force", is_flag=True, help="Replace an --output that exists.")
@engine_options
@config_option
def command(
    train: tuple[str, ...],
    redact: bool,
    format_name: str | None,
    output_paths: tuple[Path, ...],
    force: bool,
    config: Path | None,
    **options: object,
) -> None:
    """Say what would make a result measured on these data untrustworthy.

    TRAIN is the training data: CSV or Parquet files, or a quoted glob. The
    configuration may name it instead.
    """
    # Not passed in as usual: --context is an option of this command.
    click_context = click.get_current_context()
    settings = override(configured(config), typed=True, **options)
    sources = audited_sources(train, settings)
    outputs = plan_outputs(output_paths, format_name, force, inputs=input_paths(sources, settings))
    result = _run(sources, settings, redact, command_line(click_context.obj))
    with reader_may_leave():
        write_outputs(result, outputs, settings.fail_on)
        _say_what_was_written(result, outputs)
    _say_what_crashed(result)
    click_context.exit(exit_code(result, settings.fail_on))


def exit_code(result: AuditResult, fail_on: str) -> int:
    """Return 1 if an open finding is at or above the severity or a check has crashed, else 0."""
    from dataaudit.model import Severity

    if fail_on == NEVER:
        return 0
    reached = result.worst is not None and result.worst >= Severity[fail_on.upper()]
    return int(reached or bool(_crashed(result)))


def _run(sources: dict[str, object], settings: Settings, redacted: bool, words: str) -> AuditResult:
    from dataaudit.cli.baseline import accepted, read_baseline
    from dataaudit.cli.progress import progress_on_terminal

    # Read before the long work, so that a wrong file is told at once.
    baseline = {} if settings.baseline is None else read_baseline(Path(settings.baseline))
    with progress_on_terminal() as progress:
        from dataaudit.auditing import run
        from dataaudit.model import redact

        result = run(sources, settings, progress=progress, command=words)
    result = dataclasses.replace(result, accepted=accepted(result.findings, baseline))
    return redact(result) if redacted else result


def _say_what_was_written(result: AuditResult, outputs: list[Output]) -> None:
    from dataaudit.model import Severity
    from dataaudit.report.verdict import show_severity_count
    from dataaudit.text import join_words

    written = [str(output.path) for output in outputs if output.path is not None]
    if written:
        counts = ", ".join(show_severity_count(severity, result.count(severity)) for severity in reversed(Severity))
        click.echo(f"{counts}; wrote {join_words(written, most=len(written))}")


def _say_what_crashed(result: AuditResult) -> None:
    from dataaudit.text import show_count

    if codes := _crashed(result):
        click.echo(
            f"error: {show_count(len(codes), 'check')} crashed: {', '.join(codes)}; hint: the report says why", err=True
        )


def _crashed(result: AuditResult) -> list[str]:
    from dataaudit.model import Status
    from dataaudit.report.verdict import checks_with

    return [check.code for check in checks_with(result, Status.CRASHED)]
