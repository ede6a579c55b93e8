"""A finding that can be mended names the command that does it; nowhere does a rule name another's."""

from __future__ import annotations

import inspect
import re
import sys

import numpy as np
import pandas as pd
import pytest

import dataaudit
from dataaudit.fix.mend import discover
from dataaudit.fix.without import needed_for, without_mend_lines
from dataaudit.rules import discover as rules


def named_in(finding: dataaudit.Finding) -> str | None:
    found = re.search(r"`dataaudit fix \.\.\. --select (\w+)( --unsafe)?`", str(finding.fix))
    return None if found is None else f"{found[1]}{found[2] or ''}"


def fixes(train: pd.DataFrame, code: str, **options: object) -> list[str | None]:
    result = dataaudit.audit(train, label="y", select=[code], threads=1, **options)
    return [named_in(finding) for finding in result.findings if finding.code == code]


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_units_of_another_split(frame, other, rng):
    train, test = (table.assign(v=rng.gamma(9, 8, len(table)).round(1)) for table in (frame, other))
    assert fixes(train, "SPLIT008", test=test.assign(v=test["v"] * 1000)) == ["SPLIT008"]


def test_codes_safely_and_zeros_with_judgement(frame, rng):
    table = frame.assign(celsius=np.where(np.arange(300) % 20 == 0, -999.0, rng.normal(15, 8, 300).round(1)))
    assert fixes(table, "SCALE004") == ["SCALE004"]
    table = frame.assign(pressure=np.where(np.arange(300) % 15 == 0, 0.0, rng.normal(120, 12, 300).round()))
    assert fixes(table, "SCALE004") == ["SCALE004 --unsafe"]


def test_units_inside_a_column(frame, rng):
    weights = rng.normal(70, 9, 300).round(2)
    mixed = np.where(np.arange(300) % 10 == 0, weights * 1000, weights)
    assert fixes(frame.assign(w=mixed), "SCALE005") == ["SCALE005 --unsafe"]


def test_columns_that_give_the_label_away_or_name_the_row(frame):
    assert fixes(frame.assign(code=np.where(frame["y"] == "yes", 7, 3)), "LEAK005") == ["LEAK005 --unsafe"]
    assert fixes(frame.assign(customer_id=np.arange(300) + 10_000), "DATA005") == ["DATA005 --unsafe"]
    declared = fixes(frame.assign(customer_id=np.arange(300) + 10_000), "DATA005", id="customer_id")
    assert [one for one in declared if one is not None] == []


def test_empty_columns_safely_and_emptyish_ones_with_judgement(frame):
    rare = np.where(np.arange(300) % 10 == 0, np.arange(300) * 0.37, np.nan)
    assert sorted(map(str, fixes(frame.assign(empty=np.nan, rare=rare), "DATA002"))) == ["DATA002", "DATA002 --unsafe"]


def test_near_twins_in_another_split(frame, other):
    near = pd.concat([frame, other.iloc[:40].assign(x0=other["x0"][:40] + 1e-4)], ignore_index=True)
    assert fixes(near, "LEAK002", test=other) == ["LEAK002 --unsafe"]


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_rule_names_its_own_mend_and_only_if_it_has_one(code):
    text = inspect.getsource(sys.modules[rules()[code].__module__])
    named = set(re.findall(r"fix (?:\.\.\.|TRAIN)[^`]*?--select\s+(\w+)", text))
    says_so = bool(named) or "mended=" in text
    assert named <= {code}
    assert says_so is (code in discover())


def test_every_rule_has_a_mend_or_it_is_told_what_it_needs():
    assert {code for code in rules() if needed_for(code) is None} == set(discover())
    assert without_mend_lines(discover()) == []
