"""`dataaudit rebalance`: train with its classes rebalanced, and the proof of what became of every row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataaudit.cli.given import audited_sources, command_line, configured
from dataaudit.cli.options import column_options, config_option, engine_options, split_options
from dataaudit.cli.streams import reader_may_leave
from dataaudit.cli.writing import exit_code, folder_for, maybe_writing_options, print_proof
from dataaudit.config import Settings, override
from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from dataaudit.rebalance.evaluate.comparison import Comparison
    from dataaudit.rebalance.request import Request

# Repeated from rebalance/strategies.py, so that --help does not import it; a test compares them.
STRATEGIES = (
    *("random-over", "random-under", "random-both", "weights", "smote", "borderline-smote", "adasyn", "svm-smote"),
    *("kmeans-smote", "near-miss", "tomek", "enn", "cluster-centroids", "instance-hardness", "smote-enn"),
    "smote-tomek",
)
AUTO = "auto"
# Repeated from rebalance/evaluate/scores.py and comparison.py.
SCORES = ("average-precision", "balanced-accuracy", "recall-at-precision", "log-loss", "calibration-error")
DECIDING = SCORES[:2]
PRECISION = 0.5


@click.command(
    "rebalance",
    epilog="""\b
Examples:
  dataaudit rebalance train.csv --label y --strategy smote --output balanced
  dataaudit rebalance train.csv --test test.csv --label y --strategy random-over --target 0.5 --output balanced
  dataaudit rebalance 'parts/*.parquet' --label y --strategy random-under --target cap=3 --output balanced
  dataaudit rebalance train.csv --label y --strategy weights --output weighted
  dataaudit rebalance train.csv --label y --evaluate
  dataaudit rebalance train.csv --label y --strategy auto --output balanced
""",
)
@click.argument("train", nargs=-1, metavar="[TRAIN]...")
@click.option(
    "--strategy",
    type=click.Choice((*STRATEGIES, AUTO)),
    multiple=True,
    metavar="NAME",
    help=f"How: {', '.join(STRATEGIES)}; or auto: what --evaluate recommends. May repeat with --evaluate.",
)
@click.option(
    "--evaluate",
    is_flag=True,
    help="Does it help here? Compare no resampling, threshold moving, class weights and the strategies by "
    "cross-validation. Nothing is written without --output.",
)
@click.option(
    "--score",
    type=click.Choice(SCORES),
    multiple=True,
    default=DECIDING,
    metavar="NAME",
    help=f"What decides an evaluation: {', '.join(SCORES)}. May repeat.  [default: {' and '.join(DECIDING)}]",
)
@click.option(
    "--precision",
    metavar="P",
    type=float,
    default=PRECISION,
    show_default=True,
    help="At which recall is told in an evaluation.",
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
@maybe_writing_options
@split_options
@column_options
@engine_options
@config_option
def command(
    train: tuple[str, ...],
    strategy: tuple[str, ...],
    evaluate: bool,
    score: tuple[str, ...],
    precision: float,
    target: tuple[str, ...],
    weight_column: str | None,
    resample: str,
    output: Path | None,
    force: bool,
    redact: bool,
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
    context = click.get_current_context()
    settings = override(configured(config), typed=True, **options)
    sources = audited_sources(train, settings, "rebalance TRAIN")
    request = _request(strategy, target, weight_column, resample, evaluate=evaluate)
    comparison = None
    if evaluate or strategy == (AUTO,):
        comparison = _comparison(strategy, request, score, precision)
    if output is None:
        if comparison is None or not evaluate:
            raise ConfigError("no --output was named", "name the folder to be made, or give --evaluate to look only")
        _evaluate(sources, settings, comparison)
        return
    folder = folder_for(output, force, sources, settings)
    words = command_line(context.obj)

    from dataaudit.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        from dataaudit.rebalance.api import run_rebalance

        proof = run_rebalance(
            sources,
            settings,
            request,
            folder,
            comparison=comparison,
            audit=not no_audit,
            redacted=redact,
            words=words,
            progress=progress if comparison is None else _telling(progress),
        )
    with reader_may_leave():
        print_proof(proof, output)
    context.exit(exit_code(proof, fail_on))


def _request(
    strategies: tuple[str, ...], target: tuple[str, ...], weight_column: str | None, resample: str, *, evaluate: bool
) -> Request:
    """Return the request, of a strategy that stands for all where several are to be compared."""
    from dataclasses import replace

    from dataaudit.rebalance.request import read_request

    if not strategies and not evaluate:
        raise ConfigError("no --strategy was named", "name one, or auto; --evaluate tells whether any helps")
    if len(strategies) > 1 and not evaluate:
        raise ConfigError(
            f"{len(strategies)} strategies are named, and one can be applied",
            "add --evaluate to compare them, and to apply what is recommended",
        )
    if len(strategies) == 1 and strategies != (AUTO,):
        return read_request(strategies[0], target, weight_column, resample)
    request = read_request(STRATEGIES[0], target, None, resample)
    return replace(request, weight_column=weight_column)


def _comparison(strategies: tuple[str, ...], request: Request, score: tuple[str, ...], precision: float) -> Comparison:
    from dataaudit.rebalance.evaluate.comparison import Comparison, check_comparison

    comparison = Comparison(strategies, request.target, tuple(dict.fromkeys(score)), precision)
    check_comparison(comparison)
    return comparison


def _evaluate(sources: dict[str, object], settings: Settings, comparison: Comparison) -> None:
    from dataaudit.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        from dataaudit.rebalance.evaluate.api import run_evaluation

        evaluation = run_evaluation(sources, settings, comparison, progress=_telling(progress))
    with reader_may_leave():
        click.echo(str(evaluation))


def _telling(progress: Callable[[str], None] | None) -> Callable[[str], None]:
    """Return a display that says on stderr, also where nobody watches, what will be tried and how long it takes."""

    def tell(words: str) -> None:
        if words.startswith("evaluating") and "about" in words:
            click.echo(words, err=True)
        if progress is not None:
            progress(words)

    return tell
