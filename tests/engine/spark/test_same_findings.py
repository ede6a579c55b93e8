"""The sample data: the whole report but its times is the same on both engines."""

from __future__ import annotations

import json

import pytest
from tests.engine.spark.test_both_engines import differences

import dataaudit

SAMPLES = {
    "cars": ("csv", {"label": "make"}),
    "earthquakes": ("parquet", {"label": "event", "group": "station", "time": "start_time"}),
    "clean": ("csv", {"label": "approved"}),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_report_is_the_same(spark, sample_data, name):
    ending, roles = SAMPLES[name]
    train, test = (sample_data / f"{name}_{split}.{ending}" for split in ("train", "test"))
    here, there = (
        json.loads(dataaudit.audit(train, test=test, engine=engine, **roles).to_json()) for engine in ("duckdb", spark)
    )
    for report in (here, there):
        for key in ("created_at", "timings"):
            report.pop(key)
        for split in report["dataset"]["splits"]:
            split.pop("fingerprint")
        for check in report["checks"]:
            check.pop("seconds")
    assert list(differences(here, there, name)) == []
