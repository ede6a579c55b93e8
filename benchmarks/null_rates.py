"""False alarms on real tables that are clean by construction.

Random splits: of every table so many rows are drawn, and dealt at random to train, test and a reference sample; no
rule of splits, ranges, scales or leaks should raise more than info in over 1 % of the runs. Permuted labels: no rule of
shortcuts, and not LEAK005, should. Rows that repeat another's features are dropped first, and rows without a label.
Some rules are exempt: a class of few rows may miss a split (SPLIT006) or be too few to measure (SPLIT007), and in 100
rows nothing else could be said.

Writes reports/null_rates.md.

Usage: python -m benchmarks.null_rates [--seeds N] [FILE LABEL ...]    (added to the bundled tables of scikit-learn)
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

import dataaudit
from dataaudit.model import Severity, Status
from dataaudit.rules._discover import discover

BUNDLED = ("iris", "wine", "breast_cancer", "digits", "diabetes")
SIZES = (100, 1_000, 10_000)
SHARES = (0.6, 0.25, 0.15)
EXEMPT = ("SPLIT006", "SPLIT007")
# Of the leaks those that compare splits: the others ask for roles, or for what the label is.
LEAKS = ("LEAK001", "LEAK002", "LEAK006", "LEAK007", "LEAK008", "LEAK009", "LEAK010")
SPLIT_RULES = ("SPLIT", "RANGE", "SCALE006", *LEAKS, "SPUR002")
LABEL_RULES = ("SPUR", "LEAK005", "IMB004")
MOST_ALARMS = 0.01
MOST_CLASSES = 20
REPORT = Path(__file__).resolve().parent.parent / "reports" / "null_rates.md"


@dataclass(frozen=True)
class Job:
    """One audit: a table (bundled, or a file) and its label, rows drawn (None: all), a seed, and what is random."""

    table: str
    label: str
    n_rows: int | None
    seed: int
    permuted: bool

    @property
    def name(self) -> str:
        """The table's name, the label beside it if the file is used with several."""
        return f"{Path(self.table).stem} ({self.label})"


@cache
def load_table(table: str, label: str) -> pd.DataFrame:
    """Return a table's labelled rows, no two with the same features."""
    if table in BUNDLED:
        frame = getattr(datasets, f"load_{table}")(as_frame=True).frame
    else:
        frame = pd.read_parquet(table) if table.endswith(".parquet") else pd.read_csv(table, low_memory=False)
    features = [column for column in frame.columns if column != label]
    whole: pd.DataFrame = frame.dropna(subset=[label]).drop_duplicates(subset=features, ignore_index=True)
    return whole


def is_target(label: pd.Series) -> bool:
    """Return whether the label is a number of many values, which has no classes."""
    return pd.api.types.is_numeric_dtype(label) and label.nunique() > MOST_CLASSES


def alarms(job: Job) -> list[str]:
    """Return the codes of the rules that raised more than info in one run."""
    random = np.random.default_rng(job.seed)
    frame = load_table(job.table, job.label)
    frame = frame.iloc[random.permutation(len(frame))[: job.n_rows]].reset_index(drop=True)
    if job.permuted:
        frame = frame.assign(**{job.label: random.permutation(frame[job.label].to_numpy())})
    cuts = np.cumsum([round(share * len(frame)) for share in SHARES[:2]])
    train, test, reference = (frame.iloc[rows] for rows in np.split(np.arange(len(frame)), cuts))
    if train[job.label].nunique() < 2:
        return []
    shares = frame[job.label].value_counts(normalize=True)
    prior = None if is_target(frame[job.label]) else {str(name): float(share) for name, share in shares.items()}
    result = dataaudit.audit(
        train,
        test=test,
        reference=reference,
        prior=None if job.permuted else prior,
        label=job.label,
        select=list(LABEL_RULES if job.permuted else SPLIT_RULES),
        threads=1,
        seed=job.seed,
    )
    crashed = [check for check in result.checks if check.status is Status.CRASHED]
    if crashed:
        raise RuntimeError(f"{job}: {crashed}")
    return sorted({finding.code for finding in result.findings if finding.severity > Severity.INFO})


def jobs(tables: Sequence[tuple[str, str]], n_seeds: int, *, permuted: bool) -> list[Job]:
    """Return every table at every size it has rows for, and whole."""
    found = []
    for table, label in tables:
        n_all = len(load_table(table, label))
        for n_rows in (*(size for size in SIZES if size < n_all), None):
            found += [Job(table, label, n_rows, seed, permuted) for seed in range(n_seeds)]
    return found


def size_name(n_rows: int | None) -> str:
    """Return how a size is headed.

    >>> size_name(1000), size_name(None)
    ('1,000 rows', 'all rows')
    """
    return "all rows" if n_rows is None else f"{n_rows:,} rows"


def table_of(found: Sequence[tuple[Job, list[str]]], codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return Markdown of alarms by rule and size, and the rules that are too loud."""
    sizes = list(dict.fromkeys(job.n_rows for job, _ in found))
    sizes = [*sorted(size for size in sizes if size is not None), None]
    n_runs = Counter(job.n_rows for job, _ in found)
    alarmed = Counter((code, job.n_rows) for job, codes in found for code in codes)
    lines = [
        f"| rule | {' | '.join(f'{size_name(size)} ({n_runs[size]} runs)' for size in sizes)} | all |",
        f"| --- | {' | '.join('---' for _ in sizes)} | --- |",
    ]
    loud = []
    for code in codes:
        total = sum(alarmed[code, size] for size in sizes)
        share = total / max(1, len(found))
        if code not in EXEMPT and share > MOST_ALARMS:
            loud.append(code)
        note = " (exempt)" if code in EXEMPT else ""
        lines.append(f"| {code}{note} | {' | '.join(str(alarmed[code, s]) for s in sizes)} | {total} ({share:.2%}) |")
    return lines, loud


def by_table(found: Sequence[tuple[Job, list[str]]]) -> list[str]:
    """Return Markdown of the runs and alarms of every table, rules that are exempt left out."""
    lines = ["| table (label) | runs | alarms |", "| --- | --- | --- |"]
    for name in dict.fromkeys(job.name for job, _ in found):
        own = [codes for job, codes in found if job.name == name]
        told = Counter(code for codes in own for code in codes if code not in EXEMPT)
        lines.append(f"| {name} | {len(own)} | {', '.join(f'{code} {n}' for code, n in told.items()) or 0} |")
    return lines


def main(tables: Sequence[tuple[str, str]], n_seeds: int) -> int:
    """Run both experiments and write the report; 1 if a rule is too loud."""
    started = time.perf_counter()
    known = sorted(discover())
    text = ["# False alarms", "", *(__doc__ or "").split("\n\n")[1].splitlines(), ""]
    all_loud: list[str] = []
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for permuted, title, rules in ((False, "Random splits", SPLIT_RULES), (True, "Permuted labels", LABEL_RULES)):
            planned = jobs(tables, n_seeds, permuted=permuted)
            found = []
            for job, codes in zip(planned, pool.imap(alarms, planned, chunksize=4), strict=True):
                found.append((job, codes))
                if set(codes) - set(EXEMPT):
                    print(f"{title}: {job.name}, {size_name(job.n_rows)}, seed {job.seed}: {codes}", flush=True)
            lines, loud = table_of(found, [code for code in known if code.startswith(rules)])
            print("\n".join(lines), f"\n{time.perf_counter() - started:.0f} seconds", flush=True)
            head = f"{len(found):,} runs: {n_seeds} seeds of every table and size."
            text += [f"## {title}", "", head, "", *lines, "", *by_table(found), ""]
            all_loud += loud
    REPORT.write_text("\n".join(text))
    print(f"too loud: {', '.join(all_loud) or 'none'}")
    return 1 if all_loud else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("files", nargs="*", metavar="FILE LABEL")
    options = parser.parse_args()
    pairs = list(zip(options.files[::2], options.files[1::2], strict=True))
    sys.exit(main([*((name, "target") for name in BUNDLED), *pairs], options.seeds))
