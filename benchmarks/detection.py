"""What the forensic rules find: defects planted in real tables, and controls without them.

Every run is one table, one seed and one defect at one dose: a preparation fitted on all rows, then a random split
(70/30). The control of a run is the same preparation fitted on train alone and applied to both. Further controls are
plain random splits, of the same tables and of tables that look a little as if they had the defect. A control counts as
alarmed if any of these rules says more than info.

Tables: scikit-learn's bundled sets, and sets drawn by its generators. A preparation that cannot be had of a table
(ADASYN needs rows of another class nearby) is no run.

Usage: python benchmarks/detection.py [N_SEEDS] [--only RULE]    (default 10 seeds per table, all rules; one process)
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.plants import resampling
from benchmarks.plants._plant import (
    BUNDLED,
    DRAWN,
    LEAST_EASY,
    LEAST_HARD,
    NotPlanted,
    Plant,
    Prepare,
    features,
    load_table,
    rounded,
    single,
)

import dataaudit
from dataaudit.model import Severity, Status

Scaler = MaxAbsScaler | MinMaxScaler | RobustScaler | StandardScaler

SHARE_TEST = 0.3
MOST_ALARMS = 0.01


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
    *resampling.PLANTS,
)
CONTROLS = (*resampling.CONTROLS,)


def split(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deal the rows at random: (train, test)."""
    order = np.random.default_rng(1000 + seed).permutation(len(frame))
    n_test = round(SHARE_TEST * len(frame))
    return frame.iloc[order[n_test:]], frame.iloc[order[:n_test]]


def found_in(train: pd.DataFrame, test: pd.DataFrame, seed: int, rules: Sequence[str]) -> dict[str, Severity]:
    """Return rule -> the highest severity of its findings."""
    result = dataaudit.audit(train, test=test, label="target", select=list(rules), threads=1, seed=seed)
    crashed = [check for check in result.checks if check.status is Status.CRASHED]
    if crashed:
        raise RuntimeError(str(crashed))
    worst: dict[str, Severity] = {}
    for finding in result.findings:
        worst[finding.code] = max(finding.severity, worst.get(finding.code, finding.severity))
    return worst


def alarms_in(train: pd.DataFrame, test: pd.DataFrame, seed: int, rules: Sequence[str]) -> set[str]:
    """Return the rules that say more than info."""
    return {code for code, severity in found_in(train, test, seed, rules).items() if severity > Severity.INFO}


def run(plant: Plant, table: str, seed: int, rules: Sequence[str]) -> tuple[bool, set[str]] | None:
    """Return whether the planted defect was found, and which rules alarmed on its control; None if it cannot be had."""
    frame = load_table(table)
    if plant.before is not None:
        frame = plant.before(frame, seed)
    store = plant.after or (lambda prepared: prepared)
    train, test = split(frame, seed)
    try:
        planted = store(plant.prepare(frame, frame, seed))
        prepared = store(plant.prepare(train, train, seed)), store(plant.prepare(train, test, seed))
    except NotPlanted:
        return None
    found = found_in(*split(planted, seed), seed, rules)
    return found.get(plant.rule, 0) >= plant.least, alarms_in(*prepared, seed, rules)


def run_plant(plant: Plant, n_seeds: int, rules: Sequence[str]) -> tuple[bool, Counter[str], int]:
    """Run a plant and its control on every table, and print a line: (bar kept, alarms by rule, runs)."""
    runs, missed, alarms = 0, Counter[str](), Counter[str]()
    for table in (*BUNDLED, *DRAWN):
        for seed in range(n_seeds):
            outcome = run(plant, table, seed, rules)
            if outcome is not None:
                runs += 1
                missed[table] += not outcome[0]
                alarms.update(outcome[1])
    n_found = runs - missed.total()
    share = n_found / max(1, runs)
    bar = "" if plant.bar is None else f"{plant.bar:.0%}"
    told = ", ".join(f"{table} {n}" for table, n in missed.most_common() if n)
    counts = f"{n_found}/{runs}"
    print(f"{plant.rule:8} {plant.name:34} {plant.dose:5} {counts:>11} {share:7.1%} {bar:>6} ", end="")
    print(f"{alarms.total():19}  {told}", flush=True)
    return plant.bar is None or share >= plant.bar, alarms, runs


def run_controls(n_seeds: int, rules: Sequence[str]) -> tuple[Counter[str], int]:
    """Split tables at random that nothing was planted in: (alarms by rule, runs)."""
    tables: dict[str, Callable[[int], pd.DataFrame]] = {
        name: lambda _, name=name: load_table(name) for name in (*BUNDLED, *DRAWN)
    }
    tables |= {control.name: control.table for control in CONTROLS if control.rule in rules}
    alarms = Counter[str]()
    print(f"\n{'plain random splits':34} {'runs':>5}  alarms")
    for name, table in tables.items():
        here = Counter(code for seed in range(n_seeds) for code in alarms_in(*split(table(seed), seed), seed, rules))
        alarms += here
        print(f"{name:34} {n_seeds:5}  {', '.join(f'{code} {n}' for code, n in here.items()) or 0}", flush=True)
    return alarms, n_seeds * len(tables)


def main(n_seeds: int, only: str | None) -> int:
    """Run every plant and its control on every table, then plain random splits; 1 if a bar is missed."""
    plants = [plant for plant in PLANTS if only in (None, plant.rule)]
    rules = sorted({plant.rule for plant in plants})
    kept, alarms, n_controls = True, Counter[str](), 0
    print(f"{len(BUNDLED) + len(DRAWN)} tables, {n_seeds} seeds each, each run with its control")
    heads = f"{'found':>11} {'share':>7} {'bar':>6} {'alarms in controls':>19}"
    print(f"{'rule':8} {'planted':34} {'dose':5} {heads}  missed in")
    for plant in plants:
        is_kept, here, n_runs = run_plant(plant, n_seeds, rules)
        kept, alarms, n_controls = kept and is_kept, alarms + here, n_controls + n_runs
    here, n_plain = run_controls(n_seeds, rules)
    alarms, n_all = alarms + here, n_controls + n_plain
    print(f"\nControls, {n_all} runs: {n_controls} preparations fitted on train, and {n_plain} plain random splits")
    for code in rules:
        kept = kept and alarms[code] <= MOST_ALARMS * n_all
        print(f"{code:8} {alarms[code]:4} runs with a warning or error ({alarms[code] / n_all:.2%})")
    print("\nEvery bar is kept." if kept else "\nA bar is missed.")
    return 0 if kept else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the forensic rules find, and how often they are wrong.")
    parser.add_argument("n_seeds", type=int, nargs="?", default=10, help="seeds per table")
    parser.add_argument("--only", metavar="RULE", choices=sorted({plant.rule for plant in PLANTS}), help="one rule")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    sys.exit(main(given.n_seeds, given.only))
