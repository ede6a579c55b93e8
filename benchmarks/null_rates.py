"""False alarms on data that are clean by construction.

Random splits (70/30, stratified for classes) of scikit-learn's bundled sets,
repeated rows dropped first: no SPLIT, LEAK or RANGE rule should raise more
than info in over 1 % of the runs (SPLIT006 and SPLIT007 apart: small sets are
small). Permuted labels: no SPUR rule and not LEAK005 should.

Usage: python benchmarks/null_rates.py [N_SEEDS]    (default 100 per set)
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

import dataaudit
from dataaudit.model import Severity
from dataaudit.rules._discover import discover

SETS = ("iris", "wine", "breast_cancer", "digits", "diabetes")
EXEMPT = ("SPLIT006", "SPLIT007")
SPLIT_FAMILIES = ("SPLIT", "LEAK", "RANGE")
LABEL_FAMILIES = ("SPUR", "LEAK005")
ALLOWED_RATE = 0.01


@dataclass(frozen=True)
class Job:
    """One audit of one set under one seed, split at random or with permuted labels."""

    name: str
    seed: int
    permuted: bool


def load_set(name: str) -> pd.DataFrame:
    """Return a bundled set as a frame with the label `target`, without repeated rows."""
    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    features = [column for column in frame.columns if column != "target"]
    return frame.drop_duplicates(subset=features, ignore_index=True)


def alarms(job: Job) -> list[str]:
    """Return the codes of the rules that raised more than info in one run."""
    frame = load_set(job.name)
    is_regression = job.name == "diabetes"
    if job.permuted:
        permutation = np.random.default_rng(job.seed).permutation(len(frame))
        frame["target"] = frame["target"].to_numpy()[permutation]
    stratify = None if is_regression else frame["target"]
    train, test = train_test_split(frame, test_size=0.3, random_state=job.seed, stratify=stratify)
    families = LABEL_FAMILIES if job.permuted else SPLIT_FAMILIES
    result = dataaudit.audit(train, test=test, label="target", select=list(families), threads=1, seed=job.seed)
    crashed = [check for check in result.checks if check.status == "crashed"]
    if crashed:
        raise RuntimeError(f"{job}: {crashed}")
    return sorted({finding.code for finding in result.findings if finding.severity > Severity.INFO})


def count_alarms(jobs: list[Job]) -> dict[str, Counter[str]]:
    """Return set -> code -> number of runs with an alarm."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in SETS}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for job, codes in zip(jobs, pool.map(alarms, jobs, chunksize=5), strict=True):
            counts[job.name].update(codes)
    return counts


def print_table(title: str, codes: Iterable[str], counts: dict[str, Counter[str]], n_seeds: int) -> bool:
    """Print alarms per rule and set; return whether every rule keeps the bar."""
    n_runs = n_seeds * len(SETS)
    print(f"\n{title}: {n_seeds} seeds a set, {n_runs} runs in all; runs with a finding above info")
    print(f"{'rule':10}" + "".join(f"{name:>15}" for name in SETS) + f"{'all':>8}{'rate':>9}")
    kept = True
    for code in codes:
        total = sum(counts[name][code] for name in SETS)
        exempt = code in EXEMPT
        kept = kept and (exempt or total / n_runs <= ALLOWED_RATE)
        row = "".join(f"{counts[name][code]:15}" for name in SETS)
        print(f"{code:10}{row}{total:8}{total / n_runs:9.2%}{'  (small sets are small)' if exempt else ''}")
    return kept


def main(n_seeds: int) -> int:
    """Run both experiments and print both tables; 1 if a rule misses the bar."""
    known = sorted(discover())
    kept = True
    for permuted, title, families in (
        (False, "Random splits", SPLIT_FAMILIES),
        (True, "Permuted labels", LABEL_FAMILIES),
    ):
        jobs = [Job(name, seed, permuted) for name in SETS for seed in range(n_seeds)]
        codes = [code for code in known if code.startswith(families)]
        kept = print_table(title, codes, count_alarms(jobs), n_seeds) and kept
    print("\nEvery rule keeps the bar." if kept else "\nA rule raises too many false alarms.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
