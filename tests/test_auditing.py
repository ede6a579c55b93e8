"""The order of an audit: rules that train models are judged beside the others."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest

import dataaudit
from dataaudit.errors import InputError
from dataaudit.model import Status
from dataaudit.rules.imbalance.accuracy_trap import AccuracyTrap
from dataaudit.rules.leakage.target_leak import TargetLeak


@pytest.fixture
def table():
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(300, 4)), columns=list("abcd"))
    return frame.assign(y=(frame["a"] > 0).astype(int))


def test_models_are_trained_in_a_thread_of_their_own(table, monkeypatch):
    threads = {}
    for rule in (TargetLeak, AccuracyTrap):

        def noting(self, facts, judge=rule.judge):
            threads[self.code] = threading.get_ident()
            return judge(self, facts)

        monkeypatch.setattr(rule, "judge", noting)
    dataaudit.audit(table, label="y", select=["LEAK005", "IMB002"])
    assert threads["IMB002"] == threading.get_ident()
    assert threads["LEAK005"] != threading.get_ident()


def test_checks_stand_in_the_order_of_their_codes_whoever_ran_them(table):
    result = dataaudit.audit(table, label="y")
    codes = [check.code for check in result.checks]
    assert codes == sorted(codes)
    assert "LEAK005" in [finding.code for finding in result.findings]
    assert all(check.seconds >= 0 for check in result.checks)
    assert result.timings["judge"] >= 0


def test_a_model_that_fails_is_a_crashed_check_like_any_other(table, monkeypatch):
    def judge(self, facts):
        raise ZeroDivisionError("in the other thread")

    monkeypatch.setattr(TargetLeak, "judge", judge)
    result = dataaudit.audit(table, label="y", select=["LEAK005", "IMB002"])
    assert {check.code: check.status for check in result.checks} == {
        "LEAK005": Status.CRASHED,
        "IMB002": Status.PASSED,
    }
    assert next(check for check in result.checks if check.code == "LEAK005").reason == (
        "ZeroDivisionError: in the other thread"
    )


def test_ctrl_c_while_models_are_trained(table, monkeypatch):
    def judge(self, facts):
        raise KeyboardInterrupt

    monkeypatch.setattr(AccuracyTrap, "judge", judge)
    with pytest.raises(KeyboardInterrupt):
        dataaudit.audit(table, label="y", select=["LEAK005", "IMB002"])


@pytest.mark.parametrize(("code", "n_begun"), [("LABEL003", 1), ("DATA003", 0)])
def test_the_import_of_trees_is_begun_while_loading_only_where_a_rule_grows_some(table, monkeypatch, code, n_begun):
    begun = []
    monkeypatch.setattr("dataaudit.auditing.begin_import", lambda: begun.append(code))
    dataaudit.audit(table, label="y", select=[code])
    assert len(begun) == n_begun


def test_no_import_is_begun_where_the_declared_columns_are_not_there(table, monkeypatch):
    begun = []
    monkeypatch.setattr("dataaudit.auditing.begin_import", lambda: begun.append(True))
    with pytest.raises(InputError):
        dataaudit.audit(table, label="absent")
    assert begun == []
