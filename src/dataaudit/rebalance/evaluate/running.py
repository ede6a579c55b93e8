"""From the facts of a dataset to an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dataaudit.auditing import Progress
from dataaudit.errors import ConfigError, InputError
from dataaudit.model import Kind, Role
from dataaudit.rebalance.evaluate.coding import MAX_CATEGORIES, NAMED
from dataaudit.rebalance.evaluate.comparison import Comparison, check_comparison
from dataaudit.rebalance.evaluate.evaluation import Evaluation
from dataaudit.rebalance.evaluate.fits import Asked, train_fold
from dataaudit.rebalance.evaluate.folds import Fold, make_folds, rows_of_enough_classes
from dataaudit.rebalance.evaluate.newcells import find_fold_ties, makes_rows
from dataaudit.rebalance.evaluate.rows import TriedRows, check_classes, read_rows, tried_columns
from dataaudit.rebalance.evaluate.size import Size, plan_size
from dataaudit.rebalance.evaluate.summing import Results, sum_up, tried_of
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD, ways_to_try
from dataaudit.rebalance.plan import BALANCED, Target, read_target
from dataaudit.rebalance.sentinels import Sentinels, find_sentinels
from dataaudit.rebalance.strategies import strategy_named

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


def evaluate_facts(
    facts: Facts,
    comparison: Comparison,
    say: Progress,
    thresholds: Mapping[str, Mapping[str, object]] | None = None,
) -> Evaluation:
    """Compare ways of training on a table whose classes are not equally common.

    Parameters
    ----------
    facts : Facts
        Of them only the loaded dataset, the counts of classes, the seed and, for samplers, numbers that stand for
        missing cells are read.
    comparison : Comparison
    say : callable
        Called with a few words before every step; first with what will be tried and about how long that takes.
    thresholds : mapping of rule to mapping of field to value, optional
        By which a number is told to stand for a missing cell.

    Raises
    ------
    InputError
        If there are no classes to compare, or too few rows of them.
    ConfigError
        If an option is wrong.
    """
    check_comparison(comparison)
    check_classes(facts)
    ways = ways_to_try(comparison.strategies)
    target = read_target(BALANCED if comparison.target is None else comparison.target, facts.classes.classes)
    size = _size(facts, ways, target, comparison)
    say(f"evaluating {size.words}")
    samples = any(way not in (NONE, THRESHOLD) and not strategy_named(way).streams for way in ways)
    sentinels = find_sentinels(facts, thresholds) if samples else Sentinels()
    rows, n_folds = rows_of_enough_classes(read_rows(facts, size.n_rows, sentinels))
    asked = Asked(target, comparison.precision, comparison.models, facts.seed, comparison.n_jobs)
    folds = make_folds(rows, n_folds, size.n_repeats, facts.seed)
    if len(folds) < 2:
        raise InputError("the rows cannot be cut into folds in time", "leave out --time: most rows have one time")
    from threadpoolctl import threadpool_limits

    # Of so small matrices threads of a product wait for one another longer than they work.
    with threadpool_limits(1):
        results = _run(rows, folds, [way for way in ways if way != THRESHOLD], asked, say)
    tried = tried_of(results, ways, comparison, folds)
    return sum_up(facts, rows, folds, tried, results, comparison)


def _size(facts: Facts, ways: Sequence[str], target: Target, comparison: Comparison) -> Size:
    counted = facts.classes.counts["train"]
    counts = {name: int(n) for name, n in zip(facts.classes.classes, counted, strict=True) if n}
    surveys = facts.dataset.surveys["train"]
    width = sum(
        max(2, min(MAX_CATEGORIES, surveys[column.name].n_distinct if column.name in surveys else MAX_CATEGORIES))
        if column.kind in NAMED and column.kind is not Kind.BOOLEAN
        else 1
        for column in tried_columns(facts)
    )
    in_time = any(column.declared for column in facts.info.with_role(Role.TIME))
    return plan_size(counts, width, ways, target, len(comparison.models), in_time=in_time)


def _run(rows: TriedRows, folds: Sequence[Fold], ways: Sequence[str], asked: Asked, say: Progress) -> Results:
    results = Results()
    for number, fold in enumerate(folds):
        say(f"evaluating: fold {number + 1} of {len(folds)}")
        ties = None
        for way in ways:
            if way in results.failed:
                continue
            try:
                if ties is None and makes_rows(way):
                    ties = find_fold_ties(rows, fold.train, asked.seed)
                found = train_fold(rows, fold, way, asked, ties)
            except (InputError, ConfigError) as error:
                if way == NONE:
                    raise
                results.failed[way] = error.message
                continue
            for name, result in found.items():
                results.of_way[name].append(result)
    for way in results.failed:
        results.of_way.pop(way, None)
    return results
