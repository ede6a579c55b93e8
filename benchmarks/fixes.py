"""Whether `dataaudit fix` mends the planted defects that have a safe mend: finding gone, none new, nothing twice.

Every scene of the detection benchmark whose rule has a safe mend, on every of its tables, in one run. A finding is new
if the mended splits have more findings of its rule, at its severity or above and more than infos, than those that came
in: taking rows away may name another column of a table that had such a finding before.

Usage: python -m benchmarks.fixes [--only RULE] [--table TABLE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detection import SCENES
from benchmarks.plants._scene import NotPlanted, Scene, load_table

import dataaudit
from dataaudit.model import AuditResult, Severity

SAFE = ("LABEL001", "LABEL002", "LABEL005", "LABEL006", "LEAK001", "LEAK003", "SCALE004", "SPLIT008")
# Caps and heaps of a target are no mistakes that could be undone; after a cut in time, whole groups cannot be moved,
# and where all of them go on after it, without them no training row would be left.
WITHOUT_MEND = (
    *("target cut off at its P90", "target cut off at its P96"),
    *("40 % of the targets rounded to fives", "15 % of the targets rounded to fives"),
    "entities over a cut in time",
)
SCENES_TO_MEND = tuple(scene for scene in SCENES if scene.rule in SAFE and scene.name not in WITHOUT_MEND)


@dataclass(frozen=True)
class Outcome:
    """What became of one planted defect.

    Attributes
    ----------
    n_before, n_after : int
        Findings of the rule that the scene is about, at the severity that it asks for.
    new : tuple of str
        Rules with more findings above info than before, severity for severity.
    n_changed_twice : int
        Mends that a second run found.
    """

    scene: Scene
    table: str
    n_before: int
    n_after: int
    new: tuple[str, ...]
    n_changed_twice: int

    @property
    def is_mended(self) -> bool:
        """Whether the finding is gone, none is new, and a second run did nothing."""
        return not (self.n_after or self.new or self.n_changed_twice)


def mend(scene: Scene, table: str, seed: int = 0) -> Outcome:
    """Plant a defect, mend the splits, and mend what was written."""
    train, test = scene.make(load_table(table), seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train.to_parquet(folder / "train.parquet", index=False)
        test.to_parquet(folder / "test.parquet", index=False)
        options = {"label": "target", "threads": 1, "seed": seed, **scene.roles}
        proof = dataaudit.fix(folder / "train.parquet", test=folder / "test.parquet", output=folder / "once", **options)
        once = folder / "once"
        twice = dataaudit.fix(
            once / "train.parquet", test=once / "test.parquet", output=folder / "twice", audit=False, **options
        )
    if proof.before is None or proof.after is None:
        raise TypeError("an audit was wanted")
    return Outcome(
        scene,
        table,
        n_of(proof.before, scene),
        n_of(proof.after, scene),
        more_than_before(proof.before, proof.after),
        sum(len(table.lines) for table in twice.tables),
    )


def n_of(result: AuditResult, scene: Scene) -> int:
    """Return how many findings say what the scene is about."""
    return sum(one.code == scene.rule and one.severity >= scene.least for one in result.findings)


def more_than_before(before: AuditResult, after: AuditResult) -> tuple[str, ...]:
    """Return the rules with more findings at or above a severity than before, infos apart."""

    def count(result: AuditResult, code: str, least: Severity) -> int:
        return sum(one.code == code and one.severity >= least for one in result.findings)

    return tuple(
        sorted(
            {
                one.code
                for one in after.findings
                if one.severity > Severity.INFO
                and count(after, one.code, one.severity) > count(before, one.code, one.severity)
            }
        )
    )


def outcomes(scenes: Iterable[Scene], table: str | None = None) -> Iterator[Outcome]:
    """Mend scenes on their tables, or on one of them, where the defect can be had."""
    for scene in scenes:
        for one in scene.tables if table is None else [table]:
            try:
                yield mend(scene, one)
            except NotPlanted:
                continue


def line(outcome: Outcome) -> str:
    """Return an outcome for the terminal."""
    scene = outcome.scene
    told = "" if outcome.is_mended else f"  after {outcome.n_after}, new {outcome.new}, twice {outcome.n_changed_twice}"
    return f"{scene.rule:8} {scene.name:44} {outcome.table:14} found {outcome.n_before}{told}"


def main(only: str | None, table: str | None) -> int:
    """Mend all scenes and print; 1 if one is not mended."""
    started = time.perf_counter()
    found = []
    for outcome in outcomes([scene for scene in SCENES_TO_MEND if only in (None, scene.rule)], table):
        print(line(outcome), flush=True)
        found.append(outcome)
    n_mended = sum(outcome.is_mended for outcome in found)
    print(f"{n_mended} of {len(found)} mended; {time.perf_counter() - started:.0f} seconds")
    return int(n_mended < len(found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=SAFE)
    parser.add_argument("--table")
    options = parser.parse_args()
    sys.exit(main(options.only, options.table))
