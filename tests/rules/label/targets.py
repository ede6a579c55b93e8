"""Numeric targets, clean and odd, and their shapes counted by numpy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.rules.frames import judge, made_facts

from dataaudit.measure.heaps import measure_heaps
from dataaudit.measure.target_shape import EndValue, Negatives, TargetShape
from dataaudit.model import Finding, Task
from dataaudit.rules.label.odd_target import OddTarget

MOST_NAMED, N_ENDS, N_NAMED, N_NUMBERS = 1000, 20, 3, 20

CLEAN = {
    "normal": lambda random, n: random.normal(50, 12, n),
    "lognormal": lambda random, n: random.lognormal(3, 1, n),
    "exponential": lambda random, n: random.exponential(20, n),
    "uniform": lambda random, n: random.uniform(-3, 9, n),
    "prices": lambda random, n: random.lognormal(5, 0.8, n).round(2),
    "whole prices": lambda random, n: random.lognormal(8, 1, n).round(),
    "three digits": lambda random, n: np.array([float(f"{value:.3g}") for value in random.lognormal(6, 1.5, n)]),
    "halves": lambda random, n: np.round(2 * random.normal(20, 6, n)) / 2,
    "tens": lambda random, n: 10 * np.round(random.normal(30, 6, n)),
    "tenths, singly precise": lambda random, n: random.normal(5, 3, n).round(1).astype(np.float32).astype(float),
    "from Fahrenheit": lambda random, n: (np.round(random.normal(27, 14, n)) * 5 / 9).round(1),
    "waits": lambda random, n: np.round(random.exponential(6, n)),
    "few counts": lambda random, n: random.poisson(0.4, n).astype(float),
    "counts": lambda random, n: random.poisson(7, n).astype(float),
    "many counts": lambda random, n: random.poisson(150, n).astype(float),
    "overdispersed counts": lambda random, n: random.negative_binomial(2, 0.05, n).astype(float),
    "grades": lambda random, n: random.integers(1, 6, n).astype(float),
    "dice": lambda random, n: random.integers(0, 101, n).astype(float),
    "beta": lambda random, n: random.beta(0.5, 0.5, n).round(2),
    "returns": lambda random, n: random.standard_t(3, n) / 100,
    "two peaks": lambda random, n: np.where(random.random(n) < 0.5, random.normal(10, 1, n), random.normal(30, 3, n)),
}


def clean(name: str, n_rows: int, seed: int = 0) -> np.ndarray:
    """Return a target without an oddity."""
    return CLEAN[name](np.random.default_rng(seed), n_rows)


def shape_of(target: np.ndarray) -> TargetShape:
    """Count the shape of a target, its rows numbered from 0; NaN is no label."""
    finite = target[np.isfinite(target)]
    values, counts = np.unique(finite, return_counts=True)
    ends = [_end(target, value, place) for place, value in enumerate(values[:N_ENDS])]
    tops = [_end(target, value, place) for place, value in enumerate(values[::-1][:N_ENDS])]
    small = np.abs(finite).max() < 1e150
    return TargetShape(
        n_rows=len(finite),
        n_infinite=int(np.isinf(target).sum()),
        mean=float(finite.mean()) if small else None,
        sd=float(finite.std(ddof=1)) if small and len(finite) > 1 else None,
        low=tuple(ends),
        high=tuple(tops),
        negatives=_negatives(target),
        values=values,
        counts=counts,
        heaps=measure_heaps(values, counts),
    )


def _end(target: np.ndarray, value: float, place: int) -> EndValue:
    numbers = np.flatnonzero(target == value)
    named = numbers[:N_NUMBERS] if place < N_NAMED and len(numbers) <= MOST_NAMED else []
    return EndValue(float(value), len(numbers), tuple(int(number) for number in named))


def _negatives(target: np.ndarray) -> Negatives | None:
    target = np.where(np.isfinite(target), target, np.nan)
    below, others, positive = target[target < 0], target[target >= 0], target[target > 0]
    if len(below) == 0:
        return None
    far = -np.quantile(positive, 0.5, method="inverted_cdf") / 2 if len(positive) else -np.inf
    numbers = np.flatnonzero(target < 0)[:N_NUMBERS] if len(below) <= MOST_NAMED else []
    return Negatives(
        len(below),
        int((below <= far).sum()),
        float(below.max()),
        float(others.min()) if len(others) else None,
        tuple(int(number) for number in numbers),
    )


def target_facts(shape: TargetShape, label: str = "y") -> SimpleNamespace:
    """Return facts that know a target's shape only."""
    facts = made_facts(task=Task.REGRESSION, n_rows=shape.n_rows, target_shape=shape)
    facts.label = label
    return facts


def judged(target: np.ndarray, label: str = "y", **thresholds: Any) -> list[Finding]:
    """Return what LABEL006 finds in a target."""
    return judge(OddTarget(**thresholds), target_facts(shape_of(target), label))


def kinds(findings: list[Finding]) -> list[str]:
    """Return the first word of each finding's identity."""
    return [finding.identity[0] for finding in findings]
