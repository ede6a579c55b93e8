"""When there are clues at all, what they cost, and how much each column tells."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.clues.frames import CHECKS, cars, finding

import dataaudit
from dataaudit.clues.gather import gather_clues
from dataaudit.clues.ranking import MOST_RANKED
from dataaudit.model import Check, DatasetInfo, Status, redact
from dataaudit.report.json import render_json


def test_there_are_none_without_a_label():
    facts = SimpleNamespace(info=DatasetInfo(None, None, (), ()), has=lambda name: True)
    assert gather_clues(facts, [finding("colour")], CHECKS) is None


@pytest.mark.parametrize("select", ["DATA", "SPLIT", "IMB"])
def test_there_are_none_where_no_rule_asked(select):
    frame = cars(300, red_is_ferrari=True)
    assert dataaudit.audit(frame, test=frame[:100], label="make", select=select).clues is None


def test_there_are_none_where_the_rules_could_not_ask(measure):
    facts = measure(cars(100, red_is_ferrari=True), label="make")
    assert facts.tables
    skipped = [Check("SPUR001", "shortcut-value", Status.SKIPPED, "no", 0, sampled=False, seconds=0.0)]
    assert gather_clues(facts, [finding("colour")], skipped) is None


def test_nothing_is_measured_for_them(measure):
    facts = measure(cars(100, red_is_ferrari=True), label="make")
    assert gather_clues(facts, [finding("colour")], CHECKS) is None
    assert not facts.has("tables")
    assert facts.tables
    clues = gather_clues(facts, [finding("colour")], CHECKS)
    assert clues.tells == ()
    for name in ("associations", "missing_associations", "derived_associations", "gain_breaks"):
        assert not facts.has(name)


def test_the_most_telling_column_comes_first_with_its_interval(measure):
    facts = measure(cars(900, red_is_ferrari=True), label="make")
    tells = gather_clues(facts, [], CHECKS).tells if facts.associations else ()
    assert [tell.column for tell in tells] == ["colour", "power", "doors"]
    for tell in tells:
        association = facts.associations[tell.column]
        assert tell.explained == max(0.0, association.explained)
        assert 0 <= tell.lower <= tell.explained <= tell.upper <= 1
        assert tell.n_rows == 900
    assert tells[0].lower == pytest.approx(facts.associations["colour"].lower, abs=0.03)


def test_no_more_than_a_dozen_are_ranked(measure):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"c{i}": rng.normal(size=80) for i in range(30)}).assign(y=["a", "b"] * 40)
    facts = measure(frame)
    clues = gather_clues(facts, [], CHECKS) if facts.associations else None
    assert (len(clues.tells), clues.n_tells_left_out) == (MOST_RANKED, 30 - MOST_RANKED)


def test_gaps_and_parts_are_ranked_where_they_tell_more():
    rng = np.random.default_rng(1)
    n_rows = 900
    y = rng.choice(["odd", "even"], n_rows)
    reference = [f"{rng.integers(10**8)}-{'7' if label == 'odd' else '2'}" for label in y]
    when = pd.Timestamp("2022-01-03") + pd.to_timedelta(
        7 * rng.integers(0, 200, n_rows) + np.where(y == "odd", 1, 4), unit="D"
    )
    frame = pd.DataFrame({"reference": reference, "when": when, "x": rng.normal(size=n_rows), "y": y})
    tells = {tell.column: tell for tell in dataaudit.audit(frame, label="y", select="LEAK005").clues.tells}
    assert "its last" in tells["reference"].part
    assert tells["when"].part == "its weekday"
    assert tells["when"].explained > 0.9
    assert tells["x"].part is None


def test_words_are_redacted_and_columns_stay():
    train = cars(900, red_is_ferrari=True)
    result = redact(dataaudit.audit(train, label="make", select=["SPUR", "LEAK005"]))
    text = repr(result.clues)
    for secret in ("red", "Ferrari", "Audi", "silver"):
        assert f"'{secret}'" not in text
    assert [mix.column for mix in result.clues.mixes] == ["colour"]
    assert result.clues.mixes[0].rows[0].counts["train"][0] > 0


def test_thirds_keep_their_words_but_not_their_bounds():
    rng = np.random.default_rng(2)
    x = rng.normal(size=500)
    frame = pd.DataFrame({"x": x, "z": rng.normal(size=500), "y": 3 * x + 0.01 * rng.normal(size=500)})
    clues = redact(dataaudit.audit(frame, label="y", task="regression", select="LEAK005")).clues
    assert [(one.name, one.bounds) for one in clues.classes] == [("low", None), ("middle", None), ("high", None)]


def test_json_leaves_them_out():
    result = dataaudit.audit(cars(300, red_is_ferrari=True), label="make", select=["SPUR", "LEAK005"])
    assert result.clues is not None
    assert "clues" not in render_json(result)
