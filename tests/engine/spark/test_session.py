"""Which session an audit runs in, and what a person is told where none can be had."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import dataaudit
from dataaudit.engine.opening import open_engine, spark_master
from dataaudit.engine.spark.session import is_session
from dataaudit.engine.spark.starting import open_session
from dataaudit.errors import ConfigError


def test_active_session_is_used_and_not_stopped(spark):
    opened = open_session(None)
    assert opened.session is spark
    opened.close()
    assert spark.range(2).count() == 2


def test_running_session_stands_in_the_way_of_another(spark):
    with pytest.raises(ConfigError, match=r"a Spark session runs in this process already.*local\[7\]"):
        open_session("local[7]")


@pytest.mark.parametrize("limits", [{"memory_limit": "1GB"}, {"threads": 2}])
def test_limits_are_for_a_spark_that_is_started(spark, limits):
    with pytest.raises(ConfigError, match="for a Spark on this machine alone"):
        open_session(None, **limits)


def test_master_of_an_engine():
    assert [spark_master(name) for name in ("spark", "spark:yarn", "sc://h:1")] == [None, "yarn", "sc://h:1"]
    with pytest.raises(ConfigError, match="there is no engine 'hadoop'"):
        open_engine("hadoop")


def test_package_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(ConfigError, match="the engine spark needs the package sqlglot") as caught:
        open_session(None)
    assert caught.value.hint == "pip install 'dataaudit[spark]'"


def test_what_is_a_session(spark):
    assert is_session(spark)
    assert not is_session("spark")


def run_on_spark(engine: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dataaudit", "audit", "x.csv", "--engine", engine]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_java_is_missing(tmp_path):
    done = run_on_spark("spark", PATH="/usr/bin/none", JAVA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: Spark needs Java, and there is none\nhint: install Java 17")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        ("spark:nonsense", "error: 'nonsense' is no master of Spark"),
        ("sc://127.0.0.1:9", "error: no Spark Connect server answers at sc://127.0.0.1:9"),
        ("sparkle", "error: the option --engine is 'sparkle'"),
    ],
)
def test_what_cannot_be_reached_is_told_in_two_lines(engine, message):
    done = run_on_spark(engine)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == message
    assert done.stderr.splitlines()[1].startswith("hint: ")
    assert len(done.stderr.splitlines()) == 2


def test_audit_takes_a_session_and_frames_of_one(spark):
    frame = spark.range(60).selectExpr("id % 7 AS a", "id % 2 AS y")
    results = [
        dataaudit.audit(frame, label="y", select="DATA"),
        dataaudit.audit(frame, label="y", select="DATA", engine=spark),
        dataaudit.audit(frame.toArrow(), label="y", select="DATA", engine="spark"),
        dataaudit.audit(frame.toArrow(), label="y", select="DATA"),
    ]
    assert len({str([(f.code, f.message) for f in result.findings]) for result in results}) == 1
    with pytest.raises(dataaudit.InputError, match="train is a frame of Spark, which duckdb cannot read"):
        dataaudit.audit(frame, label="y", engine="duckdb")
