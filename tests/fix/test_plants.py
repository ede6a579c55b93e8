"""Planted defects that have a mend: the finding is gone, none is new, and a second time nothing is done.

One defect of every rule is mended here; `python -m benchmarks.fixes` mends all of them, and what it kept is read.
"""

from __future__ import annotations

import pytest
from benchmarks.fixes import (
    KEPT,
    NEEDS_JUDGEMENT,
    NEW_WITH_REASON,
    REPORT,
    RULES,
    SCENES,
    Outcome,
    by_rule,
    mend_as_needed,
    outcomes_kept,
    read_kept,
    report,
)

import dataaudit
from dataaudit.fix.mend import discover

# Small tables first.
TABLES = ("diabetes", "wine", "iris", "gamma", "breast_cancer", "digits")


def first_found(rule: str) -> Outcome:
    """Return the first defect of a rule that was found and mended when all were, on a small table."""
    own = [one for one in outcomes_kept(read_kept()) if one.rule == rule and one.n_before and one.table in TABLES]
    return min(own, key=lambda one: TABLES.index(one.table))


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_defect_is_mended(rule):
    kept = first_found(rule)
    [scene] = [scene for scene in SCENES if (scene.rule, scene.name) == (rule, kept.scene)]
    outcome = mend_as_needed(scene, kept.table)
    assert outcome.n_before
    assert outcome.is_mended, outcome
    assert outcome.is_unsafe is (rule in NEEDS_JUDGEMENT) or kept.is_unsafe


def test_every_rule_with_a_mend_is_planted():
    assert set(RULES) == set(discover())


def test_every_way_to_plant_a_defect_was_tried_and_what_was_found_is_mended():
    kept = outcomes_kept(read_kept())
    assert {(scene.rule, scene.name) for scene in SCENES} == {(one.rule, one.scene) for one in kept}
    left = [one for one in kept if one.n_before and not one.is_mended]
    assert {(one.rule, one.scene, one.table) for one in left} == set(NEW_WITH_REASON)
    assert [one for one in left if one.n_after or one.n_changed_twice] == []


def test_the_report_is_of_what_was_kept():
    kept = read_kept()
    assert REPORT.read_text(encoding="utf-8") == report(outcomes_kept(kept), [str(one["day"]) for one in kept.values()])
    assert KEPT.parent.is_dir()


def test_what_was_found_is_counted_by_how_it_was_mended():
    found = [
        Outcome("LEAK001", "copies", "wine", 2, 0, (), 0),
        Outcome("LEAK001", "copies", "iris", 1, 1, ("SPLIT001",), 2, held_back=("not done: LEAK001",)),
        Outcome("LEAK001", "copies", "gamma", 0, 0, (), 0),
        Outcome("LEAK001", "copies", "coarse", 1, 0, (), 0, is_unsafe=True),
    ]
    assert "| LEAK001 | 3 | 1 | 1 | 1 | 1 | 1 |" in by_rule(found)
    written = report(found, ["2026-01-01"])
    assert "- LEAK001, copies: iris: 1 of 1 findings left; new: SPLIT001; a second run changes 2" in written
    assert "- LEAK001, copies: gamma\n" in written


@pytest.mark.parametrize(
    ("name", "ending", "roles", "gone"),
    [
        ("clean", "csv", {"label": "approved"}, set()),
        ("cars", "csv", {"label": "make"}, set()),
        ("earthquakes", "parquet", {"label": "event", "group": "station", "exclude": "start_time"}, {"LEAK003"}),
    ],
)
def test_sample_data(sample_data, tmp_path, name, ending, roles, gone):
    train, test = (sample_data / f"{name}_{split}.{ending}" for split in ("train", "test"))
    proof = dataaudit.fix(train, test=test, output=tmp_path / "once", **roles)
    assert {one.code for one in proof.changes.gone if one.severity > dataaudit.Severity.INFO} >= gone
    assert [one.code for one in proof.changes.new if one.severity > dataaudit.Severity.INFO] == []
    assert sum(one.n_in for one in proof.rows) == sum(one.n_out for one in proof.rows)
    once = tmp_path / "once"
    again = dataaudit.fix(
        once / train.name.replace(f"{name}_", ""),
        test=once / f"test.{ending}",
        output=tmp_path / "twice",
        audit=False,
        **roles,
    )
    assert again.tables == ()
    if not gone:
        assert (once / f"train.{ending}").read_bytes() == train.read_bytes()
