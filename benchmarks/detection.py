"""What the rules find: defects planted in real tables, and scenes without a defect.

Every run makes two splits of one table and one seed. A scene with a defect is judged by its rule alone, one without by
all these rules; it is alarmed if a rule says more than info. Tables: scikit-learn's bundled sets, and sets drawn by
its generators. Where a defect cannot be had (ADASYN needs rows of another class nearby) there is no run.

What each scene came to is kept in reports/benchmark/detection.json, with the day; reports/detection.md is written from
all that is kept there. With --only or --plants a part is measured again.

Usage: python -m benchmarks.detection [N_SEEDS] [--only RULE] [--plants MODULE ...]    (default 5 seeds per table, all)
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.plants import (
    contexts,
    drift,
    extrapolation,
    groups_and_times,
    labels,
    preparation,
    resampling,
    rows_and_labels,
    scaling_and_balance,
    shortcuts,
    units,
    values,
)
from benchmarks.plants._scene import BARS, NotPlanted, Scene, load_table

import dataaudit
from dataaudit.model import Severity, Status

MODULES = (
    rows_and_labels,
    groups_and_times,
    preparation,
    resampling,
    values,
    shortcuts,
    contexts,
    labels,
    scaling_and_balance,
    extrapolation,
    units,
    drift,
)
# Real tables have unlike scales and rare classes of their own, and groups and times may drift: these rules are asked
# of their own controls only.
APART = (scaling_and_balance, extrapolation, units, drift)
SCENES: tuple[Scene, ...] = tuple(scene for module in MODULES for scene in module.SCENES)
RULES = tuple(sorted({scene.rule for scene in SCENES if scene.rule is not None}))
MOST_ALARMS = 0.01
REPORT = Path(__file__).resolve().parent.parent / "reports" / "detection.md"
KEPT = REPORT.parent / "benchmark" / "detection.json"


@dataclass(frozen=True)
class Outcome:
    """What one scene came to: runs, runs in which its rule found the defect, and by rule the runs that alarmed.

    `missed` counts the runs by table in which the defect was not found; of a control, those that alarmed.
    """

    place: int
    n_runs: int
    n_found: int
    alarms: Mapping[str, int]
    missed: Mapping[str, int]

    @property
    def scene(self) -> Scene:
        """The scene, which holds functions that no other process could send."""
        return SCENES[self.place]

    @property
    def is_kept(self) -> bool:
        """Whether the bar is kept, where there is one."""
        return self.scene.bar is None or self.n_found >= self.scene.bar * self.n_runs


def is_asked(rule: str, scene: Scene) -> bool:
    """Tell whether a control without a defect says anything of a rule."""
    apart = [module for module in APART if rule in {one.rule for one in module.SCENES}]
    return rule not in scene.not_asked and all(scene in module.SCENES for module in apart)


def n_runs_asked(rule: str, found: Iterable[Outcome]) -> int:
    """Return the runs of controls that a rule was asked of."""
    return sum(one.n_runs for one in found if one.scene.rule is None and is_asked(rule, one.scene))


def worst_by_rule(scene: Scene, table: str, seed: int) -> dict[str, Severity]:
    """Return rule -> the highest severity of its findings in one run of a scene."""
    train, test = scene.make(load_table(table), seed)
    world = None if scene.world is None else scene.world(load_table(table), seed)
    rules = tuple(rule for rule in RULES if is_asked(rule, scene)) if scene.rule is None else (scene.rule,)
    result = dataaudit.audit(
        train, test=test, reference=world, label="target", select=list(rules), threads=1, seed=seed, **scene.roles
    )
    crashed = [check for check in result.checks if check.status is Status.CRASHED]
    if crashed:
        raise RuntimeError(f"{scene.name} on {table}, seed {seed}: {crashed}")
    worst: dict[str, Severity] = {}
    for finding in result.findings:
        worst[finding.code] = max(finding.severity, worst.get(finding.code, finding.severity))
    return worst


def run(place: int, n_seeds: int) -> Outcome:
    """Run one scene on its tables."""
    scene = SCENES[place]
    n_runs, n_found, alarms, missed = 0, 0, Counter[str](), Counter[str]()
    for table in scene.tables:
        for seed in range(n_seeds):
            try:
                worst = worst_by_rule(scene, table, seed)
            except NotPlanted:
                continue
            n_runs += 1
            alarmed = [rule for rule, severity in worst.items() if severity > Severity.INFO]
            is_found = scene.rule is not None and worst.get(scene.rule, 0) >= scene.least
            n_found += is_found
            alarms.update(alarmed if scene.rule is None else ())
            missed[table] += bool(alarmed) if scene.rule is None else not is_found
    return Outcome(place, n_runs, n_found, +alarms, +missed)


def outcomes(places: Sequence[int], n_seeds: int) -> Iterator[Outcome]:
    """Run scenes, two at a time, and yield them in their order."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        runs = [pool.apply_async(run, (place, n_seeds)) for place in places]
        for one in runs:
            outcome = one.get()
            print(line(outcome), flush=True)
            yield outcome


def line(outcome: Outcome) -> str:
    """Return one scene for the terminal."""
    scene, told = outcome.scene, ", ".join(f"{table} {n}" for table, n in outcome.missed.items())
    if scene.rule is None:
        alarms = ", ".join(f"{rule} {n}" for rule, n in outcome.alarms.items()) or "0"
        return f"{'control':8} {scene.name:44} {outcome.n_runs:4} runs, alarms {alarms}  {told}"
    share = outcome.n_found / max(1, outcome.n_runs)
    bar = "" if scene.bar is None else f"{scene.bar:.0%}"
    counts = f"{outcome.n_found:3}/{outcome.n_runs:3} {share:7.1%} {bar:4}"
    return f"{scene.rule:8} {scene.name:44} {scene.dose:5} {counts}  {told}"


def by_rule(found: Iterable[Outcome]) -> list[str]:
    """Return Markdown of how much each rule finds at each dose, and of its alarms: what the README shows."""
    found = list(found)
    controls = [outcome for outcome in found if outcome.scene.rule is None]
    n_controls = sum(outcome.n_runs for outcome in controls)
    lines = [f"| rule | easy | hard | alarms in {n_controls:,} controls |", "| --- | --- | --- | --- |"]
    for rule in RULES:
        own = [outcome for outcome in found if outcome.scene.rule == rule]
        shares = [_share([outcome for outcome in own if outcome.scene.dose == dose]) for dose in BARS]
        n_alarms, n_asked = sum(outcome.alarms.get(rule, 0) for outcome in controls), n_runs_asked(rule, controls)
        of_fewer = f" of {n_asked:,}" if n_asked < n_controls else ""
        lines.append(f"| {rule} | {' | '.join(shares)} | {n_alarms}{of_fewer} ({n_alarms / max(1, n_asked):.2%}) |")
    return lines


def _share(found: Sequence[Outcome]) -> str:
    n_found, n_runs = sum(outcome.n_found for outcome in found), sum(outcome.n_runs for outcome in found)
    return f"{n_found} of {n_runs} ({n_found / n_runs:.0%})" if n_runs else ""


def report(found: Sequence[Outcome], days: Iterable[str]) -> str:
    """Return reports/detection.md."""
    planted = [outcome for outcome in found if outcome.scene.rule is not None]
    controls = [outcome for outcome in found if outcome.scene.rule is None]
    text = [
        "# What the rules find",
        "",
        f"Written by `python -m benchmarks.detection`: ten tables, measured on {', '.join(sorted(set(days)))}.",
        "",
        *by_rule(found),
        "",
        "## Planted defects",
        "",
        "Found means a warning or error of the rule; of LEAK010, and where it is said, an info.",
        "",
        "| rule | planted | dose | found | bar |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {o.scene.rule} | {o.scene.name} | {o.scene.dose} | {_share([o])} "
            f"| {'' if o.scene.bar is None else f'{o.scene.bar:.0%}'} |"
            for o in planted
        ),
        "",
        "## Controls",
        "",
        "No defect: a warning or error is a false alarm.",
        "",
        "| control | runs | alarms |",
        "| --- | --- | --- |",
        *(
            f"| {o.scene.name} | {o.n_runs} | {', '.join(f'{rule} {n}' for rule, n in o.alarms.items()) or 0} |"
            for o in controls
        ),
    ]
    return "\n".join(text) + "\n"


def key(scene: Scene) -> str:
    """Return the name under which what a scene came to is kept."""
    return f"{scene.rule or 'control'} | {scene.name}"


def keep(outcome: Outcome, n_seeds: int) -> None:
    """Keep what a scene came to, and write the report anew."""
    kept = read_kept()
    kept[key(outcome.scene)] = {
        "day": datetime.now(UTC).date().isoformat(),
        "n_seeds": n_seeds,
        "n_runs": outcome.n_runs,
        "n_found": outcome.n_found,
        "alarms": dict(outcome.alarms),
        "missed": dict(outcome.missed),
    }
    known = {key(scene): kept[key(scene)] for scene in SCENES if key(scene) in kept}
    KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    REPORT.write_text(report(outcomes_kept(known), [str(one["day"]) for one in known.values()]), encoding="utf-8")


def read_kept() -> dict[str, dict[str, Any]]:
    """Return what is kept, by the scenes' keys."""
    kept: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return kept


def outcomes_kept(kept: Mapping[str, Mapping[str, Any]]) -> list[Outcome]:
    """Return what is kept of the scenes there are, in their order."""
    return [
        Outcome(place, one["n_runs"], one["n_found"], one["alarms"], one["missed"])
        for place, scene in enumerate(SCENES)
        if (one := kept.get(key(scene))) is not None
    ]


def places_of(only: str | None, plants: Sequence[str]) -> list[int]:
    """Return the scenes to be run: all, a rule's with all controls, or those of some modules."""
    rules = {only, None} if only else {*RULES, None}
    scenes = [
        scene for module in MODULES if not plants or module.__name__.split(".")[-1] in plants for scene in module.SCENES
    ]
    return [place for place, scene in enumerate(SCENES) if scene in scenes and scene.rule in rules]


def main(n_seeds: int, only: str | None, plants: Sequence[str]) -> int:
    """Run scenes, keep what they came to, and print; 1 if a bar is missed."""
    started = time.perf_counter()
    found = []
    for outcome in outcomes(places_of(only, plants), n_seeds):
        found.append(outcome)
        keep(outcome, n_seeds)
    alarms = Counter[str]()
    for outcome in found:
        alarms.update(outcome.alarms)
    missed = [outcome.scene.name for outcome in found if not outcome.is_kept]
    loud = [rule for rule, n in alarms.items() if n > MOST_ALARMS * n_runs_asked(rule, found)]
    print("\n".join(by_rule(found)))
    print(f"missed: {', '.join(missed) or 'none'}; too loud: {', '.join(loud) or 'none'}")
    print(f"{time.perf_counter() - started:.0f} seconds")
    return 1 if missed or loud else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n_seeds", nargs="?", type=int, default=5)
    parser.add_argument("--only", choices=RULES)
    names = [module.__name__.split(".")[-1] for module in MODULES]
    parser.add_argument("--plants", nargs="+", choices=names, default=[], metavar="MODULE")
    options = parser.parse_args()
    sys.exit(main(options.n_seeds, options.only, options.plants))
