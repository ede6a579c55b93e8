"""Wrong labels planted in real tables: what LABEL003 ranks first beside cleanlab's Datalab, and what each takes.

Five per cent of the labels are made another class, drawn. Both are given the same rows, at most 5,000, and train the
same model: 50 extremely randomised trees, four folds, seeds alike. Ours is the whole command `dataaudit audit
--select LABEL003` on the Parquet file; theirs a process in cleanlab's own environment (`make benchmark` sets it up)
that reads the features already coded as numbers, cross-validates the model and lets Datalab look for its default
issues. Both are timed as whole processes, and for what they do once the model's probabilities are there, which is
where they differ: the rest is scikit-learn's, in both. Precision is the share of planted rows among the first n, n
being the number planted. Then, nothing planted, 90 % of the rows are drawn again and again, and the runs are counted
in which LABEL003 warns.

Writes reports/label_errors.md.

Usage: python -m benchmarks.label_errors [--seeds N] [FILE LABEL ...]    (default: the bundled tables of scikit-learn)
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.peers.tools import ENVIRONMENTS, ROOT
from sklearn import datasets

import dataaudit
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.measure.forest import N_TREES, ROWS_PER_LEAF, SHARE_OF_FEATURES
from dataaudit.measure.links.out_of_fold import MAX_ROWS, N_FOLDS, coded_rows
from dataaudit.measure.links.suspects import measure_suspects, ranked_by_own_label
from dataaudit.model import Severity

BUNDLED = ("iris", "wine", "breast_cancer", "digits")
SHARE_PLANTED = 0.05
SHARE_DRAWN = 0.9
MOST_ALARMS = 0.05
LABEL = "label"
REPORT = ROOT / "reports" / "label_errors.md"


@dataclass(frozen=True)
class Trial:
    """One table and seed: precision among the first n, seconds after the model, and of the whole process."""

    n_rows: int
    n_planted: int
    ours: float
    theirs: float
    seconds_ours: float
    seconds_theirs: float
    process_ours: float
    process_theirs: float


def tables(files: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield name and frame, the label in the column `label` as text."""
    for name in BUNDLED:
        yield name, datasets_frame(name)
    for path, label in zip(files[::2], files[1::2], strict=True):
        read = pd.read_parquet if path.endswith(".parquet") else pd.read_csv
        frame = read(path).dropna(subset=[label]).rename(columns={label: LABEL})
        yield Path(path).stem, frame.astype({LABEL: str})


def datasets_frame(name: str) -> pd.DataFrame:
    """Return one of scikit-learn's bundled tables."""
    frame: pd.DataFrame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    return frame.rename(columns={"target": LABEL}).astype({LABEL: str})


def planted(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return at most 5,000 rows of which a share has another label, and which these are."""
    random = np.random.default_rng(seed)
    rows = frame.sample(min(MAX_ROWS, len(frame)), random_state=seed).reset_index(drop=True)
    classes = np.sort(rows[LABEL].unique())
    wrong = random.random(len(rows)) < SHARE_PLANTED
    place = np.searchsorted(classes, rows[LABEL].to_numpy(dtype=str))
    moved = (place + np.where(wrong, random.integers(1, len(classes), len(rows)), 0)) % len(classes)
    return rows.assign(**{LABEL: classes[moved]}), wrong


def trial(frame: pd.DataFrame, seed: int) -> Trial:
    """Plant wrong labels once and let both find them."""
    rows, wrong = planted(frame, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        rows.to_parquet(path)
        started = time.perf_counter()
        command = [sys.executable, "-m", "dataaudit", "audit", str(path), "--label", LABEL, "--select", "LABEL003"]
        subprocess.run([*command, "--fail-on", "never"], check=True, capture_output=True)
        process_ours = time.perf_counter() - started
        ours_first, numbers, order, seconds_ours = ranking(path, Path(folder))
        started = time.perf_counter()
        ranked, seconds_theirs = datalab(Path(folder))
        process_theirs = time.perf_counter() - started
        theirs_first = order[ranked]
    n_planted = int(wrong[numbers].sum())
    return Trial(
        len(rows),
        n_planted,
        float(wrong[numbers[ours_first[:n_planted]]].mean()),
        float(wrong[numbers[theirs_first[:n_planted]]].mean()),
        seconds_ours,
        seconds_theirs,
        process_ours,
        process_theirs,
    )


def ranking(path: Path, folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return our ranking of the rows, their numbers, the order in which Datalab is given them, and our seconds."""
    engine = DuckDBEngine()
    facts = Facts(load(engine, {"train": str(path)}, Declared(label=LABEL), None))
    found, coded = facts.links.out_of_fold, coded_rows(facts)
    order = coded.own_order
    np.savez(folder / "rows.npz", features=coded.features[order], label=found.label[order])
    engine.close()
    started = time.perf_counter()
    measure_suspects(found)
    seconds = time.perf_counter() - started
    return ranked_by_own_label(found), found.rows, order, seconds


def datalab(folder: Path) -> tuple[np.ndarray, float]:
    """Return the places of the rows in the order of Datalab's label scores, the lowest first, and its seconds."""
    python = ENVIRONMENTS / "cleanlab" / "bin" / "python"
    script = Path(__file__).parent / "peers" / "rank_with_datalab.py"
    forest = [str(value) for value in (N_TREES, ROWS_PER_LEAF, SHARE_OF_FEATURES, N_FOLDS)]
    subprocess.run([python, str(script), str(folder), *forest], check=True, capture_output=True)
    found = np.load(folder / "ranked.npz")
    return found["ranked"], float(found["seconds"])


def warns(frame: pd.DataFrame, seed: int) -> bool:
    """Return whether LABEL003 says more than info of rows as they are."""
    rows = frame.sample(frac=SHARE_DRAWN, random_state=seed)
    result = dataaudit.audit(rows, label=LABEL, select=["LABEL003"])
    return result.worst is not None and result.worst > Severity.INFO


def report(found: dict[str, list[Trial]], alarms: dict[str, list[bool]]) -> str:
    """Return reports/label_errors.md."""
    n_runs, n_warned = sum(map(len, alarms.values())), sum(map(sum, alarms.values()))
    lines = [
        "# Wrong labels",
        "",
        "Written by `python -m benchmarks.label_errors`; its first lines say how. Medians; whole processes.",
        "",
        "| table | rows | planted | precision | Datalab's | seconds after the model | Datalab's | process | theirs |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, trials in found.items():
        values = [
            statistics.median(getattr(one, field) for one in trials)
            for field in ("ours", "theirs", "seconds_ours", "seconds_theirs", "process_ours", "process_theirs")
        ]
        cells = " | ".join([*(f"{value:.3f}" for value in values[:4]), *(f"{value:.1f}" for value in values[4:])])
        lines.append(f"| {name} | {trials[0].n_rows:,} | {trials[0].n_planted:,} | {cells} |")
    silent = f"{SHARE_DRAWN:.0%} of the rows drawn anew each time: LABEL003 warned in {n_warned} of {n_runs} runs."
    loud = [f"- {name}: {sum(one)} of {len(one)}" for name, one in alarms.items() if sum(one)]
    return "\n".join([*lines, "", f"Nothing planted, {silent}", "", *loud]).rstrip("\n") + "\n"


def main(n_seeds: int, files: list[str]) -> int:
    """Run all tables, write the report; 1 if a bar is missed."""
    found: dict[str, list[Trial]] = {}
    alarms: dict[str, list[bool]] = {}
    for name, frame in tables(files):
        found[name] = [trial(frame, seed) for seed in range(n_seeds)]
        alarms[name] = [warns(frame, seed) for seed in range(4 * n_seeds)]
        print(name, found[name], sum(alarms[name]), flush=True)
    REPORT.write_text(report(found, alarms))
    worse = [
        name
        for name, trials in found.items()
        if statistics.median(one.ours - one.theirs for one in trials) < 0
        or statistics.median(one.seconds_ours / one.seconds_theirs for one in trials) > 0.5
    ]
    loud = sum(map(sum, alarms.values())) > MOST_ALARMS * sum(map(len, alarms.values()))
    print(f"worse than Datalab: {', '.join(worse) or 'none'}; too loud: {loud}")
    return 1 if worse or loud else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("files", nargs="*", metavar="FILE LABEL")
    options = parser.parse_args()
    sys.exit(main(options.seeds, options.files))
