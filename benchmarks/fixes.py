"""Whether `dataaudit fix` mends the planted defects of rules that have a mend: finding gone, none new, nothing twice.

Every scene of the detection benchmark whose rule has a mend, and scenes of the rules of cells and columns, on their
tables, in one run each. The safe mends are done first, all together. Where they leave the finding, and where the
rule's mend needs judgement, its mend is done alone and with --unsafe, which counts apart. A finding is new if the
mended splits have more findings of its rule, at its severity or above and more than infos, than those that came in:
taking rows away may name another column of a table that had such a finding before.

What each scene and table came to is kept in reports/benchmark/fixes.json; reports/fixes.md is written from it. With
--only, --scene and --table a part is run again.

Usage: python -m benchmarks.fixes [--only RULE] [--scene WORDS] [--table TABLE] [--most-tables N]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.detection import SCENES as DETECTED
from benchmarks.plants import integrity
from benchmarks.plants._scene import NotPlanted, Scene, load_table

import dataaudit
from dataaudit.fix.mend import discover
from dataaudit.fix.without import without_mend_lines
from dataaudit.model import AuditResult, Severity
from dataaudit.rules import discover as discover_rules

REPORT = Path(__file__).resolve().parent.parent / "reports" / "fixes.md"
KEPT = REPORT.parent / "benchmark" / "fixes.json"
# Scenes of rules that have a mend, which it is not for.
WITHOUT_MEND = {
    **dict.fromkeys(
        ("target cut off at its P90", "target cut off at its P96"), "what a cap took away is nowhere in the file"
    ),
    **dict.fromkeys(
        ("40 % of the targets rounded to fives", "15 % of the targets rounded to fives"),
        "what rounding took away is nowhere in the file",
    ),
    "entities over a cut in time": (
        "every group goes on after the cut: rows cannot be moved against time, and without these groups no training "
        "row would be left"
    ),
}
# Defects that were mended, and another finding came of the rows that left, with the reason.
NEW_WITH_REASON = {
    ("LEAK002", "8 % copied and rounded", "digits"): (
        "SCALE003 had an info of pixel_5_0, 260 times its quartile; in the rows that are left it is 270: a warning"
    ),
    ("DATA006", "prices with signs and commas", "wine"): (
        "the prices are numbers now, and live on another scale than the other features"
    ),
}
SCENES = tuple(
    scene for scene in (*DETECTED, *integrity.SCENES) if scene.rule in discover() and scene.name not in WITHOUT_MEND
)
NEEDS_JUDGEMENT = frozenset(code for code, mends in discover().items() if all(one.needs_judgement for one in mends))
RULES = tuple(sorted({str(scene.rule) for scene in SCENES}))


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
    is_unsafe : bool
        Whether the mend of the rule alone was done, with --unsafe.
    held_back : tuple of str
        What was not done, and why.
    """

    rule: str
    scene: str
    table: str
    n_before: int
    n_after: int
    new: tuple[str, ...]
    n_changed_twice: int
    is_unsafe: bool = False
    held_back: tuple[str, ...] = ()

    @property
    def is_mended(self) -> bool:
        """Whether the finding is gone, none is new, and a second run did nothing."""
        return not (self.n_after or self.new or self.n_changed_twice)


def mend(scene: Scene, table: str, *, seed: int = 0, is_unsafe: bool = False) -> Outcome:
    """Plant a defect, mend the splits, and mend what was written."""
    train, test = scene.make(load_table(table), seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train.to_parquet(folder / "train.parquet", index=False)
        test.to_parquet(folder / "test.parquet", index=False)
        options = {"label": "target", "threads": 1, "seed": seed, **scene.roles}
        if is_unsafe:
            options |= {"unsafe": True, "select": scene.rule}
        proof = dataaudit.fix(folder / "train.parquet", test=folder / "test.parquet", output=folder / "once", **options)
        once = folder / "once"
        if proof.before is None or proof.after is None:
            raise TypeError("an audit was wanted")
        # A column that is gone has no role any more.
        left = {column.name for column in proof.after.dataset.columns}
        again = {role: name for role, name in options.items() if role not in ("group", "time") or name in left}
        twice = dataaudit.fix(
            once / "train.parquet", test=once / "test.parquet", output=folder / "twice", audit=False, **again
        )
    return Outcome(
        str(scene.rule),
        scene.name,
        table,
        n_of(proof.before, scene),
        n_of(proof.after, scene, proof.before),
        more_than_before(proof.before, proof.after),
        sum(len(table.lines) for table in twice.tables),
        is_unsafe,
        tuple(note for note in proof.notes if scene.rule in note),
    )


def mend_as_needed(scene: Scene, table: str) -> Outcome:
    """Mend safely; with --unsafe where that is needed."""
    if scene.rule in NEEDS_JUDGEMENT:
        return mend(scene, table, is_unsafe=True)
    safely = mend(scene, table)
    return mend(scene, table, is_unsafe=True) if safely.n_after and safely.held_back else safely


def n_of(result: AuditResult, scene: Scene, before: AuditResult | None = None) -> int:
    """Return how many findings say what the scene is about; of infos after the mend, those that were there before.

    A cell that has become missing is an info of the same rule, and another one.
    """
    own = [one for one in result.findings if one.code == scene.rule and one.severity >= scene.least]
    known = {one.fingerprint for one in (result if before is None else before).findings}
    return sum(scene.least > Severity.INFO or one.fingerprint in known for one in own)


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


def outcomes(scenes: Iterable[Scene], table: str | None = None, most_tables: int | None = None) -> Iterator[Outcome]:
    """Mend scenes on their tables, or on some of them, where the defect can be had."""
    for scene in scenes:
        for one in [one for one in scene.tables if table in (None, one)][:most_tables]:
            try:
                yield mend_as_needed(scene, one)
            except NotPlanted:
                continue


def line(one: Outcome) -> str:
    """Return an outcome for the terminal."""
    how = "  --unsafe" if one.is_unsafe else ""
    told = "" if one.is_mended else f"  after {one.n_after}, new {one.new}, twice {one.n_changed_twice}"
    return f"{one.rule:8} {one.scene:44} {one.table:14} found {one.n_before}{how}{told}"


def by_rule(found: Sequence[Outcome]) -> list[str]:
    """Return Markdown of what became of the defects of each rule."""
    lines = [
        "| rule | found | mended | mended with `--unsafe` | left | with a new finding | changed by a second run |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rule in (*RULES, None):
        own = [one for one in found if rule in (None, one.rule) and one.n_before]
        n_mended = [sum(one.is_mended and one.is_unsafe is how for one in own) for how in (False, True)]
        n_left = sum(one.n_after > 0 for one in own)
        n_new, n_twice = sum(bool(one.new) for one in own), sum(one.n_changed_twice > 0 for one in own)
        lines.append(
            f"| {rule or 'all'} | {len(own)} | {n_mended[0]} | {n_mended[1]} | {n_left} | {n_new} | {n_twice} |"
        )
    return lines


def report(found: Sequence[Outcome], days: Iterable[str]) -> str:
    """Return reports/fixes.md."""
    left = [one for one in found if one.n_before and not one.is_mended]
    unseen = [one for one in found if not one.n_before]
    text = [
        "# What `dataaudit fix` mends",
        "",
        f"Written by `python -m benchmarks.fixes`, measured on {', '.join(sorted(set(days)))}: {len(found)} defects,",
        f"one per way to plant one ({len({one.scene for one in found})}) and table.",
        f"Ways and tables that there are: {sum(len(scene.tables) for scene in SCENES)}; the others were not tried, or",
        "the defect cannot be planted there.",
        "",
        "Mended: the finding is gone, no rule has more warnings or errors than before, and a second run does nothing.",
        "A safe mend is tried first, with all others; where it leaves the finding to somebody's judgement, the rule's",
        "mend is done alone and with `--unsafe`. Found are defects of which the rule tells at all.",
        "",
        *by_rule(found),
        "",
        "## Not mended, or with a new finding",
        "",
        *([_in_words(one) for one in left] or ["None."]),
        "",
        "## Not found, so not mended",
        "",
        *([f"- {one.rule}, {one.scene}: {one.table}" for one in unseen] or ["None."]),
        "",
        "## Planted, without a mend",
        "",
        *(f"- {name}: {why}." for name, why in WITHOUT_MEND.items()),
        *(f"- {line}" for line in without_mend_lines(discover_rules())),
    ]
    return "\n".join(text) + "\n"


def _in_words(one: Outcome) -> str:
    what = [
        f"{one.n_after} of {one.n_before} findings left" if one.n_after else "",
        f"new: {', '.join(one.new)}" if one.new else "",
        f"a second run changes {one.n_changed_twice}" if one.n_changed_twice else "",
    ]
    how = " with `--unsafe`" if one.is_unsafe else ""
    told = "".join(f"\n  - {note}" for note in one.held_back)
    edge = NEW_WITH_REASON.get((one.rule, one.scene, one.table))
    because = f" ({edge})" if edge else ""
    return f"- {one.rule}, {one.scene}: {one.table}{how}: {'; '.join(filter(None, what))}{because}{told}"


def keep(one: Outcome) -> None:
    """Keep what a defect came to, and write the report anew."""
    kept = read_kept()
    kept[key(one.rule, one.scene, one.table)] = {
        "day": datetime.now(UTC).date().isoformat(),
        **{name: value for name, value in dataclasses.asdict(one).items() if name not in ("rule", "scene", "table")},
    }
    known = [key(str(scene.rule), scene.name, table) for scene in SCENES for table in scene.tables]
    kept = {name: kept[name] for name in known if name in kept}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    REPORT.write_text(report(outcomes_kept(kept), [str(own["day"]) for own in kept.values()]), encoding="utf-8")


def key(rule: str, scene: str, table: str) -> str:
    """Return the name under which an outcome is kept."""
    return f"{rule} | {scene} | {table}"


def read_kept() -> dict[str, dict[str, Any]]:
    """Return what is kept, by key."""
    kept: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return kept


def outcomes_kept(kept: dict[str, dict[str, Any]]) -> list[Outcome]:
    """Return what is kept, as outcomes."""
    found = []
    for name, values in kept.items():
        rule, scene, table = name.split(" | ")
        own = {one: tuple(value) if isinstance(value, list) else value for one, value in values.items() if one != "day"}
        found.append(Outcome(rule, scene, table, **own))
    return found


def main(only: str | None, words: str | None, table: str | None, most_tables: int | None) -> int:
    """Mend scenes, keep what they came to, and print; 1 if one is not mended."""
    started = time.perf_counter()
    found = []
    scenes = [scene for scene in SCENES if only in (None, scene.rule) and (words or "") in scene.name]
    for outcome in outcomes(scenes, table, most_tables):
        print(line(outcome), flush=True)
        keep(outcome)
        found.append(outcome)
    n_mended = sum(outcome.is_mended for outcome in found)
    print(f"{n_mended} of {len(found)} mended; {time.perf_counter() - started:.0f} seconds")
    return int(n_mended < len(found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=RULES)
    parser.add_argument("--scene", metavar="WORDS", help="only scenes whose names hold these words")
    parser.add_argument("--table")
    parser.add_argument("--most-tables", type=int)
    options = parser.parse_args()
    sys.exit(main(options.only, options.scene, options.table, options.most_tables))
