"""What the forensic rules find: preparation fitted before the split, planted in real tables, and controls.

Every run is one table, one seed and one defect at one dose: a scaler, imputer or target encoder fitted on all rows and
then a random split (70/30). The control of a run is the same preparation fitted on train alone and applied to both. A
control counts as alarmed if any of these rules says more than info.

Tables: scikit-learn's bundled sets, and sets drawn by its generators.

Usage: python benchmarks/detection.py [N_SEEDS]    (default 10 per table; one process)
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

import dataaudit
from dataaudit.model import Severity, Status

Scaler = MaxAbsScaler | MinMaxScaler | RobustScaler | StandardScaler

BUNDLED = ("iris", "wine", "breast_cancer", "diabetes", "digits")
DRAWN = ("classification", "regression", "friedman1", "gamma", "coarse")
RULES = ("LEAK006", "LEAK007", "LEAK009")
SHARE_TEST = 0.3
LEAST_EASY, LEAST_HARD, MOST_ALARMS = 0.95, 0.80, 0.01

# Fits on the first table and applies what it fitted to the second.
Prepare = Callable[[pd.DataFrame, pd.DataFrame, int], pd.DataFrame]


@dataclass(frozen=True)
class Plant:
    """One defect at one dose; a bar of None means that the rule tells what it can, and is not held to a share."""

    rule: str
    name: str
    dose: str
    prepare: Prepare
    bar: float | None
    before: Callable[[pd.DataFrame, int], pd.DataFrame] | None = None
    after: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    least: Severity = Severity.WARNING


@cache
def load_table(name: str) -> pd.DataFrame:
    """Return a table with the label `target`, its features as floats."""
    if name in BUNDLED:
        frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
        return frame.drop_duplicates(ignore_index=True).astype({c: float for c in frame.columns if c != "target"})
    random = np.random.default_rng(0)
    if name == "classification":
        x, y = datasets.make_classification(800, 15, n_informative=6, random_state=0)
    elif name == "regression":
        x, y = datasets.make_regression(600, 10, noise=10, random_state=0)
    elif name == "friedman1":
        x, y = datasets.make_friedman1(700, 8, noise=1, random_state=0)
    elif name == "gamma":
        x = random.gamma(2, 10, (2000, 12)).round(1)
        y = (x[:, 0] + random.normal(0, 10, 2000) > 20).astype(int)
    else:
        x = random.poisson(20, (500, 8)).astype(float)
        y = (x[:, 0] + random.normal(0, 4, 500) > 20).astype(int)
    return pd.DataFrame(x).add_prefix("x").assign(target=y)


def features(frame: pd.DataFrame) -> list[str]:
    """Return the columns that are no label."""
    return [column for column in frame.columns if column != "target"]


def scale(make: Callable[[], Scaler], n_columns: int | None) -> Prepare:
    """Return the preparation that scales all columns, or so many drawn ones that vary."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        names = [name for name in features(frame) if fitted_on[name].nunique() > 1]
        if n_columns is not None:
            names = np.random.default_rng(seed).permutation(names)[:n_columns].tolist()
        scaler = make().fit(fitted_on[names])
        return frame.assign(**dict(zip(names, scaler.transform(frame[names]).T, strict=True)))

    return prepare


def impute(strategy: str) -> Prepare:
    """Return the preparation that fills gaps."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, _: int) -> pd.DataFrame:
        names = features(frame)
        imputer = SimpleImputer(strategy=strategy, keep_empty_features=True).fit(fitted_on[names])
        return frame.assign(**dict(zip(names, imputer.transform(frame[names]).T, strict=True)))

    return prepare


def encode(m: float) -> Prepare:
    """Return the preparation that encodes the column `category` by the smoothed mean of the target."""

    def prepare(fitted_on: pd.DataFrame, frame: pd.DataFrame, _: int) -> pd.DataFrame:
        y = target_number(fitted_on)
        groups = y.groupby(fitted_on["category"]).agg(["sum", "count"])
        codes = (groups["sum"] + m * y.mean()) / (groups["count"] + m)
        return frame.assign(category=frame["category"].map(codes).fillna(y.mean()))

    return prepare


def target_number(frame: pd.DataFrame) -> pd.Series:
    """Return the target as it is encoded: a number as it is, of several classes the first against the rest."""
    y = frame["target"]
    return y.astype(float) if y.nunique() == 2 or y.dtype.kind == "f" else (y == 0).astype(float)


def with_gaps(share: float, n_columns: int | None = None) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return what empties a share of the cells, of all columns or of so many drawn ones."""

    def before(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        names = features(frame)
        if n_columns is not None:
            names = random.permutation([name for name in names if frame[name].nunique() > 1])[:n_columns].tolist()
        gaps = random.random((len(frame), len(names))) < share
        return frame.assign(**{name: frame[name].mask(gaps[:, i]) for i, name in enumerate(names)})

    return before


def with_category(n_levels: int) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return what adds a category of so many levels, of which the target depends a little."""

    def before(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        rank = target_number(frame).rank(pct=True)
        place = (rank + random.normal(0, 0.5, len(frame))).rank(pct=True)
        return frame.assign(category=np.minimum((place * n_levels).astype(int), n_levels - 1))

    return before


def rounded(decimals: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what stores the features with so many decimals."""
    return lambda frame: frame.round(dict.fromkeys(features(frame), decimals))


def single(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its features in single precision."""
    return frame.astype(dict.fromkeys(features(frame), "float32"))


PLANTS = (
    Plant("LEAK006", "standard, all columns", "easy", scale(StandardScaler, None), LEAST_EASY),
    Plant("LEAK006", "robust, all columns", "easy", scale(RobustScaler, None), LEAST_EASY),
    Plant("LEAK006", "standard, one column", "hard", scale(StandardScaler, 1), LEAST_HARD),
    Plant(
        "LEAK006", "standard, one column, 4 decimals", "hard", scale(StandardScaler, 1), LEAST_HARD, after=rounded(4)
    ),
    Plant("LEAK006", "standard, all, single precision", "hard", scale(StandardScaler, None), LEAST_HARD, after=single),
    Plant("LEAK006", "standard, all, 2 decimals", "hard", scale(StandardScaler, None), LEAST_HARD, after=rounded(2)),
    Plant("LEAK006", "min-max, all columns", "told", scale(MinMaxScaler, None), None),
    Plant("LEAK006", "max-abs, all columns", "told", scale(MaxAbsScaler, None), None),
    Plant("LEAK007", "mean, 10 % of all cells", "easy", impute("mean"), LEAST_EASY, before=with_gaps(0.1)),
    Plant("LEAK007", "mean, 5 % of one column", "hard", impute("mean"), LEAST_HARD, before=with_gaps(0.05, 1)),
    Plant("LEAK007", "median, 10 % (info)", "told", impute("median"), None, before=with_gaps(0.1), least=Severity.INFO),
    Plant("LEAK007", "most frequent, 10 %", "told", impute("most_frequent"), None, before=with_gaps(0.1)),
    Plant("LEAK009", "mean, 10 levels", "easy", encode(0.0), LEAST_EASY, before=with_category(10)),
    Plant("LEAK009", "m = 10, 10 levels", "hard", encode(10.0), LEAST_HARD, before=with_category(10)),
    Plant("LEAK009", "mean, 60 levels", "hard", encode(0.0), LEAST_HARD, before=with_category(60)),
)


def split(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deal the rows at random: (train, test)."""
    order = np.random.default_rng(1000 + seed).permutation(len(frame))
    n_test = round(SHARE_TEST * len(frame))
    return frame.iloc[order[n_test:]], frame.iloc[order[:n_test]]


def found_in(train: pd.DataFrame, test: pd.DataFrame, seed: int) -> dict[str, Severity]:
    """Return rule -> the highest severity of its findings."""
    result = dataaudit.audit(train, test=test, label="target", select=list(RULES), threads=1, seed=seed)
    crashed = [check for check in result.checks if check.status is Status.CRASHED]
    if crashed:
        raise RuntimeError(str(crashed))
    worst: dict[str, Severity] = {}
    for finding in result.findings:
        worst[finding.code] = max(finding.severity, worst.get(finding.code, finding.severity))
    return worst


def run(plant: Plant, table: str, seed: int) -> tuple[bool, set[str]]:
    """Return whether the planted defect was found, and which rules alarmed on its control."""
    frame = load_table(table)
    if plant.before is not None:
        frame = plant.before(frame, seed)
    store = plant.after or (lambda prepared: prepared)
    found = found_in(*split(store(plant.prepare(frame, frame, seed)), seed), seed)
    train, test = split(frame, seed)
    control = found_in(store(plant.prepare(train, train, seed)), store(plant.prepare(train, test, seed)), seed)
    alarms = {code for code, severity in control.items() if severity > Severity.INFO}
    return found.get(plant.rule, 0) >= plant.least, alarms


def main(n_seeds: int) -> int:
    """Run every plant and its control on every table, then plain random splits; 1 if a bar is missed."""
    tables = (*BUNDLED, *DRAWN)
    n_runs = n_seeds * len(tables)
    kept, alarms, n_controls = True, Counter[str](), 0
    print(f"{len(tables)} tables, {n_seeds} seeds each: {n_runs} runs per line, each with its control")
    heads = f"{'found':>11} {'share':>7} {'bar':>6} {'alarms in controls':>19}"
    print(f"{'rule':8} {'planted':34} {'dose':5} {heads}  missed in")
    for plant in PLANTS:
        runs = [(table, *run(plant, table, seed)) for table in tables for seed in range(n_seeds)]
        n_found = sum(found for _, found, _ in runs)
        missed = Counter(table for table, found, _ in runs if not found)
        here = Counter(code for _, _, codes in runs for code in codes)
        alarms += here
        n_controls += n_runs
        share = n_found / n_runs
        kept = kept and (plant.bar is None or share >= plant.bar)
        bar = "" if plant.bar is None else f"{plant.bar:.0%}"
        told = ", ".join(f"{table} {n}" for table, n in missed.most_common())
        counts = f"{n_found}/{n_runs}"
        print(f"{plant.rule:8} {plant.name:34} {plant.dose:5} {counts:>11} {share:7.1%} {bar:>6} ", end="")
        print(f"{sum(here.values()):19}  {told}", flush=True)
    for table in tables:
        for seed in range(n_seeds):
            alarms += Counter(
                code
                for code, severity in found_in(*split(load_table(table), seed), seed).items()
                if severity > Severity.INFO
            )
    n_controls += n_runs
    print(f"\nControls, {n_controls} runs: every preparation above fitted on train, and {n_runs} plain random splits")
    for code in RULES:
        kept = kept and alarms[code] <= MOST_ALARMS * n_controls
        print(f"{code:8} {alarms[code]:4} runs with a warning or error ({alarms[code] / n_controls:.2%})")
    print("\nEvery bar is kept." if kept else "\nA bar is missed.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
