"""Planted defects that have a safe mend: the finding is gone, none is new, and a second time nothing is done.

One table for each way to plant one; `python -m benchmarks.fixes` runs all of them on all tables.
"""

from __future__ import annotations

import pytest
from benchmarks.detection import RULES
from benchmarks.fixes import SAFE, SCENES_TO_MEND, mend

import dataaudit
from dataaudit.fix.mend import discover

# Small tables in which the defect is found.
TABLES = ("diabetes", "wine", "iris")


@pytest.mark.parametrize("scene", SCENES_TO_MEND, ids=lambda scene: f"{scene.rule}: {scene.name}")
def test_a_planted_defect_is_mended(scene):
    outcome = mend(scene, next(table for table in TABLES if table in scene.tables))
    assert outcome.n_before
    assert outcome.is_mended, outcome


def test_no_rule_of_the_benchmark_with_a_safe_mend_is_left_out():
    safe = {code for code, mends in discover().items() if not all(mend.needs_judgement for mend in mends)}
    assert safe & set(RULES) == set(SAFE)


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
