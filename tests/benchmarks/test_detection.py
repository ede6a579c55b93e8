"""The benchmark of detection: that its scenes can be made, and that it counts what it should."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from benchmarks.detection import (
    RULES,
    SCENES,
    Outcome,
    by_rule,
    outcomes_kept,
    places_of,
    read_kept,
    run,
    worst_by_rule,
)
from benchmarks.plants._scene import NotPlanted, load_table

from benchmarks import detection
from dataaudit.model import Severity
from dataaudit.rules import discover

ROOT = Path(__file__).parent.parent.parent
PLACES = {scene.name: place for place, scene in enumerate(SCENES)}


@pytest.mark.parametrize("place", range(len(SCENES)), ids=lambda place: f"{SCENES[place].rule} {SCENES[place].name}")
def test_every_scene_has_two_splits_with_a_label(place):
    scene = SCENES[place]
    table = "breast_cancer" if "breast_cancer" in scene.tables else scene.tables[-1]
    try:
        train, test = scene.make(load_table(table), 0)
    except NotPlanted:
        train, test = scene.make(load_table("classification"), 0)
    assert set(train.columns) == set(test.columns)
    assert min(len(train), len(test)) >= 30
    columns = {name for role, name in scene.roles.items() if role not in ("time_mode", "prior")}
    assert {"target", *columns} <= set(train.columns)


def test_every_rule_of_these_families_has_an_easy_and_a_hard_scene():
    covered = {code for code in discover() if code.startswith(("LEAK", "SPUR", "LABEL", "IMB"))}
    covered |= {"SCALE001", "SCALE002", "SCALE003", "SCALE004"}
    for dose in ("easy", "hard"):
        assert covered <= {scene.rule for scene in SCENES if scene.dose == dose} == set(RULES)


def test_a_scene_is_run_on_every_table_and_seed(monkeypatch):
    seen = []

    def found(scene, table, seed):
        seen.append((table, seed))
        if table == "wine":
            raise NotPlanted
        return {"LEAK001": Severity.ERROR if seed else Severity.INFO}

    monkeypatch.setattr(detection, "worst_by_rule", found)
    outcome = run(PLACES["20 % of test copied"], 2)
    assert len(seen) == len(set(seen)) == 20
    assert (outcome.n_runs, outcome.n_found, outcome.alarms, outcome.is_kept) == (18, 9, {}, False)
    control = run(PLACES["a random split"], 2)
    assert (control.n_found, control.alarms, control.is_kept) == (0, {"LEAK001": 9}, True)


def test_a_planted_defect_is_found_and_a_control_is_silent():
    copied = SCENES[PLACES["20 % of test copied"]]
    assert worst_by_rule(copied, "wine", 0) == {"LEAK001": Severity.ERROR}
    # The table of wines is in the order of its classes, which is no defect of a random split.
    assert worst_by_rule(SCENES[PLACES["a random split"]], "wine", 0) == {"SPUR004": Severity.INFO}


def test_the_table_by_rule_adds_up():
    place, control = PLACES["20 % of test copied"], PLACES["a random split"]
    lines = by_rule([Outcome(place, 10, 9, {}, {"iris": 1}), Outcome(control, 30, 0, {"LEAK001": 3}, {"iris": 3})])
    assert "alarms in 30 controls" in lines[0]
    assert "| LEAK001 | 9 of 10 (90%) |  | 3 (10.00%) |" in lines


def test_the_readme_shows_what_was_measured():
    readme, report = (ROOT / "README.md").read_text(), (ROOT / "reports" / "detection.md").read_text()
    shown = re.search(r"<!-- detection -->\n(.*?)\n<!-- end of detection -->", readme, re.DOTALL)
    assert shown is not None
    assert shown[1] in report
    scenes = {f"| {scene.rule} | {scene.name} |" for scene in SCENES if scene.rule is not None}
    assert not [scene for scene in scenes if scene not in report], "written before these scenes"
    assert len(outcomes_kept(read_kept())) == len(SCENES)


def test_a_part_is_measured_again():
    own = places_of(None, ["units"])
    assert {SCENES[place].rule for place in own} == {"SPLIT008", "SCALE005", "SCALE006", None}
    assert {SCENES[place].rule for place in places_of("LEAK001", [])} == {"LEAK001", None}
    assert places_of(None, []) == list(range(len(SCENES)))


def test_its_options_are_told():
    assert "python -m benchmarks.detection" in str(inspect.getdoc(detection))
