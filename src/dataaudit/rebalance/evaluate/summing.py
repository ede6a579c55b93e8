"""From the scores of all folds to lines with intervals, a recommendation and what to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.model import Role
from dataaudit.rebalance.evaluate.advice import Compared, Tried, recommend
from dataaudit.rebalance.evaluate.comparison import Comparison
from dataaudit.rebalance.evaluate.evaluation import Evaluation, Line
from dataaudit.rebalance.evaluate.fits import FoldResult
from dataaudit.rebalance.evaluate.folds import Fold, share_of_validation
from dataaudit.rebalance.evaluate.intervals import corrected_interval
from dataaudit.rebalance.evaluate.reasons import give_reasons
from dataaudit.rebalance.evaluate.rows import TriedRows
from dataaudit.rebalance.evaluate.scores import CORRECTED, SCORES
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD, UNCHANGED
from dataaudit.text import show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass
class Results:
    """What came of the folds so far, by way of training."""

    of_way: dict[str, list[FoldResult]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, str] = field(default_factory=dict)


def tried_of(results: Results, ways: Sequence[str], comparison: Comparison, folds: Sequence[Fold]) -> Tried:
    """Return every score as an array over folds."""
    values = {
        (way, model, score): np.array([result.scores[model].get(score, np.nan) for result in results.of_way[way]])
        for way in ways
        if way not in results.failed
        for model in comparison.models
        for score in (*SCORES, *CORRECTED.values())
        if any(score in result.scores[model] for result in results.of_way[way])
    }
    return Tried(
        values,
        tuple(way for way in ways if way not in results.failed),
        comparison.models,
        share_of_validation(list(folds)),
    )


def sum_up(
    facts: Facts,
    rows: TriedRows,
    folds: Sequence[Fold],
    tried: Tried,
    results: Results,
    comparison: Comparison,
) -> Evaluation:
    """Return the evaluation of what was tried."""
    compared = recommend(tried, comparison.deciding)
    shares = dict(zip(rows.classes, rows.shares.tolist(), strict=True))
    after = {
        way: dict(zip(rows.classes, np.mean([one.shares_after for one in found], axis=0).tolist(), strict=True))
        for way, found in results.of_way.items()
        if way not in UNCHANGED
    }
    thresholds = {
        model: float(np.median([one.thresholds[model].value for one in results.of_way[THRESHOLD]]))
        for model in comparison.models
    }
    rare = rows.classes[rows.asked_of[0]] if len(rows.classes) == 2 else None
    reasons = give_reasons(tried, compared, shares, after, thresholds, rare, facts.dataset.prior)
    return Evaluation(
        lines=tuple(_lines(tried)),
        strategies=tried.ways,
        models=tried.models,
        recommended=compared.recommended,
        recommended_by_model=compared.by_model,
        model=compared.model,
        deciding=tuple(comparison.deciding),
        reasons=tuple(reasons),
        notes=tuple(_notes(facts, rows, compared, results.failed)),
        thresholds=thresholds,
        shares=shares,
        shares_after=after,
        failed=results.failed,
        n_rows=rows.n_rows,
        n_rows_train=rows.n_rows_train,
        n_folds=max(1, len(folds) // max(1, 1 + max(fold.repeat for fold in folds))),
        n_repeats=1 + max(fold.repeat for fold in folds),
        folds=_kind_of_folds(facts, rows),
        precision=comparison.precision,
        seed=facts.seed,
    )


def _lines(tried: Tried) -> list[Line]:
    lines = []
    for (way, model, score), values in tried.values.items():
        found = corrected_interval(values, tried.share_validation)
        if found is None:
            continue
        difference = tried.difference(way, NONE, model, score) if way != NONE else None
        lines.append(
            Line(
                way,
                model,
                score,
                found.value,
                _at_least(found.lower, 0.0),
                _at_most(found.upper, score),
                None if difference is None else difference.value,
                None if difference is None else difference.lower,
                None if difference is None else difference.upper,
                int((~np.isnan(values)).sum()),
            )
        )
    return lines


def _at_least(bound: float | None, least: float) -> float | None:
    return None if bound is None else max(least, bound)


def _at_most(bound: float | None, score: str) -> float | None:
    return bound if bound is None or score.endswith("log-loss") else min(1.0, bound)


def _kind_of_folds(facts: Facts, rows: TriedRows) -> str:
    if rows.times is not None:
        return "each trained on what came before it"
    if any(column.declared for column in facts.info.with_role(Role.GROUP)):
        return "stratified by class, groups on one side"
    return "stratified by class"


def _notes(facts: Facts, rows: TriedRows, compared: Compared, failed: Mapping[str, str]) -> list[str]:
    notes = list(rows.notes)
    if rows.n_rows < rows.n_rows_train:
        of_class = "classes in their natural shares"
        if np.ptp(rows.weights) > 0:
            raised = ", ".join(
                f"{rows.classes[code]!r} {show_count(int((rows.labels == code).sum()), 'row')}"
                for code in np.flatnonzero(_raised(rows))[:5]
            )
            of_class = f"of rare classes more than their share ({raised}), weighted back to it in every score"
        notes.insert(0, f"Tried on {rows.n_rows:,} of {rows.n_rows_train:,} labelled rows, {of_class}.")
    dropped = [name for name in facts.classes.classes if name not in rows.classes]
    dropped = [name for name in dropped if _n_of(facts, name)]
    if dropped:
        shown = ", ".join(repr(name) for name in dropped[:5]) + (" and others" if len(dropped) > 5 else "")
        notes.append(f"Left out for having fewer rows or groups than there are folds: {shown}.")
    notes += [f"{way} was left out: {reason}." for way, reason in failed.items()]
    if compared.is_undecided:
        notes.append("Too few folds tell anything of the deciding scores: no difference is sure.")
    if len(rows.classes) == 2:
        rare = rows.classes[rows.asked_of[0]]
        share = show_share(float(rows.shares[rows.asked_of[0]]))
        notes.append(f"Precision, recall and calibration are those of {rare!r}, {share} of the rows.")
    return notes


def _raised(rows: TriedRows) -> np.ndarray:
    of_class = [rows.weights[rows.labels == code][0] for code in range(len(rows.classes))]
    return np.array(of_class) < 0.99


def _n_of(facts: Facts, name: str) -> int:
    return int(facts.classes.counts["train"][facts.classes.classes.index(name)])
