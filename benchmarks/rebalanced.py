"""Whether `dataaudit rebalance` accounts for every row of real tables, whatever the strategy.

Of every table a random quarter is held out as test rows; the rest is rebalanced by every strategy, as CSV and as
Parquet, audited before and after, each run in a process of its own. Then the folder is judged from its files alone
(`benchmarks.row_accounts`): columns, types, every row that came in kept or dropped once, every cell as it was, made-up
rows of parents with their label and with possible cells, the test rows and the input untouched. Of the second audit:
no error of imbalance, no leak above info that was not there before, and which findings above info are new or worse,
those that the strategy is for (`dataaudit.rebalance.expected`) apart.

Writes reports/rebalanced.md, of these runs and of those kept from before in reports/benchmark/rebalanced.json.

Usage: python -m benchmarks.rebalanced [--only STRATEGY] [--format csv|parquet] [--seconds N] [FILE LABEL ...]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.row_accounts import account, read_table

import dataaudit
from dataaudit.errors import DataAuditError
from dataaudit.model import Finding, Severity
from dataaudit.proof.finishing import Proof
from dataaudit.rebalance.strategies import STRATEGIES, WEIGHTS

REPORT = Path(__file__).resolve().parent.parent / "reports" / "rebalanced.md"
KEPT = REPORT.parent / "benchmark" / "rebalanced.json"
SHARE_OF_TEST = 0.25
MOST_SECONDS = 900
FORMATS = ("csv", "parquet")
COUNTED = (
    "Seconds and peak memory are those of the slower format, both audits included; the machine may have had other work "
    "at the time."
)


@dataclass(frozen=True)
class Job:
    """One table, rebalanced by one strategy."""

    table: str
    label: str
    strategy: str
    ending: str
    seed: int = 0

    @property
    def name(self) -> str:
        """The table's name."""
        return Path(self.table).stem


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    refused : str
        Why the strategy cannot be used on this table, in the tool's words; empty if it can.
    problems : tuple of str
        Everything that is not as it must be.
    new : tuple of str
        Findings above info, and of leaks infos too, that were not there before or were milder.
    expected : tuple of str
        Rules whose findings are new or worse on purpose.
    gone : tuple of str
        Findings of imbalance that are no more.
    """

    refused: str = ""
    problems: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    n_rows: tuple[int, int] = (0, 0)
    seconds: float = 0
    megabytes: float = 0


def deal(job: Job, folder: Path) -> tuple[Path, Path]:
    """Write the training and the test rows of a table; the cells of CSV as they stand in it."""
    paths = folder / f"given.{job.ending}", folder / f"held_out.{job.ending}"
    frame = pd.read_csv(job.table, low_memory=False) if job.ending == "parquet" else None
    if frame is None:
        with Path(job.table).open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
    order = np.random.default_rng(job.seed).permutation(len(rows) if frame is None else len(frame))
    n_test = round(SHARE_OF_TEST * len(order))
    for path, own in zip(paths, (order[n_test:], order[:n_test]), strict=True):
        if frame is not None:
            frame.iloc[own].to_parquet(path, index=False)
            continue
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *(rows[row] for row in own)])
    return paths


def rebalance(job: Job) -> Outcome:
    """Rebalance a table and judge what was written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train, test = deal(job, folder)
        before = {path: hashlib.sha256(path.read_bytes()).digest() for path in (train, test)}
        output = folder / "rebalanced"
        started = time.perf_counter()
        try:
            proof = dataaudit.rebalance(
                train, test=test, label=job.label, strategy=job.strategy, output=output, seed=job.seed
            )
        except DataAuditError as error:
            return Outcome(str(error), seconds=time.perf_counter() - started)
        seconds = time.perf_counter() - started
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        if not isinstance(proof, Proof) or proof.changes is None or proof.after is None:
            raise TypeError("a folder and two audits were wanted")
        found = account(train, output, job.label, job.strategy, ["weight"] if job.strategy == WEIGHTS else [])
        problems = [*found.problems, *_untouched(test, output, before), *_audited(proof)]
        is_told = [one for one in _worse(proof) if one.severity > Severity.INFO or one.code.startswith("LEAK")]
        new = [_shown(one) for one in is_told]
        gone = {one.code for one in proof.changes.gone if one.code.startswith("IMB")}
        expected = {one.after.code for one in proof.changes.expected}
        n_rows = found.n_rows["in"], found.n_rows["out"]
    codes = tuple(sorted(gone)), tuple(sorted(expected))
    return Outcome("", tuple(problems), tuple(new), *codes, n_rows, seconds, megabytes)


def _untouched(test: Path, output: Path, before: dict[Path, bytes]) -> Iterator[str]:
    for path, digest in before.items():
        if hashlib.sha256(path.read_bytes()).digest() != digest:
            yield f"{path.name}, an input, was changed"
    written = output / f"test{test.suffix}"
    if test.suffix == ".csv":
        if written.read_bytes() != test.read_bytes():
            yield "test.csv differs from the test rows that came in"
    elif read_table(written) != read_table(test):
        yield "test.parquet differs from the test rows that came in"


def _audited(proof: Proof) -> Iterator[str]:
    """Return errors of imbalance, leaks that were not there before, and checks that crashed."""
    for one in proof.after.findings if proof.after is not None else ():
        if one.code.startswith("IMB") and one.severity is Severity.ERROR:
            yield f"an error of imbalance: {one.message}"
    for one in _worse(proof):
        if one.code.startswith("LEAK") and one.severity > Severity.INFO:
            yield f"a new leak: {_shown(one)}"
    for check in proof.after.checks if proof.after is not None else ():
        if check.status.value == "crashed":
            yield f"{check.code} crashed: {check.reason}"


def _worse(proof: Proof) -> list[Finding]:
    assert proof.changes is not None  # the audits were wanted
    return [
        *proof.changes.new,
        *proof.changes.judged_first,
        *(one.after for one in proof.changes.remaining if one.is_worse),
    ]


def _shown(finding: Finding) -> str:
    return f"{finding.code} {finding.severity.label} on {', '.join(finding.splits)}: {finding.message}"


def run(job: Job, most_seconds: float) -> Outcome:
    """Rebalance in a process of its own, for as long as it may take."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            return pool.apply_async(rebalance, (job,)).get(most_seconds)
        except multiprocessing.TimeoutError:
            return Outcome(problems=(f"not done after {most_seconds:.0f} seconds",), seconds=most_seconds)


def show(job: Job, outcome: Outcome) -> str:
    """Return an outcome as a line for the terminal."""
    told = f"not applicable: {outcome.refused}" if outcome.refused else "; ".join(outcome.problems) or "ok"
    new = f"; above info and new or worse: {' | '.join(outcome.new)}" if outcome.new else ""
    on_purpose = f"; on purpose: {', '.join(outcome.expected)}" if outcome.expected else ""
    return (
        f"{job.name:12} {job.ending:7} {job.strategy:18} {outcome.seconds:6.1f} s {outcome.megabytes:6.0f} MB  "
        f"{outcome.n_rows[0]:,} -> {outcome.n_rows[1]:,}  {told}{new}{on_purpose}"
    )


def report(found: Sequence[tuple[Job, Outcome]]) -> list[str]:
    """Return Markdown of what every strategy came to on every table."""
    names = list(dict.fromkeys(job.name for job, _ in found))
    lines = [f"| strategy | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for strategy in dict.fromkeys(job.strategy for job, _ in found):
        cells = [_cell([one for job, one in found if (job.strategy, job.name) == (strategy, name)]) for name in names]
        lines.append(f"| {strategy} | {' | '.join(cells)} |")
    told = [(job, "not applicable", one.refused) for job, one in found if one.refused]
    told += [(job, "**failed**", problem) for job, one in found for problem in one.problems]
    lines += ["", "## Not applicable, and failed", ""]
    lines += [f"- {job.name}, {job.strategy}, {job.ending}: {what}: {words}" for job, what, words in told] or ["None."]
    lines += ["", "## Findings above info, and leaks told as info, that are new or worse", ""]
    by_rule: dict[str, Counter[str]] = {}
    for job, one in found:
        for code in {" ".join(words.split(" ", 2)[:2]) for words in one.new}:
            by_rule.setdefault(code, Counter())[f"{job.name} ({job.strategy})"] += 1
    lines += [f"- {code}: {', '.join(cases)}" for code, cases in sorted(by_rule.items())] or ["None."]
    lines += ["", "## On purpose", ""]
    n_expected = Counter(code for _, one in found for code in one.expected)
    lines += [f"- {code}: {n} runs" for code, n in sorted(n_expected.items())] or ["None."]
    return lines


def kept(path: Path) -> dict[Job, Outcome]:
    """Return what earlier runs came to."""
    if not path.exists():
        return {}
    return {Job(**job): _outcome(outcome) for job, outcome in json.loads(path.read_text())}


def _outcome(known: dict[str, Any]) -> Outcome:
    return Outcome(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})


def keep(path: Path, found: dict[Job, Outcome]) -> None:
    """Write down what the runs came to."""
    path.write_text(json.dumps([[asdict(job), asdict(one)] for job, one in found.items()], indent=1) + "\n")


def _cell(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return ""
    seconds = f"{max(one.seconds for one in outcomes):.0f} s"
    if any(one.problems for one in outcomes):
        return f"**failed**, {seconds}"
    if any(one.refused for one in outcomes):
        return "not applicable"
    return f"ok, {seconds}, {max(one.megabytes for one in outcomes):,.0f} MB"


def main(options: argparse.Namespace) -> int:
    """Rebalance all tables by all strategies and write the report; 1 if anything is not as it must be."""
    pairs = list(zip(options.files[::2], options.files[1::2], strict=True))
    strategies = options.only or list(STRATEGIES)
    jobs = [Job(*pair, strategy, ending) for pair in pairs for ending in options.format for strategy in strategies]
    known = kept(options.kept)
    for job in jobs:
        named = replace(job, table=job.name)
        known[named] = run(job, options.seconds)
        print(show(named, known[named]), flush=True)
        keep(options.kept, known)
    order = list(STRATEGIES)
    found = sorted(known.items(), key=lambda pair: order.index(pair[0].strategy))
    n_runs, n_ok = len(found), sum(not one.problems and not one.refused for _, one in found)
    head = ["# Rebalanced tables", "", *(__doc__ or "").split("\n\n")[1].splitlines(), ""]
    n_refused = sum(bool(one.refused) for _, one in found)
    counts = f"{n_runs} runs: {n_ok} ok, {n_refused} not applicable, {n_runs - n_ok - n_refused} failed."
    head += [counts, COUNTED, ""]
    options.report.write_text("\n".join([*head, *report(found), ""]))
    return int(any(one.problems for _, one in found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(STRATEGIES))
    parser.add_argument("--format", action="append", choices=FORMATS)
    parser.add_argument("--seconds", type=float, default=MOST_SECONDS)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("files", nargs="*", metavar="FILE LABEL")
    given = parser.parse_args()
    given.format = given.format or list(FORMATS)
    sys.exit(main(given))
