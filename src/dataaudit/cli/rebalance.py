"""`dataaudit rebalance`: train with its classes rebalanced, and the proof of what became of every row."""

from __future__ import annotations

from pathlib import Path

import click

from dataaudit.cli.given import audited_sources, command_line, configured
from dataaudit.cli.options import column_options, config_option, engine_options, split_options
from dataaudit.cli.streams import reader_may_leave
from dataaudit.cli.writing import exit_code, folder_for, print_proof, writing_options
from dataaudit.config import override

# Repeated from rebalance/strategies.py, so that --help does not import it; a test compares them.
STRATEGIES = (
    *("random-over", "random-under", "random-both", "weights", "smote", "borderline-smote", "adasyn", "svm-smote"),
    *("kmeans-smote", "near-miss", "tomek", "enn", "cluster-centroids", "instance-hardness", "smote-enn"),
    "smote-tomek",
)


@click.command(
    "rebalance",
    epilog="""\b
Examples:
  dataaudit rebalance train.csv --label y --strategy smote --output balanced
  dataaudit rebalance train.csv --test test.csv --label y --strategy random-over --target 0.5 --output balanced
  dataaudit rebalance 'parts/*.parquet' --label y --strategy random-under --target cap=3 --output balanced
  dataaudit rebalance train.csv --label y --strategy weights --output weighted
""",
)
@click.argument("train", nargs=-1, metavar="[TRAIN]...")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    required=True,
    metavar="NAME",
    help=f"How: {', '.join(STRATEGIES)}.",
)
@click.option(
    "--target",
    metavar="TARGET",
    multiple=True,
    help="What for: balanced, a ratio of the smallest class to the largest (0.5), cap=3 (the largest at most three "
    "times the smallest), or rows by class (yes=900,no=1800). May repeat.  [default: balanced; cap=10 of a number]",
)
@click.option("--weight-column", metavar="NAME", help="The name of the column of weights.  [default: weight]")
@click.option(
    "--resample", metavar="SPLIT", default="train", help="The split to rebalance: train, and no other.", hidden=True
)
@writing_options
@split_options
@column_options
@engine_options
@config_option
def command(
    train: tuple[str, ...],
    strategy: str,
    target: tuple[str, ...],
    weight_column: str | None,
    resample: str,
    output: Path,
    force: bool,
    no_audit: bool,
    config: Path | None,
    fail_on: str | None,
    **options: object,
) -> None:
    """Rebalance the classes of TRAIN, or the regions of its numeric target.

    TRAIN is the training data: CSV or Parquet files, or a quoted glob. It is written with the types, the spellings and
    the order of columns it came with; where every row came from stands in provenance, which rows were left out in
    dropped. The other splits are copied: a test set keeps its natural shares, and rows near its rows are not repeated
    and are nobody's parents.
    """
    from dataaudit.rebalance.request import read_request

    context = click.get_current_context()
    settings = override(configured(config), typed=True, **options)
    sources = audited_sources(train, settings, "rebalance TRAIN")
    request = read_request(strategy, target, weight_column, resample)
    folder = folder_for(output, force, sources, settings)
    words = command_line(context.obj)

    from dataaudit.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        from dataaudit.rebalance.api import run_rebalance

        proof = run_rebalance(sources, settings, request, folder, audit=not no_audit, words=words, progress=progress)
    with reader_may_leave():
        print_proof(proof, output)
    context.exit(exit_code(proof, fail_on))
