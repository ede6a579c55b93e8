"""Tables to evaluate on, and the facts of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pandas as pd

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.rebalance.evaluate.comparison import Comparison
from dataaudit.rebalance.evaluate.evaluation import Evaluation
from dataaudit.rebalance.evaluate.models import FOREST, LOGISTIC
from dataaudit.rebalance.evaluate.running import evaluate_facts

SEED = 0


@contextmanager
def facts_of(frame: pd.DataFrame, *, seed: int = SEED, label: str = "y", task=None, **roles) -> Iterator[Facts]:
    engine = DuckDBEngine()
    try:
        yield Facts(load(engine, {"train": frame}, Declared(label=label, **roles), task), seed=seed)
    finally:
        engine.close()


def evaluate(
    frame: pd.DataFrame,
    strategies: Sequence[str] = ("random-over",),
    *,
    models: Sequence[str] = (LOGISTIC,),
    target: object = None,
    said: list[str] | None = None,
    deciding: Sequence[str] | None = None,
    **roles,
) -> Evaluation:
    options = {} if deciding is None else {"deciding": tuple(deciding)}
    comparison = Comparison(tuple(strategies), target, models=tuple(models), **options)
    with facts_of(frame, **roles) as facts:
        return evaluate_facts(facts, comparison, (said if said is not None else []).append)


BOTH = (LOGISTIC, FOREST)


def spots(n_rows: int = 2_000, share: float = 0.023, seed: int = 3) -> pd.DataFrame:
    """Return a table like mammography: six numbers, few positive rows that overlap with the others."""
    rng = np.random.default_rng(seed)
    n_rare = round(share * n_rows)
    common = rng.normal(0, 1, (n_rows - n_rare, 6))
    rare = rng.normal((1.5, 1.2, 0.8, 0, 0.5, 0), (1.2, 1.0, 1.5, 1, 1, 1), (n_rare, 6))
    rows = np.vstack([common, rare])
    rows[:, 2] = np.exp(rows[:, 2] / 2)
    frame = pd.DataFrame(rows, columns=[f"attr{i}" for i in range(1, 7)])
    frame["y"] = np.repeat(["no", "yes"], [n_rows - n_rare, n_rare])
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def logistic(n_rows: int = 3_000, seed: int = 5) -> pd.DataFrame:
    """Return a table of which a logistic regression is the true model: nothing is to be gained by resampling."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 1, (n_rows, 4))
    chance = 1 / (1 + np.exp(-(rows @ np.array([1.2, -0.8, 0.5, 0.0]) - 3)))
    frame = pd.DataFrame(rows, columns=list("abcd"))
    frame["y"] = np.where(rng.random(n_rows) < chance, "yes", "no")
    return frame


def value(evaluation: Evaluation, strategy: str, score: str, model: str = LOGISTIC) -> float:
    line = evaluation.line(strategy, model, score)
    assert line is not None
    return line.value
